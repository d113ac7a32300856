"""Accuracy of query understanding: labelled requests compared with what a reader understood. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from core import texts
from core.evaluation import Expected, Label, LabelledRequest
from core.understanding import Piece, PieceKind, QueryType, Understanding

MAX_FAILURES = 200
"""Maximum number of failures stored in a report."""
RUNTIME_SLACK = 15
"""Tolerance in minutes for *short* or *about 80 minutes*."""
YEAR_SLACK = 1
"""Tolerance in years for descriptions and memories: years are often misremembered by one."""
OPEN_BEFORE, OPEN_AFTER = 1900, 2025
"""A span that begins or ends beyond these is open at that end."""
NAMED = frozenset(
    {
        PieceKind.PERSON,
        PieceKind.STUDIO,
        PieceKind.COLLECTION,
        PieceKind.TITLE,
        PieceKind.LIKE,
        PieceKind.ROLE,
        PieceKind.PHRASE,
        PieceKind.COUNTRY,
        PieceKind.BASED_ON,
        PieceKind.AWARD,
        PieceKind.PART,
    }
)
"""Kinds whose values are names, which readers may spell out or shorten."""
PLURALS = {"genres": "genre", "moods": "mood", "languages": "language", "countries": "country", "people": "person"}
ALL, WHOLE, QUERY_TYPE = "all", "whole", "query_type"
ANY = "any"
GOOD, BAD = "good", "bad"
NEW, OLD = "new", "old"
EITHER = "|"
"""Separates alternative values of a piece."""
NOT_IN = "!"
"""Precedes the code of a language that results must not have."""

_NUMBERS = re.compile(r"\d+")


class Reader(Protocol):
    """A reader of search texts."""

    @property
    def name(self) -> str:
        """Return `rules` or the name of a language model."""
        ...

    @property
    def version(self) -> str:
        """Return a version that changes whenever the reader may understand texts differently."""
        ...

    def read(self, text: str) -> Understanding | None:
        """Return what the text asks for; None if the reader has no answer."""
        ...


@dataclass(slots=True)
class Tally:
    """Counts of pieces that were expected and read, only expected, and only read."""

    right: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def total(self) -> int:
        """Return the number of all pieces."""
        return self.right + self.missed + self.wrong

    @property
    def accuracy(self) -> float | None:
        """Return the share of right pieces; None if there are no pieces."""
        return self.right / self.total if self.total else None

    def plain(self) -> dict[str, Any]:
        """Return the counts and the accuracy as JSON values."""
        share = self.accuracy
        return {
            "right": self.right,
            "missed": self.missed,
            "wrong": self.wrong,
            "accuracy": None if share is None else round(share, 4),
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison of one request with what was read."""

    request: LabelledRequest
    query_type: QueryType | None
    """The query type that was read; None if the reader gave no answer."""
    right: tuple[Label, ...] = ()
    missed: tuple[Label, ...] = ()
    wrong: tuple[Label, ...] = ()

    @property
    def whole(self) -> bool:
        """Return whether everything was understood."""
        return not self.missed and not self.wrong

    def plain(self) -> dict[str, Any]:
        """Return a failure as JSON values."""
        return {
            "text": self.request.text,
            "expected_query_type": self.request.query_type.value,
            "query_type": self.query_type.value if self.query_type else "",
            "missed": [str(label) for label in self.missed],
            "wrong": [str(label) for label in self.wrong],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The results for all requests."""

    reader: str
    version: str
    kinds: Mapping[str, Tally]
    moods: Mapping[str, Tally]
    query_types: Mapping[str, Tally]
    compared: tuple[Compared, ...] = field(repr=False, default=())

    @property
    def requests(self) -> int:
        """Return the number of requests read."""
        return len(self.compared)

    @property
    def answered(self) -> int:
        """Return the number of requests that the reader answered."""
        return sum(one.query_type is not None for one in self.compared)

    @property
    def whole(self) -> Tally:
        """Return the counts of requests that were fully understood and of those that were not."""
        right = sum(one.whole for one in self.compared)
        return Tally(right, self.requests - right)

    @property
    def all(self) -> Tally:
        """Return the counts over all kinds of pieces."""
        return _sum(self.kinds.values())

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Return the requests that were not fully understood."""
        return [one.plain() for one in self.compared if not one.whole][:MAX_FAILURES]

    def accuracy(self, name: str) -> float | None:
        """Return the accuracy of a kind (`genre`, `genres`), `all` pieces, `whole` requests, or the `query_type`."""
        whole = {ALL: self.all, WHOLE: self.whole, QUERY_TYPE: _sum(self.query_types.values())}
        found = whole.get(name) or self.kinds.get(PLURALS.get(name, name))
        return found.accuracy if found else None

    def plain(self) -> dict[str, Any]:
        """Return the tallies as JSON values."""
        return {
            ALL: self.all.plain(),
            WHOLE: self.whole.plain(),
            "kinds": {name: tally.plain() for name, tally in self.kinds.items()},
            "moods": {name: tally.plain() for name, tally in self.moods.items()},
            "query_types": {name: tally.plain() for name, tally in self.query_types.items()},
        }


def evaluate(reader: Reader, requests: Iterable[LabelledRequest]) -> Report:
    """Evaluate a reader on labelled requests."""
    return report(reader, [compare(request, reader.read(request.text)) for request in requests])


def report(reader: Reader, compared: Sequence[Compared]) -> Report:
    """Count the comparisons by kind, mood and query type."""
    kinds: dict[str, Tally] = {}
    moods: dict[str, Tally] = {}
    query_types: dict[str, Tally] = {}
    for one in compared:
        for outcome in ("right", "missed", "wrong"):
            for label in getattr(one, outcome):
                _count(kinds, label.kind.value, outcome)
                if label.kind is PieceKind.MOOD:
                    _count(moods, label.value, outcome)
        _count(
            query_types, one.request.query_type.value, "right" if one.query_type is one.request.query_type else "missed"
        )
    kinds, moods, query_types = (dict(sorted(counted.items())) for counted in (kinds, moods, query_types))
    return Report(reader.name, reader.version, kinds, moods, query_types, tuple(compared))


def compare(request: LabelledRequest, read: Understanding | None) -> Compared:
    """Compare a request with what was read; each piece matches at most one label."""
    left = _distinct(read.pieces) if read else []
    slack = YEAR_SLACK if request.query_type in (QueryType.DESCRIPTION, QueryType.MEMORY) else 0
    right: list[Label] = []
    missed: list[Label] = []
    for expected in sorted(request.expected, key=lambda one: one.optional):
        found = next((piece for piece in left if matches(expected, piece, year_slack=slack)), None)
        if found is not None:
            left.remove(found)
        if not expected.optional:
            (missed if found is None else right).append(expected.label)
    wrong = tuple(_label(piece) for piece in left if not _is_subgenre(piece))
    return Compared(request, read.query_type if read else None, tuple(right), tuple(missed), wrong)


def matches(expected: Expected, piece: Piece, *, year_slack: int = 0) -> bool:
    """Return whether a piece matches any of the alternatives."""
    return any(_is(label, piece, year_slack) for label in expected.alternatives)


def requirements(written: str) -> dict[str, float]:
    """Parse thresholds such as `moods=0.9,years=0.98`.

    Raises:
        ValueError: names the part that is not valid.
    """
    known = {*(kind.value for kind in PieceKind), *PLURALS, ALL, WHOLE, QUERY_TYPE}
    found = {}
    for part in filter(None, (part.strip() for part in written.split(","))):
        name, _, least = part.partition("=")
        if name not in known:
            raise ValueError(f"unknown figure {name!r}; expected one of {', '.join(sorted(known))}")
        found[name] = _share(least, part)
    return found


def shortfalls(found: Report, required: Mapping[str, float]) -> list[str]:
    """Describe the figures that are below their thresholds or were not measured."""
    measured = {name: found.accuracy(name) for name in required}
    return [
        f"{name}: {'not measured' if value is None else f'{value:.3f}'}, required {required[name]:.3f}"
        for name, value in measured.items()
        if value is None or value < required[name]
    ]


def _share(written: str, part: str) -> float:
    try:
        share = float(written)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError(f"expected name=share with a share from 0 to 1, got {part!r}")
    return share


def _is(label: Label, piece: Piece, year_slack: int) -> bool:
    if label.kind is not piece.kind or label.wanted is not piece.wanted:
        return False
    if label.role and label.role != piece.role:
        return False
    if label.kind is PieceKind.YEARS:
        return _near(_span(label.value), _span(piece.value), slack=year_slack)
    return _COMPARED.get(label.kind, _is_named if label.kind in NAMED else _is_same)(label, piece)


def _is_as_long(label: Label, piece: Piece) -> bool:
    return _near(_minutes(label.value), _minutes(piece.value), slack=RUNTIME_SLACK)


def _is_as_old(label: Label, piece: Piece) -> bool:
    return label.value == _age(piece.value)


def _is_as_good(label: Label, piece: Piece) -> bool:
    return piece.value != BAD if label.value == GOOD else _is_same(label, piece)


def _is_named(label: Label, piece: Piece) -> bool:
    return label.value == ANY or any(_same(label.value, name) for name in _names(piece))


def _is_same(label: Label, piece: Piece) -> bool:
    return texts.fold(label.value) == texts.fold(piece.value)


def _distinct(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the distinct pieces, splitting those with several values (`Drama|Thriller`)."""
    single = (replace(piece, value=value) for piece in pieces for value in piece.value.split(EITHER))
    return list({piece.key: piece for piece in map(_plain, single)}.values())


def _plain(piece: Piece) -> Piece:
    """Convert `language:!en` to `not-language:en`."""
    if piece.kind is not PieceKind.LANGUAGE or not piece.value.startswith(NOT_IN):
        return piece
    return replace(piece, value=piece.value.removeprefix(NOT_IN), wanted=not piece.wanted)


def _is_subgenre(piece: Piece) -> bool:
    """Return whether a piece is a subgenre: their names are in lower case, genres of the catalogue are capitalized."""
    return piece.kind is PieceKind.GENRE and piece.value.islower()


def _age(written: str) -> str:
    """Return *new* or *old* for a span with an open end, otherwise the value as written."""
    if written.startswith("-") or written.endswith("-"):
        return OLD if written.startswith("-") else NEW
    return NEW if written == "recent" else written


def _names(piece: Piece) -> tuple[str, ...]:
    return (piece.value, piece.label, *piece.names)


def _same(first: str, second: str) -> bool:
    """Return whether one name contains the other, word by word."""
    one, other = f" {texts.fold(first)} ", f" {texts.fold(second)} "
    return bool(one.strip() and other.strip()) and (one in other or other in one)


def _span(written: str) -> tuple[int, int]:
    """Parse `1990-1999`, `-1969` or `2011-` as first and last year, clamped to the bounds of open ends."""
    first, _, last = written.partition("-")
    low, high = _int(first, OPEN_BEFORE), _int(last, OPEN_AFTER) if "-" in written else _int(first, OPEN_AFTER)
    return max(low, OPEN_BEFORE), min(high, OPEN_AFTER)


def _minutes(written: str) -> tuple[int, int]:
    """Parse `<=90`, `>=150` or `70-90` as bounds."""
    numbers = [int(number) for number in _NUMBERS.findall(written)] or [0]
    if written.startswith("<"):
        return 0, numbers[0]
    return (numbers[0], 10_000) if written.startswith(">") else (numbers[0], numbers[-1])


def _int(written: str, default: int) -> int:
    return int(written) if written.strip().isdecimal() else default


def _near(first: tuple[int, int], second: tuple[int, int], *, slack: int) -> bool:
    return all(abs(one - other) <= slack for one, other in zip(first, second, strict=True))


def _label(piece: Piece) -> Label:
    """Return the label of an unexpected piece; its name if its value is an id of the catalogue."""
    named = piece.kind in NAMED and piece.label
    return Label(piece.kind, piece.label if named else piece.value, piece.wanted)


def _count(tallies: dict[str, Tally], name: str, outcome: str) -> None:
    tally = tallies.setdefault(name, Tally())
    setattr(tally, outcome, getattr(tally, outcome) + 1)


def _sum(tallies: Iterable[Tally]) -> Tally:
    every = list(tallies)
    return Tally(sum(t.right for t in every), sum(t.missed for t in every), sum(t.wrong for t in every))


_COMPARED = {
    PieceKind.RUNTIME: _is_as_long,
    PieceKind.RECENCY: _is_as_old,
    PieceKind.QUALITY: _is_as_good,
}
