"""What administrators do with versions: look, compare, activate (and roll back), delete. Each act is written down."""

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
"""Metrics whose least value is the best; of all others the greatest is."""
MAY_SERVE = (Status.PUBLISHED, Status.READY)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lifecycle:
    """The versions of the model, for administrators."""

    registry: Registry
    audit_log: AuditLogStore
    index: IndexStore
    now: clock.Clock = clock.now

    def versions(self) -> Sequence[ModelVersion]:
        """Every version, the newest first."""
        return self.registry.described()[::-1]

    def current(self) -> ModelVersion | None:
        """The one that is published."""
        version = self.registry.current()
        try:
            return self.registry.describe(version) if version else None
        except NotFound:  # the pointer leads nowhere: another version serves in its place
            return None

    def get(self, version: str) -> ModelVersion:
        """Raises `NotFound`."""
        return self.registry.describe(version)

    def best(self, metric: str) -> ModelVersion:
        """The best by a metric among those that may serve. Raises `InvalidRequest` (field `metric`) if none has it."""
        having = [one for one in self.versions() if metric in one.metrics and one.status in MAY_SERVE]
        if not having:
            raise InvalidRequest({"metric": f"no version that may serve has {metric!r}"})
        sign = -1 if metric in LOWER_IS_BETTER else 1
        return max(having, key=lambda one: (sign * one.metrics[metric], one.version))

    def compare(self, first: str, second: str) -> Comparison:
        """Two versions side by side. Raises `NotFound`."""
        return manifest.compare(self.get(first), self.get(second))

    def activate(self, version: str, *, by: User | None = None) -> ModelVersion:
        """Publish a version that is there, in one step, and put its factors into the search engine.

        Also how one rolls back. Written into the audit log.

        Requests in between are served: where the engine does not hold the factors of the model that answers, the model
        ranks by itself.

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
            log.error("model %s serves, but the search engine does not hold its factors: %s", version, error)
        return self.get(version)

    def delete(self, version: str, *, by: User | None = None) -> None:
        """Delete a version. Raises `NotFound`; `Busy` for the one that serves."""
        self.registry.delete(version)
        self._write(by, "delete", version, {})

    def prune(self, keep: int | None = None, *, by: User | None = None) -> Sequence[str]:
        """Delete what policy does not keep; gives the deleted versions."""
        gone = self.registry.prune(keep)
        for version in gone:
            self._write(by, "delete", version, {"pruned": True})
        return gone

    def _write(self, by: User | None, action: str, version: str, details: Mapping[str, Any]) -> None:
        who: UserId | None = by.id if by else None
        self.audit_log.add(by=who, action=action, subject=version, details=details, at=self.now())
