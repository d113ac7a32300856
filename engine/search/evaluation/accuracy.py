"""How well a reader understands search texts: labelled requests against what was read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from core import texts
from core.evaluation import Expected, Label, LabelledRequest
from core.understanding import Piece, PieceKind, Stance, Understanding

MAX_FAILURES = 200
"""Failures that a report keeps: more than anybody reads, and a bound on what is stored."""
RUNTIME_SLACK = 15
"""Minutes by which *short* or *about 80 minutes* may be read differently."""
YEAR_SLACK = 1
"""In descriptions and memories: people misremember a year by one."""
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
"""Kinds whose values are names, which readers may spell in full or in short."""
PLURALS = {"genres": "genre", "moods": "mood", "languages": "language", "countries": "country", "people": "person"}
ALL, WHOLE, STANCE = "all", "whole", "stance"
ANY = "any"
GOOD, BAD = "good", "bad"
NEW, OLD = "new", "old"
EITHER = "|"
"""Between values of a piece of which any will do."""
NOT_IN = "!"
"""Before the code of a language that results must not have."""

_NUMBERS = re.compile(r"\d+")


class Reader(Protocol):
    """Whoever reads search texts."""

    @property
    def name(self) -> str:
        """`rules`, or the name of a language model."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the reader may read differently."""
        ...

    def read(self, text: str) -> Understanding | None:
        """What the text asks for; None where this reader has no answer."""
        ...


@dataclass(slots=True)
class Tally:
    """Pieces that were expected and read, expected only, and read only."""

    right: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.right + self.missed + self.wrong

    @property
    def accuracy(self) -> float | None:
        """Share that is right; None where there is nothing to judge."""
        return self.right / self.total if self.total else None

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        share = self.accuracy
        return {
            "right": self.right,
            "missed": self.missed,
            "wrong": self.wrong,
            "accuracy": None if share is None else round(share, 4),
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """One request: what was read of it, against what was expected."""

    request: LabelledRequest
    stance: Stance | None
    """How the text was taken; None where the reader gave no answer."""
    right: tuple[Label, ...] = ()
    missed: tuple[Label, ...] = ()
    wrong: tuple[Label, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything was understood."""
        return not self.missed and not self.wrong

    def plain(self) -> dict[str, Any]:
        """A failure as JSON values."""
        return {
            "text": self.request.text,
            "expected_stance": self.request.stance.value,
            "stance": self.stance.value if self.stance else "",
            "missed": [str(label) for label in self.missed],
            "wrong": [str(label) for label in self.wrong],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What came of all requests."""

    reader: str
    version: str
    kinds: Mapping[str, Tally]
    moods: Mapping[str, Tally]
    stances: Mapping[str, Tally]
    compared: tuple[Compared, ...] = field(repr=False, default=())

    @property
    def requests(self) -> int:
        """How many requests were read."""
        return len(self.compared)

    @property
    def answered(self) -> int:
        """Requests that the reader had an answer to."""
        return sum(one.stance is not None for one in self.compared)

    @property
    def whole(self) -> Tally:
        """Requests of which everything was understood, and those of which not."""
        right = sum(one.whole for one in self.compared)
        return Tally(right, self.requests - right)

    @property
    def all(self) -> Tally:
        """All pieces of all kinds."""
        return _sum(self.kinds.values())

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Requests that were not wholly understood."""
        return [one.plain() for one in self.compared if not one.whole][:MAX_FAILURES]

    def accuracy(self, name: str) -> float | None:
        """The accuracy of a kind (`genre`, `genres`), of `all` pieces, `whole` requests, or the `stance`."""
        whole = {ALL: self.all, WHOLE: self.whole, STANCE: _sum(self.stances.values())}
        found = whole.get(name) or self.kinds.get(PLURALS.get(name, name))
        return found.accuracy if found else None

    def plain(self) -> dict[str, Any]:
        """The tallies as JSON values."""
        return {
            ALL: self.all.plain(),
            WHOLE: self.whole.plain(),
            "kinds": {name: tally.plain() for name, tally in self.kinds.items()},
            "moods": {name: tally.plain() for name, tally in self.moods.items()},
            "stances": {name: tally.plain() for name, tally in self.stances.items()},
        }


def evaluate(reader: Reader, requests: Iterable[LabelledRequest]) -> Report:
    """Let a reader read every request, and count."""
    return report(reader, [compare(request, reader.read(request.text)) for request in requests])


def report(reader: Reader, compared: Sequence[Compared]) -> Report:
    """Count what was compared, by kind, by mood and by stance."""
    kinds: dict[str, Tally] = {}
    moods: dict[str, Tally] = {}
    stances: dict[str, Tally] = {}
    for one in compared:
        for outcome in ("right", "missed", "wrong"):
            for label in getattr(one, outcome):
                _count(kinds, label.kind.value, outcome)
                if label.kind is PieceKind.MOOD:
                    _count(moods, label.value, outcome)
        _count(stances, one.request.stance.value, "right" if one.stance is one.request.stance else "missed")
    kinds, moods, stances = (dict(sorted(counted.items())) for counted in (kinds, moods, stances))
    return Report(reader.name, reader.version, kinds, moods, stances, tuple(compared))


def compare(request: LabelledRequest, read: Understanding | None) -> Compared:
    """One request against what was read of it; a piece is right once."""
    left = _distinct(read.pieces) if read else []
    slack = YEAR_SLACK if request.stance in (Stance.DESCRIPTION, Stance.MEMORY) else 0
    right: list[Label] = []
    missed: list[Label] = []
    for expected in sorted(request.expected, key=lambda one: one.optional):
        found = next((piece for piece in left if matches(expected, piece, year_slack=slack)), None)
        if found is not None:
            left.remove(found)
        if not expected.optional:
            (missed if found is None else right).append(expected.label)
    wrong = tuple(_label(piece) for piece in left if not _is_subgenre(piece))
    return Compared(request, read.stance if read else None, tuple(right), tuple(missed), wrong)


def matches(expected: Expected, piece: Piece, *, year_slack: int = 0) -> bool:
    """Whether a piece is any of the alternatives."""
    return any(_is(label, piece, year_slack) for label in expected.alternatives)


def requirements(written: str) -> dict[str, float]:
    """`moods=0.9,years=0.98` as thresholds by name.

    Raises:
        ValueError: names what cannot be read.
    """
    known = {*(kind.value for kind in PieceKind), *PLURALS, ALL, WHOLE, STANCE}
    found = {}
    for part in filter(None, (part.strip() for part in written.split(","))):
        name, _, least = part.partition("=")
        if name not in known:
            raise ValueError(f"no figure {name!r}; there are {', '.join(sorted(known))}")
        found[name] = _share(least, part)
    return found


def shortfalls(found: Report, required: Mapping[str, float]) -> list[str]:
    """The figures below what is required, in words. A figure that nothing was measured for is short too."""
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
    """The pieces, each once; one with several values, `Drama|Thriller`, is several."""
    single = (replace(piece, value=value) for piece in pieces for value in piece.value.split(EITHER))
    return list({piece.key: piece for piece in map(_plain, single)}.values())


def _plain(piece: Piece) -> Piece:
    """`language:!en` as `not-language:en`."""
    if piece.kind is not PieceKind.LANGUAGE or not piece.value.startswith(NOT_IN):
        return piece
    return replace(piece, value=piece.value.removeprefix(NOT_IN), wanted=not piece.wanted)


def _is_subgenre(piece: Piece) -> bool:
    """Subgenres have names in small letters, genres of the catalogue have capitals."""
    return piece.kind is PieceKind.GENRE and piece.value.islower()


def _age(written: str) -> str:
    """*New* or *old*, from the open end of a span, or as written."""
    if written.startswith("-") or written.endswith("-"):
        return OLD if written.startswith("-") else NEW
    return NEW if written == "recent" else written


def _names(piece: Piece) -> tuple[str, ...]:
    return (piece.value, piece.label, *piece.names)


def _same(first: str, second: str) -> bool:
    """Whether one name contains the other, word by word."""
    one, other = f" {texts.fold(first)} ", f" {texts.fold(second)} "
    return bool(one.strip() and other.strip()) and (one in other or other in one)


def _span(written: str) -> tuple[int, int]:
    """`1990-1999`, `-1969` and `2011-` as first and last year; years beyond the bounds are open ends."""
    first, _, last = written.partition("-")
    low, high = _int(first, OPEN_BEFORE), _int(last, OPEN_AFTER) if "-" in written else _int(first, OPEN_AFTER)
    return max(low, OPEN_BEFORE), min(high, OPEN_AFTER)


def _minutes(written: str) -> tuple[int, int]:
    """`<=90`, `>=150` and `70-90` as bounds."""
    numbers = [int(number) for number in _NUMBERS.findall(written)] or [0]
    if written.startswith("<"):
        return 0, numbers[0]
    return (numbers[0], 10_000) if written.startswith(">") else (numbers[0], numbers[-1])


def _int(written: str, default: int) -> int:
    return int(written) if written.strip().isdecimal() else default


def _near(first: tuple[int, int], second: tuple[int, int], *, slack: int) -> bool:
    return all(abs(one - other) <= slack for one, other in zip(first, second, strict=True))


def _label(piece: Piece) -> Label:
    """A piece that nobody expected, named as labels are; its words where its value is a number of the catalogue."""
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
