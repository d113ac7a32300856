"""MovieLens as it might be for the sample catalogue: users who like two genres each and little else.

Nothing of the real MovieLens may be kept in the repository; this is made from a fixed seed instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.types import Movie
from data.catalogues import download

USERS = 150
RATED_LEAST, RATED_MOST = 15, 45
LIKED_MEAN, OTHER_MEAN, SPREAD = 4.3, 2.6, 0.6
SHARE_OF_LIKED = 0.7
"""Share of a user's rated movies that are of a liked genre."""


def write(downloads: Path, movies: Sequence[Movie], *, seed: int = 4) -> Path:
    """Write `ratings.csv` and `links.csv` into Marquee's folder of downloads; return it."""
    folder = downloads / download.MOVIELENS
    folder.mkdir(parents=True, exist_ok=True)
    links = [f"{number},{1000 + number},{movie.id}" for number, movie in enumerate(movies, start=1)]
    (folder / "links.csv").write_text("\n".join(["movieId,imdbId,tmdbId", *links]) + "\n", encoding="utf-8")
    (folder / "ratings.csv").write_text(
        "\n".join(["userId,movieId,rating,timestamp", *_ratings(movies, np.random.default_rng(seed))]) + "\n",
        encoding="utf-8",
    )
    return folder


def _ratings(movies: Sequence[Movie], random: np.random.Generator) -> list[str]:
    genres = sorted({genre for movie in movies for genre in movie.genres})
    rows = []
    for user in range(1, USERS + 1):
        liked = set(random.choice(genres, 2, replace=False).tolist())
        fits = np.array([bool(liked & set(movie.genres)) for movie in movies])
        chances = np.where(fits, SHARE_OF_LIKED / max(fits.sum(), 1), (1 - SHARE_OF_LIKED) / max((~fits).sum(), 1))
        count = int(random.integers(RATED_LEAST, RATED_MOST))
        for place in random.choice(len(movies), count, replace=False, p=chances / chances.sum()).tolist():
            mean = LIKED_MEAN if fits[place] else OTHER_MEAN
            stars = float(np.clip(np.round(random.normal(mean, SPREAD) * 2) / 2, 0.5, 5))
            rows.append(f"{user},{place + 1},{stars},{1_500_000_000 + user * 1000 + place}")
    return rows
