"""Versions of the embedded engine: one folder each, and a pointer file for the published one."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from core.errors import BuildRejected, IndexMissing
from core.ports import Changes, Entry, Factors, IndexInfo, MovieIndex
from indexer import attachments
from indexer import factors as shared
from indexer.embedded import published_index
from indexer.embedded.columns import Columns
from indexer.embedded.files import factors as matrices
from indexer.embedded.version_writer import VersionWriter, sync
from indexer.vectors import graph

_DRAFT = "draft-"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class EmbeddedStore:
    """An `IndexStore` in one folder.

    One build at a time: it holds a file lock from `begin` to `publish` or `delete` of its version.

    Args:
        root: the folder.
        exact_up_to: movies up to which new versions are searched exactly.
    """

    def __init__(self, root: Path, *, exact_up_to: int = graph.EXACT_UP_TO) -> None:
        self._root = root
        self._exact_up_to = exact_up_to
        self._draft: VersionWriter | None = None
        self._lock: tuple[int, str] | None = None

    def begin(self, info: IndexInfo, *, changes: Changes | None = None) -> bool:  # noqa: ARG002
        """Create an empty draft in a folder that is not visible to readers; movies are always written anew.

        Raises:
            BuildRejected: another build is running, or the version exists.
        """
        if not _NAME.fullmatch(info.version) or info.version.startswith(_DRAFT):
            raise ValueError(f"version: expected letters, digits, dots and dashes, got {info.version!r}")
        self._acquire(info.version)
        try:
            if self._folder(info.version).exists() or self._drafted(info.version).exists():
                raise BuildRejected(f"version {info.version} already exists in {self._root}")
            self._draft = VersionWriter(self._drafted(info.version), info, exact_up_to=self._exact_up_to)
        except (OSError, ValueError) as error:  # tantivy reports a full disk as a ValueError
            shutil.rmtree(self._drafted(info.version), ignore_errors=True)
            raise BuildRejected(f"version {info.version} cannot be written: {error}") from error
        finally:
            if self._draft is None:
                self._release()
        return False

    def fill(self, version: str, entries: Iterable[Entry]) -> None:
        """Append movies to the draft."""
        self._drafting(version).fill(entries)

    def attach(self, version: str, name: str, content: bytes) -> None:
        """Write a blob into the folder of the draft."""
        self._drafting(version).attach(attachments.check_free(name), content)

    def finish(self, version: str) -> None:
        """Turn the draft into a version atomically, once all data is on disk."""
        draft = self._drafting(version)
        try:
            draft.finish()
            draft.folder.rename(self._folder(version))
            sync(self._root)
        except (OSError, ValueError) as error:
            raise BuildRejected(f"version {version} cannot be written: {error}") from error
        self._draft = None

    def open(self, version: str | None = None) -> MovieIndex:
        """Open a version, or the published one, which then follows later publications."""
        return published_index.Published(self._root) if version is None else published_index.load(self._root, version)

    def publish(self, version: str) -> None:
        """Replace the pointer file atomically."""
        if version not in self.versions():
            raise ValueError(f"version {version} is not finished and cannot be published")
        beside = self._root / f".{published_index.POINTER}.{os.getpid()}"
        with beside.open("w", encoding="utf-8") as file:
            file.write(version + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._root / published_index.POINTER)
        sync(self._root)
        self._release(version)

    def published(self) -> str | None:
        """Return the version in the pointer file."""
        return published_index.read_pointer(self._root)

    def versions(self) -> list[str]:
        """Return all finished versions, oldest first."""
        folders = self._root.iterdir() if self._root.is_dir() else ()
        return sorted(f.name for f in folders if not f.name.startswith(_DRAFT) and (f / "info.json").is_file())

    def delete(self, version: str) -> None:
        """Delete a version or a draft."""
        if version == self.published():
            raise ValueError(f"version {version} is published and cannot be deleted")
        self._abandon(version)
        if self._folder(version).exists():
            # Renaming it to a draft hides it at once; if the deletion fails or is interrupted, it is pruned later.
            self._folder(version).rename(self._drafted(version))
        shutil.rmtree(self._drafted(version), ignore_errors=True)
        self._release(version)

    def publish_factors(self, factors: Factors) -> int:
        """Write a factor matrix for the published version and make it current atomically; one call at a time."""
        shared.check(factors)
        with self._lock_factors():
            version = self.published()
            if version is None:
                raise IndexMissing(f"no index is published in {self._root}; build one with `marquee index`")
            try:
                published_index.load(self._root, version)
                return matrices.save(self._folder(version), Columns.load(self._folder(version)), factors)
            except OSError as error:
                raise BuildRejected(
                    f"the factors of the model {factors.model!r} cannot be written to the index {version}: "
                    f"{error}; the previous ones still serve"
                ) from error

    def remove_abandoned(self) -> list[str]:
        """Delete the drafts of killed builds; none while another build is running, whose draft is in use."""
        own = self._lock is not None
        if not own and (not self._root.is_dir() or not self._try_lock("")):
            return []
        running = self._draft.folder if self._draft else None
        dead = sorted(folder for folder in self._root.glob(f"{_DRAFT}*") if folder != running)
        for folder in dead:
            shutil.rmtree(folder)
        if not own:
            self._release()
        return [folder.name.removeprefix(_DRAFT) for folder in dead]

    @contextlib.contextmanager
    def _lock_factors(self) -> Iterator[None]:
        """Hold the lock for factors, separate from that of builds: factors can be published during a build."""
        if not self._root.is_dir():
            yield
            return
        handle = os.open(self._root / ".stamping", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _folder(self, version: str) -> Path:
        return self._root / version

    def _drafted(self, version: str) -> Path:
        return self._root / f"{_DRAFT}{version}"

    def _drafting(self, version: str) -> VersionWriter:
        if self._draft is None or self._draft.info.version != version:
            raise ValueError(f"version {version} is not a draft of this store; call `begin` first")
        return self._draft

    def _abandon(self, version: str) -> None:
        if self._draft is not None and self._draft.info.version == version:
            self._draft.abandon()
            self._draft = None

    def _acquire(self, version: str) -> None:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BuildRejected(
                f"{self._root} cannot be written: {error}; set MARQUEE_HOME to a writable folder"
            ) from error
        if self._lock is not None or not self._try_lock(version):
            raise BuildRejected(f"another build is running in {self._root}; wait for it")

    def _try_lock(self, version: str) -> bool:
        handle = os.open(self._root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._lock = (handle, version)
        return True

    def _release(self, version: str | None = None) -> None:
        """Release the lock if it is held for `version`, or in any case if that is None."""
        if self._lock is not None and version in (None, self._lock[1]):
            os.close(self._lock[0])
            self._lock = None
