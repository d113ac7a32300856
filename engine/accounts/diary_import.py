"""Import of diaries from other sites: match the movies of an export and write its entries."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import IO

from core.diary.watches import FIRST_DAY, WatchEntry, last_day
from core.errors import DataError
from core.language import time_zones
from core.ports import MovieIndex
from core.types import Movie, MovieId
from core.users import Diary, MarkKind, UserId
from data.database.stores.diaries import DiaryStore
from data.exports import reader
from data.exports.entries import Entry
from data.exports.imdb_ids import IdMap
from engine.accounts import title_matcher
from engine.accounts.title_matcher import Titles
from engine.version_cache import PerVersion

log = logging.getLogger("marquee.accounts")

BY_ID, BY_TITLE = "id", "title and year"
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of rows without a date: older than any entry made here."""
REFUSED_BY = {MarkKind.WATCHLIST: MarkKind.DISMISSED, MarkKind.FAVOURITE: MarkKind.DISMISSED}
"""An imported mark (key) is ignored for movies that the user gave the other mark here."""

Ratings = dict[MovieId, tuple[float, datetime]]
Marks = dict[MarkKind, dict[MovieId, datetime]]


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A usable row of an export and its matched movie."""

    row: int
    title: str
    year: int | None
    movie: Movie | None
    """None if no movie of the catalogue matches."""
    stars: float | None
    mark: MarkKind | None
    at: datetime | None
    matched_by: str = ""
    """`id`, `title and year` or empty."""
    watched: date | None = None
    """The day of a watching, if the row is one."""
    rewatch: bool = False


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The effects of an import, before it is carried out."""

    kind: str
    """The detected kind of file: `Letterboxd ratings`, `IMDb watchlist`, …"""
    lines: tuple[ImportLine, ...]
    bad: tuple[str, ...]
    """Unusable rows: file, row, column and what was expected."""
    tagged: int = 0
    """Rows with tags, which are not imported."""

    @property
    def matched(self) -> tuple[ImportLine, ...]:
        """The lines with a movie."""
        return tuple(line for line in self.lines if line.movie is not None)

    @property
    def unmatched(self) -> tuple[ImportLine, ...]:
        """The lines without a movie."""
        return tuple(line for line in self.lines if line.movie is None)


@dataclass(frozen=True, slots=True)
class ImportEffects:
    """What an import adds to a diary."""

    ratings: Ratings
    marks: Marks
    watches: tuple[tuple[WatchEntry, datetime], ...] = ()
    """Watchings, and when each was entered."""

    @property
    def movies(self) -> frozenset[MovieId]:
        """The movies that the import changes."""
        marked = (movie for movies in self.marks.values() for movie in movies)
        return frozenset((*self.ratings, *marked, *(entry.movie for entry, _ in self.watches)))


class Importing:
    """Plans imports for the published catalogue and carries them out."""

    def __init__(self, index: MovieIndex, *, imdb_ids: Callable[[], IdMap] = IdMap) -> None:
        """`imdb_ids` reads files; it is called once, by the first import that contains IMDb ids."""
        self._index, self._read_ids = index, imdb_ids
        self._titles: PerVersion[Titles] = PerVersion()
        self._lock = threading.Lock()
        self._ids: IdMap | None = None

    def plan(self, content: IO[bytes], *, name: str, zone: tzinfo = UTC) -> ImportPlan:
        """Read an export and match its movies; its dates are days in `zone`. The file is left open.

        Raises `DataError` for other files.
        """
        export = reader.read(content, name=name)
        known = self._titles.get(self._index.info().version, lambda: title_matcher.gather(self._index))
        named = any(entry.imdb is not None or entry.tmdb is not None for entry in export.entries)
        ids = self._imdb_ids() if named else IdMap()
        movies = self._movies(movie for entry in export.entries for movie in _named(entry, ids))
        matches = [_match(entry, known, ids, movies) for entry in export.entries]
        movies |= self._movies(movie for movie, _ in matches if movie is not None and movie not in movies)
        lines = []
        for entry, (movie, how) in zip(export.entries, matches, strict=True):
            found = movies.get(movie) if movie is not None else None
            lines.append(
                ImportLine(
                    row=entry.row, title=entry.title, year=entry.year, movie=found, stars=entry.stars,
                    mark=entry.mark, at=_moment(entry, zone), matched_by=how if found else "",
                    watched=entry.watched, rewatch=entry.rewatch,
                )
            )  # fmt: skip
        tagged = sum(entry.tagged for entry in export.entries)
        return ImportPlan(export.kind, tuple(lines), tuple(map(str, export.bad)), tagged)

    def effects(self, store: DiaryStore, user: UserId, plan: ImportPlan, *, now: datetime) -> ImportEffects:
        """Return what `carry_out` would write now."""
        ratings, marks = news(plan.matched, store.read(user), now=now)
        wanted = [line for line in plan.matched if line.watched is not None]
        return ImportEffects(ratings, marks, new_watches(wanted, store.watched_on(user) if wanted else (), now=now))

    def carry_out(self, store: DiaryStore, user: UserId, plan: ImportPlan, *, now: datetime) -> int:
        """Write the matched lines that the diary lacks; return the number of movies written.

        All lines are written or, if anything fails, none. Of several lines for a movie, the newest counts. Entries made
        here after the file's date are kept, and equal entries stay unchanged, so repeating an import changes nothing.
        """
        found = self.effects(store, user, plan, now=now)
        if found.movies:
            store.record(user, ratings=found.ratings, marks=found.marks, watches=found.watches)
        return len(found.movies)

    def _imdb_ids(self) -> IdMap:
        with self._lock:
            if self._ids is None:
                try:
                    self._ids = self._read_ids()
                except DataError as error:
                    log.warning("imports match by title and year only: %s", error)
                    self._ids = IdMap()
            return self._ids

    def _movies(self, wanted: Iterable[MovieId]) -> dict[MovieId, Movie]:
        ids = list(dict.fromkeys(wanted))
        found: dict[MovieId, Movie] = {}
        for start in range(0, len(ids), title_matcher.PAGE):
            found.update((movie.id, movie) for movie in self._index.movies(ids[start : start + title_matcher.PAGE]))
        return found


def _named(entry: Entry, ids: IdMap) -> tuple[MovieId, ...]:
    """Return the movies that the ids of an entry name, in the catalogue or not."""
    of_imdb = ids.movies.get(entry.imdb, ()) if entry.imdb is not None else ()
    return of_imdb if entry.tmdb is None else (*of_imdb, MovieId(entry.tmdb))


def _match(entry: Entry, known: Titles, ids: IdMap, movies: Mapping[MovieId, Movie]) -> tuple[MovieId | None, str]:
    """Return the movie of an entry and how it was matched.

    An id decides if it leads into the catalogue, unless the title leads to another movie; otherwise title and year
    decide, unless a known id contradicts them. A row without a match is seen, a rating of the wrong movie is not.

    Args:
        movies: the movies of the catalogue that ids name.
    """
    by_title = known.find(entry.title, entry.year)
    if by_title is None and entry.original_title not in ("", entry.title):
        by_title = known.find(entry.original_title, entry.year)
    by_id = _by_id(entry, known, ids, movies)
    if by_id is not None:
        agreed = by_title in (None, by_id) or _carries(entry, known, by_id)
        return (by_id, BY_ID) if agreed else (None, "")
    if by_title is None or _contradicted(entry, by_title, ids):
        return None, ""
    return by_title, BY_TITLE


def _by_id(entry: Entry, known: Titles, ids: IdMap, movies: Mapping[MovieId, Movie]) -> MovieId | None:
    """Return the movie that the ids of an entry name. A catalogue may have numbers of its own instead of TMDB's."""
    named = _named(entry, ids)
    found = next((movie for movie in named if movie in movies), None)
    if found is None or entry.tmdb != found:
        return found
    if entry.imdb is not None and ids.contradict(entry.imdb, found):
        return None
    return found if found in ids.ids or _agrees(entry, known, movies[found]) else None


def _contradicted(entry: Entry, movie: MovieId, ids: IdMap) -> bool:
    """Whether a known id of the movie differs from the entry's."""
    by_imdb = entry.imdb is not None and ids.contradict(entry.imdb, movie)
    return by_imdb or (entry.tmdb is not None and entry.tmdb != movie and movie in ids.ids)


def _agrees(entry: Entry, known: Titles, movie: Movie) -> bool:
    near = entry.year is None or movie.year is None or abs(entry.year - movie.year) <= title_matcher.NEAR_YEARS
    return near and _carries(entry, known, movie.id)


def _carries(entry: Entry, known: Titles, movie: MovieId) -> bool:
    return any(known.carries(title, movie) for title in (entry.title, entry.original_title) if title)


def news(lines: Sequence[ImportLine], diary: Diary, *, now: datetime) -> tuple[Ratings, Marks]:
    """Return what lines add to a diary: for each movie the newest rating and the newest date of each mark."""
    ratings: Ratings = {}
    marks: Marks = {}
    for line in lines:
        if line.movie is None:
            continue
        movie, at = line.movie.id, min(line.at or UNDATED, now)
        if line.stars is not None and (movie not in ratings or at >= ratings[movie][1]):
            ratings[movie] = line.stars, at
        if line.mark is not None:
            dated = marks.setdefault(line.mark, {})
            dated[movie] = max(at, dated.get(movie, at))
    return (
        {movie: rating for movie, rating in ratings.items() if _is_news(movie, rating, diary)},
        {kind: kept for kind, dated in marks.items() if (kept := _unmarked(kind, dated, diary))},
    )


def new_watches(
    lines: Sequence[ImportLine], existing: Collection[tuple[MovieId, date]], *, now: datetime
) -> tuple[tuple[WatchEntry, datetime], ...]:
    """Return the watchings of lines on days that the diary does not have; one for each movie and day."""
    found: dict[tuple[MovieId, date], WatchEntry] = {}
    for line in lines:
        if line.movie is not None and line.watched is not None and FIRST_DAY <= line.watched <= last_day(now):
            entry = WatchEntry(movie=line.movie.id, day=line.watched, rewatch=line.rewatch, stars=line.stars)
            found.setdefault((line.movie.id, line.watched), entry)
    return tuple((entry, now) for key, entry in found.items() if key not in existing)


def _is_news(movie: MovieId, rating: tuple[float, datetime], diary: Diary) -> bool:
    """Return whether a rating differs from the diary's and is newer."""
    stars, at = rating
    existing = diary.ratings.get(movie)
    return existing is None or (existing.stars != stars and existing.at < at)


def _unmarked(kind: MarkKind, dated: Mapping[MovieId, datetime], diary: Diary) -> dict[MovieId, datetime]:
    marked = diary.marked(kind)
    refused = diary.marked(REFUSED_BY[kind]) if kind in REFUSED_BY else {}
    return {movie: at for movie, at in dated.items() if movie not in marked and movie not in refused}


def _moment(entry: Entry, zone: tzinfo) -> datetime | None:
    """Return when the day of the entry began; entries made here on the same day are newer."""
    return time_zones.start(entry.on, zone) if entry.on else None
