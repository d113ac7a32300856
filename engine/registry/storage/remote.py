"""Storage in a bucket, or anywhere else that fsspec can reach, with verified local copies of the served versions.

An object store has no rename and no locks, and needs none. A version consists of its files and, written last, its
manifest: without a manifest there is no version. The pointer is one small object, and a PUT of it is atomic: readers
get the previous object or the new one. S3 has been strongly consistent since 2020, as are its competitors.
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
"""Seconds after which files without a manifest count as an abandoned upload."""


class RemoteStorage:
    """Versions at a URL. Safe between machines: names of versions never collide, and the last pointer wins."""

    look_every = 2.0

    def __init__(self, url: str, cache: Path) -> None:
        self._client, self._copies = StorageClient(url), LocalCache(cache)

    def __str__(self) -> str:
        """Return the URL."""
        return self._client.url

    def pointer(self) -> str | None:
        """Read the pointer, and record it in case the storage becomes unreachable."""
        content = self._client.read_or_none(POINTER)
        if content is None:
            return None
        version = content.decode("utf-8", "replace").strip()
        if not content.endswith(b"\n") or not naming.safe(version):
            raise ModelMissing(f"{self}/{POINTER}: incomplete, or not a pointer of Marquee ({content[:80]!r})")
        self._copies.remember(version)
        return version

    def fingerprint(self) -> object:
        """Return the pointer itself."""
        return self.pointer()

    def point(self, version: str) -> None:
        """Write the pointer with one PUT; revert it if the version was deleted at the same time."""
        before = self.pointer()
        self._client.write(POINTER, f"{version}\n".encode())
        try:
            self._client.read(f"{version}/{MANIFEST}")
        except ModelMissing:
            if before is not None:
                self._client.write(POINTER, f"{before}\n".encode())
            raise

    def versions(self) -> list[str]:
        """Return all versions with one listing."""
        return [name for name, files in sorted(self._listed().items()) if MANIFEST in files]

    def manifest(self, version: str) -> bytes:
        """Read the manifest, or that of the local copy if the storage is unreachable."""
        try:
            return self._client.read(f"{version}/{MANIFEST}")
        except ModelMissing:
            copied = self._copies.manifest(version)
            if copied is None or self._answers():
                raise
            return copied

    def sizes(self, version: str) -> Mapping[str, int]:
        """Return the sizes from the listing."""
        return {name: file.size for name, file in self._listed(version).get(version, {}).items()}

    @contextlib.contextmanager
    def drafting(self) -> Iterator[Path]:
        """Yield a temporary local folder."""
        with tempfile.TemporaryDirectory(prefix="marquee-model-") as folder:
            yield Path(folder)

    def commit(self, draft: Path, version: str) -> None:
        """Upload the files, verify their sizes, and upload the manifest last."""
        own = {path.relative_to(draft).as_posix(): path for path in sorted(draft.rglob("*")) if path.is_file()}
        manifest = own.pop(MANIFEST).read_bytes()
        if MANIFEST in self.sizes(version):
            raise Busy(f"the version {version} already exists in {self}")
        for name, path in own.items():
            self._client.send(path, f"{version}/{name}")
        there = self.sizes(version)
        for name, path in own.items():
            if there.get(name) != path.stat().st_size:
                raise ModelMissing(f"{self}/{version}/{name}: incomplete upload; nothing was published")
        self._client.write(f"{version}/{MANIFEST}", manifest)

    def folder(self, version: str, part: str, names: Sequence[str]) -> Path:
        """Return the local copy; fetch it first if there is none."""

        def fill(draft: Path) -> None:
            for name in names:
                self._client.fetch(f"{version}/{name}", draft / name.rpartition("/")[2])
            (draft / MANIFEST).write_bytes(self._client.read(f"{version}/{MANIFEST}"))

        return self._copies.have(version, part, fill=fill)

    def forget(self, version: str, part: str) -> bool:
        """Delete the local copy, so that it is fetched again."""
        self._copies.forget(version, part)
        return True

    def at_hand(self) -> Sequence[str]:
        """Return the versions with a local copy."""
        return self._copies.versions()

    def remove(self, version: str) -> None:
        """Delete a version, its manifest first; restore that if the version was published at the same time."""
        manifest = self._client.read(f"{version}/{MANIFEST}")
        self._client.remove(f"{version}/{MANIFEST}")
        if self.pointer() == version:
            self._client.write(f"{version}/{MANIFEST}", manifest)
            raise Busy(f"the version {version} was published at the same time")
        self._client.remove_folder(version)

    def remove_abandoned(self) -> None:
        """Delete files without a manifest if all of them are a day old."""
        for version, files in self._listed().items():
            if MANIFEST not in files and all(time.time() - file.at > STALE for file in files.values()):
                self._client.remove_folder(version)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Lock nothing: an object store has no locks; `point` and `remove` check again after writing."""
        yield

    def _answers(self) -> bool:
        try:
            self.pointer()
        except ModelMissing:
            return False
        return True

    def _listed(self, folder: str = "") -> dict[str, dict[str, Stored]]:
        """Return all files by version and by path below it."""
        result: dict[str, dict[str, Stored]] = {}
        for path, file in self._client.listed(folder).items():
            version, separator, name = path.partition("/")
            if separator and naming.safe(version):
                result.setdefault(version, {})[name] = file
        return result
