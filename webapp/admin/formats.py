"""Formatting of figures, times and durations on the administrators' pages."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from core.language import dates

MINUTE, HOUR, DAY = 60, 3600, 86_400
KILO = 1000
UNITS = ("B", "kB", "MB", "GB", "TB")
MAX_LIST = 6
"""Maximum number of list values shown; the rest is counted."""
MAX_TEXT = 300
NOTHING = "–"


def number(value: object) -> str:
    """Format a number with four significant digits, or a whole number; None is a dash."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return NOTHING if value is None else str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return NOTHING
    return f"{value:,}" if isinstance(value, int) else f"{int(value):,}" if value == int(value) else f"{value:,.4g}"


def signed(value: float | None) -> str:
    """Format a difference with its sign, so that it does not depend on colour."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return "±0" if not value else f"{'+' if value > 0 else '−'}{number(abs(value))}"


def share(value: object) -> str:
    """Format a share as a percentage."""
    known = isinstance(value, (int, float)) and math.isfinite(value)
    return f"{value:.1%}" if known else NOTHING


def size(value: float) -> str:
    """Format a number of bytes in a suitable unit."""
    for unit in UNITS[:-1]:
        if value < KILO:
            return f"{value:.3g} {unit}"
        value /= KILO
    return f"{value:.3g} {UNITS[-1]}"


def moment(at: datetime | None, zone: tzinfo = UTC) -> str:
    """Format a time, such as `21 Nov 2026, 17:10 UTC`."""
    return NOTHING if at is None else dates.moment(at, zone)


def lasted(began: datetime | None, ended: datetime | None) -> str:
    """Format the time between two moments, such as `1 h 05 min` or `42 s`."""
    if began is None or ended is None:
        return NOTHING
    return length((ended - began) / timedelta(seconds=1))


def length(seconds: float) -> str:
    """Format a duration in its two largest units."""
    if seconds < MINUTE:
        return f"{max(seconds, 0):.3g} s"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min {int(seconds % MINUTE):02} s"
    if seconds < DAY:
        return f"{int(seconds // HOUR)} h {int(seconds % HOUR // MINUTE):02} min"
    return f"{int(seconds // DAY)} d {int(seconds % DAY // HOUR)} h"


def slug(text: str) -> str:
    """Return a text as part of an HTML id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def rows(figures: Mapping[str, Any], *, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield nested figures as rows of a table, such as `gate.ndcg@10` and its value."""
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from rows(value, before=f"{before}{name}.")
        else:
            yield f"{before}{name}", text(value)


def text(value: object) -> str:
    """Format any JSON value, truncated."""
    if isinstance(value, (list, tuple)):
        shown = ", ".join(text(inner) for inner in value[:MAX_LIST])
        return f"{shown}, … ({len(value):,} in all)" if len(value) > MAX_LIST else shown or NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {text(inner)}" for name, inner in value.items())[:MAX_TEXT]
    words = number(value)
    return words if len(words) <= MAX_TEXT else f"{words[:MAX_TEXT]}…"
