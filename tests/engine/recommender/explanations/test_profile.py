"""Taste profiles."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.types import CastMember, Movie, MovieId
from core.users import Rating
from engine.recommender.explanations import profile

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def movie(number: int, *, genres: tuple[str, ...], year: int | None = 1995, director: str = "") -> Movie:
    """Return a movie with the fields that profiles use."""
    return Movie(
        MovieId(number),
        f"Film {number}",
        genres=genres,
        year=year,
        directors=(director,) if director else (),
        cast=(CastMember("Ann Lead"), CastMember("Bo Second", order=1)),
    )


def rated(**stars: float) -> dict[MovieId, Rating]:
    """Ratings by movie number: `f1=4.5`."""
    return {MovieId(int(name[1:])): Rating(MovieId(int(name[1:])), given, NOW) for name, given in stars.items()}


def test_a_user_without_ratings_has_an_empty_profile() -> None:
    found = profile.describe({}, [])
    assert (found.rated, found.mean, list(found.genres), list(found.people)) == (0, None, [], [])


def test_the_histogram_has_every_half_star_and_counts_every_rating() -> None:
    found = profile.describe(rated(f1=0.5, f2=4.5, f3=4.5), [])
    assert list(found.histogram) == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0]
    assert (found.histogram[0.5], found.histogram[4.5], sum(found.histogram.values())) == (1, 2, 3)
    assert found.mean == pytest.approx(3.17)


def test_a_single_five_star_movie_does_not_make_its_genre_the_favourite() -> None:
    movies = [movie(1, genres=("War",)), *(movie(number, genres=("Crime",)) for number in range(2, 8))]
    ratings = rated(f1=5, f2=4.5, f3=4.5, f4=4.5, f5=5, f6=4.5, f7=4.5) | rated(f8=1, f9=1, f10=1)
    assert [name for name, _, _ in profile.describe(ratings, movies).genres] == ["Crime", "War"]


def test_people_with_at_least_two_movies_are_listed_with_mean_and_number() -> None:
    movies = [
        movie(1, genres=(), director="Di Rector"),
        movie(2, genres=(), director="Di Rector"),
        movie(3, genres=(), director="Once Only"),
    ]
    people = profile.describe(rated(f1=5, f2=4, f3=5), movies).people
    assert ("Di Rector", 4.5, 2) in people
    assert "Once Only" not in [name for name, _, _ in people]


def test_decades_are_ordered_and_movies_without_a_year_are_left_out() -> None:
    movies = [movie(1, genres=(), year=2001), movie(2, genres=(), year=1968), movie(3, genres=(), year=None)]
    assert list(profile.describe(rated(f1=3, f2=3, f3=3), movies).decades) == [("1960s", 1), ("2000s", 1)]


def test_a_rated_movie_removed_from_the_catalogue_still_counts_as_a_rating() -> None:
    found = profile.describe(rated(f1=3, f99=4), [movie(1, genres=("Crime",))])
    assert found.rated == 2
    assert found.genres == [("Crime", 3.0, 1)]
