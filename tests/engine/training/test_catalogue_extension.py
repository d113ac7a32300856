"""Extension of the published model to a changed catalogue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.recommendations.records import Floats
from core.types import Movie, MovieId
from engine.recommender import model as models
from engine.recommender.models import interactions
from engine.training.derived import catalogue_extension
from engine.training.derived.catalogue_extension import ExtendedModel
from engine.training.evaluation import holdout
from engine.training.fit import cold_start
from engine.training.fit.components import World
from engine.training.fit.local_fit import FitConfig
from engine.training.publication import PublicationReport
from tests.engine.recommender import scorer_kit as kit
from tests.engine.training import worlds
from tests.engine.training.conftest import COLD, catalogue

pytestmark = pytest.mark.slow

EVEN = kit.history({kit.FIRST_ID + movie: 5 for movie in (0, 2, 4, 6, 8, 10)})
GONE = {kit.FIRST_ID + 3, kit.FIRST_ID + kit.MOVIES}
"""A movie learned from ratings, and one without ratings."""
LATER = 50
"""The first new movie: its id is the lowest, so that every row changes."""


def changed() -> tuple[list[Movie], Floats]:
    """The checkerboard's catalogue without two movies, and four new ones: two like an even one, two like an odd one."""
    movies, vectors = catalogue()
    place = {int(movie.id): row for row, movie in enumerate(movies)}
    rows = [row for row, movie in enumerate(movies) if movie.id not in GONE]
    like = [place[kit.FIRST_ID + movie] for movie in (4, 5, 6, 7)]
    new = [replace(movies[row], id=MovieId(LATER + number)) for number, row in enumerate(like)]
    return [*(movies[row] for row in rows), *new], np.concatenate((vectors[rows], vectors[like]))


@pytest.fixture(scope="module")
def widened(
    trained: tuple[object, PublicationReport, object], tmp_path_factory: pytest.TempPathFactory
) -> tuple[ExtendedModel, PublicationReport, World]:
    movies, vectors = changed()
    world = World.of(movies, vectors)
    by_id = {movie.id: vector for movie, vector in zip(movies, vectors, strict=True)}
    rated = interactions.within(worlds.checkerboard(tmp_path_factory.mktemp("ratings")).rated, world.ids)
    found = catalogue_extension.extend(
        trained[1].model,
        world,
        rated,
        rated=rated,
        fit_config=FitConfig(),
        vectors_of=lambda ids: np.stack([by_id[movie] for movie in ids]),
        version="wide",
    )
    assert found is not None
    return found, trained[1], world


def test_new_movies_are_there_and_gone_ones_are_not(widened: tuple[ExtendedModel, PublicationReport, World]) -> None:
    found, before, world = widened
    assert (found.new, found.gone) == (4, 2)
    model = found.model
    assert model.version == "wide"
    np.testing.assert_array_equal(model.movies, world.ids)
    assert model.rated.sum() == kit.MOVIES - 1
    assert len(model.movies) == kit.MOVIES + COLD + 2
    assert not np.isin(list(GONE), model.ease.movies).any()
    if before.model.ncf is not None:
        assert model.ncf is not None
        assert not np.isin(list(GONE), model.ncf.movies).any()
    assert holdout.sane(model, [EVEN]) == ()


def test_remaining_movies_keep_their_factors_and_their_order_in_each_model(
    widened: tuple[ExtendedModel, PublicationReport, World],
) -> None:
    found, before, _ = widened
    own, other = before.model, found.model
    stayed = np.intersect1d(own.movies, other.movies)
    one, two = np.searchsorted(own.movies, stayed), np.searchsorted(other.movies, stayed)
    np.testing.assert_array_equal(own.factors[one], other.factors[two])
    np.testing.assert_array_equal(own.rated[one], other.rated[two])
    np.testing.assert_allclose(own.user_vector(EVEN), other.user_vector(EVEN), rtol=0.05, atol=0.02)
    for name in ("ease", "ncf"):
        if (scorer := getattr(own, name)) is not None:
            narrowed = getattr(other, name)
            there = np.isin(scorer.movies, narrowed.movies)
            np.testing.assert_allclose(scorer.scores(EVEN)[there], narrowed.scores(EVEN), rtol=1e-4, atol=1e-5)


def test_new_movies_suit_users_who_like_similar_ones(
    widened: tuple[ExtendedModel, PublicationReport, World],
) -> None:
    model = widened[0].model
    total = model.blend(EVEN).total[:4]
    assert total[[0, 2]].min() > total[[1, 3]].max()
    assert np.isfinite(model.stars(EVEN, model.movies[:4])).all()
    near = model.neighbours(MovieId(LATER))[0]
    assert set(near[:3] % 2) == {0}
    assert LATER not in near
    np.testing.assert_array_equal(
        model.factors[:4],
        cold_start.factors_of(widened[1].model, *_new_ones()),  # type: ignore[arg-type]
    )


def _new_ones() -> tuple[Any, ...]:
    movies, vectors = changed()
    return movies[-4:], vectors[-4:]


def test_terms_still_sum_to_scores_and_the_model_can_be_saved(
    widened: tuple[ExtendedModel, PublicationReport, World], tmp_path: Path
) -> None:
    model = widened[0].model
    blended = model.blend(EVEN)
    np.testing.assert_allclose(model.terms(EVEN, model.movies).sum(axis=1), blended.personal, rtol=1e-3, atol=2e-3)
    models.save(model, tmp_path)
    np.testing.assert_array_equal(models.load(tmp_path).blend(EVEN).total, blended.total)


def test_a_model_without_ratings_cannot_be_extended(widened: tuple[ExtendedModel, PublicationReport, World]) -> None:
    found, before, world = widened
    plain = replace(before.model, features={})
    nothing = interactions.NOTHING
    usual = {"rated": nothing, "fit_config": FitConfig(), "vectors_of": lambda _: found.model.factors}
    assert catalogue_extension.extend(plain, world, nothing, **usual, version="x") is None  # type: ignore[arg-type]
