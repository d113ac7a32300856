"""Model manifests as records for administrators."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from core.recommendations.models import Comparison, MetricDifference, ModelVersion, Status
from engine.registry import version_ids

LONG_AGO = datetime.fromtimestamp(0, UTC)
"""The creation time of a version whose name contains none."""
OLD_NAMES: Mapping[str, str] = MappingProxyType(
    {"viewers": "users", "films": "movies", "viewers_left_out": "users_left_out", "films_left_out": "movies_left_out"}
)
"""Keys of `learned_from` in manifests written before users and movies were called so."""


def status(manifest: Mapping[str, Any]) -> Status:
    """Return the promotion gate's verdict on a version; a manifest without one counts as ready."""
    return Status.REJECTED if manifest.get("status") == Status.REJECTED else Status.READY


def version(name: str, manifest: Mapping[str, Any], *, published: bool, sizes: Mapping[str, int]) -> ModelVersion:
    """Return the record of a version.

    Args:
        sizes: the current size of each of its files, in bytes.
    """
    faults = _faults(manifest, sizes)
    return ModelVersion(
        version=name,
        status=Status.DAMAGED if faults else Status.PUBLISHED if published else status(manifest),
        made_at=version_ids.moment(name) or LONG_AGO,
        metrics=MappingProxyType(numbers(manifest.get("metrics", {}))),
        baselines=MappingProxyType(
            {str(name): numbers(found) for name, found in _mapping(manifest.get("baselines", {})).items()}
        ),
        parameters=MappingProxyType(dict(_mapping(manifest.get("parameters", manifest.get("recipes", {}))))),
        parents=tuple(map(str, manifest.get("parents", ()))),
        code=str(manifest.get("code", "")),
        data_hash=str(manifest.get("data_hash", "")),
        learned_from=MappingProxyType(_learned_from(manifest)),
        size_bytes=sum(sizes.values()),
        reasons=(*faults, *map(str, manifest.get("reasons", ()))),
    )


def damaged(name: str, why: str) -> ModelVersion:
    """Return the record of a version whose manifest cannot be read."""
    return ModelVersion(name, Status.DAMAGED, version_ids.moment(name) or LONG_AGO, reasons=(why,))


def compare(first: ModelVersion, second: ModelVersion) -> Comparison:
    """Compare two versions: every metric that either has, and the parameters that differ."""
    metrics = tuple(
        MetricDifference(name, first.metrics.get(name), second.metrics.get(name))
        for name in sorted({*first.metrics, *second.metrics})
    )
    mine, other = flat(first.parameters), flat(second.parameters)
    differing = tuple(
        (name, mine.get(name), other.get(name)) for name in sorted({*mine, *other}) if mine.get(name) != other.get(name)
    )
    return Comparison(first, second, metrics, differing)


def numbers(values: object) -> dict[str, float]:
    """Return the finite numbers of a mapping; nothing if `values` is not a mapping."""
    return {
        str(name): float(value)
        for name, value in _mapping(values).items()
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    }


def flat(parameters: Mapping[str, Any], *, before: str = "") -> dict[str, Any]:
    """Flatten nested parameters, with keys such as `als.factors`."""
    result: dict[str, Any] = {}
    for name, value in parameters.items():
        result |= flat(value, before=f"{before}{name}.") if isinstance(value, Mapping) else {f"{before}{name}": value}
    return result


def _learned_from(manifest: Mapping[str, Any]) -> dict[str, int]:
    counts = numbers(manifest.get("learned_from", {}))
    return {OLD_NAMES.get(name, name): int(value) for name, value in counts.items()}


def _faults(manifest: Mapping[str, Any], sizes: Mapping[str, int]) -> tuple[str, ...]:
    written = _mapping(manifest.get("sizes", {}))
    listed = _mapping(manifest.get("files", {}))
    missing = [f"the file {name} is missing" for name in listed if name not in sizes]
    cut = [
        f"the file {name} has {sizes[name]:,} bytes, expected {int(size):,}"
        for name, size in written.items()
        if name in sizes and sizes[name] != size
    ]
    return (*missing, *cut)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
