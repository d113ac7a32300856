"""Similar movies of a made-up catalogue, without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import NotFound
from core.ports import IndexStore
from core.types import Movie, MovieId, RelationKind
from engine.catalogue.movies import Movies
from engine.recommender.similarity.similar_movies import Similar
from indexer import build
from indexer.embedded.store import EmbeddedStore
from indexer.names import gazetteer_builder
from indexer.related import lists
from tests import shop_index, video_shop

STAR, MOON, HOME = (MovieId(number) for number in (1, 2, 3))
ORIGIN = build.Origin(encoder=shop_index.ENCODER.name, recipe="r", catalogue="c", catalogue_hash="h")


def published(folder: Path, movies: Sequence[Movie] = video_shop.MOVIES, *, related: bool = True) -> IndexStore:
    store = EmbeddedStore(folder)
    names = gazetteer_builder.build(movies).movies
    own = lists.attachments(movies, shop_index.vectors(), names) if related else {}
    build.build(store, movies, vectors=shop_index.vectors(), origin=ORIGIN, attachments=own)
    return store


def similar(store: IndexStore) -> Similar:
    index = store.open()
    return Similar(index, Movies(index))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Similar:
    return similar(published(tmp_path_factory.mktemp("shop")))


def test_the_series_comes_first_in_order_of_release_with_the_sequel_named(shop: Similar) -> None:
    hits = shop.to(STAR, model=None, by="both", size=12).hits
    assert [hit.movie.id for hit in hits[:2]] == [MOON, HOME]
    relations = [hit.reason.relation.kind for hit in hits[:2] if hit.reason.relation is not None]
    assert relations == [RelationKind.SEQUEL, RelationKind.SERIES]


def test_every_movie_has_a_reason_and_none_is_similar_to_itself(shop: Similar) -> None:
    for movie in video_shop.MOVIES:
        hits = shop.to(movie.id, model=None, by="both", size=12).hits
        assert len({hit.movie.id for hit in hits} | {movie.id}) == 13
        assert all(hit.reason.relation is not None for hit in hits)


def test_without_ratings_no_reason_is_about_other_people(shop: Similar) -> None:
    alike = shop.to(STAR, model=None, by="both", size=30)
    assert alike.model == ""
    kinds = {hit.reason.relation.kind for hit in alike.hits if hit.reason.relation is not None}
    assert RelationKind.TASTE not in kinds


def test_the_figures_are_the_cosine_of_the_descriptions(shop: Similar) -> None:
    vectors = {movie.id: row for movie, row in zip(video_shop.MOVIES, shop_index.vectors(), strict=True)}
    for hit in shop.to(STAR, model=None, by="both", size=12).hits:
        assert hit.reason.similarity == pytest.approx(float(vectors[STAR] @ vectors[hit.movie.id]), abs=1e-3)


@pytest.mark.parametrize("size", [1, 2, 5, 12])
def test_a_list_has_the_length_asked_for(shop: Similar, size: int) -> None:
    assert len(shop.to(STAR, model=None, by="both", size=size).hits) == size


def test_a_long_series_leaves_room_for_others(tmp_path: Path) -> None:
    movies = [replace(movie, collection="Everything Collection") for movie in video_shop.MOVIES]
    series = [replace(one, collection="") if at % 2 else one for at, one in enumerate(movies)]
    found = similar(published(tmp_path, series))
    parts = {movie.id for movie in found.series(series[0].id)}
    hits = found.to(series[0].id, model=None, by="both", size=12).hits
    assert sum(hit.movie.id in parts for hit in hits) == 5


def test_a_series_is_listed_as_a_whole_in_order_of_release(shop: Similar) -> None:
    assert [movie.id for movie in shop.series(MOON)] == [STAR, MOON, HOME, video_shop.CROSSOVER]
    assert list(shop.series(MovieId(video_shop.OLD_PIER))) == []


def test_second_records_of_a_movie_are_listed_once(tmp_path: Path) -> None:
    copied = next(movie for movie in video_shop.MOVIES if movie.id == MOON)
    copy_of = MovieId(video_shop.OLD_PIER)
    movies = [replace(copied, id=copy_of) if one.id == copy_of else one for one in video_shop.MOVIES]
    found = similar(published(tmp_path, movies))
    titles = [hit.movie.title for hit in found.to(STAR, model=None, by="both", size=12).hits]
    assert titles.count(copied.title) == 1
    assert copied.title not in [hit.movie.title for hit in found.to(MOON, model=None, by="both", size=12).hits]


def test_an_index_without_lists_compares_meaning(tmp_path: Path) -> None:
    found = similar(published(tmp_path, related=False))
    by_meaning = [hit.movie.id for hit in found.to(STAR, model=None, by="meaning", size=6).hits]
    assert [hit.movie.id for hit in found.to(STAR, model=None, by="both", size=6).hits] == by_meaning


def test_an_unknown_movie_is_not_found(shop: Similar) -> None:
    with pytest.raises(NotFound):
        shop.to(MovieId(987_654), model=None, by="both", size=3)
