"""Fits all components of a model to the same interactions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, Ids
from core.types import Movie
from engine.recommender import blend, id_index
from engine.recommender.calibration import Calibration
from engine.recommender.model import Recommender
from engine.recommender.models import (
    biases,
    content,
    ease,
    interactions,
    item_neighbours,
    popularity,
    user_features,
)
from engine.recommender.models.interactions import Interactions
from engine.recommender.neural import fit as neural
from engine.recommender.neural.ncf import Ncf
from engine.training.fit import cold_start, movie_features
from engine.training.fit.fitter import LOCAL, Fitter, Part
from engine.training.fit.local_fit import ALONE, NCF, Course, FitConfig
from engine.training.fit.movie_features import Space


@dataclass(frozen=True)
class World:
    """The catalogue, which does not depend on the interactions.

    Attributes:
        movies: all movies of the catalogue, ordered by id.
        ids: int64, (n,), ascending.
        vectors: float32, (n, dim): centred description vectors, unit rows.
        mean: float32, (dim,): the mean that was subtracted.
    """

    movies: Sequence[Movie]
    ids: Ids
    vectors: Floats
    mean: Floats

    @staticmethod
    def of(movies: Sequence[Movie], vectors: Floats) -> World:
        """Order a catalogue and centre its description vectors."""
        order = np.argsort(np.array([movie.id for movie in movies], np.int64))
        ordered = [movies[place] for place in order.tolist()]
        ids = np.array([movie.id for movie in ordered], np.int64)
        given = np.asarray(vectors, np.float32)[order]
        return World(ordered, ids, content.centre(given), given.mean(axis=0))

    @cached_property
    def space(self) -> Space:
        """The feature space of the movies."""
        return movie_features.fit(self.movies, self.mean)

    @cached_property
    def features(self) -> NDArray[np.float64]:
        """float64, (n, n_columns): the features of the movies."""
        return self.space.apply(self.movies, self.vectors)


def fit(
    known: Interactions,
    world: World,
    fit_config: FitConfig,
    *,
    version: str,
    rated: Interactions,
    lists: bool = True,
    course: Course = ALONE,
    fitter: Fitter = LOCAL,
    part: Part = Part.TRAINING,
) -> Recommender:
    """Fit all components; schedule and calibration are the defaults until they are tuned.

    Args:
        known: the interactions to learn from (`interactions.learnable`).
        rated: all interactions, also of rare movies, for popularity and biases.
        lists: whether to compute lists of neighbours; only published models need them.
        fitter: fits what grows with the number of ratings.
        part: which interactions `known` are.

    Raises:
        ModelMissing: NCF is requested, but torch is not installed.
        DataError, ServiceUnavailable: the fitter failed.
    """
    counts = np.bincount(id_index.find(world.ids, known.movies), minlength=len(world.ids)).astype(np.float64)
    if len(known):
        learned = fitter.fit(known, fit_config, part=part, course=course)
        factors, mapping = cold_start.complete(learned.als, world.ids, world.features, counts)
        saved, rows, rating = cold_start.saved(world.space, mapping), learned.rows, learned.stars
        network = _network(known, fit_config, course)
    else:
        factors = cold_start.from_descriptions(world.ids, world.vectors, dimension=fit_config.als.factors)
        saved, rows, rating, network = {}, ease.nothing(fit_config.ease), None, None
    found, scores = neighbour_lists(known, world, fit_config, factors.learned) if lists else _no_neighbours(world)
    popular = popularity.fit(rated, world.movies).values
    histories = [history for history in rated.histories() if len(history)]
    return Recommender(
        version=version,
        als=factors,
        ease=rows,
        content=content.Content(world.ids, world.vectors),
        popularity=popular,
        schedule=blend.DEFAULT if len(fit_config.parts) > 1 else blend.alone(fit_config.parts[0]),
        baseline=biases.fit(rated, world.movies),
        rating=rating,
        calibration=Calibration(),
        neighbour_places=found,
        neighbour_scores=scores,
        features=saved,
        ncf=network,
        users=user_features.fit(user_features.of_all(histories, world.ids, popular)),
    )


def neighbour_lists(
    known: Interactions, world: World, fit_config: FitConfig, learned: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], Floats]:
    """Return rows and scores of each movie's neighbours (see `Recommender`); ratings count for `learned` movies."""
    movies = world.ids[learned]
    rated = interactions.within(known, movies)
    found, scores = item_neighbours.lists(
        rated,
        learned,
        world.vectors,
        movies=world.ids,
        share=fit_config.neighbour_share,
        shrinkage=fit_config.neighbour_shrinkage,
    )
    return found.astype(np.int32), scores


def _no_neighbours(world: World) -> tuple[NDArray[np.int32], Floats]:
    return np.empty((len(world.ids), 0), np.int32), np.empty((len(world.ids), 0), np.float32)


def _network(known: Interactions, fit_config: FitConfig, course: Course) -> Ncf | None:
    if NCF not in fit_config.parts:
        return None
    return course.ncf or neural.fit(known, fit_config.ncf)
