"""Properties of all trained models, whatever their data: numbers 1, 2, 3, 4, 5 and 9 of ten.

`tests/engine/training/test_publication.py` checks some of these for one model and any user; here, the world varies too.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.baselines import svd, svdpp
from core.ports import Factors
from core.recommendations.records import History
from core.types import Filters
from engine.recommender.models import als
from engine.recommender.models.interactions import weigh
from engine.recommender.neural import fit as neural
from engine.recommender.neural import ncf
from engine.recommender.neural.ncf import Ncf
from engine.recommender.neural.network import Shape
from engine.registry.registry import Registry
from indexer.elastic import slots
from indexer.embedded import EmbeddedStore
from tests.contracts import world as movies
from tests.properties import worlds
from tests.properties.worlds import Spot

pytestmark = pytest.mark.slow

LIGHT: dict[str, Any] = {"factors": 2, "bias_penalty": 0.1, "user_penalty": 0.1, "movie_penalty": 0.1}
"""Penalties so small that the error itself has to fall; training lowers the error including penalties."""
FEW = 4
"""Number of examples for properties that train everything; half a second each."""
SOME = 25
LEAST_AGREEMENT = 0.75
"""Minimum rank correlation between folding in a rating and training on it, over unseen movies; see `worlds.large`."""


@given(spot=worlds.spots, asked=st.lists(worlds.histories, min_size=1, max_size=5))
@settings(max_examples=FEW)
def test_1_a_saved_and_loaded_model_gives_identical_results(spot: Spot, asked: list[History]) -> None:
    model, network = worlds.model(spot), _network(spot)
    with TemporaryDirectory() as folder:
        registry = Registry(Path(folder) / "models")
        registry.add(model, {"kept": True})
        again = registry.load(model.version).model
        np.savez(Path(folder) / "ncf.npz", allow_pickle=False, **network.arrays())
        with np.load(Path(folder) / "ncf.npz", allow_pickle=False) as stored:
            network_again = ncf.from_arrays(dict(stored))
        for history in asked:
            for one, other in (
                (model.blend(history).total, again.blend(history).total),
                (model.terms(history, model.movies), again.terms(history, model.movies)),
                (model.stars(history, model.movies), again.stars(history, model.movies)),
                (model.confidence(history, model.movies), again.confidence(history, model.movies)),
                (network.scores(history), network_again.scores(history)),
            ):
                np.testing.assert_array_equal(one, other)


@given(spot=worlds.spots, asked=st.lists(worlds.histories, min_size=1, max_size=5))
@settings(max_examples=FEW)
def test_2_stars_and_confidence_stay_within_their_ranges(spot: Spot, asked: list[History]) -> None:
    model = worlds.model(spot)
    for history in asked:
        stars, sure = model.stars(history, model.movies), model.confidence(history, model.movies)
        assert np.isfinite(model.blend(history).total).all()
        assert ((stars >= 0.5) & (stars <= 5)).all()
        assert ((sure >= 0) & (sure <= 1)).all()


@given(spot=worlds.spots)
@settings(max_examples=FEW)
def test_3_training_lowers_the_loss(spot: Spot) -> None:
    for name, losses in _losses(spot).items():
        assert losses[-1] < losses[0], name
        assert np.isfinite(losses).all(), name


@given(spot=worlds.large, pick=st.integers(0, 10_000), stars=st.sampled_from(worlds.STARS))
@settings(max_examples=SOME)
def test_4_a_folded_in_rating_counts_like_a_trained_one(spot: Spot, pick: int, stars: float) -> None:
    known = worlds.said(spot)
    row = pick % len(known)
    changed = known.stars.copy()
    changed[row] = stars
    after = replace(known, stars=changed, weights=weigh(changed))
    user = int(known.users[row])
    history = worlds.history_of(after, user)
    without = known.select(np.arange(len(known)) != row)
    now = worlds.fit(without, stars=False).blend(history).total
    later = worlds.fit(after, stars=False).blend(history).total
    unseen = ~np.isin(worlds.CATALOGUE, history.movies)
    assert worlds.correlation(now[unseen], later[unseen]) >= LEAST_AGREEMENT


@pytest.mark.parametrize("kind", ["blend", "blend+ncf"])
@given(spot=worlds.spots, history=worlds.histories)
@settings(max_examples=SOME)
def test_5_contributions_of_the_users_movies_and_common_terms_add_up_to_the_score(
    kind: str, spot: Spot, history: History
) -> None:
    model = worlds.fit(worlds.said(spot), replace(worlds.RECIPES, model=kind), stars=False)
    blended = worlds.all_alike(model).blend(history)
    explained = model.terms(history, model.movies, blended=blended).sum(axis=1) + blended.common
    tolerance = 1e-3 * max(float(np.abs(blended.total).max()), 1)
    np.testing.assert_allclose(explained, blended.total, atol=tolerance)


@given(spot=worlds.spots, factors=st.integers(1, 80), tower=st.integers(1, 40), seed=st.integers(0, 99))
@settings(max_examples=SOME)
def test_9_factors_have_the_requested_length_in_the_model_on_disk_and_in_the_engine(
    spot: Spot, factors: int, tower: int, seed: int
) -> None:
    known, shape = worlds.said(spot), Shape(factors, tower, (8, 4))
    recipe = replace(worlds.RECIPES, als=replace(worlds.RECIPES.als, factors=factors))
    model = worlds.fit(known, recipe, stars=False)
    assert model.factors.shape == (len(worlds.CATALOGUE), factors)
    network = neural.fit(known, replace(worlds.NEURAL, shape=shape, epochs=1))
    again = ncf.from_arrays(network.arrays())
    learned = len(np.unique(known.movies))
    assert again.spoken.shape == (learned, factors + tower)
    assert again.products.shape == (learned, factors)
    with TemporaryDirectory() as folder:
        registry = Registry(Path(folder) / "models")
        registry.add(model, {})
        assert registry.load("1").model.factors.shape == model.factors.shape
    vector = np.random.default_rng(seed).normal(size=factors).astype(np.float32)
    field, padded = slots.pad(model.factors[0]), slots.pad(vector)
    assert len(field) == len(padded) == slots.width(factors) >= factors
    np.testing.assert_allclose(field @ padded, model.factors[0] @ vector, rtol=1e-4, atol=1e-5)


@given(factors=st.integers(1, 80))
@settings(max_examples=FEW)
def test_9_the_embedded_engine_accepts_factors_of_any_length(factors: int) -> None:
    some = np.array([movie.id for movie in movies.movies()][:20], np.int64)
    vectors = np.random.default_rng(factors).normal(size=(len(some), factors)).astype(np.float32)
    with TemporaryDirectory() as folder:
        store = _index(Path(folder))
        assert store.publish_factors(Factors("m", some, vectors)) == len(some)
        found = store.open().search_by_factors(vectors[0], model="m", filters=Filters(), without=(), depth=20)
    np.testing.assert_allclose(np.sort(found.scores), np.sort(vectors @ vectors[0]), rtol=1e-4, atol=1e-5)


def _losses(spot: Spot) -> dict[str, list[float]]:
    """Return the loss that each model reports after every training round, on its training data."""
    known = worlds.said(spot)
    found: dict[str, list[float]] = {name: [] for name in ("svd", "svd++", "ncf")}
    factors: list[tuple[float, ...]] = []
    als.fit(known, worlds.RECIPES.als, after=lambda epoch: not factors.append(epoch.losses))
    ratings = known.users, known.movies, known.stars
    svd.train(*ratings, options=svd.Options(**LIGHT), sweep=lambda _, error: found["svd"].append(error))
    svdpp.train(*ratings, options=svdpp.Options(**LIGHT), sweep=lambda _, error: found["svd++"].append(error))
    neural.fit(known, worlds.NEURAL, after=lambda epoch: not found["ncf"].append(epoch.loss))
    return {"als": list(factors[-1]), **found}


@lru_cache(maxsize=64)
def _network(spot: Spot) -> Ncf:
    return neural.fit(worlds.said(spot), replace(worlds.NEURAL, epochs=1))


def _index(folder: Path) -> EmbeddedStore:
    store = EmbeddedStore(folder)
    store.begin(movies.info("v1", 20))
    store.fill("v1", movies.entries(20))
    store.finish("v1")
    store.publish("v1")
    return store
