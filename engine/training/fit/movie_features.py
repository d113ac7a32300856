"""What a movie is like, in numbers that a movie without ratings has too.

A space is fitted once to a catalogue and frozen: which genres, people and keywords have a column, what stands in for a
missing figure, and how each is scaled. It is saved with the model, so that movies that come later get the same columns.

    figures | flags of missing ones | genres | people | keywords | description vector, each multiplied by its weight

A ridge regression punishes all columns alike; a weight says how cheap it is to use them. What weighs nothing has no
columns for single genres, people or keywords.
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
"""Actors of a movie that count, in the order of the credits."""
MOST: Mapping[str, int] = MappingProxyType({"genres": 100, "people": 400, "keywords": 400})
"""Columns of each kind; what is in the most movies has one."""
MIN_MOVIES = 5
"""Movies that a person or keyword must be in to say anything of a movie that comes later."""


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
"""Each figure of a movie; NaN where it is unknown, which gets the median and a flag of its own."""
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
"""Chosen by the ranking of movies that the map had not seen, on the validation part alone."""


@dataclass(frozen=True)
class Space:
    """The columns of a movie, frozen.

    Attributes:
        genres, people, keywords: str, (k,) each: what has a column, in order.
        medians, means, spreads: float64, (n_figures,): what stands in, and how figures are scaled.
        weights: float64, (10,): in the order of `WEIGHTS`.
        vector_mean: float32, (dim,): what description vectors are centred by.
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
        """What each column is."""
        told = [*FIGURES, *(f"no {name}" for name in FIGURES)]
        for kind, values in (("genre", self.genres), ("person", self.people), ("keyword", self.keywords)):
            told += [f"{kind}: {value}" for value in values.tolist()]
        return (*told, *(f"vector {place}" for place in range(len(self.vector_mean))))

    def apply(self, movies: Sequence[Movie], vectors: Floats) -> Doubles:
        """float64, (n, len(names)): any movies, also such as came later; never NaN.

        Args:
            vectors: float32, (n, dim), unit rows, centred by `vector_mean` (`centred`).
        """
        told = _figures(movies)
        scaled = (np.where(np.isnan(told), self.medians, told) - self.means) / self.spreads
        blocks = (
            *scaled.T[:, :, None],
            np.isnan(told).astype(np.float64),
            _flags([movie.genres for movie in movies], self.genres),
            _flags([_people(movie) for movie in movies], self.people),
            _flags([movie.keywords for movie in movies], self.keywords),
            vectors.astype(np.float64),
        )
        return np.column_stack([weight * block for weight, block in zip(self.weights, blocks, strict=True)])

    def centred(self, vectors: Floats) -> Floats:
        """float32, like `vectors`: as the engine gives them, made as `apply` wants them."""
        moved = vectors - self.vector_mean
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything that the space is; `from_arrays` makes it again."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def described(self) -> dict[str, Any]:
        """For the manifest, as plain JSON values."""
        kinds = {"genres": len(self.genres), "people": len(self.people), "keywords": len(self.keywords)}
        figures = {
            name: {"median": round(float(median), 3), "mean": round(float(mean), 3), "spread": round(float(spread), 3)}
            for name, median, mean, spread in zip(FIGURES, self.medians, self.means, self.spreads, strict=True)
        }
        weights = dict(zip(WEIGHTS, self.weights.tolist(), strict=True))
        return {"columns": len(self.names), **kinds, "figures": figures, "weights": weights}


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Space:
    """The space that gave these."""
    return Space(**{field.name: arrays[field.name] for field in fields(Space)})


def fit(movies: Sequence[Movie], vector_mean: Floats, *, weights: Mapping[str, float] = WEIGHTS) -> Space:
    """The space of a catalogue: columns for what is in enough movies, medians and scales of its figures."""
    told = _figures(movies)
    medians = np.array([_median(column) for column in told.T])
    filled = np.where(np.isnan(told), medians, told)
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


def _commonest(told: Iterable[Iterable[str]], *, most: int, least: int) -> NDArray[np.str_]:
    """What is told of the most movies, in alphabetical order; of equally many movies the first by alphabet stay."""
    counts = Counter(value for values in told for value in set(values))
    kept = sorted(
        (value for value, count in counts.items() if count >= least), key=lambda value: (-counts[value], value)
    )
    return np.array(sorted(kept[:most]), np.str_)


def _flags(told: Sequence[Iterable[str]], columns: NDArray[np.str_]) -> Doubles:
    """float64, (n, len(columns)): 1 where it is told of the movie; what has no column is passed over."""
    places = {value: place for place, value in enumerate(columns.tolist())}
    flags = np.zeros((len(told), len(columns)))
    for row, values in enumerate(told):
        flags[row, [places[value] for value in values if value in places]] = 1
    return flags
