"""Administration of model versions: list, compare, activate (and roll back), delete. All changes are audited."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import BuildRejected, InvalidRequest, NotFound, SearchUnavailable
from core.ports import IndexStore
from core.recommendations.models import Comparison, ModelVersion, Status
from core.users import User, UserId
from data.database.stores.audit_log import AuditLogStore
from engine import clock
from engine.registry import manifest
from engine.registry.registry import Registry
from engine.training import factor_publication

LOWER_IS_BETTER = frozenset({"rmse", "mae", "loss", "calibration_error", "ece", "popularity_bias"})
"""Metrics whose lowest value is the best; for all others it is the highest."""
MAY_SERVE = (Status.PUBLISHED, Status.READY)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lifecycle:
    """Administration of the model's versions."""

    registry: Registry
    audit_log: AuditLogStore
    index: IndexStore
    now: clock.Clock = clock.now

    def versions(self) -> Sequence[ModelVersion]:
        """Return all versions, newest first."""
        return self.registry.described()[::-1]

    def current(self) -> ModelVersion | None:
        """Return the published version."""
        version = self.registry.current()
        try:
            return self.registry.describe(version) if version else None
        except NotFound:  # the pointer names a missing version: another one serves in its place
            return None

    def get(self, version: str) -> ModelVersion:
        """Return a version. Raises `NotFound`."""
        return self.registry.describe(version)

    def best(self, metric: str) -> ModelVersion:
        """Return the best usable version by a metric. Raises `InvalidRequest` (field `metric`) if none has it."""
        having = [one for one in self.versions() if metric in one.metrics and one.status in MAY_SERVE]
        if not having:
            raise InvalidRequest({"metric": f"no usable version has the metric {metric!r}"})
        sign = -1 if metric in LOWER_IS_BETTER else 1
        return max(having, key=lambda one: (sign * one.metrics[metric], one.version))

    def compare(self, first: str, second: str) -> Comparison:
        """Compare two versions. Raises `NotFound`."""
        return manifest.compare(self.get(first), self.get(second))

    def activate(self, version: str, *, by: User | None = None) -> ModelVersion:
        """Publish an existing version (also for rollback) and its factors to the search engine. Audited.

        Requests in between are served: while the engine lacks the factors of the current model, the model itself ranks.

        Args:
            by: the administrator; None: the command line.

        Raises:
            NotFound: there is no such version.
            ModelMissing: its files are damaged; nothing changed.
        """
        self.get(version)
        before = self.registry.current()
        self.registry.load(version)
        self.registry.activate(version)
        self._write(by, "activate", version, {"before": before})
        try:
            factor_publication.publish_factors(self.index, self.registry)
        except (SearchUnavailable, BuildRejected) as error:
            log.error("published model %s, but not its factors to the search engine: %s", version, error)
        return self.get(version)

    def delete(self, version: str, *, by: User | None = None) -> None:
        """Delete a version. Raises `NotFound`, or `Busy` for the published one."""
        self.registry.delete(version)
        self._write(by, "delete", version, {})

    def prune(self, keep: int | None = None, *, by: User | None = None) -> Sequence[str]:
        """Delete the versions that the retention policy does not keep; return their names."""
        gone = self.registry.prune(keep)
        for version in gone:
            self._write(by, "delete", version, {"pruned": True})
        return gone

    def _write(self, by: User | None, action: str, version: str, details: Mapping[str, Any]) -> None:
        who: UserId | None = by.id if by else None
        self.audit_log.add(by=who, action=action, subject=version, details=details, at=self.now())
