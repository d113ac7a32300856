"""Labelled requests as administrators keep them: checked before they are written, each change in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.errors import InvalidRequest, NotFound
from core.evaluation import EvaluationRun, LabelledRequest, labelled
from core.users import User
from data.database import Stores
from engine.clock import Clock, now
from engine.search.evaluation import label_files

FORM, SEARCH, FILE = "form", "search", "file"
"""Where labelled requests come from."""


@dataclass(frozen=True, slots=True)
class LabelsImported:
    """What became of a file of labelled requests."""

    written: int
    faults: tuple[str, ...]
    """Rows that cannot be used, each named by file and row."""


@dataclass(frozen=True)
class Labelling:
    """Labelled requests, and how well readers of search texts understand them; for administrators."""

    stores: Stores
    clock: Clock = now

    def labelled(self) -> Sequence[LabelledRequest]:
        """All labelled requests, the latest first."""
        return self.stores.evaluations.labelled()

    def get(self, number: int) -> LabelledRequest:
        """One of them. Raises `NotFound`."""
        return self.stores.evaluations.get(number)

    def label(self, text: str, stance: str, pieces: str, *, by: User, source: str = FORM) -> LabelledRequest:
        """Add a request, or replace the one with this text. Raises `InvalidRequest` (the faulty field)."""
        request = replace(_checked(text, stance, pieces), source=source)
        self.stores.evaluations.label([request], at=self.clock())
        self._note("label", request.text, by, pieces=request.written)
        return next(kept for kept in self.labelled() if kept.text == request.text)

    def edit(self, number: int, text: str, stance: str, pieces: str, *, by: User) -> LabelledRequest:
        """Change one; a new text takes the place of the old one. Raises `NotFound`, `InvalidRequest`."""
        before = self.get(number)
        _checked(text, stance, pieces)
        changed = self.label(text, stance, pieces, by=by, source=before.source)
        if changed.text != before.text:
            self.stores.evaluations.delete(number)
        return changed

    def delete(self, number: int, *, by: User) -> None:
        """Delete one. Raises `NotFound`."""
        before = self.get(number)
        if not self.stores.evaluations.delete(number):
            raise NotFound(f"no labelled request has the number {number}")
        self._note("unlabel", before.text, by)

    def load(self, content: bytes, *, name: str, by: User) -> LabelsImported:
        """Import a file, TSV or JSON lines; what can be used is written in one step, rows with faults are left out.

        Raises `DataError` for the whole file.
        """
        found = label_files.read(content, name=name)
        written = self.stores.evaluations.label(found.requests, at=self.clock())
        if written:
            self._note("import-labels", name, by, written=written)
        return LabelsImported(written, found.faults)

    def runs(self, *, limit: int = 60) -> Sequence[EvaluationRun]:
        """Evaluations of all readers, the latest first."""
        return self.stores.evaluations.runs(limit=limit)

    def _note(self, action: str, subject: str, by: User, **details: object) -> None:
        self.stores.audit_log.add(by=by.id, action=action, subject=subject, details=details, at=self.clock())


def _checked(text: str, stance: str, pieces: str) -> LabelledRequest:
    try:
        return labelled(text, stance, pieces)
    except ValueError as error:
        field, _, fault = str(error).partition(": ")
        raise InvalidRequest({field: fault}) from None
