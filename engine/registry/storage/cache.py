"""Local copies of remote versions: fetched completely or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.registry.artifacts import MANIFEST
from engine.registry.storage.base import POINTER

COPIES = 3
"""Number of versions whose copies are kept."""


class LocalCache:
    """Local copies of versions. Safe between threads and processes: a copy gets its name once it is complete."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, version: str, part: str = "") -> Path:
        """Return the folder of the copy of a version's part, which may not exist."""
        return self.root / (f".{part}-{version}" if part else version)

    def have(self, version: str, part: str, *, fill: Callable[[Path], None]) -> Path:
        """Return the folder of a copy; create it with `fill` if it does not exist."""
        copy = self.folder(version, part)
        if not (copy / MANIFEST).exists():
            self._make(copy, fill)
            self._forget_old(keep=copy)
        return copy

    def forget(self, version: str, part: str) -> None:
        """Delete a copy."""
        shutil.rmtree(self.folder(version, part), ignore_errors=True)

    def manifest(self, version: str) -> bytes | None:
        """Return the manifest of a copy, or None."""
        try:
            return (self.folder(version) / MANIFEST).read_bytes()
        except OSError:
            return None

    def versions(self) -> Sequence[str]:
        """Return the copied versions: the one published last, then the others, newest first."""
        found = sorted((path.parent.name for path in self.root.glob(f"[!.]*/{MANIFEST}")), reverse=True)
        try:
            last = (self.root / POINTER).read_text(encoding="utf-8").strip()
        except OSError:
            return found
        return sorted(found, key=lambda version: version != last)

    def remember(self, version: str) -> None:
        """Record the name of the published version, in case the storage becomes unreachable."""
        with contextlib.suppress(OSError):  # a full disk must not stop the process from serving
            self.root.mkdir(parents=True, exist_ok=True)
            file = self.root / POINTER
            if not file.exists() or file.read_text(encoding="utf-8").strip() != version:
                temporary = file.with_name(f".{POINTER}-{os.getpid()}-{threading.get_ident()}")
                temporary.write_text(version + "\n", encoding="utf-8")
                temporary.replace(file)

    def _make(self, copy: Path, fill: Callable[[Path], None]) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=self.root, ignore_cleanup_errors=True) as folder:
            draft = Path(folder) / "copy"
            draft.mkdir()
            fill(draft)
            try:
                draft.rename(copy)
            except OSError:  # another process was faster
                if not copy.exists():
                    raise

    def _forget_old(self, *, keep: Path) -> None:
        """Delete all but the newest copies; processes that have older files mapped keep these until they exit."""
        found = [path.parent for path in self.root.glob(f"*/{MANIFEST}")]
        for path in sorted(found, key=_made_at)[:-COPIES]:
            if path != keep:
                shutil.rmtree(path, ignore_errors=True)


def _made_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # deleted meanwhile
        return 0.0
