"""Measures lists of similar movies: judged pairs, the series, near-by plots, and how well known they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.similar.pairs import Judged
from core.ports import MovieIndex
from core.recommendations.scores import prominence
from core.types import MovieId
from engine.catalogue.movies import Movies
from engine.recommender.model import Recommender
from engine.recommender.similarity.similar_movies import Similar

SIZE = 12
NEAREST = 3
"""Movies with the nearest plots, which a list should have."""
MOST_PARTS = 5
"""Parts of a series that a list has room for."""

Lists = Callable[[int], Sequence[int]]
"""Returns the ids of the movies similar to a movie, most similar first."""


@dataclass(frozen=True, slots=True)
class Rankers:
    """The ways to list similar movies that are compared."""

    index: MovieIndex
    model: Recommender

    def every(self) -> Mapping[str, Lists]:
        """Return each way by its name."""
        similar = Similar(self.index, Movies(self.index))

        def listed(by: str, model: Recommender | None) -> Lists:
            return lambda movie: [
                int(hit.movie.id) for hit in similar.to(MovieId(movie), model=model, by=by, size=SIZE).hits
            ]

        return {
            "meaning alone": listed("meaning", None),
            "taste alone": listed("taste", self.model),
            "both, before": lambda movie: [int(one) for one in self.model.neighbours(MovieId(movie))[0][:SIZE]],
            "both, without ratings": listed("both", None),
            "both": listed("both", self.model),
        }


def compare(rankers: Rankers, judged: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Return the figures of each way to list similar movies, by name."""
    every = rankers.every()
    similar = Similar(rankers.index, Movies(rankers.index))
    series = {one.movie: _parts(similar, one.movie) for one in judged}
    near = {one.movie: every["meaning alone"](one.movie)[:NEAREST] for one in judged}
    return {name: _figures(lists, judged, series, near, rankers.index) for name, lists in every.items()}


def _figures(
    lists: Lists,
    judged: Sequence[Judged],
    series: Mapping[int, Sequence[int]],
    near: Mapping[int, Sequence[int]],
    index: MovieIndex,
) -> dict[str, float]:
    own = {one.movie: list(lists(one.movie))[:SIZE] for one in judged}
    shown = index.movies([MovieId(movie) for movies in own.values() for movie in movies])
    known = prominence([movie.vote_count for movie in shown], [movie.popularity for movie in shown])
    return {
        "alike": fmean(_share(own[one.movie], one.alike) for one in judged if one.alike),
        "unlike": fmean(_share(own[one.movie], one.unlike) for one in judged if one.unlike),
        "series": fmean(
            min(len({*own[movie]} & {*parts}) / min(len(parts), MOST_PARTS), 1.0)
            for movie, parts in series.items()
            if parts
        ),
        "plots": fmean(_share(own[movie], movies) for movie, movies in near.items()),
        "prominence": float(known.mean()),
    }


def _share(listed: Sequence[int], wanted: Sequence[int]) -> float:
    return len({*listed} & {*wanted}) / len({*wanted}) if wanted else 0.0


def _parts(similar: Similar, movie: int) -> list[int]:
    return [int(one.id) for one in similar.series(MovieId(movie)) if one.id != movie]
