"""Sentences that explain why a movie is trending. Pure."""

from __future__ import annotations

from core.trends import Origin, Trend, Window

NOTABLE = 1.5
"""Ratio to the usual figure from which the comparison is mentioned."""
MOST = 100.0
"""Ratios above this are shown as `more than`."""
HARDLY = 0.5
"""Usual weight below which no ratio is computed: less than one visit in two such windows."""
SPANS = {Window.DAY: "in the last day", Window.WEEK: "in the last week", Window.RISING: "in the last day"}


def why(trend: Trend, *, window: Window, origin: Origin) -> str:
    """Return `38 viewers showed interest in the last day, 4 times as much as usual.`"""
    users = f"{trend.users:,} viewer{'' if trend.users == 1 else 's'}"
    if origin is Origin.MOVIELENS:
        more = _times(trend) if window is Window.RISING else ""
        return f"Loved by {users} in MovieLens’ newest ratings{more}."
    return f"{users} showed interest {SPANS[window]}{_times(trend)}."


def _times(trend: Trend) -> str:
    if trend.usual < HARDLY:
        return ", and hardly anybody before"
    times = trend.recent / trend.usual
    if times < NOTABLE:
        return ""
    return f", {_number(min(times, MOST))} times as much as usual"


def _number(times: float) -> str:
    """Format a ratio: `more than 100`, `4`, `1.5`."""
    if times >= MOST:
        return f"more than {MOST:.0f}"
    return f"{times:.0f}" if times >= 3 or times == round(times) else f"{times:.1f}"  # noqa: PLR2004 - finer below 3
