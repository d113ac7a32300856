"""All scorers under the contract of `scorer_kit.py`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given

from core.recommendations.records import Explainer, RankingModel
from core.types import Movie, MovieId
from engine.recommender.models import als, content, ease, interactions, item_neighbours, popularity
from engine.recommender.neural import fit as neural
from engine.recommender.neural.network import Shape
from tests.engine.recommender import scorer_kit as kit


def _colours() -> np.ndarray:
    """Return description vectors of two kinds with some noise."""
    vectors = np.zeros((kit.MOVIES, 2 + kit.MOVIES), np.float32)
    vectors[np.arange(kit.MOVIES), np.arange(kit.MOVIES) % 2] = 1
    vectors[np.arange(kit.MOVIES), 2 + np.arange(kit.MOVIES)] = 0.3
    return content.centre(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


RECIPE = als.ALSConfig(factors=3, alpha=4, regularization=1, iterations=15)
NEURAL = neural.NCFConfig(
    Shape(4, 4, (8, 4), exponent=0.5, against=1),
    dropout=0,
    history_dropout=0,
    users=8,
    spread=0.1,
    rate=0.02,
    epochs=12,
    held_out=0,
)
MAKERS: dict[str, Callable[[], RankingModel]] = {
    "als": lambda: als.fit(kit.checkerboard(), RECIPE),
    "ease": lambda: ease.fit(kit.checkerboard(), ease.EASEConfig(regularization=5, against=1)),
    "content": lambda: content.Content(kit.IDS, _colours()),
    "ncf": lambda: neural.fit(kit.checkerboard(), NEURAL),
}


@cache
def made(name: str) -> RankingModel:
    """Return a scorer; not at import, because PyTorch takes seconds to load."""
    return MAKERS[name]()


@pytest.fixture(params=MAKERS)
def scorer(request: pytest.FixtureRequest) -> RankingModel:
    return made(request.param)


def test_every_scorer_explains_itself(scorer: RankingModel) -> None:
    assert isinstance(scorer, Explainer)


@pytest.mark.parametrize("promise", kit.PROMISES, ids=lambda promise: promise.__name__)
def test_every_scorer_keeps_each_promise(scorer: RankingModel, promise: Callable[[RankingModel], None]) -> None:
    promise(scorer)


@pytest.mark.parametrize("name", MAKERS)
@given(asked=kit.HISTORIES)
def test_terms_sum_to_the_scores_of_any_history(name: str, asked: object) -> None:
    kit.explains_its_scores(made(name), asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", MAKERS)
def test_the_same_interactions_give_the_same_model(name: str) -> None:
    asked = kit.history({kit.FIRST_ID: 5, kit.FIRST_ID + 3: 2})
    np.testing.assert_array_equal(MAKERS[name]().scores(asked), made(name).scores(asked))


def test_popularity_is_the_same_for_everybody_and_never_nan() -> None:
    movies = [Movie(MovieId(int(movie)), "A film", vote_count=int(movie), vote_average=7) for movie in kit.IDS]
    popular = popularity.fit(kit.checkerboard(), movies)
    kit.answers_for_each_movie_it_knows(popular)
    kit.changes_nothing(popular)
    kit.answers_threads_as_it_answers_one(popular)
    assert not isinstance(popular, Explainer)
    np.testing.assert_array_equal(popular.scores(kit.EMPTY), popular.scores(kit.history({kit.FIRST_ID: 5})))
    assert popular.values.min() >= 0
    assert popular.values.max() == 1


def test_votes_rank_movies_without_ratings_and_do_not_outweigh_ratings() -> None:
    few, many = (
        Movie(MovieId(1), "Few votes", vote_count=10, vote_average=7),
        Movie(MovieId(2), "Many votes", vote_count=9_000, vote_average=7),
    )
    liked = Movie(MovieId(kit.FIRST_ID), "Liked here", vote_count=50, vote_average=7)
    values = popularity.fit(kit.checkerboard(), [many, few, liked]).values
    assert values[0] < values[1] < values[2]


def test_fold_in_gives_the_trained_factors(scorer: RankingModel) -> None:
    """ALS' closed form is the last half-step of training: the trained users converge to it."""
    model = made("als")
    assert isinstance(model, als.Als)
    told = kit.checkerboard().histories()[4]
    vector = model.user_vector(told)
    factors = model.factors.astype(np.float64)
    confidence = np.ones(len(factors))
    rows = np.searchsorted(model.movies, told.movies)
    confidence[rows] += model.alpha * np.abs(told.weights)
    wanted = np.zeros(len(factors))
    wanted[rows] = 1
    slope = factors.T @ (confidence * (factors @ vector - wanted)) + model.regularization * vector
    assert np.abs(slope).max() < 1e-4
    assert scorer.name


def test_a_disliked_movie_is_a_confident_negative_and_an_unseen_one_is_not() -> None:
    model = made("als")
    liked = {kit.FIRST_ID: 5.0, kit.FIRST_ID + 2: 5.0}
    without = model.scores(kit.history(liked))[4]
    with_dislike = model.scores(kit.history({**liked, kit.FIRST_ID + 4: 0.5}))[4]
    assert with_dislike < without


def test_the_diagonal_of_ease_is_zero() -> None:
    model = made("ease")
    assert isinstance(model, ease.Ease)
    everything = np.arange(len(model.movies))
    assert np.all(np.diag(model.rows.dense(everything, everything)) == 0)


def test_a_movie_with_few_users_is_not_a_near_neighbour() -> None:
    known = kit.checkerboard()
    loose = item_neighbours.similarity(known, kit.IDS, shrinkage=0)
    shrunk = item_neighbours.similarity(known, kit.IDS, shrinkage=50)
    assert np.all(shrunk <= loose)
    assert loose[0, 2] > loose[0, 1] == 0


def test_neighbour_lists_mix_ratings_and_content_and_exclude_the_movie_itself() -> None:
    learned = np.ones(kit.MOVIES, np.bool_)
    learned[5] = False
    known = interactions.within(kit.checkerboard(), kit.IDS[learned])
    found, scores = item_neighbours.lists(known, learned, _colours(), movies=kit.IDS, share=0.7, shrinkage=1)
    assert found.shape == (kit.MOVIES, item_neighbours.LENGTH)
    assert all(movie not in row for movie, row in enumerate(found.tolist()))
    assert np.all(np.diff(scores, axis=1) <= 0)
    assert scores.max() <= 1 + 1e-6
    assert np.all(found[5][:18] % 2 == 1), "a film without ratings has neighbours by content alone"
    assert np.all(found[6][:18] % 2 == 0)


@pytest.mark.parametrize("block", [1, 7, 1_000])
def test_neighbour_lists_do_not_depend_on_the_size_of_blocks(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    learned = np.arange(kit.MOVIES) % 4 > 0
    known = interactions.within(kit.checkerboard(), kit.IDS[learned])
    monkeypatch.setattr(item_neighbours, "BLOCK", block)
    _, scores = item_neighbours.lists(known, learned, _colours(), movies=kit.IDS, share=0.7, shrinkage=1)
    np.testing.assert_allclose(scores, _naive(known, learned), atol=1e-6)


def _naive(known: interactions.Interactions, learned: np.ndarray) -> np.ndarray:
    """Return the scores of the lists, one movie at a time from the dense similarity."""
    together = item_neighbours.similarity(known, kit.IDS[learned], shrinkage=1)
    scores = []
    for movie in range(kit.MOVIES):
        row = _colours() @ _colours()[movie]
        row[movie] = 0
        row /= max(row.max(), 1e-6)
        if learned[movie]:
            others = together[learned[:movie].sum()]
            row *= 0.3
            row[learned] += 0.7 * others / max(others.max(), 1e-6)
        row[movie] = -np.inf
        scores.append(np.sort(row)[::-1][: item_neighbours.LENGTH])
    return np.array(scores)
