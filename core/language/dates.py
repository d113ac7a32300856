"""Dates in English, independent of the process's locale."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from core.language import time_zones

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHORT = 3
"""Letters of an abbreviated month."""


def day(at: datetime, zone: tzinfo = UTC) -> str:
    """Return the date in a time zone: `3 March 2026`."""
    at = time_zones.local(at, zone)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def moment(at: datetime, zone: tzinfo = UTC) -> str:
    """Return date and time in a time zone, with its abbreviation: `3 Mar 2026, 17:10 UTC`."""
    at = time_zones.local(at, zone)
    label = time_zones.label(at, zone)
    return f"{at.day} {MONTHS[at.month - 1][:SHORT]} {at.year}, {at.hour:02}:{at.minute:02} {label}"
