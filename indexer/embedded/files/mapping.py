"""Files mapped into memory that searches read in many small places."""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from pathlib import Path


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


def read_ahead(mapped: mmap.mmap | bytes, bounds: Iterable[tuple[int, int]]) -> None:
    """Ask the system to read parts of such a file, and do not wait.

    A search knows hundreds of places before it needs the first, which a disk reads together in a fraction of the time
    that it takes one after another. For a page in memory, asking takes about a microsecond.

    Args:
        bounds: the first byte of each part, and that after its last.
    """
    if not isinstance(mapped, mmap.mmap) or not hasattr(mapped, "madvise"):
        return
    for first, end in bounds:
        if end > first:
            start = first - first % mmap.PAGESIZE
            mapped.madvise(mmap.MADV_WILLNEED, start, end - start)
