"""The time that the stages of a request take."""

from __future__ import annotations

import time

import pytest

from engine import request_scope


@request_scope.stage("inner")
def inner() -> None:
    """Take three seconds."""
    time.perf_counter()


def test_a_stage_within_another_one_interrupts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 1.0, 2.0, 4.0, 9.0])  # outer begins, inner begins, inner works, inner ends, outer ends
    monkeypatch.setattr(request_scope.time, "perf_counter", lambda: next(times))
    request_scope.begin()
    with request_scope.stage("outer"):
        inner()
    assert request_scope.stages() == {"outer": 6.0, "inner": 3.0}
    request_scope.end()


def test_nothing_is_counted_outside_of_requests() -> None:
    inner()
    assert request_scope.stages() == {}
