"""Previews of imports, which are stored so that their rows can be corrected before anything is written."""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import IO, Protocol

from pydantic import TypeAdapter

from core.errors import DataError, InvalidRequest, NotFound
from core.sync.records import DRAFT_LIFE, MAX_DRAFT_BYTES, ImportDraft
from core.types import Movie, MovieId
from core.users import User, UserId
from engine import clock
from engine.accounts.diaries import Diaries, missing
from engine.accounts.imports.records import BY_USER, ImportEffects, ImportLine, ImportPlan, MatchedMovie
from engine.catalogue.movies import Movies

ID_BYTES = 12
MAX_ID = 40
"""Maximum length of the id of a preview; ours have 16 characters."""
_PLAN = TypeAdapter(ImportPlan)
GONE = "this preview has expired or was imported already; upload the file again"


class DraftStore(Protocol):
    """Where previews are stored; see `data.database.sync.previews.ImportDraftStore`."""

    def add(self, draft: ImportDraft, *, at: datetime) -> None:
        """Store a preview."""
        ...

    def get(self, user: UserId, draft: str, *, at: datetime) -> ImportDraft | None:
        """Return a preview that has not expired."""
        ...

    def replace(self, user: UserId, draft: str, content: bytes) -> bool:
        """Replace the content of a preview."""
        ...

    def delete(self, user: UserId, draft: str) -> None:
        """Delete a preview."""
        ...


@dataclass(frozen=True, slots=True)
class Preview:
    """The preview of an import, as it would change the diary now."""

    id: str
    name: str
    """The name of the file."""
    plan: ImportPlan
    effects: ImportEffects
    expires_at: datetime

    def line(self, number: int) -> ImportLine:
        """Return a line. Raises `NotFound`."""
        if not 1 <= number <= len(self.plan.lines):
            raise NotFound(f"this import has no line {number}")
        return self.plan.lines[number - 1]


@dataclass(frozen=True, slots=True)
class Correction:
    """What a user decides about a line, and all other lines about the same movie."""

    number: int
    movie: MovieId | None = None
    """The right movie."""
    skip: bool = False
    """Whether not to import it. Without both, the line is as it was matched at first."""


class ImportDrafts:
    """Opens, corrects and applies previews of imports. Another user's preview is `NotFound`."""

    def __init__(self, store: DraftStore, diaries: Diaries, movies: Movies, *, clock: clock.Clock = clock.now) -> None:
        self._store, self._diaries, self._movies, self._clock = store, diaries, movies, clock

    def open(self, user: User, content: IO[bytes], *, name: str, zone: tzinfo = UTC) -> Preview:
        """Read an export, match its movies and store the preview. Raises `DataError`, `Busy`."""
        with self._diaries.import_turn(user):
            plan = self._diaries.plan_import(content, name=name, zone=zone)
            at = self._clock()
            draft = ImportDraft(secrets.token_urlsafe(ID_BYTES), user.id, name, _packed(plan, name), at + DRAFT_LIFE)
            self._store.add(draft, at=at)
            return self._preview(user, draft, plan)

    def get(self, user: User, draft: str) -> Preview:
        """Return a preview. Raises `NotFound`."""
        found = self._found(user, draft)
        return self._preview(user, found, _unpacked(found.content))

    def correct(self, user: User, draft: str, corrections: Sequence[Correction]) -> Preview:
        """Correct lines, and all others about the same movie in the file.

        Raises:
            NotFound: there is no such preview, or the catalogue lacks a movie.
            InvalidRequest: there is no such line (field `number`).
            Busy: another import of the user is running.
        """
        with self._diaries.import_turn(user):
            found = self._found(user, draft)
            plan = _unpacked(found.content)
            movies = {movie.id: movie for movie in self._movies.many([c.movie for c in corrections if c.movie])}
            for correction in corrections:
                if correction.movie is not None and correction.movie not in movies:
                    raise missing(correction.movie)
                plan = _corrected(plan, correction, movies.get(correction.movie) if correction.movie else None)
            if not self._store.replace(user.id, draft, _packed(plan, found.name)):
                raise NotFound(GONE)
            return self._preview(user, found, plan)

    def apply(self, user: User, draft: str) -> Preview:
        """Import a preview, all or nothing; return it with what was written. Raises `NotFound`, `Busy`."""
        with self._diaries.import_turn(user):
            found = self._found(user, draft)
            plan = _unpacked(found.content)
            written = self._diaries.carry_out(user, plan)
            self._store.delete(user.id, draft)
            return Preview(found.id, found.name, plan, written, found.expires_at)

    def discard(self, user: User, draft: str) -> None:
        """Delete a preview, if it exists."""
        self._store.delete(user.id, draft[:MAX_ID])

    def movies(self, wanted: Sequence[MovieId]) -> Sequence[Movie]:
        """Return movies of the catalogue, in this order."""
        return self._movies.many(wanted)

    def alternatives(self, line: ImportLine) -> Sequence[Movie]:
        """Return movies with the title of a line, whatever their year."""
        return self._diaries.near(line.title, line.year)

    def _found(self, user: User, draft: str) -> ImportDraft:
        found = self._store.get(user.id, draft, at=self._clock()) if len(draft) <= MAX_ID else None
        if found is None:
            raise NotFound(GONE)
        return found

    def _preview(self, user: User, draft: ImportDraft, plan: ImportPlan) -> Preview:
        return Preview(draft.id, draft.name, plan, self._diaries.effects(user, plan), draft.expires_at)


def _corrected(plan: ImportPlan, correction: Correction, movie: Movie | None) -> ImportPlan:
    if not 1 <= correction.number <= len(plan.lines):
        raise InvalidRequest({"number": f"expected 1 to {len(plan.lines):,}, got {correction.number:,}"})
    wanted = _subject(plan.lines[correction.number - 1])
    change = _change(correction, movie)
    return replace(plan, lines=tuple(change(line) if _subject(line) == wanted else line for line in plan.lines))


def _change(correction: Correction, movie: Movie | None) -> Callable[[ImportLine], ImportLine]:
    def change(line: ImportLine) -> ImportLine:
        if movie is not None:
            chosen = MatchedMovie(movie.id, movie.title, movie.year)
            return replace(line, movie=chosen, matched_by=BY_USER, skipped=False)
        return replace(line, movie=line.first, matched_by=line.first_by, skipped=correction.skip)

    return change


def _subject(line: ImportLine) -> tuple[str, int | None, MovieId | None]:
    """Return what lines about the same movie share: the title in the file, and what it was matched with at first."""
    return line.title.casefold(), line.year, line.first.id if line.first else None


def _packed(plan: ImportPlan, name: str) -> bytes:
    packed = zlib.compress(_PLAN.dump_json(plan), 6)
    if len(packed) > MAX_DRAFT_BYTES:
        raise DataError(f"its preview is larger than {MAX_DRAFT_BYTES // 1_000_000} MB; split the file", file=name)
    return packed


def _unpacked(content: bytes) -> ImportPlan:
    return _PLAN.validate_json(zlib.decompress(content))
