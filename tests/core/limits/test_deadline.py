"""The budget of a request: what is left of it, for whoever waits."""

from __future__ import annotations

import time

import pytest

from core.errors import DeadlineExceeded, SearchUnavailable
from core.limits import deadline

LONG = 1_000.0


def test_without_a_limit_everything_may_take_its_time() -> None:
    assert deadline.left() is None
    assert deadline.bounded(LONG) == LONG


def test_a_wait_is_cut_to_what_is_left() -> None:
    with deadline.until(time.monotonic() + LONG):
        assert deadline.bounded(3.0) == 3.0
        assert 0 < deadline.bounded(2 * LONG) <= LONG
    assert deadline.left() is None


def test_nothing_is_begun_once_the_time_is_used_up() -> None:
    with deadline.until(time.monotonic()):
        assert deadline.left() == 0.0
        with pytest.raises(DeadlineExceeded, match="MARQUEE_REQUEST_TIMEOUT"):
            deadline.bounded(3.0)


def test_work_for_all_requests_is_exempt_from_the_limit_of_the_one_that_begins_it() -> None:
    with deadline.until(time.monotonic()), deadline.until(None):
        assert deadline.bounded(LONG) == LONG


def test_a_request_that_takes_too_long_is_an_outage_of_search() -> None:
    assert issubclass(DeadlineExceeded, SearchUnavailable)
