"""Lists of related movies: what makes them similar, their series, and how they are stored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.errors import SearchUnavailable
from core.types import CastMember, Movie, MovieId
from indexer.names import gazetteer_builder
from indexer.related import lists
from indexer.related.features import NAMES, Features
from indexer.related.lists import Related
from tests import shop_index, video_shop


def related() -> dict[int, Related]:
    names = gazetteer_builder.build(video_shop.MOVIES).movies
    return dict(lists.of_all(video_shop.MOVIES, shop_index.vectors(), names))


def movie(number: int, **more: object) -> Movie:
    return Movie(MovieId(number), f"Movie {number}", **more)  # type: ignore[arg-type]


def features(movies: list[Movie]) -> dict[str, np.ndarray]:
    vectors = np.eye(len(movies), 8, dtype=np.float32)
    block = Features(movies, vectors).block(np.arange(len(movies)))
    return {name: block[..., place] for place, name in enumerate(NAMES)}


def test_a_movie_is_not_related_to_itself() -> None:
    for own, found in related().items():
        assert own not in found.records["movie"].tolist()


def test_all_parts_of_a_series_are_in_the_list_with_their_numbers() -> None:
    found = related()[video_shop.STAR_HARBOUR]
    parts = {int(one["movie"]): int(one["part"]) for one in found.records if one["part"]}
    expected = {video_shop.DROWNED_MOON: 2, video_shop.HARBOUR_HOME: 3, video_shop.CROSSOVER: 4}
    assert (found.part, parts) == (1, expected)


def test_lists_are_ordered_by_score() -> None:
    for found in related().values():
        assert np.all(np.diff(found.records["score"]) <= 0)


def test_adult_movies_are_related_to_nothing() -> None:
    hidden = video_shop.DROWNED_MOON
    movies = [replace(one, adult=one.id == hidden) for one in video_shop.MOVIES]
    names = gazetteer_builder.build(movies).movies
    for _, found in lists.of_all(movies, shop_index.vectors(), names):
        assert hidden not in found.records["movie"].tolist()


def test_lists_do_not_depend_on_the_size_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = related()
    monkeypatch.setattr(lists, "BLOCK", 1)
    for own, found in related().items():
        assert found.records["movie"].tolist() == whole[own].records["movie"].tolist()


def test_the_director_of_many_movies_says_less_than_that_of_two() -> None:
    rare = [movie(1, directors=("Ann",)), movie(2, directors=("Ann",))]
    often = [movie(number, directors=("Bob",)) for number in range(3, 13)]
    found = features([*rare, *often])["makers"]
    assert found[0, 1] > found[2, 3] > 0


def test_leading_actors_count_more_than_others() -> None:
    cast = tuple(CastMember(name, "", order) for order, name in enumerate(("Ann", "Bob", "Cid", "Dee", "Eve", "Fay")))
    movies = [movie(1, cast=cast), movie(2, cast=cast[:1]), movie(3, cast=cast[4:5]), movie(4, cast=cast[5:])]
    found = features([*movies, movie(5), movie(6)])["cast"][0]
    assert found[1] > found[2] > found[3] == 0


def test_keywords_about_how_a_movie_was_made_do_not_count() -> None:
    movies = [movie(1, keywords=("Sequel", "heist")), movie(2, keywords=("sequel",)), movie(3, keywords=("Heist",))]
    found = features(movies)["keywords"][0]
    assert found[1] == 0 < found[2]


def test_topics_are_ordered_by_rarity() -> None:
    movies = [
        movie(1, keywords=("heist", "train")),
        movie(2, keywords=("heist", "train")),
        movie(3, keywords=("heist",)),
    ]
    assert Features(movies, np.eye(3, dtype=np.float32)).topics(0) == ("train", "heist")


@pytest.mark.parametrize(("movies", "shards"), [(0, 1), (1, 1), (2_000, 1), (2_001, 2), (1_000_000, 500)])
def test_attachments_have_a_bounded_size(movies: int, shards: int) -> None:
    assert lists.count_of_shards(movies) == shards


def test_stored_lists_are_read_as_they_were_written() -> None:
    written = related()
    read = lists.load(lists.dump(written))
    assert read.keys() == written.keys()
    for own, found in read.items():
        assert (found.part, found.topics) == (written[own].part, written[own].topics)
        np.testing.assert_array_equal(found.records, written[own].records)


def test_every_movie_is_in_the_attachment_of_its_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "SHARD", 7)
    names = gazetteer_builder.build(video_shop.MOVIES).movies
    found = lists.attachments(video_shop.MOVIES, shop_index.vectors(), names)
    shards = lists.count_of_shards(len(video_shop.MOVIES))
    assert shards == len(found) > 1
    for one in video_shop.MOVIES:
        assert one.id in lists.load(found[lists.name_of(one.id % shards)])


@pytest.mark.parametrize("content", [b"", b"nonsense", lists.dump({})[:-30]])
def test_a_damaged_attachment_is_reported_with_the_remedy(content: bytes) -> None:
    with pytest.raises(SearchUnavailable, match="marquee index"):
        lists.load(content)


def test_movies_have_the_same_tone_if_both_or_neither_are_animated_comedies_or_horror() -> None:
    genres = (("Drama",), ("War", "Drama"), ("Comedy",), ("Comedy", "Romance"), ("Comedy", "Horror"), ())
    movies = [Movie(MovieId(number), f"Film {number}", genres=own) for number, own in enumerate(genres, 1)]
    features = Features(movies, np.eye(len(movies), dtype=np.float32))
    tones = features.block(np.arange(len(movies)))[..., NAMES.index("tone")]
    same = [[0, 1, 5], [0, 1, 5], [2, 3], [2, 3], [4], [0, 1, 5]]
    assert [np.flatnonzero(row).tolist() for row in tones] == same
