"""Editing of labelled requests by administrators: validated before writing, with every change in the audit log."""

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
"""Sources of labelled requests."""


@dataclass(frozen=True, slots=True)
class LabelsImported:
    """The result of importing a file of labelled requests."""

    written: int
    faults: tuple[str, ...]
    """Errors of invalid rows, with file and row."""


@dataclass(frozen=True)
class Labelling:
    """Labelled requests and evaluations of query understanding, for administrators."""

    stores: Stores
    clock: Clock = now

    def labelled(self) -> Sequence[LabelledRequest]:
        """Return all labelled requests, latest first."""
        return self.stores.evaluations.labelled()

    def get(self, number: int) -> LabelledRequest:
        """Return a labelled request. Raises `NotFound`."""
        return self.stores.evaluations.get(number)

    def label(self, text: str, query_type: str, pieces: str, *, by: User, source: str = FORM) -> LabelledRequest:
        """Add a request or replace the one with the same text. Raises `InvalidRequest` (with the invalid field)."""
        request = replace(_checked(text, query_type, pieces), source=source)
        self.stores.evaluations.label([request], at=self.clock())
        self._audit("label", request.text, by, pieces=request.written)
        return next(stored for stored in self.labelled() if stored.text == request.text)

    def edit(self, number: int, text: str, query_type: str, pieces: str, *, by: User) -> LabelledRequest:
        """Change a request; a new text replaces the old one. Raises `NotFound`, `InvalidRequest`."""
        before = self.get(number)
        _checked(text, query_type, pieces)
        changed = self.label(text, query_type, pieces, by=by, source=before.source)
        if changed.text != before.text:
            self.stores.evaluations.delete(number)
        return changed

    def delete(self, number: int, *, by: User) -> None:
        """Delete a request. Raises `NotFound`."""
        before = self.get(number)
        if not self.stores.evaluations.delete(number):
            raise NotFound(f"no labelled request has the number {number}")
        self._audit("unlabel", before.text, by)

    def load(self, content: bytes, *, name: str, by: User) -> LabelsImported:
        """Import a TSV or JSON lines file; valid rows are written in one step, invalid ones are skipped.

        Raises `DataError` if the whole file is invalid.
        """
        found = label_files.read(content, name=name)
        written = self.stores.evaluations.label(found.requests, at=self.clock())
        if written:
            self._audit("import-labels", name, by, written=written)
        return LabelsImported(written, found.faults)

    def runs(self, *, limit: int = 60) -> Sequence[EvaluationRun]:
        """Return the evaluations of all readers, latest first."""
        return self.stores.evaluations.runs(limit=limit)

    def _audit(self, action: str, subject: str, by: User, **details: object) -> None:
        self.stores.audit_log.add(by=by.id, action=action, subject=subject, details=details, at=self.clock())


def _checked(text: str, query_type: str, pieces: str) -> LabelledRequest:
    try:
        return labelled(text, query_type, pieces)
    except ValueError as error:
        field, _, fault = str(error).partition(": ")
        raise InvalidRequest({field: fault}) from None
