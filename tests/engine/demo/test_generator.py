"""The generated demo users: reproducible, recent, and with plausible tastes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from core.config import Settings
from core.sample.demo import PREFIX, DemoUser
from core.types import Movie
from core.users import EventKind
from data.catalogues import marquee_format, sources
from engine.demo import generator, tastes

NOW = datetime(2031, 2, 28, 23, 59, tzinfo=UTC)


@pytest.fixture(scope="module")
def movies() -> tuple[Movie, ...]:
    return marquee_format.read(sources.SAMPLE).movies


@pytest.fixture(scope="module")
def users(movies: tuple[Movie, ...]) -> list[DemoUser]:
    return generator.make(movies, NOW)


def test_there_are_a_few_dozen_users_with_a_few_hundred_ratings(users: list[DemoUser]) -> None:
    assert 30 <= len(users) <= 60
    assert all(user.name.startswith(PREFIX) for user in users)
    assert 300 <= sum(len(user.ratings) for user in users) < Settings().retrain_ratings  # too few to trigger a training
    assert {event.kind for user in users for event in user.events} == set(EventKind)


def test_they_are_reproducible_in_any_order_of_the_movies(movies: tuple[Movie, ...], users: list[DemoUser]) -> None:
    assert generator.make(movies[::-1], NOW) == users


def test_all_times_are_in_the_last_weeks_and_none_in_the_future(users: list[DemoUser]) -> None:
    times = [
        at
        for user in users
        for at in (
            *(rating.at for rating in user.ratings),
            *(event.at for event in user.events),
            *(at for movies in user.marks.values() for at in movies.values()),
        )
    ]
    assert max(times) <= NOW
    assert min(times) >= NOW - timedelta(days=generator.DAYS)
    assert sum(NOW - at < timedelta(days=1) for at in times) > 100


def test_another_current_time_only_shifts_the_times(movies: tuple[Movie, ...], users: list[DemoUser]) -> None:
    later = timedelta(days=400, hours=7)
    moved = generator.make(movies, NOW + later)
    assert [[(r.movie, r.stars, r.at - later) for r in user.ratings] for user in moved] == [
        [(r.movie, r.stars, r.at) for r in user.ratings] for user in users
    ]


def test_they_prefer_movies_that_match_their_taste(movies: tuple[Movie, ...], users: list[DemoUser]) -> None:
    known = {movie.id: movie for movie in movies}
    stars: dict[int, list[float]] = {tastes.LOVED: [], tastes.NEUTRAL: [], tastes.AVOIDED: []}
    for user, (name, taste) in zip(users, tastes.users(), strict=True):
        assert user.name == name
        for rating in user.ratings:
            stars[taste.of(known[rating.movie])].append(rating.stars)
    loved, neutral, avoided = (sum(found) / len(found) for found in stars.values())
    assert loved > neutral + 0.7
    assert neutral > avoided + 0.7
    assert len(stars[tastes.LOVED]) > 0.6 * sum(map(len, stars.values()))


def test_nobody_rates_a_movie_twice(users: list[DemoUser]) -> None:
    for user in users:
        assert max(Counter(rating.movie for rating in user.ratings).values()) == 1


def test_only_movies_in_the_catalogue_are_used(movies: tuple[Movie, ...]) -> None:
    few = movies[:30]
    known = {movie.id for movie in few}
    for user in generator.make(few, NOW):
        assert {rating.movie for rating in user.ratings} <= known
        assert {event.movie for event in user.events if event.movie is not None} <= known
        assert {movie for found in user.marks.values() for movie in found} <= known


def test_nobody_can_sign_up_with_their_names() -> None:
    from engine.accounts import names  # noqa: PLC0415

    assert all(names.fault(name) for name, _ in tastes.users())
