"""Results of the job `evaluate-online`: metrics over time, and the latest clicks by position, list and model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.language import time_zones
from engine.online.reports import OnlineFigures
from webapp.admin.api.serializers import plain
from webapp.admin.charts import Chart, Series

SHARES = {
    "click-through rate": "click_through",
    "successful sessions": "sessions",
    "rated 4 or more": "rated_well",
    "helpful": "helpful",
}
"""Label of each line, and the key of its figure."""
TABLES = {"Clicks by list": "by_list", "Clicks by model": "by_model"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of rates with counts and intervals."""

    title: str
    rows: tuple[Mapping[str, Any], ...]


def charts(found: OnlineFigures, *, zone: str = time_zones.DEFAULT) -> list[Chart]:
    """Return charts of the metrics over time and of the latest clicks by position; empty without measurements."""
    return [chart for chart in (_over_time(found, zone), _by_position(_clicks(found))) if chart.has_values]


def tables(found: OnlineFigures) -> list[Table]:
    """Return tables of the latest clicks by list and by model."""
    clicks = _clicks(found)
    tables = [Table(title, _rows(clicks.get(name))) for title, name in TABLES.items()]
    return [table for table in tables if table.rows]


def _over_time(found: OnlineFigures, zone: str) -> Chart:
    here = time_zones.zone(zone)
    times = tuple(at.timestamp() for at, _ in found.history)
    labels = tuple(f"{time_zones.local(at, here):%Y-%m-%d %H:%M}" for at, _ in found.history)
    lines = tuple(
        Series(line, tuple(_share(figures.get(name, {})) for _, figures in found.history))
        for line, name in SHARES.items()
    )
    return Chart("online", "Online metrics", "Measured", times, labels, lines, zone=zone)


def _by_position(clicks: Mapping[str, Any]) -> Chart:
    rows = [row for row in _rows(clicks.get("by_position")) if _is_place(row.get("name"))]
    places = tuple(float(row["name"]) for row in rows)
    shares = Series("click-through rate", tuple(_share(row) for row in rows))
    labels = tuple(str(row["name"]) for row in rows)
    return Chart("positions", "Clicks by position in the list", "Position", places, labels, (shares,), over_time=False)


def _clicks(found: OnlineFigures) -> Mapping[str, Any]:
    clicks = found.latest.get("click_through")
    return clicks if isinstance(clicks, Mapping) else {}


def _rows(value: object) -> tuple[Mapping[str, Any], ...]:
    rows = value if isinstance(value, (list, tuple)) else ()
    return tuple(row for row in rows if isinstance(row, Mapping))


def _share(rate: Mapping[str, Any]) -> float | None:
    share = rate.get("share")
    found: float | None = plain(float(share)) if isinstance(share, (int, float)) else None
    return found


def _is_place(name: object) -> bool:
    return isinstance(name, str) and name.isdecimal()
