"""Similar movies by meaning, by taste, or both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InvalidRequest, NotFound
from core.ports import MovieIndex
from core.recommendations.records import Alike
from core.types import SIMILARITIES, Hit, MovieId, Reason
from engine.catalogue.movies import Movies
from engine.recommender import id_index
from engine.recommender.model import Recommender


@dataclass(frozen=True)
class Similar:
    """Finds similar movies; without a model, by meaning only."""

    index: MovieIndex
    movies: Movies

    def to(self, movie: MovieId, *, model: Recommender | None, by: str, size: int) -> Alike:
        """Return similar movies, nearest first. Raises `NotFound`, `InvalidRequest` (field `by`)."""
        if by not in SIMILARITIES:
            raise InvalidRequest({"by": f"should be one of {', '.join(SIMILARITIES)}"})
        if by == "meaning" or model is None or not _knows(model, movie):
            return Alike(self.movies.similar(movie, size=size))
        ids, scores = model.neighbours(movie) if by == "both" else _by_taste(model, movie, size)
        found = {movie.id: movie for movie in self.index.movies([MovieId(int(i)) for i in ids[:size]])}
        if not found and not self.index.movies([movie]):
            raise NotFound(f"no film has the TMDB id {movie} in this catalogue")
        hits = [
            Hit(found[MovieId(int(i))], round(float(score), 4), Reason(taste=round(float(score), 4)))
            for i, score in zip(ids[:size], scores[:size], strict=True)
            if MovieId(int(i)) in found
        ]
        return Alike(hits, model.version)

    def by_taste(self, movies: Sequence[MovieId], *, model: Recommender, size: int = 300) -> dict[int, float]:
        """Return the similarity of other movies to `movies` in taste: positive cosines of the `size` nearest, by id."""
        found: dict[int, float] = {}
        for movie in movies:
            ids, cosines = _by_taste(model, movie, size) if _knows(model, movie) else (np.zeros(0), np.zeros(0))
            for other, cosine in zip(ids.tolist(), cosines.tolist(), strict=True):
                found[int(other)] = max(found.get(int(other), 0.0), float(cosine))
        return {movie: cosine for movie, cosine in found.items() if cosine > 0 and movie not in movies}


def _knows(model: Recommender, movie: MovieId) -> bool:
    return bool(id_index.find(model.movies, np.array([movie], np.int64))[0] >= 0)


def _by_taste(model: Recommender, movie: MovieId, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the movies with the greatest cosines between factors, which the same users like."""
    place = int(np.searchsorted(model.movies, movie))
    lengths = np.linalg.norm(model.factors, axis=1)
    cosines = model.factors @ model.factors[place] / np.maximum(lengths * lengths[place], 1e-9)
    cosines[place] = -np.inf
    best = np.lexsort((model.movies, -cosines))[:size]
    return model.movies[best], cosines[best]
