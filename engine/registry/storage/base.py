"""The interface of model storages: a local folder, or anything that fsspec can reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

POINTER = "current"
"""Name of the file with the published version."""


class Storage(Protocol):
    """Stores versions and the pointer. Raises `ModelMissing` if it is unreachable."""

    look_every: float
    """Seconds between two polls of the pointer by a serving process."""

    def __str__(self) -> str:
        """Return the location for messages."""
        ...

    def pointer(self) -> str | None:
        """Return the published version, or None."""
        ...

    def fingerprint(self) -> object:
        """Return a cheap value that differs after each change of the pointer."""
        ...

    def point(self, version: str) -> None:
        """Publish a version atomically."""
        ...

    def versions(self) -> list[str]:
        """Return all complete versions (those with a manifest), oldest first."""
        ...

    def manifest(self, version: str) -> bytes:
        """Return the manifest of a version."""
        ...

    def sizes(self, version: str) -> Mapping[str, int]:
        """Return the size of each file of a version in bytes, by its name in the manifest."""
        ...

    def drafting(self) -> AbstractContextManager[Path]:
        """Yield an empty local folder to write a version into; it is deleted at the end."""
        ...

    def commit(self, draft: Path, version: str) -> None:
        """Store the content of a draft as a version. Raises `Busy` if the version exists."""
        ...

    def folder(self, version: str, part: str, names: Sequence[str]) -> Path:
        """Return a local folder with the files of a version's part; remote files are fetched first."""
        ...

    def forget(self, version: str, part: str) -> bool:
        """Delete a damaged local copy; return whether fetching the folder again may help."""
        ...

    def at_hand(self) -> Sequence[str]:
        """Return the versions available while the storage is unreachable, the one published last first."""
        ...

    def remove(self, version: str) -> None:
        """Delete a version; it is no longer listed as soon as deletion begins."""
        ...

    def remove_abandoned(self) -> None:
        """Remove what killed writers left behind."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Lock out other writers, if the storage supports it."""
        ...
