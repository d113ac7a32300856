"""Charts of figures: the data for the script that draws them, and the equivalent tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from core.language import time_zones
from core.recommendations.models import ModelVersion
from webapp.admin import formats
from webapp.admin.api.serializers import plain

BIAS = "popularity_bias_"
"""Beginning of the names of the popularity biases of groups of users, which share a chart."""
MAX_SERIES = 4
"""Maximum number of lines in a chart that are distinguishable without colour."""
LOSS = "loss"
"""Key of the losses in the figures of a training run: the losses per epoch of each fitted model."""
FEWEST = 2
"""Minimum number of points of a line."""


@dataclass(frozen=True, slots=True)
class Series:
    """A line of a chart; None if there is no measurement."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over time (seconds since 1970) or over numbers, with the labels of the axis."""

    name: str
    title: str
    axis: str
    x: tuple[float, ...]
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    over_time: bool = True
    unit: str = ""
    """Unit of the values; empty for numbers without a unit."""
    zone: str = time_zones.DEFAULT
    """Time zone of the labels of an axis of times; days are drawn at their midnight in UTC."""

    @property
    def has_values(self) -> bool:
        """Whether there are any values."""
        return any(value is not None for one in self.series for value in one.values)

    @property
    def summary(self) -> str:
        """The chart as a sentence, for screen readers."""
        drawn = [one for one in self.series if any(value is not None for value in one.values)]
        spans = [f"{one.name} from {_ends(one.values)}" for one in drawn]
        unit = f", in {self.unit}" if self.unit else ""
        where = f"{self.labels[0]} to {self.labels[-1]}" if self.labels else "no values yet"
        return f"{self.axis} {where}: {'; '.join(spans)}{unit}." if spans else "No values yet."

    @property
    def drawn(self) -> str:
        """The data for the script, as JSON."""
        lines = [{"name": one.name, "values": plain(one.values)} for one in self.series]
        axes = {"axis": self.axis, "time": self.over_time, "unit": self.unit, "zone": self.zone}
        return json.dumps({**axes, "x": self.x, "series": lines})

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The rows of the table, one for each value on the axis."""
        return [
            (label, *(formats.number(one.values[place]) for one in self.series))
            for place, label in enumerate(self.labels)
        ]


def metrics(versions: Sequence[ModelVersion], *, zone: str = time_zones.DEFAULT) -> list[Chart]:
    """Return charts of the versions' metrics over time; metrics of the same unit share a chart."""
    made = sorted((version for version in versions if version.metrics), key=lambda version: version.version)
    names = sorted({name for version in made for name in version.metrics})
    ranking = [name for name in names if "@" in name]
    groups = [ranking[start : start + MAX_SERIES] for start in range(0, len(ranking), MAX_SERIES)]
    biases = [name for name in names if name.startswith(BIAS)]
    groups += [biases] if biases else []
    groups += [[name] for name in names if "@" not in name and name not in biases]
    return [replace(_metric(made, group), zone=zone) for group in groups]


def losses(figures: Mapping[str, Any]) -> list[Chart]:
    """Return a chart of the loss per epoch for each model that a training run fits; their units differ."""
    recorded = figures.get(LOSS)
    curves: Mapping[str, Any] = recorded if isinstance(recorded, Mapping) else {LOSS: recorded}
    return [_loss(str(name), curve) for name, curve in curves.items() if _is_curve(curve)]


def daily(name: str, title: str, days: Mapping[str, Iterable[tuple[Any, float | None]]], *, unit: str = "") -> Chart:
    """Return a chart over days; `days` contains the (day, value) pairs of each line."""
    lines = {line: dict(pairs) for line, pairs in days.items()}
    axis = sorted({day for pairs in lines.values() for day in pairs})
    return Chart(
        name,
        title,
        "Day",
        tuple(_seconds(day) for day in axis),
        tuple(f"{day:%Y-%m-%d}" for day in axis),
        tuple(Series(line, tuple(pairs.get(day) for day in axis)) for line, pairs in lines.items()),
        unit=unit,
    )


def _metric(made: Sequence[ModelVersion], names: Sequence[str]) -> Chart:
    measured = [version for version in made if any(name in version.metrics for name in names)]
    return Chart(
        f"metric-{formats.slug(names[0])}",
        "Ranking" if "@" in names[0] else "popularity bias" if names[0].startswith(BIAS) else names[0],
        "Version",
        tuple(version.made_at.timestamp() for version in measured),
        tuple(version.version for version in measured),
        tuple(Series(name, tuple(version.metrics.get(name) for version in measured)) for name in names),
    )


def _loss(name: str, curve: Sequence[Any]) -> Chart:
    epochs = tuple(float(epoch) for epoch in range(1, len(curve) + 1))
    labels = tuple(str(epoch) for epoch in range(1, len(curve) + 1))
    values = tuple(plain(float(value)) if _is_number(value) else None for value in curve)
    return Chart(
        f"loss-{formats.slug(name)}", f"Loss of {name}", "Epoch", epochs, labels, (Series(name, values),), False
    )


def _is_curve(value: object) -> bool:
    return isinstance(value, (list, tuple)) and any(_is_number(inner) for inner in value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _ends(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return (
        f"{formats.number(known[0])} to {formats.number(known[-1])}"
        if len(known) >= FEWEST
        else formats.number(known[0])
    )


def _seconds(day: Any) -> float:  # noqa: ANN401 - a date or a time
    moment = day if isinstance(day, datetime) else datetime.combine(day, time(), UTC)
    return moment.timestamp()
