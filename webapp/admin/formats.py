"""Figures, moments and lengths of time in words, as the pages of administrators say them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from core.language import dates

MINUTE, HOUR, DAY = 60, 3600, 86_400
KILO = 1000
UNITS = ("B", "kB", "MB", "GB", "TB")
MAX_LIST = 6
"""Values of a list that are shown; the rest is counted."""
MAX_TEXT = 300
NOTHING = "–"


def number(value: object) -> str:
    """A number with four significant digits, whole ones whole; a dash for what there is not."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return NOTHING if value is None else str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return NOTHING
    return f"{value:,}" if isinstance(value, int) else f"{int(value):,}" if value == int(value) else f"{value:,.4g}"


def signed(value: float | None) -> str:
    """A difference with its sign, which says more than colour."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return "±0" if not value else f"{'+' if value > 0 else '−'}{number(abs(value))}"


def share(value: object) -> str:
    """A share of 1 in percent."""
    known = isinstance(value, (int, float)) and math.isfinite(value)
    return f"{value:.1%}" if known else NOTHING


def size(value: float) -> str:
    """Bytes, in the unit that suits."""
    for unit in UNITS[:-1]:
        if value < KILO:
            return f"{value:.3g} {unit}"
        value /= KILO
    return f"{value:.3g} {UNITS[-1]}"


def moment(at: datetime | None) -> str:
    """`21 Nov 2026, 17:10 UTC`."""
    return NOTHING if at is None else dates.moment(at)


def lasted(began: datetime | None, ended: datetime | None) -> str:
    """How long something took: `1 h 05 min`, `42 s`."""
    if began is None or ended is None:
        return NOTHING
    return length((ended - began) / timedelta(seconds=1))


def length(seconds: float) -> str:
    """A length of time in its two greatest units."""
    if seconds < MINUTE:
        return f"{max(seconds, 0):.3g} s"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min {int(seconds % MINUTE):02} s"
    if seconds < DAY:
        return f"{int(seconds // HOUR)} h {int(seconds % HOUR // MINUTE):02} min"
    return f"{int(seconds // DAY)} d {int(seconds % DAY // HOUR)} h"


def slug(text: str) -> str:
    """A text as a part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def rows(figures: Mapping[str, Any], *, before: str = "") -> Iterator[tuple[str, str]]:
    """Nested figures as lines of a table: `gate.ndcg@10` and its value."""
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from rows(value, before=f"{before}{name}.")
        else:
            yield f"{before}{name}", text(value)


def text(value: object) -> str:
    """Any JSON value, shortened."""
    if isinstance(value, (list, tuple)):
        shown = ", ".join(text(inner) for inner in value[:MAX_LIST])
        return f"{shown}, … ({len(value):,} in all)" if len(value) > MAX_LIST else shown or NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {text(inner)}" for name, inner in value.items())[:MAX_TEXT]
    words = number(value)
    return words if len(words) <= MAX_TEXT else f"{words[:MAX_TEXT]}…"
