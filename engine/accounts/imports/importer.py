"""Import of diaries from other sites: match the movies of an export and write its entries."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import IO

from core.errors import DataError
from core.language import time_zones
from core.ports import MovieIndex
from core.types import Movie, MovieId
from core.users import MAX_REVIEW_LENGTH, UserId
from data.database.stores.diaries import DiaryStore
from data.exports import reader
from data.exports.entries import Entry, SeriesRow
from data.exports.imdb_ids import IdMap
from engine.accounts import plain_text, title_matcher
from engine.accounts.imports import effects, matcher
from engine.accounts.imports.effects import OwnList
from engine.accounts.imports.records import (
    AMBIGUOUS,
    UNKNOWN,
    ImportEffects,
    ImportLine,
    ImportPlan,
    MatchedMovie,
    SeriesCount,
)
from engine.accounts.title_matcher import Titles
from engine.version_cache import PerVersion

log = logging.getLogger("marquee.accounts")

FAULTS = (AMBIGUOUS, UNKNOWN)


class Importer:
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
        lines = tuple(
            _line(number, entry, zone, found)
            for number, (entry, found) in enumerate(zip(export.entries, self.match(export.entries), strict=True), 1)
        )
        return ImportPlan(
            export.kind,
            lines,
            tuple(map(str, export.bad)),
            tagged=sum(bool(line.tags) and line.watched is None for line in lines),
            series=_count(export.series),
            lists=export.lists,
            shortened=sum(len(line.review) > MAX_REVIEW_LENGTH for line in lines),
            goals=export.goals,
        )

    def match(self, entries: Sequence[Entry]) -> list[tuple[Movie | None, str]]:
        """Return the movie of each entry and how it was matched; without a movie, why it was not."""
        known = self._known()
        by_id = any(each is not None for entry in entries for each in (entry.imdb, entry.tmdb, entry.movielens))
        ids = self._imdb_ids() if by_id else IdMap()
        movies = self._movies(movie for entry in entries for movie in matcher.named(entry, ids))
        same: dict[Hashable, tuple[MovieId | None, str]] = {}
        for entry in entries:
            key = matcher.subject(entry)
            if key not in same:
                same[key] = matcher.match(entry, known, ids, movies)
        matches = [same[matcher.subject(entry)] for entry in entries]
        movies |= self._movies(movie for movie, _ in matches if movie is not None and movie not in movies)
        found = [(movies.get(movie) if movie is not None else None, how) for movie, how in matches]
        return [(movie, how if movie or how in FAULTS else UNKNOWN) for movie, how in found]

    def near(self, title: str, year: int | None) -> list[Movie]:
        """Return the movies with a title, whatever their year, the nearest first."""
        wanted = self._known().near(title, year)
        found = self._movies(wanted)
        return [found[movie] for movie in wanted if movie in found]

    def effects(self, store: DiaryStore, user: UserId, plan: ImportPlan, *, now: datetime) -> ImportEffects:
        """Return what `carry_out` would write now."""
        lines = plan.matched
        diary = store.read(user)
        ratings, marks = effects.news(lines, diary, now=now)
        main = effects.main_reviews(lines)
        watched = any(line.watched for line in lines)
        own = [OwnList(*found) for found in store.own_lists(user)] if plan.lists else []
        return ImportEffects(
            ratings,
            marks,
            effects.new_watches(
                lines,
                store.watched_on(user) if watched else {},
                now=now,
                main={line.number for line in main.values()},
            ),
            effects.new_reviews(main, diary, now=now),
            effects.new_lists(lines, plan.lists, own),
            effects.new_goals(plan.goals, store.goal_years(user) if plan.goals else ()),
        )

    def carry_out(self, store: DiaryStore, user: UserId, plan: ImportPlan, *, now: datetime) -> ImportEffects:
        """Write the matched lines that the diary lacks; return what was written.

        All lines are written or, if anything fails, none. Of several lines for a movie, the newest counts. Entries made
        here after the file's date are kept, and equal entries stay unchanged, so repeating an import changes nothing.
        """
        found = self.effects(store, user, plan, now=now)
        if found:
            store.record(
                user, ratings=found.ratings, marks=found.marks, watches=found.watches, reviews=found.reviews,
                lists=found.lists, goals=found.goals, at=now,
            )  # fmt: skip
        return found

    def _known(self) -> Titles:
        return self._titles.get(self._index.info().version, lambda: title_matcher.gather(self._index))

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


def _line(number: int, entry: Entry, zone: tzinfo, found: tuple[Movie | None, str]) -> ImportLine:
    movie, how = found
    watched = entry.watched
    if watched is None and entry.watched_at is not None:
        watched = time_zones.day(entry.watched_at, zone)
    matched = MatchedMovie(movie.id, movie.title, movie.year) if movie else None
    return ImportLine(
        row=entry.row, title=entry.title, year=entry.year, movie=matched, first=matched, first_by=how if movie else "",
        stars=entry.stars, mark=entry.mark, at=_moment(entry, zone), matched_by=how if movie else "",
        watched=watched, rewatch=entry.rewatch, number=number, file=entry.file, of_day=entry.of_day,
        review=plain_text.clean(entry.review), since=entry.since, note=plain_text.clean(entry.note), tags=entry.tags,
        list=entry.list, fault="" if movie else how,
    )  # fmt: skip


def _count(series: Sequence[SeriesRow]) -> SeriesCount:
    return SeriesCount(len({row.series.casefold() for row in series}), sum(row.episodes for row in series))


def _moment(entry: Entry, zone: tzinfo) -> datetime | None:
    """Return the time of the entry, or when its day began; entries made here on the same day are newer."""
    if entry.at is not None:
        return entry.at
    return time_zones.start(entry.on, zone) if entry.on else None
