"""Extension of the published model to a changed catalogue, without training; scores of the remaining movies stay.

New movies get factors from the map that was saved with the model, so that they can be recommended as soon as they can
be found. Their votes and descriptions give them popularity, predicted stars and neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.recommendations.records import Floats, Ids
from core.types import MovieId
from engine.recommender import id_index
from engine.recommender.model import Recommender
from engine.recommender.models import biases, popularity
from engine.recommender.models.als import Als
from engine.recommender.models.content import Content
from engine.recommender.models.ease import Ease
from engine.recommender.models.interactions import Interactions
from engine.training.fit import cold_start, components
from engine.training.fit.components import World
from engine.training.fit.local_fit import FitConfig

VectorsOf = Callable[[Sequence[MovieId]], Floats]
"""Returns float32, (n, dim), unit rows: the description vectors of movies in the engine."""


@dataclass(frozen=True, slots=True)
class ExtendedModel:
    """A model extended to the new catalogue.

    Attributes:
        new, gone: the numbers of movies added and removed.
    """

    model: Recommender
    new: int
    gone: int


def extend(
    model: Recommender,
    world: World,
    known: Interactions,
    *,
    rated: Interactions,
    fit_config: FitConfig,
    vectors_of: VectorsOf,
    version: str,
) -> ExtendedModel | None:
    """Return the model over the movies of `world`; None if it has no map, because there were no ratings.

    Args:
        known: the interactions that models may learn from. rated: all interactions.
    """
    if not model.features:
        return None
    kept = id_index.find(model.movies, world.ids)
    als = _als(model, world, vectors_of)
    found, scores = components.neighbour_lists(known, world, fit_config, als.learned)
    wide = replace(
        model,
        version=version,
        als=als,
        ease=_ease(model.ease, world.ids),
        ncf=model.ncf.among(world.ids) if model.ncf else None,
        content=Content(world.ids, world.vectors),
        popularity=popularity.fit(rated, world.movies).values,
        baseline=biases.fit(rated, world.movies),
        neighbour_places=found,
        neighbour_scores=scores,
    )
    stayed = int((kept >= 0).sum())
    return ExtendedModel(wide, new=len(world.ids) - stayed, gone=len(model.movies) - stayed)


def _als(model: Recommender, world: World, vectors_of: VectorsOf) -> Als:
    kept = id_index.find(model.movies, world.ids)
    factors = model.factors[kept]
    new = np.flatnonzero(kept < 0)
    if len(new):
        movies = [world.movies[place] for place in new.tolist()]
        mapped = cold_start.factors_of(model, movies, vectors_of([movie.id for movie in movies]))
        assert mapped is not None  # noqa: S101 - there are features
        factors[new] = mapped
    learned = np.where(kept >= 0, model.rated[kept], False)
    return replace(model.als, movies=world.ids, factors=factors, learned=learned)


def _ease(ease: Ease, movies: Ids) -> Ease:
    there = id_index.find(movies, ease.movies) >= 0
    return ease if there.all() else Ease(ease.movies[there], ease.rows.among(there), ease.against)
