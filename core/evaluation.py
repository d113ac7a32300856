"""Labelled requests and evaluation runs of readers of search texts. Immutable."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from core.understanding import PieceKind, QueryType

MAX_LABELLED_TEXT = 1_000
"""Maximum length of a labelled request; longer memories add nothing to the evaluation of a reader."""
MAX_LABELLED_PIECES = 1_000

_ALTERNATIVE = re.compile(r" or (?=(?:not-)?[a-z_]+:)")
_NOT = "not-"


class Split(StrEnum):
    """The two halves of a set of labelled requests."""

    TUNE = "tune"
    """May be inspected while rules, word lists or prompts are changed."""
    HELD_OUT = "held-out"
    """Used for reported figures."""


def split_of(text: str) -> Split:
    """Return the permanent half of a request, by a hash of its text."""
    return Split.HELD_OUT if hashlib.sha256(text.encode("utf-8", "replace")).digest()[0] % 2 else Split.TUNE


@dataclass(frozen=True, slots=True)
class Label:
    """One interpretation of a piece of a request."""

    kind: PieceKind
    value: str
    wanted: bool = True
    role: str = ""
    """For a person: `actor` or `director` if the text says so."""

    def __str__(self) -> str:
        role = f"@{self.role}" if self.role else ""
        return f"{'' if self.wanted else _NOT}{self.kind.value}:{self.value}{role}"


@dataclass(frozen=True, slots=True)
class Expected:
    """A piece that a reader should find, as any one of the alternatives."""

    alternatives: tuple[Label, ...]
    optional: bool = False
    """May be found or not; neither counts."""

    @property
    def label(self) -> Label:
        """The first alternative, under which the piece is counted."""
        return self.alternatives[0]


@dataclass(frozen=True, slots=True)
class LabelledRequest:
    """A search text with the pieces that a reader should find in it."""

    text: str
    query_type: QueryType
    expected: tuple[Expected, ...]
    written: str
    """The pieces as they were entered, for editing."""
    id: int = 0
    """Row id in the database; 0 if it is not stored there."""
    source: str = ""
    """Its origin: `file`, `form`, `search`."""
    at: datetime | None = None
    """Time of the last change."""

    @property
    def split(self) -> Split:
        """Its half of the data set."""
        return split_of(self.text)


def labelled(text: str, query_type: str, pieces: str) -> LabelledRequest:
    """Create a labelled request from entered text.

    Raises:
        ValueError: describes the fault and the expected value.
    """
    text = " ".join(text.split())
    if not text or len(text) > MAX_LABELLED_TEXT:
        raise ValueError(f"text: expected 1 to {MAX_LABELLED_TEXT:,} characters, got {len(text):,}")
    if query_type not in list(QueryType):
        raise ValueError(f"query_type: expected one of {', '.join(QueryType)}, got {query_type!r}")
    return LabelledRequest(text, QueryType(query_type), parse(pieces), " ".join(pieces.split()))


def parse(pieces: str) -> tuple[Expected, ...]:
    """Parse the notation of files and forms: `genre:Horror; not-mood:violent; ?years:1990-1999`.

    Raises:
        ValueError: names the invalid piece.
    """
    if len(pieces) > MAX_LABELLED_PIECES:
        raise ValueError(f"pieces: expected at most {MAX_LABELLED_PIECES:,} characters, got {len(pieces):,}")
    return tuple(_expected(part.strip()) for part in pieces.split(";") if part.strip())


def _expected(written: str) -> Expected:
    optional = written.startswith("?")
    alternatives = _ALTERNATIVE.split(written.removeprefix("?"))
    return Expected(tuple(_label(one.strip()) for one in alternatives), optional)


def _label(written: str) -> Label:
    kind, _, value = written.removeprefix(_NOT).partition(":")
    value, role = value.strip(), ""
    if kind not in list(PieceKind):
        raise ValueError(f"pieces: unknown kind {kind!r} in {written!r}; expected one of {', '.join(PieceKind)}")
    if kind == PieceKind.PERSON:
        value, _, role = value.partition("@")
    if not value:
        raise ValueError(f"pieces: {written!r} has no value; expected {kind}:value")
    return Label(PieceKind(kind), value.strip(), not written.startswith(_NOT), role)


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    """The accuracy of one version of a reader on the labelled requests."""

    at: datetime
    reader: str
    """`rules`, or the name of a language model."""
    version: str
    requests: int
    figures: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Tallies by kind, mood and query type, as plain JSON values (`engine.search.evaluation.accuracy.Report`)."""
    failures: Sequence[Mapping[str, Any]] = ()
    """Requests with errors: text, missed, wrong."""
    id: int = 0
