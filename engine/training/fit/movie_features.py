"""Features of movies that do not need ratings.

A space is fitted once to a catalogue and frozen: which genres, people and keywords have a column, the values imputed
for missing figures, and their scales. It is saved with the model, so that movies added later get the same columns.

    figures | flags of missing ones | genres | people | keywords | description vector, each multiplied by its weight

A ridge regression penalizes all columns alike; a larger weight makes a column cheaper to use. Kinds with weight 0 have
no columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats
from core.recommendations.scores import bayesian_mean
from core.types import Movie

Doubles = NDArray[np.float64]
MISSING = np.nan
CAST = 5
"""Actors of a movie that are used, in the order of the credits."""
MOST: Mapping[str, int] = MappingProxyType({"genres": 100, "people": 400, "keywords": 400})
"""Columns of each kind, for the most frequent values."""
MIN_MOVIES = 5
"""Movies that a person or keyword needs for a column."""


def _mean_vote(movie: Movie) -> float:
    if movie.vote_average is None or not movie.vote_count:
        return MISSING
    return float(bayesian_mean(np.array([movie.vote_average]), np.array([float(movie.vote_count)]))[0])


FIGURES: Mapping[str, Callable[[Movie], float]] = MappingProxyType(
    {
        "votes": lambda movie: float(np.log1p(movie.vote_count)),
        "mean vote": _mean_vote,
        "popularity": lambda movie: float(np.log1p(movie.popularity)) if movie.popularity else MISSING,
        "year": lambda movie: MISSING if movie.year is None else float(movie.year),
        "runtime": lambda movie: MISSING if movie.runtime is None else float(movie.runtime),
    }
)
"""The figures of a movie; an unknown one is NaN, replaced by the median and flagged."""
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "votes": 0.15,
        "mean vote": 0.2,
        "popularity": 0.0,
        "year": 0.0,
        "runtime": 0.0,
        "missing": 0.0,
        "genres": 0.15,
        "people": 0.1,
        "keywords": 0.1,
        "vectors": 1.0,
    }
)
"""Tuned by the ranking of movies that the map was not fitted to, on the validation part only."""


@dataclass(frozen=True)
class Space:
    """The frozen feature columns.

    Attributes:
        genres, people, keywords: str, (k,) each: the values with a column, in order.
        medians, means, spreads: float64, (n_figures,): imputed values, means and standard deviations of the figures.
        weights: float64, (10,): in the order of `WEIGHTS`.
        vector_mean: float32, (dim,): the mean that is subtracted from description vectors.
    """

    genres: NDArray[np.str_]
    people: NDArray[np.str_]
    keywords: NDArray[np.str_]
    medians: Doubles
    means: Doubles
    spreads: Doubles
    weights: Doubles
    vector_mean: Floats

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each column."""
        names = [*FIGURES, *(f"no {name}" for name in FIGURES)]
        for kind, values in (("genre", self.genres), ("person", self.people), ("keyword", self.keywords)):
            names += [f"{kind}: {value}" for value in values.tolist()]
        return (*names, *(f"vector {place}" for place in range(len(self.vector_mean))))

    def apply(self, movies: Sequence[Movie], vectors: Floats) -> Doubles:
        """Return float64, (n, len(names)): the features of any movies, also of later ones; never NaN.

        Args:
            vectors: float32, (n, dim), unit rows, centred by `vector_mean` (`centred`).
        """
        figures = _figures(movies)
        scaled = (np.where(np.isnan(figures), self.medians, figures) - self.means) / self.spreads
        blocks = (
            *scaled.T[:, :, None],
            np.isnan(figures).astype(np.float64),
            _flags([movie.genres for movie in movies], self.genres),
            _flags([_people(movie) for movie in movies], self.people),
            _flags([movie.keywords for movie in movies], self.keywords),
            vectors.astype(np.float64),
        )
        return np.column_stack([weight * block for weight, block in zip(self.weights, blocks, strict=True)])

    def centred(self, vectors: Floats) -> Floats:
        """Return float32, like `vectors`: vectors of the engine, centred and normalized for `apply`."""
        moved = vectors - self.vector_mean
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the space as arrays, for `from_arrays`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def described(self) -> dict[str, Any]:
        """Return the space for the manifest, as plain JSON values."""
        kinds = {"genres": len(self.genres), "people": len(self.people), "keywords": len(self.keywords)}
        figures = {
            name: {"median": round(float(median), 3), "mean": round(float(mean), 3), "spread": round(float(spread), 3)}
            for name, median, mean, spread in zip(FIGURES, self.medians, self.means, self.spreads, strict=True)
        }
        weights = dict(zip(WEIGHTS, self.weights.tolist(), strict=True))
        return {"columns": len(self.names), **kinds, "figures": figures, "weights": weights}


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Space:
    """Return the space that `arrays` returned."""
    return Space(**{field.name: arrays[field.name] for field in fields(Space)})


def fit(movies: Sequence[Movie], vector_mean: Floats, *, weights: Mapping[str, float] = WEIGHTS) -> Space:
    """Fit the space to a catalogue: columns of frequent values, medians and scales of the figures."""
    figures = _figures(movies)
    medians = np.array([_median(column) for column in figures.T])
    filled = np.where(np.isnan(figures), medians, figures)
    spreads = filled.std(axis=0) if len(movies) else np.ones(len(FIGURES))
    most = {kind: count if weights[kind] else 0 for kind, count in MOST.items()}
    return Space(
        genres=_commonest((movie.genres for movie in movies), most=most["genres"], least=1),
        people=_commonest((_people(movie) for movie in movies), most=most["people"], least=MIN_MOVIES),
        keywords=_commonest((movie.keywords for movie in movies), most=most["keywords"], least=MIN_MOVIES),
        medians=medians,
        means=filled.mean(axis=0) if len(movies) else medians,
        spreads=np.where(spreads > 0, spreads, 1.0),
        weights=np.array([weights[name] for name in WEIGHTS]),
        vector_mean=np.asarray(vector_mean, np.float32),
    )


def _figures(movies: Sequence[Movie]) -> Doubles:
    return np.array([[figure(movie) for figure in FIGURES.values()] for movie in movies]).reshape(-1, len(FIGURES))


def _median(column: Doubles) -> float:
    known = column[~np.isnan(column)]
    return float(np.median(known)) if len(known) else 0.0


def _people(movie: Movie) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*movie.directors, *(member.name for member in movie.cast[:CAST]))))


def _commonest(rows: Iterable[Iterable[str]], *, most: int, least: int) -> NDArray[np.str_]:
    """Return the values of the most movies, in alphabetical order; ties are broken alphabetically."""
    counts = Counter(value for values in rows for value in set(values))
    kept = sorted(
        (value for value, count in counts.items() if count >= least), key=lambda value: (-counts[value], value)
    )
    return np.array(sorted(kept[:most]), np.str_)


def _flags(rows: Sequence[Iterable[str]], columns: NDArray[np.str_]) -> Doubles:
    """Return float64, (n, len(columns)): 1 where a movie has the value; values without a column are ignored."""
    places = {value: place for place, value in enumerate(columns.tolist())}
    flags = np.zeros((len(rows), len(columns)))
    for row, values in enumerate(rows):
        flags[row, [places[value] for value in values if value in places]] = 1
    return flags
