"""Figures of a user's taste, for charts. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from core.recommendations.records import TasteProfile
from core.types import Movie, MovieId
from core.users import Rating

SHOWN_GENRES, SHOWN_PEOPLE = 12, 12
BILLED = 4
"""Actors of a movie that are considered."""
PRIOR_MOVIES = 2.0
"""Weight, in movies, of the user's mean as a prior, so that a single movie does not make a favourite."""
MIN_MOVIES_OF_PERSON = 2
"""Movies of a person that the user must have rated."""


def describe(ratings: Mapping[MovieId, Rating], movies: Iterable[Movie]) -> TasteProfile:
    """Return the taste profile of a user.

    Args:
        ratings: the user's ratings.
        movies: the rated movies that the catalogue has.
    """
    if not ratings:
        return TasteProfile(0, None, {}, (), (), ())
    known = [(movie, ratings[movie.id].stars) for movie in movies if movie.id in ratings]
    mean = sum(rating.stars for rating in ratings.values()) / len(ratings)
    histogram = Counter(rating.stars for rating in ratings.values())
    decades = Counter(f"{movie.year // 10 * 10}s" for movie, _ in known if movie.year)
    return TasteProfile(
        rated=len(ratings),
        mean=round(mean, 2),
        histogram={half / 2: histogram.get(half / 2, 0) for half in range(1, 11)},
        genres=_loved(((genre, stars) for movie, stars in known for genre in movie.genres), mean)[:SHOWN_GENRES],
        decades=sorted(decades.items()),
        people=_people(known, mean)[:SHOWN_PEOPLE],
    )


def _people(known: Sequence[tuple[Movie, float]], mean: float) -> list[tuple[str, float, int]]:
    pairs = (
        (name, stars)
        for movie, stars in known
        for name in dict.fromkeys((*movie.directors, *(member.name for member in movie.cast[:BILLED])))
    )
    return [row for row in _loved(pairs, mean) if row[2] >= MIN_MOVIES_OF_PERSON]


def _loved(pairs: Iterable[tuple[str, float]], mean: float) -> list[tuple[str, float, int]]:
    """Return name, mean of stars and number of movies, ordered by the mean shrunk towards the user's own."""
    stars: dict[str, list[float]] = defaultdict(list)
    for name, given in pairs:
        stars[name].append(given)

    def drawn(name: str) -> float:
        return (sum(stars[name]) + PRIOR_MOVIES * mean) / (len(stars[name]) + PRIOR_MOVIES)

    ranked = sorted(stars, key=lambda name: (-drawn(name), -len(stars[name]), name))
    return [(name, round(sum(stars[name]) / len(stars[name]), 2), len(stars[name])) for name in ranked]
