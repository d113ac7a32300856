"""Watchings: when a user watched which movie, with stars and a note of that time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.diary.watches import FIRST_DAY, LAST_YEAR, MAX_GOAL, MAX_NOTE_LENGTH, Watch, WatchEntry, last_day
from core.errors import InvalidRequest
from core.ports import MovieIndex
from core.types import MovieId
from core.users import User
from data.database.diary.watches import WatchStore
from engine import clock
from engine.accounts import diaries, plain_text
from engine.accounts.diary import year_summary
from engine.accounts.diary.year_summary import YearSummary

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
MAX_OF_MOVIE = 50
"""Most watchings of one movie per request."""
MAX_OF_YEAR = 3_660
"""Watchings of a year that are summarized, the newest first: ten a day."""


@dataclass(frozen=True, slots=True)
class WatchPage:
    """A page of watchings, the newest first."""

    total: int
    watches: tuple[Watch, ...]


class Watches:
    """Users' watchings. Logging one marks the movie as watched; the stars of its latest watching become the rating."""

    def __init__(self, store: WatchStore, index: MovieIndex, *, clock: clock.Clock = clock.now) -> None:
        self._store, self._index, self._clock = store, index, clock

    def log(self, user: User, entry: WatchEntry) -> Watch:
        """Add a watching. Raises `InvalidRequest` (fields `day`, `note`), and `NotFound` for an unknown movie."""
        checked = self._checked(entry)
        if not diaries.in_catalogue(self._index, entry.movie):
            raise diaries.missing(entry.movie)
        return self._store.log(user.id, checked, at=self._clock())

    def change(self, user: User, watch: int, entry: WatchEntry) -> Watch:
        """Replace a watching; its movie stays. Raises `InvalidRequest` as `log`, and `NotFound`."""
        return self._store.change(user.id, watch, self._checked(entry), at=self._clock())

    def delete(self, user: User, watch: int) -> Watch:
        """Delete a watching and return it. The rating and the mark stay. Raises `NotFound`."""
        return self._store.delete(user.id, watch, at=self._clock())

    def undo(self, user: User, watch: int) -> Watch:
        """Undo the latest change or the deletion of a watching; return it as it is now. Raises `NotFound`."""
        return self._store.undo(user.id, watch, at=self._clock())

    def get(self, user: User, watch: int) -> Watch:
        """Return a watching. Raises `NotFound`."""
        return self._store.get(user.id, watch)

    def page(
        self, user: User, *, first: date = date.min, last: date = date.max, page: int = 1, size: int = PAGE_SIZE
    ) -> WatchPage:
        """Return a page of the watchings of a period, at most `MAX_PAGE_SIZE`."""
        size = max(1, min(size, MAX_PAGE_SIZE))
        found = self._store.read(user.id, first=first, last=last, limit=size, offset=(page - 1) * size)
        return WatchPage(self._store.count(user.id, first=first, last=last), tuple(found))

    def of_month(self, user: User, month: date) -> Sequence[Watch]:
        """Return the watchings of the month of a day, the newest first, at most `MAX_OF_YEAR`."""
        first = month.replace(day=1)
        following = (first + timedelta(days=32)).replace(day=1)
        return self._store.read(user.id, first=first, last=following - timedelta(days=1), limit=MAX_OF_YEAR)

    def of_movie(self, user: User, movie: MovieId) -> Sequence[Watch]:
        """Return the watchings of a movie, the newest first."""
        return self._store.of_movie(user.id, movie, limit=MAX_OF_MOVIE)

    def years(self, user: User) -> Mapping[int, int]:
        """Return the number of watchings of each year, the newest first."""
        return self._store.years(user.id)

    def year(self, user: User, year: int) -> YearSummary:
        """Return the year in film of a user. Raises `InvalidRequest` (field `year`)."""
        _check_year(year)
        first, last = date(year, 1, 1), date(year, 12, 31)
        found = self._store.read(user.id, first=first, last=last, limit=MAX_OF_YEAR)
        goal = next((goal.movies for goal in self._store.goals(user.id) if goal.year == year), None)
        return year_summary.summarize(year, found, self._index, goal=goal)

    def set_goal(self, user: User, year: int, movies: int | None) -> None:
        """Set how many movies to watch in a year, or (None) remove the goal. Raises `InvalidRequest`."""
        _check_year(year)
        if movies is not None and not 1 <= movies <= MAX_GOAL:
            raise InvalidRequest({"goal": f"expected 1 to {MAX_GOAL:,} films, got {movies}"})
        self._store.set_goal(user.id, year, movies)

    def _checked(self, entry: WatchEntry) -> WatchEntry:
        """Return the entry with a clean note."""
        faults = {}
        last, note = last_day(self._clock()), plain_text.clean(entry.note)
        if not FIRST_DAY <= entry.day <= last:
            faults["day"] = f"expected a day from {FIRST_DAY} to today, got {entry.day}"
        if len(note) > MAX_NOTE_LENGTH:
            faults["note"] = f"expected at most {MAX_NOTE_LENGTH:,} characters, got {len(note):,}"
        if faults:
            raise InvalidRequest(faults)
        return replace(entry, note=note)


def _check_year(year: int) -> None:
    if not FIRST_DAY.year <= year <= LAST_YEAR:
        raise InvalidRequest({"year": f"expected a year from {FIRST_DAY.year} to {LAST_YEAR}, got {year}"})
