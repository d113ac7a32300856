"""Previews of imports, which are stored so that their rows can be corrected before anything is written."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import IO, Protocol

from core.errors import DataError, InvalidRequest, NotFound
from core.sync.records import DRAFT_LIFE, MAX_DRAFT_BYTES, ImportDraft
from core.types import Movie, MovieId
from core.users import User, UserId
from engine import clock
from engine.accounts.diaries import Diaries, missing
from engine.accounts.imports import stored_plans
from engine.accounts.imports.records import BY_USER, ImportEffects, ImportLine, ImportPlan, MatchedMovie
from engine.accounts.imports.stored_plans import Part, PlanSummary, StoredPlan
from engine.catalogue.movies import Movies

ID_BYTES = 12
MAX_ID = 40
"""Maximum length of the id of a preview; ours have 16 characters."""
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
class PreviewPage:
    """Some lines of a preview, and what the whole import would change now."""

    id: str
    name: str
    """The name of the file."""
    summary: PlanSummary
    lines: Sequence[ImportLine]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """The preview of an import with all of its lines, as it would change the diary now."""

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

    def page(self, lines: Sequence[ImportLine]) -> PreviewPage:
        """Return some of the lines."""
        about = stored_plans.summary(self.plan, self.effects.counts, "")
        return PreviewPage(self.id, self.name, about, lines, self.expires_at)


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
            packed, effects = self._packed(user, plan, name)
            draft = ImportDraft(secrets.token_urlsafe(ID_BYTES), user.id, name, packed, at + DRAFT_LIFE)
            self._store.add(draft, at=at)
            return Preview(draft.id, name, plan, effects, draft.expires_at)

    def page(self, user: User, draft: str, part: Part | None = None, *, first: int = 0, size: int) -> PreviewPage:
        """Return `size` lines of a part of a preview, or of all lines, from the `first` one on, counted from 0.

        Its effects are counted again only if the diary changed since then. Raises `NotFound`; `Busy` if another import
        of the user keeps it from being counted again.
        """
        found = self._found(user, draft)
        stored = StoredPlan(found.content)
        if stored.summary.state != self._diaries.state(user):
            stored = self._counted_again(user, draft)
        lines = stored.lines(part, first=first, size=size)
        return PreviewPage(found.id, found.name, stored.summary, lines, found.expires_at)

    def line(self, user: User, draft: str, number: int) -> PreviewPage:
        """Return a page with one line. Raises `NotFound`, `Busy`."""
        found = self.page(user, draft, first=number - 1, size=1) if number >= 1 else None
        if found is None or not found.lines:
            raise NotFound(f"this import has no line {number}")
        return found

    def correct(self, user: User, draft: str, corrections: Sequence[Correction]) -> Preview:
        """Correct lines, and all others about the same movie in the file.

        Raises:
            NotFound: there is no such preview, or the catalogue lacks a movie.
            InvalidRequest: there is no such line (field `number`).
            Busy: another import of the user is running.
        """
        with self._diaries.import_turn(user):
            found = self._found(user, draft)
            plan = StoredPlan(found.content).plan()
            movies = {movie.id: movie for movie in self._movies.many([c.movie for c in corrections if c.movie])}
            for correction in corrections:
                if correction.movie is not None and correction.movie not in movies:
                    raise missing(correction.movie)
                plan = _corrected(plan, correction, movies.get(correction.movie) if correction.movie else None)
            packed, effects = self._packed(user, plan, found.name)
            self._replace(user, draft, packed)
            return Preview(found.id, found.name, plan, effects, found.expires_at)

    def apply(self, user: User, draft: str) -> Preview:
        """Import a preview, all or nothing; return it with what was written. Raises `NotFound`, `Busy`."""
        with self._diaries.import_turn(user):
            found = self._found(user, draft)
            plan = StoredPlan(found.content).plan()
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
        if found is None or not StoredPlan(found.content).readable:
            raise NotFound(GONE)
        return found

    def _counted_again(self, user: User, draft: str) -> StoredPlan:
        """Count and store the effects of a preview for the present diary. The turn bounds memory."""
        with self._diaries.import_turn(user):
            found = self._found(user, draft)
            packed, _ = self._packed(user, StoredPlan(found.content).plan(), found.name)
            self._replace(user, draft, packed)
            return StoredPlan(packed)

    def _packed(self, user: User, plan: ImportPlan, name: str) -> tuple[bytes, ImportEffects]:
        """Return the stored form of a plan, and its effects. Raises `DataError` if it is too large."""
        state = self._diaries.state(user)  # first: a later change has the effects counted again
        effects = self._diaries.effects(user, plan)
        packed = stored_plans.pack(plan, effects.counts, state)
        if len(packed) > MAX_DRAFT_BYTES:
            raise DataError(f"its preview is larger than {MAX_DRAFT_BYTES // 1_000_000} MB; split the file", file=name)
        return packed, effects

    def _replace(self, user: User, draft: str, packed: bytes) -> None:
        if not self._store.replace(user.id, draft, packed):
            raise NotFound(GONE)


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
