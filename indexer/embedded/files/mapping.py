"""Files mapped into memory that searches read in many small places."""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LARGE = 256 * 2**20
"""Bytes from which parts of a file are read ahead: smaller files are usually in memory, and asking costs time."""


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


def bounds_of(offsets: NDArray[np.int64], rows: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return the first byte of each row's part, and that after its last; `offsets` are int64, (n_rows + 1,)."""
    return list(zip(offsets[rows].tolist(), offsets[rows + 1].tolist(), strict=True))


def read_ahead(mapped: mmap.mmap | bytes, bounds: Iterable[tuple[int, int]], *, large: int = LARGE) -> None:
    """Ask the system to read parts of such a file if it is large, and do not wait.

    A search knows hundreds of places before it needs the first, which a disk reads together in a fraction of the time
    that it takes one after another. For a page in memory, asking takes about a microsecond.

    Args:
        bounds: the first byte of each part, and that after its last.
        large: bytes from which a file is large.
    """
    if len(mapped) < large or not isinstance(mapped, mmap.mmap) or not hasattr(mapped, "madvise"):
        return
    for first, end in bounds:
        if end > first:
            start = first - first % mmap.PAGESIZE
            mapped.madvise(mmap.MADV_WILLNEED, start, end - start)
