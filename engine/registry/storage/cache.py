"""This machine's copies of versions that lie far away: fetched whole or not at all."""

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
"""Versions of which a copy stays."""


class LocalCache:
    """Safe between threads and processes: a copy gets its name when it is whole."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, version: str, part: str = "") -> Path:
        """Where the copy of a version's part is, or would be."""
        return self.root / (f".{part}-{version}" if part else version)

    def have(self, version: str, part: str, *, fill: Callable[[Path], None]) -> Path:
        """The folder of a copy, made by `fill` where there is none."""
        copy = self.folder(version, part)
        if not (copy / MANIFEST).exists():
            self._make(copy, fill)
            self._forget_old(keep=copy)
        return copy

    def forget(self, version: str, part: str) -> None:
        """Delete a copy."""
        shutil.rmtree(self.folder(version, part), ignore_errors=True)

    def manifest(self, version: str) -> bytes | None:
        """The manifest of a copy, or None."""
        try:
            return (self.folder(version) / MANIFEST).read_bytes()
        except OSError:
            return None

    def versions(self) -> Sequence[str]:
        """Versions that are here: the one that was published last before others, then the newest first."""
        found = sorted((path.parent.name for path in self.root.glob(f"[!.]*/{MANIFEST}")), reverse=True)
        try:
            last = (self.root / POINTER).read_text(encoding="utf-8").strip()
        except OSError:
            return found
        return sorted(found, key=lambda version: version != last)

    def remember(self, version: str) -> None:
        """Keep the name of the published version, for the day on which it cannot be asked for."""
        with contextlib.suppress(OSError):  # a full disk does not keep anybody from serving
            self.root.mkdir(parents=True, exist_ok=True)
            file = self.root / POINTER
            if not file.exists() or file.read_text(encoding="utf-8").strip() != version:
                beside = file.with_name(f".{POINTER}-{os.getpid()}-{threading.get_ident()}")
                beside.write_text(version + "\n", encoding="utf-8")
                beside.replace(file)

    def _make(self, copy: Path, fill: Callable[[Path], None]) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=self.root, ignore_cleanup_errors=True) as beside:
            draft = Path(beside) / "copy"
            draft.mkdir()
            fill(draft)
            try:
                draft.rename(copy)
            except OSError:  # another process was faster
                if not copy.exists():
                    raise

    def _forget_old(self, *, keep: Path) -> None:
        """Delete all but the newest copies; whoever has files of an older one mapped keeps these until it ends."""
        found = [path.parent for path in self.root.glob(f"*/{MANIFEST}")]
        for path in sorted(found, key=_made_at)[:-COPIES]:
            if path != keep:
                shutil.rmtree(path, ignore_errors=True)


def _made_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # deleted meanwhile
        return 0.0
