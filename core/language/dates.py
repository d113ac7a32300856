"""Dates in English, independent of the process's locale."""

from __future__ import annotations

from datetime import UTC, datetime

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


def day(at: datetime) -> str:
    """Return the date in UTC: `3 March 2026`."""
    at = at.astimezone(UTC)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def moment(at: datetime) -> str:
    """Return date and time in UTC: `3 Mar 2026, 17:10 UTC`."""
    at = at.astimezone(UTC)
    return f"{at.day} {MONTHS[at.month - 1][:SHORT]} {at.year}, {at.hour:02}:{at.minute:02} UTC"
