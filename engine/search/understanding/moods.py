"""How much each movie belongs to each mood: from its genres, its keywords and the nearness of its vector to the
mood's prototypes. Computed when an index is built. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.ports import Vectors
from core.types import Movie
from engine.search.understanding.tables import Mood

KEYWORD_SCORE = 0.1
"""What each keyword of the mood's table adds."""
MAX_KEYWORDS = 4
"""Keywords that count at most."""
NEARNESS_SCORE = 0.45
"""What nearness adds at most."""
NEAR_FROM, NEAR_FULL = 0.5, 3.5
"""Spreads above the mean cosine of a catalogue with the prototypes at which nearness begins to count, and counts
wholly. The nearest tenth of a normal distribution lies above 1.3, the nearest hundredth above 2.3."""

Scores = NDArray[np.float64]


def score(movies: Sequence[Movie], vectors: Vectors, moods: Sequence[Mood], prototypes: Sequence[Vectors]) -> Scores:
    """The score of each movie for each mood.

    Args:
        vectors: float32, (n_movies, dimension), unit rows.
        prototypes: for each mood float32, (n_prototypes, dimension), unit rows.

    Returns:
        float64, (n_movies, n_moods), 0 to 1; 0 where the movie does not belong to the mood.
    """
    genres = [frozenset(map(texts.fold, movie.genres)) for movie in movies]
    keywords = [frozenset(map(texts.fold, movie.keywords)) for movie in movies]
    scores = np.zeros((len(movies), len(moods)))
    for column, (mood, texts_of) in enumerate(zip(moods, prototypes, strict=True)):
        known = np.array([_known(mood, own, words) for own, words in zip(genres, keywords, strict=True)])
        total = np.clip(known + NEARNESS_SCORE * nearness(vectors, texts_of), 0.0, 1.0)
        scores[:, column] = np.where(np.isfinite(known) & (total >= mood.threshold), total, 0.0)
    return scores


def nearness(vectors: Vectors, prototypes: Vectors) -> Scores:
    """How near each movie is to the nearest prototype, 0 to 1, in spreads above the catalogue's mean."""
    if not len(prototypes) or len(vectors) < 2:  # noqa: PLR2004 - one movie has no spread
        return np.zeros(len(vectors))
    cosines = (vectors @ prototypes.T).astype(np.float64)
    spreads = (cosines - cosines.mean(axis=0)) / np.maximum(cosines.std(axis=0), 1e-9)
    return np.asarray(np.clip((spreads.max(axis=1) - NEAR_FROM) / (NEAR_FULL - NEAR_FROM), 0.0, 1.0))


def _known(mood: Mood, genres: frozenset[str], keywords: frozenset[str]) -> float:
    """What genres and keywords say; minus infinity where they shut the movie out."""
    if (mood.any_genres and not genres & mood.any_genres) or genres & mood.not_genres or keywords & mood.not_keywords:
        return float("-inf")
    said = sum(weight for genre, weight in mood.genres.items() if genre in genres)
    return said + KEYWORD_SCORE * min(MAX_KEYWORDS, len(keywords & mood.keywords))


def as_mapping(row: Scores, moods: Sequence[Mood]) -> Mapping[str, float]:
    """One movie's scores by the names of its moods; those that it does not belong to are left out."""
    return {mood.name: round(float(value), 4) for mood, value in zip(moods, row, strict=True) if value > 0}
