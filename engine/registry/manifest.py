"""A manifest as the record that administrators see."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from core.recommendations.models import Comparison, MetricDifference, ModelVersion, Status
from engine.registry import version_ids

LONG_AGO = datetime.fromtimestamp(0, UTC)
"""When a version was made whose name does not say."""


def status(manifest: Mapping[str, Any]) -> Status:
    """What the gate said of a version; good where nothing is written."""
    return Status.REJECTED if manifest.get("status") == Status.REJECTED else Status.READY


def version(name: str, told: Mapping[str, Any], *, published: bool, sizes: Mapping[str, int]) -> ModelVersion:
    """The record of a version.

    Args:
        told: its manifest.
        sizes: bytes of each of its files, as they are now.
    """
    faults = _faults(told, sizes)
    own = status(told)
    return ModelVersion(
        version=name,
        status=Status.DAMAGED if faults else Status.PUBLISHED if published else own,
        made_at=version_ids.moment(name) or LONG_AGO,
        metrics=MappingProxyType(numbers(told.get("metrics", {}))),
        parameters=MappingProxyType(dict(_mapping(told.get("parameters", told.get("recipes", {}))))),
        parents=tuple(map(str, told.get("parents", ()))),
        code=str(told.get("code", "")),
        data_hash=str(told.get("data_hash", "")),
        learned_from=MappingProxyType(
            {key: int(value) for key, value in numbers(told.get("learned_from", {})).items()}
        ),
        size_bytes=sum(sizes.values()),
        reasons=(*faults, *map(str, told.get("reasons", ()))),
    )


def damaged(name: str, why: str) -> ModelVersion:
    """The record of a version whose manifest cannot be read."""
    return ModelVersion(name, Status.DAMAGED, version_ids.moment(name) or LONG_AGO, reasons=(why,))


def compare(first: ModelVersion, second: ModelVersion) -> Comparison:
    """Two versions side by side: every metric of either, and the parameters that differ."""
    metrics = tuple(
        MetricDifference(name, first.metrics.get(name), second.metrics.get(name))
        for name in sorted({*first.metrics, *second.metrics})
    )
    mine, other = flat(first.parameters), flat(second.parameters)
    differing = tuple(
        (name, mine.get(name), other.get(name)) for name in sorted({*mine, *other}) if mine.get(name) != other.get(name)
    )
    return Comparison(first, second, metrics, differing)


def numbers(told: object) -> dict[str, float]:
    """The finite numbers of a mapping."""
    return {
        str(name): float(value)
        for name, value in _mapping(told).items()
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    }


def flat(told: Mapping[str, Any], *, before: str = "") -> dict[str, Any]:
    """Nested parameters as `als.factors`."""
    result: dict[str, Any] = {}
    for name, value in told.items():
        result |= flat(value, before=f"{before}{name}.") if isinstance(value, Mapping) else {f"{before}{name}": value}
    return result


def _faults(told: Mapping[str, Any], sizes: Mapping[str, int]) -> tuple[str, ...]:
    written = _mapping(told.get("sizes", {}))
    listed = _mapping(told.get("files", {}))
    missing = [f"the file {name} is missing" for name in listed if name not in sizes]
    cut = [
        f"the file {name} has {sizes[name]:,} bytes, {int(size):,} were written"
        for name, size in written.items()
        if name in sizes and sizes[name] != size
    ]
    return (*missing, *cut)


def _mapping(told: object) -> Mapping[str, Any]:
    return told if isinstance(told, Mapping) else {}
