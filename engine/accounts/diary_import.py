"""Import of diaries from other sites: match the movies of an export and write its entries."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from core.errors import DataError
from core.ports import MovieIndex
from core.types import Movie, MovieId
from core.users import MAX_MARKS_PER_REQUEST, Diary, MarkKind, UserId
from data.database.stores.diaries import DiaryStore
from data.exports import reader
from data.exports.entries import Entry
from engine.accounts import title_matcher
from engine.accounts.title_matcher import Titles
from engine.version_cache import PerVersion

log = logging.getLogger("marquee.accounts")

ImdbIds = Mapping[int, MovieId]
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


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The effects of an import, before it is carried out."""

    kind: str
    """The detected kind of file: `Letterboxd ratings`, `IMDb watchlist`, …"""
    lines: tuple[ImportLine, ...]
    bad: tuple[str, ...]
    """Unusable rows: file, row, column and what was expected."""

    @property
    def matched(self) -> tuple[ImportLine, ...]:
        """The lines with a movie."""
        return tuple(line for line in self.lines if line.movie is not None)

    @property
    def unmatched(self) -> tuple[ImportLine, ...]:
        """The lines without a movie."""
        return tuple(line for line in self.lines if line.movie is None)


def no_ids() -> ImdbIds:
    """Return no IMDb ids."""
    return {}


class Importing:
    """Plans imports for the published catalogue and carries them out."""

    def __init__(self, index: MovieIndex, *, imdb_ids: Callable[[], ImdbIds] = no_ids) -> None:
        """`imdb_ids` reads files; it is called once, by the first import that contains IMDb ids."""
        self._index, self._read_ids = index, imdb_ids
        self._titles: PerVersion[Titles] = PerVersion()
        self._lock = threading.Lock()
        self._ids: ImdbIds | None = None

    def plan(self, content: bytes, *, name: str) -> ImportPlan:
        """Read an export and match its movies. Raises `DataError` if the file is not an export."""
        export = reader.read(content, name=name)
        known = self._titles.get(self._index.info().version, lambda: title_matcher.gather(self._index))
        matches = [self._match(entry, known) for entry in export.entries]
        movies = self._movies(movie for movie, _ in matches if movie is not None)
        lines = []
        for entry, (movie, how) in zip(export.entries, matches, strict=True):
            found = movies.get(movie) if movie is not None else None
            lines.append(
                ImportLine(
                    row=entry.row, title=entry.title, year=entry.year, movie=found, stars=entry.stars,
                    mark=entry.mark, at=_moment(entry), matched_by=how if found else "",
                )
            )  # fmt: skip
        return ImportPlan(export.kind, tuple(lines), tuple(map(str, export.bad)))

    def carry_out(self, store: DiaryStore, user: UserId, plan: ImportPlan, *, now: datetime) -> int:
        """Write the matched lines that the diary lacks; return the number of movies written.

        Of several lines for a movie, the newest counts. Entries made here after the file's date are kept, and equal
        entries stay unchanged, so repeating an import changes nothing.
        """
        ratings, marks = news(plan.matched, store.read(user), now=now)
        changed = sorted({*ratings, *(movie for movies in marks.values() for movie in movies)})
        for start in range(0, len(changed), MAX_MARKS_PER_REQUEST):
            portion = frozenset(changed[start : start + MAX_MARKS_PER_REQUEST])
            store.record(
                user,
                ratings={movie: rating for movie, rating in ratings.items() if movie in portion},
                marks={
                    kind: {movie: at for movie, at in movies.items() if movie in portion}
                    for kind, movies in marks.items()
                },
            )
        return len(changed)

    def _match(self, entry: Entry, known: Titles) -> tuple[MovieId | None, str]:
        """Return the movie of an entry and how it was matched. A known IMDb id takes precedence over the title."""
        if entry.imdb is not None and (movie := self._imdb_ids().get(entry.imdb)) is not None:
            return movie, BY_ID
        found = known.find(entry.title, entry.year)
        if found is None and entry.original_title:
            found = known.find(entry.original_title, entry.year)
        return found, BY_TITLE if found is not None else ""

    def _imdb_ids(self) -> ImdbIds:
        with self._lock:
            if self._ids is None:
                try:
                    self._ids = self._read_ids()
                except DataError as error:
                    log.warning("imports match by title and year only: %s", error)
                    self._ids = {}
            return self._ids

    def _movies(self, wanted: Iterable[MovieId]) -> dict[MovieId, Movie]:
        ids = list(dict.fromkeys(wanted))
        found: dict[MovieId, Movie] = {}
        for start in range(0, len(ids), title_matcher.PAGE):
            found.update((movie.id, movie) for movie in self._index.movies(ids[start : start + title_matcher.PAGE]))
        return found


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


def _is_news(movie: MovieId, rating: tuple[float, datetime], diary: Diary) -> bool:
    """Return whether a rating differs from the diary's and is newer."""
    stars, at = rating
    existing = diary.ratings.get(movie)
    return existing is None or (existing.stars != stars and existing.at < at)


def _unmarked(kind: MarkKind, dated: Mapping[MovieId, datetime], diary: Diary) -> dict[MovieId, datetime]:
    marked = diary.marked(kind)
    refused = diary.marked(REFUSED_BY[kind]) if kind in REFUSED_BY else {}
    return {movie: at for movie, at in dated.items() if movie not in marked and movie not in refused}


def _moment(entry: Entry) -> datetime | None:
    """Return midnight UTC of the entry's date."""
    return datetime.combine(entry.on, time(), tzinfo=UTC) if entry.on else None
