"""A store of watchings in memory, under the real use cases."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from core.diary.lists import ListDetails, MovieList
from core.diary.watches import Watch, WatchEntry, WatchGoal
from core.errors import NotFound
from core.types import Movie, MovieId
from core.users import MarkKind, User, UserId
from tests.fake_people import FakeDiaries


@dataclass
class FakeWatchStore:
    """Watchings by user, and their former states for undoing."""

    diaries: FakeDiaries
    kept: dict[UserId, dict[int, Watch]] = field(default_factory=dict)
    former: dict[tuple[UserId, int], WatchEntry] = field(default_factory=dict)
    wanted: dict[tuple[UserId, int], int] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def log(self, user: UserId, entry: WatchEntry, *, at: datetime) -> Watch:
        """Add a watching."""
        watch = Watch(id=next(self._numbers), entry=entry, created_at=at)
        self.kept.setdefault(user, {})[watch.id] = watch
        self._follow(user, watch)
        return watch

    def change(self, user: UserId, watch: int, entry: WatchEntry, *, at: datetime) -> Watch:
        """Replace a watching."""
        del at
        before = self.get(user, watch)
        self.former[user, watch] = before.entry
        after = replace(before, entry=replace(entry, movie=before.entry.movie))
        self.kept[user][watch] = after
        self._follow(user, after)
        return after

    def delete(self, user: UserId, watch: int, *, at: datetime) -> Watch:
        """Delete a watching."""
        del at
        found = self.get(user, watch)
        self.former[user, watch] = found.entry
        del self.kept[user][watch]
        return found

    def undo(self, user: UserId, watch: int, *, at: datetime) -> Watch:
        """Restore the former state."""
        entry = self.former.pop((user, watch), None)
        if entry is None:
            raise NotFound(f"no change of the watching {watch} can be undone")
        kept = watch in self.kept.get(user, {})
        return self.change(user, watch, entry, at=at) if kept else self.log(user, entry, at=at)

    def get(self, user: UserId, watch: int) -> Watch:
        """Return a watching."""
        found = self.kept.get(user, {}).get(watch)
        if found is None:
            raise NotFound(f"no watching {watch} in your diary")
        return found

    def read(
        self, user: UserId, *, first: date = date.min, last: date = date.max, limit: int | None = None, offset: int = 0
    ) -> Sequence[Watch]:
        """Return watchings, the newest first."""
        found = [watch for watch in self._newest_first(user) if first <= watch.entry.day <= last]
        return found[offset:][:limit]

    def count(self, user: UserId, *, first: date = date.min, last: date = date.max) -> int:
        """Return the number of watchings."""
        return len(self.read(user, first=first, last=last))

    def of_movie(self, user: UserId, movie: MovieId, *, limit: int) -> Sequence[Watch]:
        """Return the watchings of a movie."""
        return [watch for watch in self._newest_first(user) if watch.entry.movie == movie][:limit]

    def years(self, user: UserId) -> Mapping[int, int]:
        """Return the number of watchings of each year."""
        return Counter(watch.entry.day.year for watch in self._newest_first(user))

    def goals(self, user: UserId) -> Sequence[WatchGoal]:
        """Return the goals."""
        return [WatchGoal(year, movies) for (who, year), movies in sorted(self.wanted.items()) if who == user]

    def set_goal(self, user: UserId, year: int, movies: int | None) -> None:
        """Set or remove a goal."""
        self.wanted.pop((user, year), None)
        if movies is not None:
            self.wanted[user, year] = movies

    def _newest_first(self, user: UserId) -> list[Watch]:
        return sorted(self.kept.get(user, {}).values(), key=lambda watch: (watch.entry.day, watch.id), reverse=True)

    def _follow(self, user: UserId, watch: Watch) -> None:
        """Rate and mark like the real store."""
        who = User(user, self.diaries.names.get(user, ""), watch.created_at)
        self.diaries.mark(who, watch.entry.movie, MarkKind.WATCHED, on=True)
        newest = self.of_movie(user, watch.entry.movie, limit=1)
        if newest == [watch] and watch.entry.stars is not None:
            self.diaries.rate(who, watch.entry.movie, watch.entry.stars)


@dataclass
class KnownMovies:
    """The part of an index that the diary reads."""

    known: Sequence[Movie]

    def movies(self, ids: Sequence[MovieId]) -> Sequence[Movie]:
        """Return the known movies, in the requested order."""
        by_id = {movie.id: movie for movie in self.known}
        return [by_id[movie] for movie in ids if movie in by_id]


class NoLists:
    """A store without lists."""

    def of_user(self, user: UserId) -> Sequence[MovieList]:
        """Return no lists."""
        del user
        return ()

    def get(self, number: int) -> MovieList:
        """Find nothing."""
        raise NotFound(f"no list {number}")

    def create(
        self, user: UserId, details: ListDetails, *, at: datetime, entries: Sequence[tuple[MovieId, str]] = ()
    ) -> int:
        """Refuse, as for an account that was deleted."""
        del details, at, entries
        raise NotFound(f"no account {user}")

    def invited(self, secret_hash: str, *, at: datetime) -> int | None:
        """Find nothing."""
        del secret_hash, at
