"""Trained models on disk: a folder a version, published by one pointer file, checked when loaded.

    models/
      20261121-143000-123456/   model.npz, ease.npy, model.json, members.npz, manifest.json
      current                   the name of the published version, replaced in one step

A version that was published never changes. Readers see the version before or the new one, never a half.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.errors import ModelMissing
from engine.models import members
from engine.models.members import Members
from engine.taste import model as models
from engine.taste.model import TasteModel

POINTER, MANIFEST = "current", "manifest.json"
KEPT = 3
"""Versions that stay: the published one and two to fall back on."""
LOOK_EVERY = 1.0
"""Seconds between two looks at the pointer; a new version is noticed within two."""
DRAFT = ".draft-"

log = logging.getLogger(__name__)


def new_version() -> str:
    """A name for a training that starts now, ordered by time."""
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model, what is written of it, and the public demonstration viewers that it learned from."""

    model: TasteModel
    manifest: Mapping[str, Any]
    members: Members


class Registry:
    """The versions in one folder. Safe between threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def publish(self, model: TasteModel, manifest: Mapping[str, Any], *, known: Members = members.NOBODY) -> str:
        """Write a version beside, publish it in one step, and prune; gives its name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=self.folder))
        try:
            models.save(model, draft)
            members.save(known, draft)
            _describe(draft, {**manifest, "version": model.version})
            draft.chmod(0o755)
            draft.rename(self.folder / model.version)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        self._point(model.version)
        self._prune()
        return model.version

    def current(self) -> str | None:
        """The published version, or None."""
        try:
            return (self.folder / POINTER).read_text(encoding="utf-8").strip() or None
        except OSError:
            return None

    def versions(self) -> list[str]:
        """Every version, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(path.parent.name for path in self.folder.glob(f"[!.]*/{MANIFEST}"))

    def manifest(self, version: str) -> Mapping[str, Any]:
        """What is written of a version. Raises `ModelMissing`."""
        try:
            return dict(json.loads((self.folder / version / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise ModelMissing(f"{self.folder / version}: no readable {MANIFEST} ({error}); train again") from error

    def load(self, version: str | None = None) -> Loaded:
        """One version, or the published one; where that is damaged, the newest good one, with a loud word in the log.

        Raises:
            ModelMissing: there is none that can be used; says which command makes one.
        """
        if version is not None:
            return self._open(version)
        current = self.current()
        others = [found for found in reversed(self.versions()) if found != current]
        for candidate in ([current] if current else []) + others:
            try:
                loaded = self._open(candidate)
            except ModelMissing as missing:
                log.error("model %s cannot be used: %s", candidate, missing)
                continue
            if candidate != current:
                log.error("model %s serves in place of the published one (%s)", candidate, current or "none")
            return loaded
        raise ModelMissing(f"no trained model in {self.folder}; run `marquee train`")

    def _open(self, version: str) -> Loaded:
        manifest = self.manifest(version)
        folder = self.folder / version
        checksums = manifest.get("files", {})
        for name in (*models.FILES, members.FILE):
            if checksums.get(name) != _checksum(folder / name):
                raise ModelMissing(f"{folder / name}: missing or not what was published (checksum); train again")
        return Loaded(models.load(folder), manifest, members.load(folder))

    def _point(self, version: str) -> None:
        handle, beside = tempfile.mkstemp(dir=self.folder, prefix=f".{POINTER}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(version + "\n")
                out.flush()
                os.fsync(out.fileno())
            Path(beside).chmod(0o644)
            Path(beside).replace(self.folder / POINTER)
        finally:
            Path(beside).unlink(missing_ok=True)

    def _prune(self) -> None:
        current = self.current()
        spare = [version for version in self.versions() if version != current]
        for version in spare[: max(0, len(spare) - (KEPT - 1))]:
            shutil.rmtree(self.folder / version, ignore_errors=True)


class Following:
    """The published model, whichever that is now: looks at the pointer at most once a second, with one cheap stat.

    A version that cannot be loaded leaves the model before in service.
    """

    def __init__(self, registry: Registry, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._registry, self._clock = registry, clock
        self._lock = threading.Lock()
        self._loaded: Loaded | None = None
        self._seen: tuple[int, int] | None = None
        self._looked = float("-inf")

    def current(self) -> TasteModel | None:
        """The model, or None where none can be had."""
        loaded = self.loaded()
        return loaded.model if loaded else None

    def loaded(self) -> Loaded | None:
        """The model with its manifest and members. A thread never waits for another one that loads a newer version."""
        if self._clock() - self._looked < LOOK_EVERY or not self._lock.acquire(blocking=self._loaded is None):
            return self._loaded
        try:
            if self._clock() - self._looked >= LOOK_EVERY:
                self._look()
                self._looked = self._clock()
        finally:
            self._lock.release()
        return self._loaded

    def _look(self) -> None:
        stamp = _stamp(self._registry.folder / POINTER)
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            self._loaded = self._registry.load()
            log.info("model %s serves", self._loaded.model.version)
        except ModelMissing as missing:
            log.warning("no new model: %s", missing)


def _describe(folder: Path, manifest: Mapping[str, Any]) -> None:
    checksums = {path.name: _checksum(path) for path in sorted(folder.iterdir())}
    whole = {**manifest, "files": checksums}
    (folder / MANIFEST).write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")


def _checksum(file: Path) -> str:
    """SHA-256 of a file, hexadecimal; empty where it cannot be read."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return ""


def _stamp(file: Path) -> tuple[int, int] | None:
    """What changes when a file is replaced."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino
