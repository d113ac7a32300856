"""Recommendations with the real sample, a model trained on made-up users, and a real database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from core.config import Settings
from core.errors import FactorsMissing, InvalidRequest, NotFound, StoreUnavailable
from core.ports import FactorMatches, MovieIndex
from core.recommendations.records import RecommendationRequest, Source, Stage
from core.types import Filters, MovieId, SearchRequest
from core.users import MarkKind, Preferences, User
from data.database import Stores
from engine import wiring
from engine.services import Services
from engine.training import factor_publication
from marquee import cli
from marquee.context import Parts
from tests import fakes, sample

ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = count(1)
STAR_WARS, EMPIRE, ALIEN, METROPOLIS = MovieId(11), MovieId(1891), MovieId(348), MovieId(19)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.shared(tmp_path_factory.getbasetemp()) / "trained"


@pytest.fixture(scope="module", params=ENGINES)
def settings(request: pytest.FixtureRequest, home: Path) -> Iterator[Settings]:
    """The sample with a trained model, on both engines."""
    embedded = sample.trained(home)
    if request.param == "embedded":
        yield embedded
        return
    with sample.elastic(home, request.getfixturevalue("elasticsearch_url")) as elastic:
        factor_publication.publish_factors(wiring.store(elastic), wiring.models(elastic))
        yield elastic


@pytest.fixture(scope="module")
def services(settings: Settings, stores: Stores) -> Services:
    return wiring.build(settings.model_copy(update={"cold_share": 0.0}), stores=stores)


@pytest.fixture
def user(stores: Stores) -> User:
    """A user without history."""
    return stores.accounts.create(f"viewer{next(NAMES)}", password_hash="-", preferences=Preferences(), at=NOW)


def rate_by_genre(services: Services, user: User, genre: str, stars: float, movies: int) -> list[MovieId]:
    """Rate the most popular movies of a genre."""
    found = services.search.run(SearchRequest(filters=Filters(genres=(genre,)), size=movies)).hits
    for hit in found:
        services.diaries.rate(user, hit.movie.id, stars)
    return [hit.movie.id for hit in found]


def test_the_list_of_a_user_without_history_is_popular_and_says_so(services: Services, user: User) -> None:
    found = services.recommending.for_user(user, RecommendationRequest(size=10))
    assert found.stage is Stage.NOBODY
    assert len(found.items) == 10
    assert {item.explanation.source for item in found.items} == {Source.POPULAR}


def test_favourite_genres_come_first_while_nothing_is_rated(services: Services, user: User) -> None:
    fan = services.accounts.prefer(user, Preferences(genres=("Western",)))
    found = services.recommending.for_user(fan, RecommendationRequest(size=4))
    assert found.stage is Stage.GENRES
    assert all("Western" in item.movie.genres for item in found.items)
    assert found.items[0].explanation.sentences[0] == "Well loved in Western, which you picked."


def test_ten_ratings_personalize_the_list_and_every_movie_is_explained(services: Services, user: User) -> None:
    rate_by_genre(services, user, "Science Fiction", 5.0, 8)
    rate_by_genre(services, user, "Romance", 1.0, 3)
    found = services.recommending.for_user(user, RecommendationRequest(size=8))
    assert found.stage is Stage.KNOWN
    assert sum("Science Fiction" in item.movie.genres for item in found.items) >= 4
    for item in found.items:
        assert item.explanation.sentences
        assert 0.5 <= (item.explanation.predicted or 0) <= 5
        assert 0 <= (item.explanation.confidence or 0) <= 1


def test_a_movie_that_was_rated_or_marked_is_never_recommended(services: Services, user: User) -> None:
    rated = rate_by_genre(services, user, "Drama", 4.5, 8)
    first = [item.movie.id for item in services.recommending.for_user(user, RecommendationRequest(size=6)).items]
    for movie, kind in zip(first, MarkKind, strict=True):
        services.diaries.mark(user, movie, kind, on=True)
    after = {item.movie.id for item in services.recommending.for_user(user, RecommendationRequest(size=100)).items}
    assert not after & {*rated, *first}


def test_a_rating_affects_the_next_list_and_withdrawing_it_undoes_that(services: Services, user: User) -> None:
    rate_by_genre(services, user, "Comedy", 4.0, 6)
    before = services.recommending.for_user(user, RecommendationRequest(size=20))
    services.diaries.rate(user, ALIEN, 5.0)
    after = services.recommending.for_user(user, RecommendationRequest(size=20))
    services.diaries.rate(user, ALIEN, None)
    assert [item.movie.id for item in after.items] != [item.movie.id for item in before.items]
    assert after.movies == before.movies + 1
    assert services.recommending.for_user(user, RecommendationRequest(size=20)) == before


def test_a_list_stays_the_same_until_something_changes(services: Services, user: User) -> None:
    rate_by_genre(services, user, "Crime", 4.5, 7)
    assert services.recommending.for_user(user, RecommendationRequest()) == services.recommending.for_user(
        user, RecommendationRequest()
    )


def test_pages_of_a_list_neither_repeat_nor_skip_a_movie(services: Services, user: User) -> None:
    rate_by_genre(services, user, "Crime", 4.5, 7)
    whole = [item.movie.id for item in services.recommending.for_user(user, RecommendationRequest(size=30)).items]
    pages = [
        item.movie.id
        for start in (0, 10, 20)
        for item in services.recommending.for_user(user, RecommendationRequest(size=10, offset=start)).items
    ]
    assert pages == whole


@pytest.mark.parametrize(
    "filters",
    [
        Filters(genres=("Drama",)),
        Filters(year_from=1990, year_to=1999),
        Filters(language="fr"),
        Filters(runtime_max=95),
    ],
)
def test_filters_apply_and_the_list_is_filled(services: Services, user: User, filters: Filters) -> None:
    rate_by_genre(services, user, "Thriller", 4.5, 8)
    there = services.search.run(SearchRequest(filters=filters, size=100)).hits
    seen = services.diaries.read(user).ratings
    found = services.recommending.for_user(user, RecommendationRequest(filters=filters, size=5)).items
    assert {item.movie.id for item in found} <= {hit.movie.id for hit in there}
    assert len(found) == min(5, sum(hit.movie.id not in seen for hit in there))


def test_a_list_of_ten_never_has_three_movies_of_a_director(services: Services) -> None:
    for number in range(1, 30):
        found = services.recommending.for_name(f"ml:{number}", RecommendationRequest(size=10)).items
        directors = [name for item in found for name in item.movie.directors]
        assert max(map(directors.count, directors)) <= 2, number


def test_the_slider_goes_from_unknown_to_well_known_movies(services: Services) -> None:
    model = services.recommending.models.current()  # type: ignore[attr-defined]
    known = dict(zip(model.movies.tolist(), model.popularity.tolist(), strict=True))

    def mean(familiarity: float) -> float:
        lists = [
            services.recommending.for_name(
                f"ml:{number}", RecommendationRequest(size=10, familiarity=familiarity)
            ).items
            for number in range(1, 11)
        ]
        return float(np.mean([known[item.movie.id] for items in lists for item in items]))

    assert mean(0.0) < mean(0.5) < mean(1.0)


def test_a_guest_gets_the_list_of_a_user_with_the_same_ratings(services: Services, user: User) -> None:
    rated = rate_by_genre(services, user, "Adventure", 4.5, 6)
    guest = services.recommending.for_guest(
        dict.fromkeys(rated, 4.5) | {MovieId(987654321): 5.0}, RecommendationRequest(size=10)
    )
    own = services.recommending.for_user(user, RecommendationRequest(size=10))
    assert [item.movie.id for item in guest.items] == [item.movie.id for item in own.items]


def test_dislikes_alone_change_a_guests_list_and_predicted_stars(services: Services) -> None:
    def of(genre: str) -> list[MovieId]:
        found = services.search.run(SearchRequest(filters=Filters(genres=(genre,)), size=5)).hits
        return [hit.movie.id for hit in found]

    def count(genre: str, disliked: str) -> int:
        guest = services.recommending.for_guest(dict.fromkeys(of(disliked), 0.5), RecommendationRequest(size=20))
        assert guest.stage is Stage.FEW
        assert all(item.explanation.predicted is not None for item in guest.items)
        return sum(genre in item.movie.genres for item in guest.items)

    assert count("Science Fiction", disliked="Science Fiction") < count("Science Fiction", disliked="Romance")
    assert count("Romance", disliked="Romance") < count("Romance", disliked="Science Fiction")


def test_a_light_dislike_alone_is_not_enough_to_change_a_list(services: Services, user: User) -> None:
    services.diaries.mark(user, METROPOLIS, MarkKind.PASSED, on=True)
    assert services.recommending.for_user(user, RecommendationRequest(size=5)).stage is Stage.NOBODY


def test_shares_of_an_explanation_come_from_the_model_s_own_terms(services: Services) -> None:
    item = services.recommending.for_name("ml:3", RecommendationRequest(size=1)).items[0]
    reading = services.recommending.context_by_name("ml:3")  # type: ignore[attr-defined]
    terms = reading.model.terms(reading.history, np.array([item.movie.id]))[0]
    personal = sum(
        reading.blended.parts[name][reading.places([item.movie.id])[0]] for name in ("als", "ease", "content")
    )
    assert terms.sum() == pytest.approx(personal, rel=1e-3, abs=1e-4)
    strongest = int(reading.history.movies[int(np.argmax(terms))])
    assert item.explanation.because[0].movie == strongest
    assert item.explanation.because[0].share == pytest.approx(terms.max() / terms[terms > 0].sum(), abs=1e-3)


@pytest.mark.parametrize("kind", [None, *MarkKind])
def test_a_movie_never_explains_itself(services: Services, user: User, kind: MarkKind | None) -> None:
    rated = rate_by_genre(services, user, "Science Fiction", 4.5, 6)
    own = next(movie for movie in (METROPOLIS, ALIEN) if movie not in rated)
    before = services.recommending.explain(user, own)
    if kind is None:
        services.diaries.rate(user, own, 5.0)
    else:
        services.diaries.mark(user, own, kind, on=True)
    found = services.recommending.explain(user, own)
    assert own not in {one.movie for one in found.explanation.because}
    assert found.explanation.nearest is None or found.explanation.nearest[0] != own
    assert found.explanation == before.explanation


def test_the_prediction_in_words_is_the_models_figure(services: Services, user: User) -> None:
    rate_by_genre(services, user, "Science Fiction", 4.5, 6)
    found = [item.explanation for item in services.recommending.for_user(user, RecommendationRequest(size=20)).items]
    told = [one for one in found if any(sentence.startswith("Our prediction") for sentence in one.sentences)]
    assert told
    for one in told:
        assert f"Our prediction for you: {one.predicted:.1f} stars." in one.sentences


def test_any_movie_can_be_explained_and_an_unknown_one_cannot(services: Services, user: User) -> None:
    assert services.recommending.explain(user, METROPOLIS).explanation.source is Source.POPULAR
    assert services.recommending.explain_by_name("ml:5", METROPOLIS).explanation.sentences
    with pytest.raises(NotFound, match="987654321"):
        services.recommending.explain(user, MovieId(987654321))


@pytest.mark.parametrize("user", ["ml:987654", "ml:", "ml:x", "987654321", "ada", ""])
def test_an_unknown_user_is_not_found(services: Services, user: str) -> None:
    with pytest.raises(NotFound):
        services.recommending.for_name(user, RecommendationRequest())


def test_predicted_stars_are_higher_for_liked_genres(services: Services, user: User) -> None:
    rate_by_genre(services, user, "Science Fiction", 5.0, 8)
    rate_by_genre(services, user, "Romance", 1.0, 8)
    every = services.search.run(SearchRequest(size=100)).hits
    stars = services.recommending.predict(str(user.id), [hit.movie.id for hit in every]).stars
    likely = [stars[hit.movie.id] or 0 for hit in every if "Science Fiction" in hit.movie.genres]
    unlikely = [stars[hit.movie.id] or 0 for hit in every if "Romance" in hit.movie.genres]
    assert np.mean(likely) > np.mean(unlikely) + 0.5
    assert services.recommending.predict(str(user.id), [MovieId(987654321)]).stars == {987654321: None}


@pytest.mark.parametrize("by", ["meaning", "taste", "both"])
def test_similar_movies_differ_from_the_movie_and_from_each_other(services: Services, by: str) -> None:
    found = [hit.movie.id for hit in services.recommending.similar(EMPIRE, by=by, size=8).hits]
    assert len(set(found)) == 8
    assert EMPIRE not in found
    assert [hit.movie.id for hit in services.recommending.similar(EMPIRE, by=by, size=3).hits] == found[:3]


def test_an_unknown_kind_of_similarity_is_refused(services: Services) -> None:
    with pytest.raises(InvalidRequest, match="by"):
        services.recommending.similar(EMPIRE, by="smell")
    with pytest.raises(NotFound):
        services.recommending.similar(MovieId(987654321), by="taste")


def test_the_lists_of_similar_movies_can_be_exported(services: Services, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "similar.json"
    parts = Parts(settings=lambda: settings)
    done = CliRunner().invoke(cli.main, ("export-similar", str(file)), obj=parts)
    assert done.exit_code == 0, done.output
    lists = json.loads(file.read_text(encoding="utf-8"))["neighbours"]
    assert len(lists) == services.library.info().count
    served = services.recommending.similar(EMPIRE, by="both", size=20).hits
    told = [(hit.movie.id, hit.score, hit.reason.relation.kind) for hit in served if hit.reason.relation is not None]
    assert [(movie, score, why["kind"]) for movie, score, why in lists[str(EMPIRE)]] == told


def test_the_home_page_has_personal_rows_for_a_user(services: Services, user: User) -> None:
    rate_by_genre(services, user, "Drama", 4.5, 6)
    services.diaries.rate(user, STAR_WARS, 5.0)
    services.diaries.mark(user, METROPOLIS, MarkKind.WATCHLIST, on=True)
    rows = {row.key: row for row in services.recommending.home(user)}
    assert list(rows) == ["for-you", "because", "watchlist", "new"]
    assert rows["because"].name == "Because you liked Star Wars"
    assert [item.movie.id for item in rows["watchlist"].items] == [METROPOLIS]
    seen = {*services.diaries.read(user).ratings, METROPOLIS}
    assert not seen & {item.movie.id for key in ("for-you", "because", "new") for item in rows[key].items}


def test_the_home_page_of_a_new_user_has_no_personal_rows(services: Services, user: User) -> None:
    assert [row.key for row in services.recommending.home(user)] == ["for-you"]


def test_the_first_movies_to_rate_are_unrated_diverse_and_of_favourite_genres_first(
    services: Services, user: User
) -> None:
    rated = rate_by_genre(services, user, "Drama", 4.0, 3)
    fan = services.accounts.prefer(user, Preferences(genres=("Western",)))
    movies = services.recommending.starters(fan, size=12)
    assert len({movie.id for movie in movies}) == 12
    assert not {movie.id for movie in movies} & set(rated)
    assert "Western" in movies[0].genres
    assert len({genre for movie in movies for genre in movie.genres}) >= 8


def test_swipe_cards_are_new_and_unique(services: Services, user: User) -> None:
    rated = rate_by_genre(services, user, "Drama", 4.0, 6)
    cards = [item.movie.id for item in services.recommending.deck(user, size=10)]
    assert len(set(cards)) == 10
    assert not set(cards) & set(rated)


def test_a_history_of_unknown_movies_counts_as_none(services: Services) -> None:
    found = services.recommending.for_guest(
        {MovieId(987654321 + number): 5.0 for number in range(8)}, RecommendationRequest(size=5)
    )
    assert found.stage is Stage.NOBODY
    assert {item.explanation.source for item in found.items} == {Source.POPULAR}


def test_swipes_take_effect_at_once(services: Services, user: User) -> None:
    before = services.recommending.for_user(user, RecommendationRequest(size=10))
    for hit in services.search.run(SearchRequest(filters=Filters(genres=("Horror",)), size=6)).hits:
        services.diaries.mark(user, hit.movie.id, MarkKind.LIKED, on=True)
    after = services.recommending.for_user(user, RecommendationRequest(size=10))
    assert (before.stage, after.stage) == (Stage.NOBODY, Stage.KNOWN)
    assert [item.movie.id for item in after.items] != [item.movie.id for item in before.items]


def test_without_factors_in_the_engine_the_same_movies_are_found_in_the_process(
    services: Services,
) -> None:
    class Unstamped:
        """Behave like an index without the model's factors."""

        def __init__(self, index: MovieIndex) -> None:
            self._index = index

        def search_by_factors(self, *_: object, **__: object) -> FactorMatches:
            raise FactorsMissing("the index holds no factors of this model")

        def __getattr__(self, name: str) -> object:
            return getattr(self._index, name)

    own = services.recommending
    unstamped = replace(own, index=Unstamped(own.index))  # type: ignore[type-var, attr-defined]
    for request in (RecommendationRequest(size=10), RecommendationRequest(Filters(genres=("Drama",)), size=10)):
        usual = [item.movie.id for item in own.for_name("ml:7", request).items]
        assert [item.movie.id for item in unstamped.for_name("ml:7", request).items] == usual


def test_without_a_model_all_users_get_popular_movies(
    settings: Settings, stores: Stores, user: User, tmp_path: Path
) -> None:
    index = wiring.store(settings).open()
    encoder = wiring.encoders.load(settings)
    bare = wiring.build(settings.model_copy(update={"home": tmp_path}), index=index, encoder=encoder, stores=stores)
    bare.diaries.rate(user, STAR_WARS, 5.0)
    found = bare.recommending.for_user(user, RecommendationRequest(size=5))
    assert (found.model, found.stage, len(found.items)) == ("", Stage.NOBODY, 5)
    assert bare.recommending.predict(str(user.id), [ALIEN]).stars == {ALIEN: None}
    assert bare.recommending.similar(EMPIRE, by="both", size=3).hits
    assert [row.key for row in bare.recommending.home(user)] == ["for-you"]


def test_taste_reorders_searches_only_if_enabled_and_never_the_exact_title(services: Services, user: User) -> None:
    rate_by_genre(services, user, "Science Fiction", 5.0, 8)
    request = SearchRequest("a lonely man in a strange city", size=30)
    plain = services.search.run(request)
    own = services.search.run(request, user=user)
    off = services.search.run(request, user=replace(user, preferences=Preferences(taste_in_search=False)))
    assert {hit.movie.id for hit in own.hits} == {hit.movie.id for hit in plain.hits}
    assert any(hit.reason.taste > 0 for hit in own.hits)
    assert [hit.movie.id for hit in off.hits] == [hit.movie.id for hit in plain.hits]
    assert services.search.run(SearchRequest("Casablanca"), user=user).hits[0].movie.title == "Casablanca"


def test_a_search_goes_on_without_the_user_s_taste_if_diaries_cannot_be_read(services: Services, user: User) -> None:
    request = SearchRequest("a lonely man in a strange city", size=30)
    plain = services.search.run(request)
    away: Any = fakes.Failing(StoreUnavailable("the user database is away"))
    found = replace(services.search, taste=away).run(request, user=user)
    assert [hit.movie.id for hit in found.hits] == [hit.movie.id for hit in plain.hits]
