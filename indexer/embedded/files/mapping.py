"""Files mapped into memory that searches read in many small places."""

from __future__ import annotations

import mmap
from pathlib import Path

SHORT = 16 * mmap.PAGESIZE
"""Bytes below which reading ahead gains nothing over the faults of a few pages."""


def at_random(path: Path) -> mmap.mmap | bytes:
    """Map a file for reads at random places; an empty one is `b""`.

    The system then reads and maps only the pages that are asked for, instead of the 64 to 128 kB around each, which are
    most of the reads and of the memory of a large index.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        if not path.stat().st_size:
            return b""
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if hasattr(mapped, "madvise"):  # not on Windows
        mapped.madvise(mmap.MADV_RANDOM)
    return mapped


def read_ahead(mapped: mmap.mmap | bytes, first: int, end: int) -> None:
    """Ask the system to read bytes `first` to `end` of such a file in one piece unless they are few; do not wait."""
    if end - first < SHORT or not isinstance(mapped, mmap.mmap) or not hasattr(mapped, "madvise"):
        return
    start = first - first % mmap.PAGESIZE
    mapped.madvise(mmap.MADV_WILLNEED, start, end - start)
