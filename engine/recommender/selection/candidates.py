"""Candidate generation: movies from the search engine, which applies the filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.errors import FactorsMissing
from core.ports import MovieIndex, Vectors
from core.recommendations.records import Floats, History
from core.types import Filters, Movie, MovieId, Sort, Trait
from engine.recommender.model import Recommender
from indexer.analysis import traits

DEPTH = 200
"""Candidates by factors: with the best new movies they contain the full ranking's first 20 (`make bench-taste`)."""
POPULAR = 60
"""Popular movies that are added for users with a short history."""
BEST = 60
"""The blend's own best movies, which components other than ALS may prefer."""
COLD = 40
"""The best movies without ratings, so that new movies can be recommended."""
MAX_LISTED = 500
"""Maximum length of a listing: users who have seen all of these need no popular movies."""
WELL_LOVED_VOTES = 300
"""Votes that a well-loved movie needs."""
MAX_KEPT = 20_000
"""Movies whose vectors and groups are cached, 2 kB each: four times TMDB 5000."""
FALLBACK = 1_000
"""Candidates if the engine lacks the model's factors: enough for all but the rarest filters."""


Trending = Callable[[], Mapping[MovieId, str]]
"""Returns the trending movies of this site, best first, with their sentences; may be empty."""
Fact = tuple[Vectors, frozenset[str]]
"""A movie's description vector, and its groups (collection, directors)."""


@dataclass(frozen=True, slots=True)
class About:
    """Description vectors and groups of movies.

    Attributes:
        movies: the ids that the index has.
        vectors: float32, (n, dimension), unit rows.
        groups: the collection and the directors of each.
    """

    movies: list[int]
    vectors: Vectors
    groups: list[frozenset[str]]


@dataclass(frozen=True)
class Candidates:
    """Candidates from an index: by factors, by popularity, and among new movies."""

    index: MovieIndex
    trending: Trending = dict
    _facts: dict[str, dict[int, Fact]] = field(default_factory=dict, init=False, repr=False)

    def by_taste(
        self, model: Recommender, history: History, *, filters: Filters, without: Iterable[MovieId], total: Floats
    ) -> list[int]:
        """Return the ids of the best movies by factors, by the blend's score, and among those without ratings.

        Args:
            total: the blend's score of each of the model's movies; used instead of the engine if that lacks the model's
                factors.
        """
        left_out = sorted(without)
        vector = model.user_vector(history)
        try:
            found = self.index.search_by_factors(
                vector, model=model.version, filters=filters, without=left_out, depth=DEPTH
            ).movies.tolist()
        except FactorsMissing:
            found = self.meeting(model.movies[_first(total, FALLBACK)], filters)
        cold = np.flatnonzero(~model.rated)
        best = np.concatenate((_first(total, BEST), cold[_first(total[cold], COLD)]))
        joined = dict.fromkeys((*found, *self.meeting(model.movies[best], filters)))
        gone = set(left_out)
        return [movie for movie in joined if movie not in gone]

    def popular(self, filters: Filters, *, without: frozenset[MovieId], genres: tuple[str, ...] = ()) -> list[int]:
        """Return the ids of trending, well-loved and popular movies in turn.

        Only movies of the favourite genres, if there are any.
        """
        own = replace(filters, genres=genres, all_genres=False) if genres and not filters.genres else filters
        loved = replace(own, votes_min=max(filters.votes_min or 0, WELL_LOVED_VOTES))
        for lists in (((loved, Sort.RATING), (own, Sort.POPULARITY)), ((filters, Sort.POPULARITY),)):
            trending = self._trending(lists[-1][0], without)
            listed = [trending, *(self._listed(asked, sort, without) for asked, sort in lists)]
            turns = chain.from_iterable(zip_longest(*listed))
            found = list(dict.fromkeys(movie for movie in turns if movie is not None))
            if found:
                return found[:POPULAR]
        return []

    def _trending(self, filters: Filters, without: frozenset[MovieId]) -> list[int]:
        now = np.array([movie for movie in self.trending() if movie not in without], np.int64)
        return self.meeting(now, filters) if len(now) else []

    def _listed(self, filters: Filters, sort: Sort, without: frozenset[MovieId]) -> list[int]:
        size = min(POPULAR + len(without), MAX_LISTED)
        movies = self.index.listing(filters, sort=sort, offset=0, size=size).movies
        return [int(movie.id) for movie in movies if movie.id not in without]

    def about(self, ids: Sequence[int]) -> About:
        """Return vectors and groups of movies; movies that the index lacks are left out."""
        kept = self._kept()
        missing = [movie for movie in ids if movie not in kept]
        if missing:
            self._keep(kept, missing)
        known = [movie for movie in ids if movie in kept]
        facts = [kept[movie] for movie in known]
        vectors = np.stack([vector for vector, _ in facts]) if facts else np.zeros((0, 1), np.float32)
        return About(known, vectors, [groups for _, groups in facts])

    def _kept(self) -> dict[int, Fact]:
        version = self.index.info().version
        kept = self._facts.get(version)
        if kept is None or len(kept) > MAX_KEPT:
            self._facts.clear()
            kept = self._facts[version] = {}
        return kept

    def _keep(self, kept: dict[int, Fact], missing: Sequence[int]) -> None:
        movies = self.index.movies([MovieId(movie) for movie in missing])
        vectors = self.index.vectors([movie.id for movie in movies]) if movies else ()
        # What is missing is not remembered: during an outage of the engine, an answer lacks movies that it has.
        kept.update({int(movie.id): (vector, groups_of(movie)) for movie, vector in zip(movies, vectors, strict=True)})

    def meeting(self, ids: NDArray[np.int64], filters: Filters) -> list[int]:
        """Return the movies that meet the filters."""
        if not filters.active and (filters.adult or not self.index.info().adult):
            return [int(movie) for movie in ids]
        movies = self.index.movies([MovieId(int(movie)) for movie in ids])
        moods = self._moods(movies, filters)
        return [int(movie.id) for movie in movies if meets(movie, filters, moods.get(movie.id, ()))]

    def _moods(self, movies: Sequence[Movie], filters: Filters) -> dict[MovieId, list[str]]:
        """Return the moods of each movie, if the filters use any."""
        if not any(clause.trait is Trait.MOOD for clause in traits.clauses(filters)):
            return {}
        names = self.index.info().moods
        scores = self.index.moods([movie.id for movie in movies])
        return {
            movie.id: [name for name, score in zip(names, row, strict=True) if score > 0]
            for movie, row in zip(movies, scores.tolist(), strict=True)
        }


def _first(scores: Floats, count: int) -> NDArray[np.intp]:
    """Return intp, (≤ count,): rows of the greatest scores, greatest first."""
    count = min(count, len(scores))
    likely = np.argpartition(-scores, count - 1)[:count] if count else np.arange(0)
    return likely[np.argsort(-scores[likely], kind="stable")]


def groups_of(movie: Movie) -> frozenset[str]:
    """Return the collection and the directors of a movie."""
    directors = {f"director {name}" for name in movie.directors}
    return frozenset({f"collection {movie.collection}"} | directors if movie.collection else directors)


def meets(movie: Movie, filters: Filters, moods: Iterable[str] = ()) -> bool:
    """Return whether a movie with these `moods` meets the filters, as the engines interpret them."""
    if movie.adult and not filters.adult:
        return False
    wanted, own = {texts.fold(genre) for genre in filters.genres}, {texts.fold(genre) for genre in movie.genres}
    if wanted and not (wanted <= own if filters.all_genres else wanted & own):
        return False
    if filters.language and movie.language != filters.language:
        return False
    return (
        traits.meets(movie, filters, moods)
        and _within(movie.year, filters.year_from, filters.year_to)
        and _within(movie.runtime, filters.runtime_min, filters.runtime_max)
        and _within(movie.vote_count, filters.votes_min, filters.votes_max)
        and _within(movie.vote_average, filters.rating_min, filters.rating_max)
    )


def _within(value: float | None, least: float | None, most: float | None) -> bool:
    if value is None:
        return least is None and most is None
    return (least is None or value >= least) and (most is None or value <= most)
