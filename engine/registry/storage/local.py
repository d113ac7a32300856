"""Storage in a local (or mounted) folder: versions are renamed into place and published by `os.replace`."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from core.errors import Busy, ModelMissing
from engine.registry import artifacts
from engine.registry.artifacts import MANIFEST
from engine.registry.storage.base import POINTER

DRAFT, LOCK, GONE = ".draft-", ".lock", ".gone-"
STALE = 3600.0
"""Seconds after which a draft counts as abandoned: writing one takes seconds."""


class LocalStorage:
    """Versions in a folder. Safe between threads and processes: writers lock a file, readers need no lock."""

    look_every = 1.0

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        """Return the folder."""
        return str(self.root)

    def pointer(self) -> str | None:
        """Read the file `current`."""
        try:
            return (self.root / POINTER).read_text(encoding="utf-8").strip() or None
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            # Returning None would mean that nothing is published, and callers would delete or compare accordingly.
            raise ModelMissing(f"{self.root / POINTER} cannot be read: {error}") from error

    def fingerprint(self) -> object:
        """Return modification time and inode of the pointer, with one stat."""
        try:
            found = (self.root / POINTER).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def point(self, version: str) -> None:
        """Replace the file `current`.

        Atomic because `rename(2)` is: `current` is the previous file or the new one, and the new one was completely on
        disk (fsync) before it got the name. The folder's own fsync makes the name survive a power cut.
        """
        if not (self.root / version / MANIFEST).exists():
            raise ModelMissing(f"the version {version} was deleted meanwhile")
        handle, temporary = tempfile.mkstemp(dir=self.root, prefix=f".{POINTER}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(version + "\n")
                out.flush()
                os.fchmod(out.fileno(), 0o644)
                os.fsync(out.fileno())
            Path(temporary).replace(self.root / POINTER)
            artifacts.settle(self.root)
        finally:
            Path(temporary).unlink(missing_ok=True)

    def versions(self) -> list[str]:
        """Return all folders with a manifest."""
        return sorted(path.parent.name for path in self.root.glob(f"[!.]*/{MANIFEST}"))

    def manifest(self, version: str) -> bytes:
        """Read the manifest."""
        try:
            return (self.root / version / MANIFEST).read_bytes()
        except OSError as error:
            raise ModelMissing(f"{self.root / version}: no readable {MANIFEST} ({error}); train again") from error

    def sizes(self, version: str) -> Mapping[str, int]:
        """Return the sizes of the version's files; empty if it was deleted meanwhile."""
        home = self.root / version
        with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
            found = [path for path in home.rglob("*") if path.is_file()]
            return {path.relative_to(home).as_posix(): path.stat().st_size for path in found}
        return {}

    @contextlib.contextmanager
    def drafting(self) -> Iterator[Path]:
        """Yield a folder next to the versions, so that it can be renamed into place."""
        self.root.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=self.root))
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def commit(self, draft: Path, version: str) -> None:
        """Rename the draft into place."""
        draft.chmod(0o755)
        try:
            draft.rename(self.root / version)
        except OSError as error:
            if (self.root / version).exists():
                raise Busy(f"the version {version} already exists in {self.root}") from error
            raise
        artifacts.settle(self.root)

    def folder(self, version: str, part: str, names: Sequence[str]) -> Path:  # noqa: ARG002 - all files are local
        """Return the folder itself."""
        return self.root / version / part

    def forget(self, version: str, part: str) -> bool:  # noqa: ARG002
        """Do nothing: there is no other copy."""
        return False

    def at_hand(self) -> Sequence[str]:
        """Return nothing: a local folder is always reachable."""
        return ()

    def remove(self, version: str) -> None:
        """Rename the version, then delete it, so that nobody reads a partial one."""
        gone = Path(tempfile.mkdtemp(prefix=GONE, dir=self.root))
        with contextlib.suppress(FileNotFoundError):
            (self.root / version).rename(gone / version)
        shutil.rmtree(gone, ignore_errors=True)

    def remove_abandoned(self) -> None:
        """Delete hidden files and folders that are an hour old."""
        for path in self.root.glob(".*-*"):
            with contextlib.suppress(OSError):
                if path.name.startswith((DRAFT, GONE, f".{POINTER}-")) and time.time() - path.stat().st_mtime > STALE:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Lock a file; the lock ends with the process that holds it."""
        self.root.mkdir(parents=True, exist_ok=True)
        with artifacts.locked(self.root / LOCK):
            yield
