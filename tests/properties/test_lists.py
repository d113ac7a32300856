"""Properties of all lists: numbers 6 and 10 of ten. With a real index, a real model, and lists as served."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ports import Factors, MovieIndex
from core.recommendations.records import RecommendationRequest, Source, Stage
from core.users import Diary, Preferences
from engine.recommender.blend_schedule import spoken_of
from engine.recommender.explanations.evidence import Reasons
from engine.recommender.lists import Lists
from engine.recommender.model import Recommender
from engine.recommender.models.interactions import Interactions, weigh
from engine.recommender.selection.candidates import Candidates
from engine.recommender.user_context import UserContext
from engine.training.fit import components
from engine.training.fit.local_fit import Course
from indexer.embedded import EmbeddedStore
from tests.contracts import world
from tests.properties import worlds

IDS = sorted(int(movie.id) for movie in world.movies())
RATED = IDS[10:110]
"""Movies that users of this world rated; nobody rated the others."""
NOWHERE = [2, 3_000_000, 990_001]
"""Movies outside the catalogue, by existing and unknown ids."""
STRANGERS = [movie for movie in (8, 9, 50, *NOWHERE[1:]) if movie not in IDS]
FANS = 60


def opinions() -> Interactions:
    """Users who like even movies, or odd ones; each rates a third of the rated movies."""
    draw = np.random.default_rng(8)
    users, movies = np.nonzero(draw.random((FANS, len(RATED))) < 1 / 3)
    ids = np.array(RATED, np.int64)[movies]
    stars = np.where(users % 2 == ids % 2, 4.5, 1.5).astype(np.float32)
    names = tuple(f"ml:{user + 1}" for user in range(FANS))
    return Interactions(names, users.astype(np.int64), ids, weigh(stars), stars, np.arange(len(ids)))


@pytest.fixture(scope="module")
def model() -> Recommender:
    return _model()


@lru_cache
def _model() -> Recommender:
    known = opinions()
    movies = components.World.of(world.movies(), world.vectors())
    return components.fit(known, movies, worlds.RECIPES, version="1", rated=known, course=Course(stars=False))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, model: Recommender) -> MovieIndex:
    store = EmbeddedStore(tmp_path_factory.mktemp("index"))
    store.begin(world.info("v1"))
    store.fill("v1", world.entries())
    store.finish("v1")
    store.publish("v1")
    store.publish_factors(Factors(model.version, model.movies, model.factors))
    return store.open()


@pytest.fixture(scope="module")
def lists(index: MovieIndex) -> Lists:
    candidates = Candidates(index)
    return Lists(index, candidates, Reasons(index, candidates), cold_share=0.05)


wishes = st.builds(
    RecommendationRequest, size=st.integers(1, 40), offset=st.integers(0, 30), familiarity=st.none() | st.floats(0, 1)
)


@given(diary=worlds.diaries([*IDS, *STRANGERS]), wish=wishes)
def test_10_no_movie_occurs_twice_and_none_from_the_diary(
    lists: Lists, model: Recommender, diary: Diary, wish: RecommendationRequest
) -> None:
    items = lists.make(UserContext(diary, Preferences(), model), wish).items
    shown = [item.movie.id for item in items]
    assert len(shown) == len(set(shown))
    assert not set(shown) & spoken_of(diary)
    assert not set(shown) & set(diary.ratings)


@given(diary=worlds.diaries([*IDS, *STRANGERS]), cut=st.integers(1, 30))
def test_10_two_pages_of_one_list_share_no_movie(lists: Lists, model: Recommender, diary: Diary, cut: int) -> None:
    reading = UserContext(diary, Preferences(), model)
    pages = [lists.make(reading, RecommendationRequest(size=cut, offset=start)).items for start in (0, cut)]
    shown = [item.movie.id for page in pages for item in page]
    assert len(shown) == len(set(shown))


@given(diary=worlds.diaries(STRANGERS), size=st.integers(1, 20), known=st.booleans())
def test_6_a_user_without_movies_of_the_catalogue_gets_a_full_list_of_popular_ones(
    lists: Lists, model: Recommender, diary: Diary, size: int, known: bool
) -> None:
    reading = UserContext(diary, Preferences(), model if known else None)
    found = lists.make(reading, RecommendationRequest(size=size))
    assert found.stage is Stage.NOBODY
    assert len(found.items) == size
    assert {item.explanation.source for item in found.items} == {Source.POPULAR}
    anybody = lists.make(
        UserContext(Diary(), Preferences(), model if known else None), RecommendationRequest(size=size)
    )
    assert [item.movie.id for item in found.items] == [item.movie.id for item in anybody.items]


@given(spot=worlds.spots, history=worlds.histories)
@settings(max_examples=25)
def test_6_an_unrated_movie_has_a_score_for_every_user(spot: worlds.Spot, history: worlds.History) -> None:
    model = worlds.fit(worlds.said(spot), stars=False)
    assert not model.rated.all()
    cold = ~model.rated
    assert np.isfinite(model.blend(history).total[cold]).all()
    assert np.isfinite(model.factors[cold]).all()
    for said in (model.stars(history, model.movies[cold]), model.confidence(history, model.movies[cold])):
        assert np.isfinite(said).all()
