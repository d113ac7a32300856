"""The stored form of a plan: a summary, then lines in compressed blocks, so that a page reads only its own lines."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, groupby
from typing import Final, Literal

from pydantic import TypeAdapter

from core.diary.lists import ListDetails
from core.diary.watches import WatchGoal
from engine.accounts.imports.records import EffectCounts, ImportLine, ImportPlan, SeriesCount

Part = Literal["matched", "unmatched", "skipped"]
MATCHED: Final = "matched"
UNMATCHED: Final = "unmatched"
SKIPPED: Final = "skipped"
BLOCK = 500
"""Lines of a block: larger ones are smaller in all, and a page whose lines are scattered has to unpack more."""
LEVEL = 3
"""The level of compression: 6 takes five times as long and saves a tenth."""
_MAGIC = b"MQ1\n"
_LENGTH = struct.Struct(">I")
_INITIALS = {MATCHED: "m", UNMATCHED: "u", SKIPPED: "s"}


@dataclass(frozen=True, slots=True)
class RowCounts:
    """The number of lines of each part of a plan."""

    matched: int
    unmatched: int
    skipped: int


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan without its lines, and what it adds to the diary in a known state."""

    kind: str
    bad: tuple[str, ...]
    tagged: int
    series: SeriesCount
    lists: tuple[ListDetails, ...]
    shortened: int
    effects: EffectCounts
    state: str
    """The state of the diary for which the effects were counted."""
    parts: str
    """The part of each line: `m` matched, `u` unmatched, `s` skipped."""
    goals: tuple[WatchGoal, ...] = ()
    blocks: tuple[int, ...] = ()
    """The size of each block of lines in bytes."""

    @property
    def rows(self) -> RowCounts:
        """The number of lines of each part."""
        return RowCounts(*(self.parts.count(_INITIALS[part]) for part in (MATCHED, UNMATCHED, SKIPPED)))


_SUMMARY, _LINE, _LINES = TypeAdapter(PlanSummary), TypeAdapter(ImportLine), TypeAdapter(tuple[ImportLine, ...])


def summary(plan: ImportPlan, effects: EffectCounts, state: str) -> PlanSummary:
    """Return the summary of a plan."""
    return PlanSummary(
        plan.kind, plan.bad, plan.tagged, plan.series, plan.lists, plan.shortened, effects, state,
        "".join(map(_initial, plan.lines)), plan.goals,
    )  # fmt: skip


def pack(plan: ImportPlan, effects: EffectCounts, state: str) -> bytes:
    """Return the stored form of a plan whose effects were counted for a state of the diary."""
    lines = [_LINE.dump_json(line, exclude_defaults=True) for line in plan.lines]
    blocks = [zlib.compress(b"\n".join(lines[at : at + BLOCK]), LEVEL) for at in range(0, len(lines), BLOCK)]
    about = replace(summary(plan, effects, state), blocks=tuple(map(len, blocks)))
    head = zlib.compress(_SUMMARY.dump_json(about), LEVEL)
    return b"".join((_MAGIC, _LENGTH.pack(len(head)), head, *blocks))


@dataclass(frozen=True)
class StoredPlan:
    """A plan in its stored form, of which parts are read."""

    content: bytes

    @property
    def readable(self) -> bool:
        """Whether the plan has this form; an earlier Marquee may have stored another one."""
        return self.content.startswith(_MAGIC)

    @cached_property
    def summary(self) -> PlanSummary:
        """The plan without its lines."""
        return _SUMMARY.validate_json(zlib.decompress(self.content[len(_MAGIC) + _LENGTH.size : self._first]))

    def plan(self) -> ImportPlan:
        """Return the whole plan."""
        about = self.summary
        texts = [text for block in range(len(about.blocks)) for text in self._block(block)]
        lines = _LINES.validate_json(b"[" + b",".join(texts) + b"]")
        return ImportPlan(
            about.kind, lines, about.bad, about.tagged, about.series, about.lists, about.shortened, about.goals
        )

    def lines(self, part: Part | None, *, first: int, size: int) -> tuple[ImportLine, ...]:
        """Return `size` lines of a part (None: of all lines) from the `first` one on, counted from 0."""
        parts = self.summary.parts
        if part is None:
            return self._at(range(first, min(first + size, len(parts))))
        initial = _INITIALS[part]
        return self._at([place for place, own in enumerate(parts) if own == initial][first : first + size])

    def _at(self, places: Sequence[int]) -> tuple[ImportLine, ...]:
        return tuple(
            _LINE.validate_json(texts[place % BLOCK])
            for texts, own in self._by_block(places)
            for place in own
        )  # fmt: skip

    def _by_block(self, places: Sequence[int]) -> Iterator[tuple[list[bytes], Iterator[int]]]:
        for block, own in groupby(places, lambda place: place // BLOCK):
            yield self._block(block), own

    def _block(self, block: int) -> list[bytes]:
        start, end = (self._first + self._offsets[at] for at in (block, block + 1))
        return zlib.decompress(self.content[start:end]).split(b"\n")

    @property
    def _first(self) -> int:
        """The place of the first block."""
        start = len(_MAGIC) + _LENGTH.size
        return start + int(_LENGTH.unpack(self.content[len(_MAGIC) : start])[0])

    @cached_property
    def _offsets(self) -> list[int]:
        return list(accumulate(self.summary.blocks, initial=0))


def _initial(line: ImportLine) -> str:
    if line.skipped:
        return _INITIALS[SKIPPED]
    return _INITIALS[UNMATCHED if line.movie is None else MATCHED]
