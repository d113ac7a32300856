"""Dates in English."""

from __future__ import annotations

import locale
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from core.language import dates

AUCKLAND = timezone(timedelta(hours=13))


@pytest.fixture(autouse=True)
def _locale_of_the_environment() -> Iterator[None]:
    """What an embedding web server may set; German with the first clock of `make test-clocks`."""
    before = locale.setlocale(locale.LC_TIME)
    locale.setlocale(locale.LC_TIME, "")
    yield
    locale.setlocale(locale.LC_TIME, before)


def test_months_are_english_in_any_locale() -> None:
    days = [dates.day(datetime(2026, month, 3, tzinfo=UTC)) for month in range(1, 13)]
    assert days == [
        f"3 {name} 2026"
        for name in ("January February March April May June July August September October November December".split())
    ]


def test_a_leap_day_is_formatted() -> None:
    assert dates.day(datetime(2028, 2, 29, tzinfo=UTC)) == "29 February 2028"


def test_a_day_is_given_in_utc() -> None:
    assert dates.day(datetime(2028, 3, 1, 9, tzinfo=AUCKLAND)) == "29 February 2028"


def test_a_moment_includes_its_time_zone() -> None:
    assert dates.moment(datetime(2026, 3, 4, 6, 5, tzinfo=AUCKLAND)) == "3 Mar 2026, 17:05 UTC"
