"""The records of model versions: status, metrics and gate decisions. Immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Status(StrEnum):
    """The status of a version."""

    PUBLISHED = "published"
    """Currently serves."""
    READY = "ready"
    """Good enough to serve; was published before, or can be."""
    REJECTED = "rejected"
    """Refused by the gate; kept for inspection."""
    DAMAGED = "damaged"
    """Its files differ from what was written."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A trained model as listed by the registry."""

    version: str
    """Sorts by time."""
    status: Status
    made_at: datetime
    metrics: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """`ndcg@10`, `recall@20`, `precision@10`, `coverage`, `rmse`, …, on held-out ratings."""
    baselines: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: MappingProxyType({}))
    """The same metrics of the baselines, `popularity` and `published` (the version before), on the same users."""
    parameters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    parents: tuple[str, ...] = ()
    """Versions it was derived from (warm start, new lists)."""
    code: str = ""
    """Version of Marquee that created it."""
    data_hash: str = ""
    """Hash of the training interactions."""
    learned_from: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    size_bytes: int = 0
    reasons: tuple[str, ...] = ()
    """The gate's reasons."""


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """A metric of two versions."""

    name: str
    first: float | None
    second: float | None

    @property
    def difference(self) -> float | None:
        """Second minus first."""
        return None if self.first is None or self.second is None else self.second - self.first


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of two versions."""

    first: ModelVersion
    second: ModelVersion
    metrics: tuple[MetricDifference, ...]
    parameters: tuple[tuple[str, Any, Any], ...]
    """Parameters that differ: name, value of the first, value of the second."""
