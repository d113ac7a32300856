"""Versions in a bucket, or wherever else fsspec can reach; this machine keeps checked copies of those it serves.

An object store has no rename and no lock, and needs none. A version is its files and, written last, its manifest:
without a manifest there is no version. The pointer is one small object, and one PUT of it is atomic: readers get the
object before or the new one, whole, and since 2020 S3 (as its rivals do) gives the new one to whoever asks afterwards.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from core.errors import Busy, ModelMissing
from engine.registry import version_ids as naming
from engine.registry.artifacts import MANIFEST
from engine.registry.storage.base import POINTER
from engine.registry.storage.cache import LocalCache
from engine.registry.storage.client import StorageClient, Stored

STALE = 24 * 3600.0
"""Seconds after which files without a manifest are what a killed upload left."""


class RemoteStorage:
    """Safe between machines: names of versions never collide, and whoever points last wins."""

    look_every = 2.0

    def __init__(self, url: str, cache: Path) -> None:
        self._client, self._copies = StorageClient(url), LocalCache(cache)

    def __str__(self) -> str:
        """The URL."""
        return self._client.url

    def pointer(self) -> str | None:
        """Read the pointer, and remember it for the day on which the place cannot be reached."""
        told = self._client.read_or_none(POINTER)
        if told is None:
            return None
        version = told.decode("utf-8", "replace").strip()
        if not told.endswith(b"\n") or not naming.safe(version):
            raise ModelMissing(f"{self}/{POINTER}: half written, or no pointer of ours ({told[:80]!r})")
        self._copies.remember(version)
        return version

    def fingerprint(self) -> object:
        """The pointer itself."""
        return self.pointer()

    def point(self, version: str) -> None:
        """By one PUT; taken back where somebody deleted the version at the same time."""
        before = self.pointer()
        self._client.write(POINTER, f"{version}\n".encode())
        try:
            self._client.read(f"{version}/{MANIFEST}")
        except ModelMissing:
            if before is not None:
                self._client.write(POINTER, f"{before}\n".encode())
            raise

    def versions(self) -> list[str]:
        """By one listing of everything."""
        return [name for name, files in sorted(self._listed().items()) if MANIFEST in files]

    def manifest(self, version: str) -> bytes:
        """From the place, or from this machine's copy where the place cannot be reached."""
        try:
            return self._client.read(f"{version}/{MANIFEST}")
        except ModelMissing:
            copied = self._copies.manifest(version)
            if copied is None or self._answers():
                raise
            return copied

    def sizes(self, version: str) -> Mapping[str, int]:
        """As the listing has them."""
        return {name: file.size for name, file in self._listed(version).get(version, {}).items()}

    @contextlib.contextmanager
    def drafting(self) -> Iterator[Path]:
        """On this machine."""
        with tempfile.TemporaryDirectory(prefix="marquee-model-") as folder:
            yield Path(folder)

    def commit(self, draft: Path, version: str) -> None:
        """Send the files, look whether all of each arrived, and send the manifest last."""
        own = {path.relative_to(draft).as_posix(): path for path in sorted(draft.rglob("*")) if path.is_file()}
        manifest = own.pop(MANIFEST).read_bytes()
        if MANIFEST in self.sizes(version):
            raise Busy(f"there is a version {version} in {self} already")
        for name, path in own.items():
            self._client.send(path, f"{version}/{name}")
        there = self.sizes(version)
        for name, path in own.items():
            if there.get(name) != path.stat().st_size:
                raise ModelMissing(f"{self}/{version}/{name}: only half of it arrived; nothing was published")
        self._client.write(f"{version}/{MANIFEST}", manifest)

    def folder(self, version: str, part: str, names: Sequence[str]) -> Path:
        """The copy of this machine, fetched first where there is none."""

        def fill(draft: Path) -> None:
            for name in names:
                self._client.fetch(f"{version}/{name}", draft / name.rpartition("/")[2])
            (draft / MANIFEST).write_bytes(self._client.read(f"{version}/{MANIFEST}"))

        return self._copies.have(version, part, fill=fill)

    def forget(self, version: str, part: str) -> bool:
        """Delete the copy of this machine; the place may have a better one."""
        self._copies.forget(version, part)
        return True

    def at_hand(self) -> Sequence[str]:
        """The copies of this machine."""
        return self._copies.versions()

    def remove(self, version: str) -> None:
        """Delete its manifest first; put back where somebody published the version at the same time."""
        manifest = self._client.read(f"{version}/{MANIFEST}")
        self._client.remove(f"{version}/{MANIFEST}")
        if self.pointer() == version:
            self._client.write(f"{version}/{MANIFEST}", manifest)
            raise Busy(f"the version {version} was published at the same time and serves")
        self._client.remove_folder(version)

    def remove_abandoned(self) -> None:
        """Delete files without a manifest, once all of them are a day old."""
        for version, files in self._listed().items():
            if MANIFEST not in files and all(time.time() - file.at > STALE for file in files.values()):
                self._client.remove_folder(version)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Not at all: an object store has no lock; `point` and `remove` look again after they wrote."""
        yield

    def _answers(self) -> bool:
        try:
            self.pointer()
        except ModelMissing:
            return False
        return True

    def _listed(self, folder: str = "") -> dict[str, dict[str, Stored]]:
        """Every file, by version and by its name there."""
        result: dict[str, dict[str, Stored]] = {}
        for path, file in self._client.listed(folder).items():
            version, separator, name = path.partition("/")
            if separator and naming.safe(version):
                result.setdefault(version, {})[name] = file
        return result
