"""Watchings over a real database, and the year in film."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.diary.watches import MAX_GOAL, MAX_NOTE_LENGTH, Watch, WatchEntry
from core.errors import InvalidRequest, NotFound
from core.types import CastMember, Movie, MovieId
from core.users import MarkKind, Preferences, User
from data.database import Stores
from engine.accounts.diaries import Diaries
from engine.accounts.diary import year_summary
from engine.accounts.diary.watches import Watches
from engine.accounts.imports.importer import Importer
from tests.engine.accounts.conftest import Clock
from tests.listed import ListedIndex

HEAT, JAWS, ALIEN, LOST = (MovieId(number) for number in (949, 578, 348, 999))
USA = "United States of America"
MOVIES = (
    Movie(
        id=HEAT, title="Heat", year=1995, runtime=170, genres=("Crime", "Drama"), countries=(USA,),
        directors=("Michael Mann",), cast=(CastMember("Al Pacino"), CastMember("Robert De Niro")),
    ),
    Movie(
        id=JAWS, title="Jaws", year=1975, runtime=124, genres=("Thriller", "Drama"), countries=(USA,),
        directors=("Steven Spielberg",), cast=(CastMember("Roy Scheider"),),
    ),
    Movie(
        id=ALIEN, title="Alien", year=1979, runtime=117, genres=("Horror",), countries=("United Kingdom",),
        directors=("Ridley Scott",), cast=(CastMember("Roy Scheider"), CastMember("Roy Scheider")),
    ),
)  # fmt: skip
ENTRY = WatchEntry(movie=HEAT, day=date(2026, 3, 1), stars=4.5)


@pytest.fixture
def index() -> ListedIndex:
    return ListedIndex(MOVIES)


@pytest.fixture
def watches(stores: Stores, index: ListedIndex, clock: Clock) -> Watches:
    return Watches(stores.watches, index, clock=clock)


@pytest.fixture
def user(stores: Stores, clock: Clock) -> User:
    return stores.accounts.create("ada", password_hash="x", preferences=Preferences(), at=clock())


def seen(movie: MovieId, day: date, *, number: int = 1, **more: object) -> Watch:
    entry = replace(WatchEntry(movie=movie, day=day), **more)  # type: ignore[arg-type]
    return Watch(id=number, entry=entry, created_at=datetime(2026, 11, 21, tzinfo=UTC))


def test_a_note_is_cleaned_before_its_length_is_checked(watches: Watches, user: User) -> None:
    assert watches.log(user, replace(ENTRY, note=" a\r\n\r\n\r\n\r\nb\u202e ")).entry.note == "a\n\nb"
    watches.log(user, replace(ENTRY, note="x" * MAX_NOTE_LENGTH + "\n" * 50))
    with pytest.raises(InvalidRequest, match="note"):
        watches.log(user, replace(ENTRY, note="x" * (MAX_NOTE_LENGTH + 1)))


@pytest.mark.parametrize(
    ("day", "possible"),
    [
        (date(2026, 11, 21), True),
        (date(2026, 11, 22), True),  # it is the 22nd on Kiritimati
        (date(2026, 11, 23), False),
        (date(1900, 1, 1), True),
        (date(1899, 12, 31), False),
    ],
)
def test_a_day_is_possible_once_it_has_begun_anywhere(watches: Watches, user: User, day: date, possible: bool) -> None:
    if possible:
        assert watches.log(user, replace(ENTRY, day=day)).entry.day == day
        return
    with pytest.raises(InvalidRequest) as refused:
        watches.log(user, replace(ENTRY, day=day))
    assert set(refused.value.fields) == {"day"}


def test_a_movie_that_the_catalogue_lacks_cannot_be_logged(watches: Watches, user: User) -> None:
    with pytest.raises(NotFound, match="999"):
        watches.log(user, replace(ENTRY, movie=LOST))


def test_a_movie_in_the_diary_stays_marked_as_watched(
    watches: Watches, user: User, stores: Stores, index: ListedIndex, clock: Clock
) -> None:
    diaries = Diaries(stores.diaries, index, importer=Importer(index), clock=clock)
    watch = watches.log(user, ENTRY)
    with pytest.raises(InvalidRequest, match="diary"):
        diaries.mark(user, HEAT, MarkKind.WATCHED, on=False)
    watches.delete(user, watch.id)
    diaries.mark(user, HEAT, MarkKind.WATCHED, on=False)
    assert diaries.read(user).marked(MarkKind.WATCHED) == {}


def test_a_month_has_its_first_and_last_day(watches: Watches, user: User) -> None:
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1)]
    for day in days:
        watches.log(user, replace(ENTRY, day=day))
    assert [watch.entry.day for watch in watches.of_month(user, date(2026, 2, 14))] == [days[2], days[1]]


@pytest.mark.parametrize("goal", [0, -1, MAX_GOAL + 1])
def test_an_impossible_goal_is_refused(watches: Watches, user: User, goal: int) -> None:
    with pytest.raises(InvalidRequest, match="goal"):
        watches.set_goal(user, 2026, goal)


def test_a_year_contains_its_watchings_and_its_goal(watches: Watches, user: User) -> None:
    for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31)):
        watches.log(user, replace(ENTRY, day=min(day, date(2026, 11, 21))))
    watches.set_goal(user, 2026, 4)
    year = watches.year(user, 2026)
    assert (year.watches, year.movies, year.goal, year.progress) == (2, 1, 4, 0.25)
    assert watches.year(user, 2025).goal is None


def test_a_summary_counts_what_was_watched(index: ListedIndex) -> None:
    watched = [
        seen(HEAT, date(2026, 5, 9), stars=5.0, rewatch=True),
        seen(ALIEN, date(2026, 5, 2), stars=3.0),
        seen(LOST, date(2026, 2, 2), stars=5.0),
        seen(JAWS, date(2026, 1, 3)),
        seen(HEAT, date(2026, 1, 2), stars=1.0),
    ]
    year = year_summary.summarize(2026, watched, index)
    assert (year.watches, year.movies, year.rewatches, year.minutes) == (5, 4, 1, 170 + 117 + 124 + 170)
    assert year.months == (2, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0)
    assert year.genres == (("Drama", 2), ("Crime", 1), ("Horror", 1), ("Thriller", 1))
    assert year.decades == (("1970", 2), ("1990", 1))
    assert year.countries == ((USA, 2), ("United Kingdom", 1))
    assert year.people == (("Roy Scheider", 2),)
    assert year.longest is not None
    assert year.shortest is not None
    assert (year.longest.title, year.shortest.title) == ("Heat", "Alien")
    assert [(one.movie.id, one.watch.entry.stars) for one in year.best] == [(HEAT, 5.0), (ALIEN, 3.0)]
    assert year.first is not None
    assert year.last is not None
    assert (year.first.watch.entry.day, year.last.movie.id) == (date(2026, 1, 2), HEAT)


def test_a_year_without_watchings_has_an_empty_summary(index: ListedIndex) -> None:
    year = year_summary.summarize(2026, [], index)
    assert (year.watches, year.minutes, year.first, year.longest, year.best) == (0, 0, None, None, ())
    assert year.months == (0,) * 12


@pytest.mark.parametrize("year", [1899, 2201, -1])
def test_a_year_out_of_range_is_refused(watches: Watches, user: User, year: int) -> None:
    with pytest.raises(InvalidRequest, match="year"):
        watches.year(user, year)
