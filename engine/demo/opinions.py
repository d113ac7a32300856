"""The demo users' choice of movies and their stars, from taste, popularity and chance. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from core.types import Movie
from core.users import MAX_STARS, MIN_STARS, STAR_STEP
from engine.demo import tastes
from engine.demo.tastes import Taste

SEED = 3
FEWEST, MOST = 10, 13
"""Number of ratings per user; all together are too few to trigger a retraining."""
PULL: Mapping[int, float] = {tastes.LOVED: 12.0, tastes.NEUTRAL: 1.0, tastes.AVOIDED: 0.3}
"""Weight of a movie's match with the user's taste when movies are chosen."""
FAME = 2.0
"""Exponent of a movie's popularity when movies are chosen."""
MEAN_STARS: Mapping[int, float] = {tastes.LOVED: 4.4, tastes.NEUTRAL: 3.2, tastes.AVOIDED: 2.0}
SPREAD = 0.5
USUAL_FAME, FAME_A_STAR = 80.0, 60.0
"""Popular movies are rated slightly better: one star more per `FAME_A_STAR` of popularity above `USUAL_FAME`."""


def dice(name: str, what: str) -> random.Random:
    """Return a user's random generator for one purpose, so that changes elsewhere do not affect its numbers."""
    return random.Random(f"{SEED} {name} {what}")  # noqa: S311 - not used for secrets


def of(name: str, taste: Taste, movies: Sequence[Movie]) -> list[tuple[Movie, float]]:
    """Return the movies that a user rates and their stars, in order of time."""
    chance = dice(name, "opinions")
    chosen = choose(chance, taste, movies, chance.randint(FEWEST, MOST))
    return [(movie, _stars(chance, taste, movie)) for movie in chosen]


def choose(chance: random.Random, taste: Taste, movies: Sequence[Movie], count: int) -> list[Movie]:
    """Return distinct movies, preferring popular ones and those that match the taste."""
    keys = {
        movie.id: chance.random() ** (1 / (PULL[taste.of(movie)] * max(movie.popularity, 1) ** FAME))
        for movie in movies
    }
    return sorted(movies, key=lambda movie: -keys[movie.id])[:count]


def _stars(chance: random.Random, taste: Taste, movie: Movie) -> float:
    mean = MEAN_STARS[taste.of(movie)] + (movie.popularity - USUAL_FAME) / FAME_A_STAR
    stars = round(chance.gauss(mean, SPREAD) / STAR_STEP) * STAR_STEP
    return min(max(stars, MIN_STARS), MAX_STARS)
