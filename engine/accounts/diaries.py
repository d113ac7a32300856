"""Users' diaries: ratings, marks, reviews, history, and imports from other sites.

A rating does not mark a movie as watched or remove it from the watchlist, so withdrawing it leaves no trace except in
the history. The movies a user has seen are those rated plus those marked as watched. Of contradicting marks the newest
counts (`OPPOSITES`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, tzinfo
from typing import IO

from core.errors import IndexMissing, InvalidRequest, NotFound, SearchUnavailable
from core.ports import MovieIndex
from core.types import Movie, MovieId
from core.users import LIKED_STARS, MAX_REVIEW_LENGTH, Change, Diary, MarkKind, User, check_stars
from data.database.stores.diaries import DiaryStore
from data.exports.entries import Entry
from engine import clock
from engine.accounts import diary_reader, plain_text
from engine.accounts.imports.importer import Importer
from engine.accounts.imports.records import ImportEffects, ImportPlan
from engine.accounts.imports.turns import ImportTurns

THUMB_UP, THUMB_DOWN = LIKED_STARS, 1.5
"""The half stars of a thumb: users rate movies they like near the first on average, and the second is low enough (2 or
below) to count against a movie."""
OPPOSITES: Mapping[MarkKind, tuple[MarkKind, ...]] = {
    MarkKind.LIKED: (MarkKind.PASSED,),
    MarkKind.PASSED: (MarkKind.LIKED,),
    MarkKind.DISMISSED: (MarkKind.WATCHLIST, MarkKind.FAVOURITE, MarkKind.LIKED),
    MarkKind.WATCHLIST: (MarkKind.DISMISSED,),
    MarkKind.FAVOURITE: (MarkKind.DISMISSED,),
}
"""Marks that setting a mark removes, because they contradict it."""
MAX_HISTORY = 1_000
"""Most lines of history per request."""

IN_DIARY = "the film is in your diary; delete it there before you remove this mark"


class Diaries:
    """Users' diaries. A write takes effect with the next request. Unknown movies raise `NotFound`."""

    def __init__(
        self,
        store: DiaryStore,
        index: MovieIndex,
        *,
        importer: Importer,
        turns: ImportTurns | None = None,
        clock: clock.Clock = clock.now,
    ) -> None:
        """`turns` limits the imports that run at a time; without it, they are not limited."""
        self._store, self._index, self._importer, self._clock = store, index, importer, clock
        self._turns = turns

    def read(self, user: User) -> Diary:
        """Return the user's diary."""
        return diary_reader.read(self._store, user.id)

    def rate(self, user: User, movie: MovieId, stars: float | None) -> None:
        """Set a rating, or withdraw it (None). Raises `InvalidRequest` (field `stars`), `NotFound`."""
        if stars is not None:
            try:
                check_stars(stars)
            except ValueError as error:
                raise InvalidRequest({"stars": str(error).removeprefix("stars: ")}) from None
        self._check(movie, user=user if stars is None else None)
        self._store.rate(user.id, {movie: stars}, at=self._clock())

    def thumb(self, user: User, movie: MovieId, *, up: bool) -> float:
        """Rate with a thumb; return the half stars that it maps to."""
        stars = THUMB_UP if up else THUMB_DOWN
        self.rate(user, movie, stars)
        return stars

    def mark(self, user: User, movie: MovieId, kind: MarkKind, *, on: bool) -> None:
        """Set or remove a mark; setting one removes those that contradict it.

        Raises:
            NotFound: the catalogue lacks the movie.
            InvalidRequest: (field `on`) a movie with watchings in the diary stays marked as watched.
        """
        self._check(movie, user=None if on else user)
        if kind is MarkKind.WATCHED and not on and self._store.count_watches(user.id, movie):
            raise InvalidRequest({"on": IN_DIARY})
        at = self._clock()
        for opposite in OPPOSITES.get(kind, ()) if on else ():
            self._store.mark(user.id, opposite, [movie], on=False, at=at)
        self._store.mark(user.id, kind, [movie], on=on, at=at)

    def review(self, user: User, movie: MovieId, text: str, *, spoilers: bool = False) -> None:
        """Write or replace a review, or delete it (blank text). Raises `InvalidRequest` (field `text`), `NotFound`.

        The profile of the user decides who sees it; see `engine.social.reviews`.
        """
        cleaned = plain_text.clean(text)
        if len(cleaned) > MAX_REVIEW_LENGTH:
            fault = f"expected at most {MAX_REVIEW_LENGTH:,} characters, got {len(cleaned):,}"
            raise InvalidRequest({"text": fault})
        self._check(movie, user=None if cleaned else user)
        self._store.review(user.id, movie, cleaned, spoilers=spoilers, at=self._clock())

    def history(self, user: User, *, limit: int = 100, before: datetime | None = None) -> Sequence[Change]:
        """Return the changes of the diary, latest first, at most `MAX_HISTORY`."""
        return self._store.history(user.id, limit=max(1, min(limit, MAX_HISTORY)), before=before)

    def import_turn(self, user: User) -> AbstractContextManager[None]:
        """Hold the user's turn to import; entering raises `Busy` if another import of the user is running."""
        return nullcontext() if self._turns is None else self._turns.take(user)

    def plan_import(self, content: IO[bytes], *, name: str, zone: tzinfo = UTC) -> ImportPlan:
        """Read an export of another site and match its movies. Raises `DataError` for other files.

        Args:
            zone: the time zone of the dates in the file.
        """
        return self._importer.plan(content, name=name, zone=zone)

    def effects(self, user: User, plan: ImportPlan) -> ImportEffects:
        """Return what `carry_out` would change in the user's diary."""
        return self._importer.effects(self._store, user.id, plan, now=self._clock())

    def state(self, user: User) -> str:
        """Return a text that differs after any change of what `effects` depends on."""
        return self._store.state(user.id)

    def carry_out(self, user: User, plan: ImportPlan) -> ImportEffects:
        """Import the matched lines, all or none; return what was written. Safe to repeat."""
        return self._importer.carry_out(self._store, user.id, plan, now=self._clock())

    def near(self, title: str, year: int | None) -> Sequence[Movie]:
        """Return the movies with a title, whatever their year, the nearest first."""
        return self._importer.near(title, year)

    def match(self, entry: Entry) -> Movie | None:
        """Return the movie that a row of an export, or another device, is about; None if none is certain."""
        return self._importer.match([entry])[0][0]

    def _check(self, movie: MovieId, *, user: User | None = None) -> None:
        """Refuse a movie that the catalogue lacks, unless it is in the diary of `user`, who may remove it.

        While the search engine is unavailable, movies are not checked: a rating must not be lost, and one of a movie
        that the catalogue lacks appears in no list.
        """
        if in_catalogue(self._index, movie) or (user is not None and _contains(self._store.read(user.id), movie)):
            return
        raise missing(movie)


def in_catalogue(index: MovieIndex, movie: MovieId) -> bool:
    """Whether the catalogue has a movie; assumed while the search engine is unavailable. Raises `IndexMissing`."""
    try:
        return movie > 0 and bool(index.movies([movie]))
    except IndexMissing:
        raise
    except SearchUnavailable:
        return True


def missing(movie: MovieId) -> NotFound:
    """Return the error for a movie that the catalogue lacks."""
    return NotFound(f"no film has the TMDB id {movie} in this catalogue")


def _contains(diary: Diary, movie: MovieId) -> bool:
    return movie in diary.ratings or movie in diary.reviews or any(movie in movies for movies in diary.marks.values())
