"""Which movies the made-up users rate, and how: by their taste, by how well known a movie is, and by chance. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from core.types import Movie
from core.users import MAX_STARS, MIN_STARS, STAR_STEP
from engine.demo import tastes
from engine.demo.tastes import Taste

SEED = 3
FEWEST, MOST = 10, 13
"""Movies that a user rates: in all fewer than a site trains anew after."""
PULL: Mapping[int, float] = {tastes.LOVED: 12.0, tastes.NEUTRAL: 1.0, tastes.AVOIDED: 0.3}
"""How much likelier a movie is chosen than another that is as well known."""
FAME = 2.0
"""The power of a movie's popularity by which it is chosen."""
MEAN_STARS: Mapping[int, float] = {tastes.LOVED: 4.4, tastes.NEUTRAL: 3.2, tastes.AVOIDED: 2.0}
SPREAD = 0.5
USUAL_FAME, FAME_A_STAR = 80.0, 60.0
"""Well-known movies are rated a little better: a star for so much popularity above the usual."""


def dice(name: str, what: str) -> random.Random:
    """Chances of a user for one purpose, so that a change elsewhere leaves these as they are."""
    return random.Random(f"{SEED} {name} {what}")  # noqa: S311 - made up, and no secret


def of(name: str, taste: Taste, movies: Sequence[Movie]) -> list[tuple[Movie, float]]:
    """What a user rates, in the order of seeing it, with the stars."""
    chance = dice(name, "opinions")
    chosen = choose(chance, taste, movies, chance.randint(FEWEST, MOST))
    return [(movie, _stars(chance, taste, movie)) for movie in chosen]


def choose(chance: random.Random, taste: Taste, movies: Sequence[Movie], count: int) -> list[Movie]:
    """Different movies, well-known ones and those that suit the taste before others."""
    keys = {
        movie.id: chance.random() ** (1 / (PULL[taste.of(movie)] * max(movie.popularity, 1) ** FAME))
        for movie in movies
    }
    return sorted(movies, key=lambda movie: -keys[movie.id])[:count]


def _stars(chance: random.Random, taste: Taste, movie: Movie) -> float:
    mean = MEAN_STARS[taste.of(movie)] + (movie.popularity - USUAL_FAME) / FAME_A_STAR
    stars = round(chance.gauss(mean, SPREAD) / STAR_STEP) * STAR_STEP
    return min(max(stars, MIN_STARS), MAX_STARS)
