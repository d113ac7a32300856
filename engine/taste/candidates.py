"""Films that may suit somebody: asked of the search engine, where the filters apply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.errors import FactorsMissing
from core.ports import MovieIndex, Vectors
from core.taste import Floats, History
from core.types import Filters, Movie, MovieId, Sort
from engine.taste.model import TasteModel

DEPTH = 200
"""Films asked for by taste: of the first 20 of the full ranking, this many hold 99 % (`make bench-taste`)."""
POPULAR = 60
"""Popular films that join while little is known of a viewer."""
COLD = 40
"""Best-suited films without ratings that join, so that new films can be recommended at all."""
WELL_LOVED_VOTES = 300
"""Votes from which a mean counts as loved by many."""
MAX_KEPT = 20_000
"""Vectors kept in memory, 1.5 kB each: four times TMDB 5000."""
FALLBACK = 1_000
"""Films looked at where the engine holds no factors of the model: enough for every filter but the rarest."""


@dataclass(frozen=True)
class Candidates:
    """Asks one index for films by taste, by popularity, and among the new ones."""

    index: MovieIndex
    _vectors: dict[str, dict[int, Vectors]] = field(default_factory=dict, init=False, repr=False)

    def by_taste(
        self, model: TasteModel, history: History, *, filters: Filters, without: Iterable[MovieId], total: Floats
    ) -> list[int]:
        """Ids of the films that suit best by the model's factors, and of the best without ratings.

        Args:
            total: the blend's score of each of the model's films; says which films without ratings suit best, and
                takes the engine's place where this holds no factors of the model.
        """
        left_out = sorted(without)
        vector = model.viewer_vector(history)
        try:
            found = self.index.favoured(
                vector, model=model.version, filters=filters, without=left_out, depth=DEPTH
            ).movies.tolist()
        except FactorsMissing:
            found = self._meeting(model.movies[np.argsort(-total, kind="stable")[:FALLBACK]], filters)
        cold = np.flatnonzero(~model.rated)
        best = cold[np.argsort(-total[cold], kind="stable")[:COLD]]
        joined = dict.fromkeys((*found, *self._meeting(model.movies[best], filters)))
        return [movie for movie in joined if movie not in set(left_out)]

    def popular(self, filters: Filters, *, without: frozenset[MovieId], genres: tuple[str, ...] = ()) -> list[int]:
        """Ids of well-loved films, those of favourite genres first; the merely popular where nobody voted."""
        own = replace(filters, genres=genres, all_genres=False) if genres and not filters.genres else filters
        loved = replace(own, votes_min=max(filters.votes_min or 0, WELL_LOVED_VOTES))
        size = min(POPULAR + len(without), 500)
        for asked, sort in ((loved, Sort.RATING), (own, Sort.POPULARITY), (filters, Sort.POPULARITY)):
            movies = self.index.listing(asked, sort=sort, offset=0, size=size).movies
            found = [int(movie.id) for movie in movies if movie.id not in without]
            if found:
                return found[:POPULAR]
        return []

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """float32, (n, dimension): description vectors, remembered for the published version of the index."""
        kept = self._kept()
        missing = [movie for movie in ids if movie not in kept]
        if missing:
            kept.update(zip(missing, self.index.vectors([MovieId(movie) for movie in missing]), strict=True))
        return np.stack([kept[movie] for movie in ids]) if ids else np.zeros((0, 1), np.float32)

    def _kept(self) -> dict[int, Vectors]:
        version = self.index.info().version
        kept = self._vectors.get(version)
        if kept is None or len(kept) > MAX_KEPT:
            self._vectors.clear()
            kept = self._vectors[version] = {}
        return kept

    def _meeting(self, ids: NDArray[np.int64], filters: Filters) -> list[int]:
        if not filters.active:
            return [int(movie) for movie in ids]
        movies = self.index.movies([MovieId(int(movie)) for movie in ids])
        return [int(movie.id) for movie in movies if meets(movie, filters)]


def meets(movie: Movie, filters: Filters) -> bool:
    """Whether a film meets the filters, as the engines understand them."""
    wanted, own = {texts.fold(genre) for genre in filters.genres}, {texts.fold(genre) for genre in movie.genres}
    if wanted and not (wanted <= own if filters.all_genres else wanted & own):
        return False
    if filters.person and texts.fold(filters.person) not in map(texts.fold, movie.people):
        return False
    if filters.language and movie.language != filters.language:
        return False
    return (
        _within(movie.year, filters.year_from, filters.year_to)
        and _within(movie.runtime, filters.runtime_min, filters.runtime_max)
        and _within(movie.vote_count, filters.votes_min, None)
        and _within(movie.vote_average, filters.rating_min, None)
    )


def _within(value: float | None, least: float | None, most: float | None) -> bool:
    if value is None:
        return least is None and most is None
    return (least is None or value >= least) and (most is None or value <= most)
