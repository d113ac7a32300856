"""Uploads as files, read in blocks: a large one lies on disk and is never in memory as a whole."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO

BLOCK = 256 * 1024
"""Bytes that are read at once."""
IN_MEMORY = 256 * 1024
"""Bytes of an upload that are kept in memory."""


class TooLarge(ValueError):
    """There is more content than allowed."""


def size(file: IO[bytes]) -> int:
    """Return the size of a file, and leave it at its beginning."""
    found = file.seek(0, 2)
    file.seek(0)
    return found


def of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the content of a file from its beginning."""
    file.seek(0)
    while block := file.read(BLOCK):
        yield block


def spool(content: Iterable[bytes], *, most: int) -> IO[bytes]:
    """Return some content as a file at its beginning, on disk if it is large. The caller closes it.

    Raises:
        TooLarge: the content has more than `most` bytes; the rest is not read.
    """
    with ExitStack() as unless_complete:
        file: IO[bytes] = unless_complete.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        for block in content:
            if file.tell() + len(block) > most:
                raise TooLarge
            file.write(block)
        unless_complete.pop_all()  # the caller closes it
    file.seek(0)
    return file
