"""How well the genres of a movie suit a user: the cosine of the movie's genres and the user's genre profile. Pure.

    profile_g = max(0, Σ_j w_j [g in G_j] / |G_j|)        match = Σ_{g in G} profile_g / (|profile| √|G|)

w_j is the weight of the user's movie j (negative if it was disliked) and G_j are its genres: each movie divides its
weight among its genres. 1 means that the movie has exactly the genres of the profile in equal parts, 0 none of them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from core.types import Movie

DIGITS = 3


def profile(movies: Sequence[Movie], weights: Sequence[float]) -> Mapping[str, float]:
    """Return the positive weight of each genre in the user's movies."""
    sums: dict[str, float] = defaultdict(float)
    for movie, weight in zip(movies, weights, strict=True):
        genres = set(movie.genres)
        for genre in genres:
            sums[genre] += weight / len(genres)
    return {genre: weight for genre, weight in sums.items() if weight > 0}


def match(liked: Mapping[str, float], genres: Sequence[str]) -> float | None:
    """Return the match, 0 to 1; None if the profile is empty or the movie has no genres."""
    own = set(genres)
    if not liked or not own:
        return None
    length = math.sqrt(sum(weight * weight for weight in liked.values()))
    cosine = sum(liked.get(genre, 0.0) for genre in own) / (length * math.sqrt(len(own)))
    return round(min(cosine, 1.0), DIGITS)
