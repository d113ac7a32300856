"""The stored form of a plan: any page of any plan is a slice of the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.diary.lists import ListDetails
from core.types import MovieId
from core.users import MarkKind
from engine.accounts.imports import stored_plans
from engine.accounts.imports.records import EffectCounts, ImportLine, ImportPlan, MatchedMovie, SeriesCount
from engine.accounts.imports.stored_plans import BLOCK, Part, StoredPlan

NOTE = st.text(max_size=20).map(lambda text: text.encode("utf-8", "ignore").decode())
MATCH = st.none() | st.builds(MatchedMovie, st.integers(1, 9).map(MovieId), NOTE, st.none() | st.integers(1900, 2020))
LINE = st.builds(
    ImportLine,
    row=st.integers(1, 99), title=NOTE, year=st.none() | st.integers(1900, 2020), movie=MATCH,
    stars=st.none() | st.sampled_from([0.5, 5.0]), mark=st.none() | st.sampled_from(MarkKind),
    at=st.none() | st.just(datetime(2024, 2, 29, 23, 59, tzinfo=UTC)), watched=st.none() | st.just(date(2024, 2, 29)),
    review=NOTE, note=st.just("one\ntwo") | NOTE, skipped=st.booleans(), list=st.none() | st.just(0),
)  # fmt: skip
PARTS: dict[Part | None, str] = {None: "lines", "matched": "matched", "unmatched": "unmatched", "skipped": "skipped"}


def plan(lines: tuple[ImportLine, ...]) -> ImportPlan:
    return ImportPlan("x", lines, ("x, row 2: bad",), 1, SeriesCount(2, 3), (ListDetails(name="Rain"),), 4)


@settings(max_examples=30, deadline=None)
@given(st.lists(LINE, max_size=12), st.integers(0, 14), st.integers(0, 14), st.sampled_from(sorted(PARTS, key=str)))
def test_a_page_of_any_part_is_a_slice_of_the_plan(
    lines: list[ImportLine], first: int, size: int, part: Part | None
) -> None:
    whole = plan(tuple(replace(line, number=number) for number, line in enumerate(lines, 1)))
    stored = StoredPlan(stored_plans.pack(whole, EffectCounts(movies=7), "state"))
    assert stored.plan() == whole
    assert stored.lines(part, first=first, size=size) == getattr(whole, PARTS[part])[first : first + size]
    rows = stored.summary.rows
    assert (rows.matched, rows.unmatched, rows.skipped) == tuple(
        len(each) for each in (whole.matched, whole.unmatched, whole.skipped)
    )


@pytest.mark.parametrize("first", [0, BLOCK - 2, BLOCK, 2 * BLOCK - 1, 2 * BLOCK + 4])
def test_pages_cross_the_blocks_in_which_lines_are_stored(first: int) -> None:
    line = ImportLine(row=1, title="Rain", year=1999, movie=None, stars=None, mark=None, at=None)
    whole = plan(tuple(replace(line, number=number) for number in range(1, 2 * BLOCK + 6)))
    stored = StoredPlan(stored_plans.pack(whole, EffectCounts(), ""))
    assert stored.lines("unmatched", first=first, size=4) == whole.lines[first : first + 4]


def test_a_page_unpacks_only_its_own_blocks() -> None:
    line = ImportLine(row=1, title="Rain", year=1999, movie=None, stars=None, mark=None, at=None)
    whole = plan(tuple(replace(line, number=number) for number in range(1, 2 * BLOCK + 6)))
    content = stored_plans.pack(whole, EffectCounts(), "")
    sizes = StoredPlan(content).summary.blocks
    damaged = content[: -sum(sizes[1:])] + b"?" * sum(sizes[1:])
    assert StoredPlan(damaged).lines(None, first=7, size=2) == whole.lines[7:9]
