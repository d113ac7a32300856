"""The records of a model's life: versions, how good they are, and what a gate decided. Frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Status(StrEnum):
    """What a version is to the site."""

    PUBLISHED = "published"
    """It serves."""
    READY = "ready"
    """Good enough to serve; was published once, or may be."""
    REJECTED = "rejected"
    """Kept to be looked at; the gate refused it."""
    DAMAGED = "damaged"
    """Its files are not what was written."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One trained model as the registry lists it."""

    version: str
    """Ordered by time as text."""
    status: Status
    made_at: datetime
    metrics: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """`ndcg@10`, `recall@20`, `precision@10`, `coverage`, `rmse`, …: on held-out ratings that it never saw."""
    parameters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    parents: tuple[str, ...] = ()
    """Versions that it started from (warm start, new lists)."""
    code: str = ""
    """Version of Marquee that made it."""
    data_hash: str = ""
    """Of the interactions that it learned from."""
    learned_from: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    size_bytes: int = 0
    reasons: tuple[str, ...] = ()
    """What the gate said."""


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """One metric of two versions."""

    name: str
    first: float | None
    second: float | None

    @property
    def difference(self) -> float | None:
        """Second less first."""
        return None if self.first is None or self.second is None else self.second - self.first


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side."""

    first: ModelVersion
    second: ModelVersion
    metrics: tuple[MetricDifference, ...]
    parameters: tuple[tuple[str, Any, Any], ...]
    """Those that differ: name, value of the first, of the second."""
