"""Checksums of the files of a version, so that a damaged disk is noticed before a search goes wrong."""

from __future__ import annotations

import hashlib
from pathlib import Path

import orjson

FILE = "checksums.json"


class Damaged(ValueError):
    """A file is missing, or differs from what was written."""


def save(folder: Path) -> None:
    """Write the SHA-256 sums of all files of a finished draft."""
    sums = {path.relative_to(folder).as_posix(): _sum(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    (folder / FILE).write_bytes(orjson.dumps(sums))


def verify(folder: Path) -> None:
    """Compare the files of a version with their sums; versions of older releases have none and are accepted.

    Raises:
        Damaged: names the file.
        OSError, ValueError: the sums or a file cannot be read.
    """
    path = folder / FILE
    if not path.exists():
        return
    for name, expected in orjson.loads(path.read_bytes()).items():
        if not (folder / name).is_file():
            raise Damaged(f"the file {name} is missing")
        if _sum(folder / name) != expected:
            raise Damaged(f"the file {name} is damaged")


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
