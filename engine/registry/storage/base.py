"""Where versions lie: a folder of this machine, or anything that fsspec can reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

POINTER = "current"
"""The one name that says which version is published."""


class Storage(Protocol):
    """Keeps versions and the pointer. What cannot be reached raises `ModelMissing`, in words."""

    look_every: float
    """Seconds between two looks of a serving process at the pointer."""

    def __str__(self) -> str:
        """Where this is, for people."""
        ...

    def pointer(self) -> str | None:
        """The published version, or None."""
        ...

    def fingerprint(self) -> object:
        """Something cheap that differs after each change of the pointer."""
        ...

    def point(self, version: str) -> None:
        """Publish a version, in one step that happens whole or not at all."""
        ...

    def versions(self) -> list[str]:
        """Every whole version (one with a manifest), oldest first."""
        ...

    def manifest(self, version: str) -> bytes:
        """What is written of a version."""
        ...

    def sizes(self, version: str) -> Mapping[str, int]:
        """Bytes of each file of a version, by its name in the manifest."""
        ...

    def drafting(self) -> AbstractContextManager[Path]:
        """An empty folder of this machine to write a version into; whatever is left of it goes in the end."""
        ...

    def commit(self, draft: Path, version: str) -> None:
        """Keep what a draft holds as a version. Raises `Busy` where there is one of this name."""
        ...

    def folder(self, version: str, part: str, names: Sequence[str]) -> Path:
        """A folder of this machine with the files of a version's part; those of far away are fetched first."""
        ...

    def forget(self, version: str, part: str) -> bool:
        """Throw away a damaged copy; whether asking for the folder again may give a better one."""
        ...

    def at_hand(self) -> Sequence[str]:
        """Versions that can be had while the storage cannot be reached, the one published last before others."""
        ...

    def remove(self, version: str) -> None:
        """Delete a version; from the first moment on it is not listed any more."""
        ...

    def remove_abandoned(self) -> None:
        """Remove what killed writers left behind."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Hold back other writers, as far as the place can do that."""
        ...
