"""Time zones, by their IANA names, and the days in them. Pure; the time zone of the machine never matters.

Times are stored in UTC. The zone of a user, or of the site where there is no user, decides which day a time falls on.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

DEFAULT = "UTC"
EXPECTED = f"expected the IANA name of a time zone, as in Europe/Madrid or {DEFAULT}"
OF_MACHINES = frozenset(("localtime", "posixrules", "Factory"))
"""Names that some machines have in their folder of time zones, but that name no zone."""
REGIONS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)
"""First parts of the names of places; all other names are for programs or kept for compatibility."""

RECENT_DAYS = 4_096
"""Days whose start is remembered: an import asks for the same ones again and again."""


def check(name: str) -> str:
    """Return `name` if it is the IANA name of a time zone; raise `ValueError` otherwise."""
    if not is_known(name):
        raise ValueError(EXPECTED)
    return name


def is_known(name: str) -> bool:
    """Whether `name` is the IANA name of a time zone."""
    return name == DEFAULT or name in _names()


def zone(name: str, default: tzinfo = UTC) -> tzinfo:
    """Return the time zone of a name; `default` if it is empty or this machine does not know it."""
    try:
        return ZoneInfo(name) if name else default
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return default


def by_region() -> Mapping[str, Sequence[str]]:
    """Return the names of the zones of places by region, both in alphabetical order."""
    found: dict[str, list[str]] = {}
    for name in sorted(_names()):
        region = name.partition("/")[0]
        if region in REGIONS:
            found.setdefault(region, []).append(name)
    return found


def local(at: datetime, zone: tzinfo) -> datetime:
    """Return a time in a time zone; unchanged at the ends of the calendar, beyond which there are no dates."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at


def day(at: datetime, zone: tzinfo) -> date:
    """Return the day of a time in a time zone."""
    return local(at, zone).date()


@lru_cache(RECENT_DAYS)
def start(day: date, zone: tzinfo) -> datetime:
    """Return when a day begins in a time zone, in UTC: at midnight, or later where the clocks skip it."""
    return local(datetime.combine(day, time(), zone), UTC).replace(tzinfo=UTC)


def starts(last: date, days: int, zone: tzinfo) -> list[datetime]:
    """Return when each of `days` days up to `last` begins, oldest first; a day may have 23 or 25 hours."""
    return [start(last - timedelta(days=back), zone) for back in reversed(range(days))]


def label(at: datetime, zone: tzinfo) -> str:
    """Return the abbreviation of a zone at a time (`CEST`), or its difference from UTC if it has none (`UTC-03`)."""
    name = local(at, zone).tzname() or ""
    return f"UTC{name}" if name.startswith(("+", "-")) else name


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones()) - OF_MACHINES
