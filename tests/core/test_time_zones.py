"""Days in time zones: the zone decides, never the machine's."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import dates, time_zones

AUCKLAND, LOS_ANGELES = time_zones.zone("Pacific/Auckland"), time_zones.zone("America/Los_Angeles")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ZONES = st.sampled_from([name for names in time_zones.by_region().values() for name in names]).map(time_zones.zone)


@pytest.fixture(autouse=True, params=["UTC", "America/Los_Angeles", "Pacific/Auckland", "Australia/Lord_Howe"])
def _machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The time zone of the machine."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_two_users_see_different_days_at_the_same_moment() -> None:
    at = datetime(2026, 3, 3, 11, 30, tzinfo=UTC)
    assert time_zones.day(at, AUCKLAND) == date(2026, 3, 4)
    assert time_zones.day(at, UTC) == time_zones.day(at, LOS_ANGELES) == date(2026, 3, 3)
    assert dates.moment(at, AUCKLAND) == "4 Mar 2026, 00:30 NZDT"
    assert dates.moment(at, LOS_ANGELES) == "3 Mar 2026, 03:30 PST"


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("America/Los_Angeles", date(2028, 2, 29), datetime(2028, 2, 29, 8, tzinfo=UTC)),
        ("Pacific/Auckland", date(2028, 2, 29), datetime(2028, 2, 28, 11, tzinfo=UTC)),
        ("America/Los_Angeles", date(2027, 3, 15), datetime(2027, 3, 15, 7, tzinfo=UTC)),
        ("Pacific/Auckland", date(2027, 4, 5), datetime(2027, 4, 4, 12, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),
    ],
    ids=["a leap day", "a leap day", "clocks went forward", "clocks went back", "the clocks skip midnight"],
)
def test_a_day_begins_at_its_midnight(zone: str, day: date, begins: datetime) -> None:
    here = time_zones.zone(zone)
    assert time_zones.start(day, here) == begins
    assert time_zones.day(begins, here) == day
    assert time_zones.day(begins - timedelta(microseconds=1), here) == day - timedelta(days=1)


def test_days_over_clock_changes_have_23_and_25_hours() -> None:
    forward = time_zones.starts(date(2027, 3, 15), 3, LOS_ANGELES)
    back = time_zones.starts(date(2027, 11, 8), 3, LOS_ANGELES)
    assert [(end - start) / HOUR for start, end in itertools.pairwise(forward)] == [24, 23]
    assert [(end - start) / HOUR for start, end in itertools.pairwise(back)] == [24, 25]


@given(zone=ZONES, on=st.dates(date(1971, 1, 2), date(2199, 12, 31)))
def test_a_day_that_was_imported_is_shown_as_the_same_day(zone: tzinfo, on: date) -> None:
    shown = time_zones.day(time_zones.start(on, zone), zone)
    assert shown in (on, on + timedelta(days=1))  # the second for days that a zone left out
    if shown != on:
        assert time_zones.start(on, zone) == time_zones.start(shown, zone)


@given(zone=ZONES, at=st.datetimes(timezones=st.just(UTC)))
def test_every_time_has_a_day_and_a_label(zone: tzinfo, at: datetime) -> None:
    assert abs((time_zones.day(at, zone) - at.date()).days) <= 1
    assert time_zones.label(at, zone)


def test_a_zone_without_an_abbreviation_is_labelled_by_its_difference_from_utc() -> None:
    assert dates.moment(datetime(2026, 3, 3, 2, tzinfo=UTC), time_zones.zone("America/Sao_Paulo")) == (
        "2 Mar 2026, 23:00 UTC-03"
    )


@pytest.mark.parametrize("name", ["UTC", "Europe/Madrid", "Pacific/Chatham", "America/Argentina/Ushuaia"])
def test_names_of_the_time_zone_database_are_known(name: str) -> None:
    assert time_zones.check(name) == name


@pytest.mark.parametrize(
    "name", ["", "localtime", "Mars/Base", "europe/madrid", "../etc/passwd", "/etc/passwd", "CEST", "UTC+2", "a\0b"]
)
def test_other_names_are_refused_with_an_example(name: str) -> None:
    with pytest.raises(ValueError, match="IANA name of a time zone, as in Europe/Madrid"):
        time_zones.check(name)


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "a\0b", "Europe"])
def test_a_stored_name_that_this_machine_does_not_know_falls_back(name: str) -> None:
    assert time_zones.zone(name, AUCKLAND) is AUCKLAND
