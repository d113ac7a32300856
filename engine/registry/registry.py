"""The registry of trained models: a folder per version, published by a pointer, verified when loaded.

    models/
      20261121-143000-123456-3fa2/   model.npz, ease.npy, model.json, members.npz, manifest.json, twin/
      current                        the name of the published version, replaced atomically

A version never changes once it has its name. Readers see the previous version or the new one, never a partial one.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.errors import Busy, InvalidRequest, ModelMissing, NotFound
from core.jobs.retention import MODELS_KEPT
from core.recommendations.models import ModelVersion, Status
from engine.recommender import model as models
from engine.recommender.model import Recommender
from engine.registry import artifacts, retention, version_ids
from engine.registry import manifest as registry_manifest
from engine.registry.artifacts import HOLDOUT, Loaded
from engine.registry.storage.base import Storage
from engine.registry.storage.local import LocalStorage
from engine.training import demo_users
from engine.training.demo_users import DemoUsers

DERIVED_FROM = "child_of"
"""Key in the manifest of a derived version: the version that it is derived from."""
TRIES = 5
"""Attempts to read the published version, which may be replaced and pruned meanwhile."""

log = logging.getLogger(__name__)


def new_version(others: Sequence[str] = ()) -> str:
    """Return a name for a new version, after all `others` and all previous names of this process."""
    return version_ids.new(others)


class Registry:
    """The versions on a storage. Safe between threads and processes."""

    def __init__(self, place: Storage | Path, *, kept: int = MODELS_KEPT, needed: Collection[str] = ()) -> None:
        """`needed`: versions that are never pruned, since experiments serve them."""
        self.storage: Storage = LocalStorage(place) if isinstance(place, Path) else place
        self.kept, self.needed = kept, frozenset(needed)

    def new_version(self) -> str:
        """Return a name for a new version, after those of all versions here."""
        return version_ids.new(self.versions())

    def add(
        self,
        model: Recommender,
        manifest: Mapping[str, Any],
        *,
        known: DemoUsers = demo_users.NOBODY,
        holdout_model: Recommender | None = None,
    ) -> str:
        """Write a version without publishing it; return its name.

        Args:
            manifest: `data_hash`, `parameters`, `metrics`, `code`, `parents`, `status` (`rejected`, or absent),
                `reasons`, `learned_from` and more; plain JSON values.
            known: the demo users.
            holdout_model: the same configuration fitted on the training part, to compare the next model with.

        Raises:
            Busy: a version with this name exists.
        """
        with self._written(model, manifest, known, holdout_model) as draft, self.storage.alone():
            self.storage.commit(draft, model.version)
        return model.version

    def activate(self, version: str, *, instead_of: str | None = None) -> None:
        """Publish an existing version atomically.

        Args:
            instead_of: the version that must still be published; None: any.

        Raises:
            ModelMissing: there is no such version, or its files are damaged; nothing changed.
            Busy: another version than `instead_of` was published meanwhile.
        """
        self._verified(version, "")
        with self.storage.alone():
            self._point(version, instead_of)

    def publish(
        self,
        model: Recommender,
        manifest: Mapping[str, Any],
        *,
        known: DemoUsers = demo_users.NOBODY,
        holdout_model: Recommender | None = None,
        instead_of: str | None = None,
    ) -> str:
        """Add and activate a version, and prune; return its name."""
        with self._written(model, manifest, known, holdout_model) as draft, self.storage.alone():
            self.storage.commit(draft, model.version)
            self._point(model.version, instead_of)
        self.prune_if_possible()
        return model.version

    def current(self) -> str | None:
        """Return the published version, or None. Raises `ModelMissing` if the storage is unreachable."""
        return self.storage.pointer()

    def fingerprint(self) -> object:
        """Return a cheap value that differs after each publication."""
        return self.storage.fingerprint()

    def versions(self) -> list[str]:
        """Return all versions, oldest first."""
        return self.storage.versions()

    def manifest(self, version: str) -> Mapping[str, Any]:
        """Return the manifest of a version. Raises `ModelMissing`."""
        return artifacts.parse(self.storage.manifest(self._safe(version)), where=f"{self.storage}/{version}")

    def describe(self, version: str) -> ModelVersion:
        """Return the record of a version; damage is detected by the sizes of its files. Raises `NotFound`."""
        return self._describe(version, self.current())

    def described(self) -> list[ModelVersion]:
        """Return the records of all versions, oldest first."""
        published, found = self.current(), []
        for version in self.versions():
            with contextlib.suppress(NotFound):  # deleted meanwhile
                found.append(self._describe(version, published))
        return found

    def load(self, version: str | None = None) -> Loaded:
        """Load a version, or the published one; if that is damaged, log an error and load the newest good one.

        Raises:
            ModelMissing: there is no usable version; the message names the command that trains one.
        """
        if version is not None:
            return self._open(version)
        try:
            published = self.current()
            for _ in range(TRIES):
                if published is None:
                    break
                before = published
                try:
                    return self._open(published)
                except ModelMissing as missing:
                    published = self.current()
                    if published == before:
                        log.error("model %s is unusable: %s", published, missing)
                        break
            return self._newest_good(published)
        except ModelMissing as unreachable:
            return self._at_hand(unreachable)

    def load_holdout_model(self, version: str) -> Recommender:
        """Return the holdout model of a version. Raises `ModelMissing` if there is none."""
        if not artifacts.names(self.manifest(version), HOLDOUT):
            raise ModelMissing(f"the version {version} has no holdout model")
        _, folder = self._verified(version, HOLDOUT)
        return models.load(folder)

    def delete(self, version: str) -> None:
        """Delete a version.

        Raises:
            NotFound: there is no such version.
            Busy: it is the published one.
        """
        with self.storage.alone():
            if not version_ids.safe(version) or version not in self.versions():
                raise NotFound(f"there is no version {version!r}")
            if version == self.current():
                raise Busy(f"the version {version} is published; activate another one before you delete it")
            if version in self.needed:
                raise Busy(f"the version {version} is used by an experiment; remove it from MARQUEE_EXPERIMENTS first")
            self.storage.remove(version)

    def prune(self, keep: int | None = None) -> list[str]:
        """Delete versions by the retention policy (`engine.registry.retention`); return their names."""
        with self.storage.alone():
            return self._prune(self.kept if keep is None else keep)

    def prune_if_possible(self) -> None:
        """Prune; log a failure, which must not make a publication fail."""
        try:
            self.prune()
        except (OSError, ModelMissing) as error:
            log.error("cannot delete older models: %s", error)

    @contextlib.contextmanager
    def _written(
        self, model: Recommender, manifest: Mapping[str, Any], known: DemoUsers, holdout_model: Recommender | None
    ) -> Iterator[Path]:
        """Yield a draft with the version. Raises `InvalidRequest` if the name cannot be a folder."""
        if not version_ids.safe(model.version):
            raise InvalidRequest({"version": f"{model.version!r} cannot be the name of a folder"})
        with self.storage.drafting() as draft:
            artifacts.write(draft, model, manifest, known=known, holdout_model=holdout_model)
            yield draft

    def _point(self, version: str, instead_of: str | None) -> None:
        before = self.current()
        if instead_of is not None and before not in (instead_of, version):
            raise Busy(f"the version {before} was published meanwhile; expected {instead_of}")
        self.storage.point(version)
        log.info("published model %s (before: %s)", version, before or "none")

    def _prune(self, keep: int) -> list[str]:
        self.storage.remove_abandoned()
        found = {version: self._rank(version) for version in self.versions() if version not in self.needed}
        ranked = [(version, status) for version, (status, _) in found.items()]
        superseded = {parent for status, parent in found.values() if status is Status.READY}
        chosen = retention.choose(ranked, published=self.current(), keep=keep, superseded=superseded)
        for version in chosen:
            self.storage.remove(version)
        return chosen

    def _describe(self, version: str, published: str | None) -> ModelVersion:
        sizes = self.storage.sizes(version) if version_ids.safe(version) else {}
        if artifacts.MANIFEST not in sizes:
            raise NotFound(f"there is no version {version!r}")
        try:
            manifest = self.manifest(version)
        except ModelMissing as missing:
            return registry_manifest.damaged(version, str(missing))
        return registry_manifest.version(version, manifest, published=version == published, sizes=sizes)

    def _rank(self, version: str) -> tuple[Status, str]:
        """Return the status of a version, and the version that it is derived from; empty for a training."""
        try:
            manifest = self.manifest(version)
        except ModelMissing:
            return Status.DAMAGED, ""
        return registry_manifest.status(manifest), str(manifest.get(DERIVED_FROM, ""))

    def _open(self, version: str) -> Loaded:
        manifest, folder = self._verified(version, "")
        return artifacts.read(folder, manifest)

    def _verified(self, version: str, part: str) -> tuple[Mapping[str, Any], Path]:
        """Return a version's manifest and the folder of its verified files; a damaged copy is fetched again once."""
        for last in (False, True):
            manifest = self.manifest(version)
            folder = self.storage.folder(version, part, artifacts.names(manifest, part))
            try:
                artifacts.check(folder, manifest, part)
            except ModelMissing:
                if not self.storage.forget(version, part) or last:
                    raise
            else:
                break
        return manifest, folder

    def _newest_good(self, published: str | None) -> Loaded:
        for version in reversed(self.versions()):
            if version == published or self._rank(version)[0] is not Status.READY:
                continue
            try:
                loaded = self._open(version)
            except ModelMissing as missing:
                log.error("model %s is unusable: %s", version, missing)
                continue
            log.error("serving model %s in place of the published one (%s)", version, published or "none")
            return loaded
        raise ModelMissing(f"no trained model in {self.storage}; run `marquee train`")

    def _at_hand(self, unreachable: ModelMissing) -> Loaded:
        for version in self.storage.at_hand():
            try:
                loaded = self._open(version)
            except ModelMissing as missing:
                log.error("model %s is unusable: %s", version, missing)
                continue
            log.error("serving model %s from the local copy: %s", version, unreachable)
            return loaded
        raise unreachable

    def _safe(self, version: str) -> str:
        if not version_ids.safe(version):
            raise ModelMissing(f"{version!r} is not a version in {self.storage}")
        return version
