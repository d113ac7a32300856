"""Mood scores of movies from genres, keywords and nearness to prototypes, computed at build time. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.ports import Vectors
from core.types import Movie
from engine.search.understanding.tables import Mood

KEYWORD_SCORE = 0.1
"""Score of each matching keyword."""
MAX_KEYWORDS = 4
"""Maximum number of keywords that count."""
NEARNESS_SCORE = 0.45
"""Maximum score of nearness."""
NEAR_FROM, NEAR_FULL = 0.5, 3.5
"""Standard deviations above the catalogue's mean cosine with the prototypes at which nearness starts to count and at
which it counts fully. In a normal distribution, the top 10 % are above 1.3 and the top 1 % above 2.3."""

Scores = NDArray[np.float64]


def score(movies: Sequence[Movie], vectors: Vectors, moods: Sequence[Mood], prototypes: Sequence[Vectors]) -> Scores:
    """Return the score of each movie for each mood.

    Args:
        vectors: float32, (n_movies, dimension), unit rows.
        prototypes: for each mood, float32, (n_prototypes, dimension), unit rows.

    Returns:
        float64, (n_movies, n_moods), 0 to 1; 0 if the movie does not belong to the mood.
    """
    genres = [frozenset(map(texts.fold, movie.genres)) for movie in movies]
    keywords = [frozenset(map(texts.fold, movie.keywords)) for movie in movies]
    scores = np.zeros((len(movies), len(moods)))
    for column, (mood, texts_of) in enumerate(zip(moods, prototypes, strict=True)):
        known = np.array([_known(mood, *pair) for pair in zip(genres, keywords, strict=True)])
        total = np.clip(known + NEARNESS_SCORE * nearness(vectors, texts_of), 0.0, 1.0)
        scores[:, column] = np.where(np.isfinite(known) & (total >= mood.threshold), total, 0.0)
    return scores


def nearness(vectors: Vectors, prototypes: Vectors) -> Scores:
    """Return how near each movie is to its nearest prototype, 0 to 1, by its distance above the catalogue's mean."""
    if not len(prototypes) or len(vectors) < 2:  # noqa: PLR2004 - a single movie has no spread
        return np.zeros(len(vectors))
    cosines = (vectors @ prototypes.T).astype(np.float64)
    spreads = (cosines - cosines.mean(axis=0)) / np.maximum(cosines.std(axis=0), 1e-9)
    return np.asarray(np.clip((spreads.max(axis=1) - NEAR_FROM) / (NEAR_FULL - NEAR_FROM), 0.0, 1.0))


def _known(mood: Mood, genres: frozenset[str], keywords: frozenset[str]) -> float:
    """Return the score of genres and keywords; minus infinity if they exclude the movie."""
    if (mood.any_genres and not genres & mood.any_genres) or genres & mood.not_genres or keywords & mood.not_keywords:
        return float("-inf")
    by_genre = sum(weight for genre, weight in mood.genres.items() if genre in genres)
    return by_genre + KEYWORD_SCORE * min(MAX_KEYWORDS, len(keywords & mood.keywords))


def as_mapping(row: Scores, moods: Sequence[Mood]) -> Mapping[str, float]:
    """Return a movie's scores by mood name, without the moods that it does not belong to."""
    return {mood.name: round(float(value), 4) for mood, value in zip(moods, row, strict=True) if value > 0}
