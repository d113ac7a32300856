"""Names of versions: alphabetical order is chronological, whatever the clock does."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.registry import version_ids

MOMENTS = st.integers(0, 10**9).map(lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds / 7))


@given(moments=st.lists(MOMENTS, min_size=2, max_size=12))
def test_versions_are_in_order_even_if_the_clock_goes_back(moments: list[datetime]) -> None:
    first, other = version_ids.Naming(), version_ids.Naming()
    made: list[str] = []
    for number, moment in enumerate(moments):
        made.append((other if number % 3 else first).new(made, now=moment))
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(version_ids.safe(name) for name in made)


@given(moment=MOMENTS, later=st.integers(0, 1000))
def test_a_new_version_sorts_after_all_existing_ones(moment: datetime, later: int) -> None:
    others = [(moment + timedelta(microseconds=number)).strftime(version_ids.FORM) + "-ffff" for number in range(3)]
    name = version_ids.Naming().new(
        [*others, "v1", "not a moment"], now=moment + timedelta(microseconds=later) - timedelta(days=400)
    )
    assert name > max(others)


@given(moment=MOMENTS)
def test_the_name_contains_the_time(moment: datetime) -> None:
    assert version_ids.moment(moment.strftime(version_ids.FORM)) == moment


@pytest.mark.parametrize("name", ["v1", "", "20261399-000000-000000", "20261121"])
def test_other_names_contain_no_time(name: str) -> None:
    assert version_ids.moment(name) is None


def test_many_in_the_same_microsecond_differ() -> None:
    now = datetime(2110, 1, 1, tzinfo=UTC)
    naming = version_ids.Naming()
    made = [naming.new(now=now) for _ in range(500)]
    assert made == sorted(set(made))


def _make(_number: int) -> str:
    return version_ids.Naming().new(now=datetime(2120, 1, 1, tzinfo=UTC))


def test_two_processes_in_the_same_microsecond_differ_by_random_digits() -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        first, second = pool.map(_make, range(2), chunksize=1)
    assert first != second
