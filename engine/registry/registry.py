"""Trained models: a folder a version, published by one pointer, checked when loaded.

    models/
      20261121-143000-123456-3fa2/   model.npz, ease.npy, model.json, members.npz, manifest.json, twin/
      current                        the name of the published version, replaced in one step

A version never changes once it has its name. Readers see the version before or the new one, never a half.
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
from engine.recommender.model import TasteModel
from engine.registry import artifacts, retention, version_ids
from engine.registry import manifest as registry_manifest
from engine.registry.artifacts import TWIN, Loaded
from engine.registry.storage.base import Storage
from engine.registry.storage.local import LocalStorage
from engine.training import demo_users
from engine.training.demo_users import DemoUsers

CHILD_OF = "child_of"
"""In the manifest of a version that is another one with new lists or for another catalogue: that version."""
TRIES = 5
"""Times that a version is asked for which was replaced and pruned while it was read."""

log = logging.getLogger(__name__)


def new_version(others: Sequence[str] = ()) -> str:
    """A name for a training that starts now, after all `others` and all that this process gave before."""
    return version_ids.new(others)


class Registry:
    """The versions on one storage. Safe between threads and processes."""

    def __init__(self, place: Storage | Path, *, kept: int = MODELS_KEPT, needed: Collection[str] = ()) -> None:
        """`needed`: versions that stay however many there are, since experiments serve them."""
        self.storage: Storage = LocalStorage(place) if isinstance(place, Path) else place
        self.kept, self.needed = kept, frozenset(needed)

    def new_version(self) -> str:
        """A name for a training that starts now, after that of every version here."""
        return version_ids.new(self.versions())

    def add(
        self,
        model: TasteModel,
        manifest: Mapping[str, Any],
        *,
        known: DemoUsers = demo_users.NOBODY,
        holdout_model: TasteModel | None = None,
    ) -> str:
        """Write a version without publishing it; gives its name, which is the model's.

        Args:
            manifest: `data_hash`, `parameters`, `metrics`, `code`, `parents`, `status` (`rejected`, or absent),
                `reasons`, `learned_from` and whatever else is to be known; plain JSON values.
            known: the public users that it learned from.
            holdout model: the same recipe fitted on the training part alone, to compare the next model with.

        Raises:
            Busy: there is a version of this name.
        """
        with self._written(model, manifest, known, holdout_model) as draft, self.storage.alone():
            self.storage.commit(draft, model.version)
        return model.version

    def activate(self, version: str, *, instead_of: str | None = None) -> None:
        """Publish a version that is there, in one step.

        Args:
            instead_of: the version that has to be published still; None: whichever is.

        Raises:
            ModelMissing: there is no such version, or its files are damaged; nothing changed.
            Busy: another version than `instead_of` was published meanwhile.
        """
        self._verified(version, "")
        with self.storage.alone():
            self._point(version, instead_of)

    def publish(
        self,
        model: TasteModel,
        manifest: Mapping[str, Any],
        *,
        known: DemoUsers = demo_users.NOBODY,
        holdout_model: TasteModel | None = None,
        instead_of: str | None = None,
    ) -> str:
        """`add` and `activate` in one, and prune; gives the name."""
        with self._written(model, manifest, known, holdout_model) as draft, self.storage.alone():
            self.storage.commit(draft, model.version)
            self._point(model.version, instead_of)
        self.prune_if_possible()
        return model.version

    def current(self) -> str | None:
        """The published version, or None. Raises `ModelMissing` where the place cannot be reached."""
        return self.storage.pointer()

    def fingerprint(self) -> object:
        """Something cheap that differs after each publication."""
        return self.storage.fingerprint()

    def versions(self) -> list[str]:
        """Every version, oldest first."""
        return self.storage.versions()

    def manifest(self, version: str) -> Mapping[str, Any]:
        """What is written of a version. Raises `ModelMissing`."""
        return artifacts.parse(self.storage.manifest(self._safe(version)), where=f"{self.storage}/{version}")

    def describe(self, version: str) -> ModelVersion:
        """A version as people see it; damage is told from the sizes of its files. Raises `NotFound`."""
        return self._describe(version, self.current())

    def described(self) -> list[ModelVersion]:
        """Every version as people see it, oldest first."""
        published, found = self.current(), []
        for version in self.versions():
            with contextlib.suppress(NotFound):  # deleted meanwhile
                found.append(self._describe(version, published))
        return found

    def load(self, version: str | None = None) -> Loaded:
        """One version, or the published one; where that is damaged, the newest good one, with a loud word in the log.

        Raises:
            ModelMissing: there is none that can be used; says which command makes one.
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
                        log.error("model %s cannot be used: %s", published, missing)
                        break
            return self._newest_good(published)
        except ModelMissing as unreachable:
            return self._at_hand(unreachable)

    def load_holdout_model(self, version: str) -> TasteModel:
        """The holdout model that was added with a version. Raises `ModelMissing` where there is none."""
        if not artifacts.names(self.manifest(version), TWIN):
            raise ModelMissing(f"the version {version} has no twin")
        _, folder = self._verified(version, TWIN)
        return models.load(folder)

    def delete(self, version: str) -> None:
        """Delete a version.

        Raises:
            NotFound: there is no such version.
            Busy: it is the published one.
        """
        with self.storage.alone():
            if not version_ids.safe(version) or version not in self.versions():
                raise NotFound(f"there is no version {version!r} of the model")
            if version == self.current():
                raise Busy(f"the version {version} serves; activate another one before you delete it")
            if version in self.needed:
                raise Busy(
                    f"the version {version} takes part in an experiment; take it out of MARQUEE_EXPERIMENTS first"
                )
            self.storage.remove(version)

    def prune(self, keep: int | None = None) -> list[str]:
        """Delete what policy does not keep (`engine.registry.retention`); gives the deleted versions."""
        with self.storage.alone():
            return self._prune(self.kept if keep is None else keep)

    def prune_if_possible(self) -> None:
        """Prune; a version that cannot be deleted now is no reason to call a publication failed."""
        try:
            self.prune()
        except (OSError, ModelMissing) as error:
            log.error("older models cannot be deleted: %s", error)

    @contextlib.contextmanager
    def _written(
        self, model: TasteModel, manifest: Mapping[str, Any], known: DemoUsers, holdout_model: TasteModel | None
    ) -> Iterator[Path]:
        """A draft that holds a version. Raises `InvalidRequest` for a name that is no folder."""
        if not version_ids.safe(model.version):
            raise InvalidRequest({"version": f"{model.version!r} cannot be the name of a folder"})
        with self.storage.drafting() as draft:
            artifacts.write(draft, model, manifest, known=known, holdout_model=holdout_model)
            yield draft

    def _point(self, version: str, instead_of: str | None) -> None:
        before = self.current()
        if instead_of is not None and before not in (instead_of, version):
            raise Busy(f"the version {before} was published meanwhile, {instead_of} was expected")
        self.storage.point(version)
        log.info("model %s is published (before: %s)", version, before or "none")

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
            raise NotFound(f"there is no version {version!r} of the model")
        try:
            told = self.manifest(version)
        except ModelMissing as missing:
            return registry_manifest.damaged(version, str(missing))
        return registry_manifest.version(version, told, published=version == published, sizes=sizes)

    def _rank(self, version: str) -> tuple[Status, str]:
        """How good a version is by its manifest, and whose place it took as a child; empty for a training."""
        try:
            told = self.manifest(version)
        except ModelMissing:
            return Status.DAMAGED, ""
        return registry_manifest.status(told), str(told.get(CHILD_OF, ""))

    def _open(self, version: str) -> Loaded:
        manifest, folder = self._verified(version, "")
        return artifacts.read(folder, manifest)

    def _verified(self, version: str, part: str) -> tuple[Mapping[str, Any], Path]:
        """A version's manifest and a folder of checked files; a damaged copy is fetched once more."""
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
                log.error("model %s cannot be used: %s", version, missing)
                continue
            log.error("model %s serves in place of the published one (%s)", version, published or "none")
            return loaded
        raise ModelMissing(f"no trained model in {self.storage}; run `marquee train`")

    def _at_hand(self, unreachable: ModelMissing) -> Loaded:
        for version in self.storage.at_hand():
            try:
                loaded = self._open(version)
            except ModelMissing as missing:
                log.error("model %s cannot be used: %s", version, missing)
                continue
            log.error("model %s serves from this machine's copy: %s", version, unreachable)
            return loaded
        raise unreachable

    def _safe(self, version: str) -> str:
        if not version_ids.safe(version):
            raise ModelMissing(f"{version!r} is no version of {self.storage}")
        return version
