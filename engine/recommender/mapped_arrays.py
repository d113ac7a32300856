"""Arrays in a `.npz` file that processes map into memory, so that all workers of a server share one copy.

`numpy.load` copies what it reads from such a file. Here the data of each array begins at a multiple of `ALIGNMENT`, so
that it can be used where it is; the padding is an extra field of the archive, which other readers ignore.
"""

from __future__ import annotations

import mmap
import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

ALIGNMENT = 64
"""Bytes: a line of the processor's cache, and the alignment of the header that precedes the data."""
SUFFIX = ".npy"
_LOCAL_HEADER = struct.Struct("<26xHH")
"""Header of a member: the lengths of its name and of its extra fields at the end."""
_PADDING_FIELD = 0xD935
"""Id of an extra field for alignment, as `zipalign` writes it."""
_FIELD_HEADER = struct.Struct("<HH")


def save(file: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays to a file, uncompressed and aligned."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            content = BytesIO()
            npy.write_array(content, np.asanyarray(array), allow_pickle=False)
            member = zipfile.ZipInfo(name + SUFFIX)
            place = archive.fp.tell() + _LOCAL_HEADER.size + len(member.filename)  # type: ignore[union-attr]
            padding = -(place + _FIELD_HEADER.size) % ALIGNMENT
            member.extra = _FIELD_HEADER.pack(_PADDING_FIELD, padding) + bytes(padding)
            archive.writestr(member, content.getbuffer())


def load(file: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file: read-only and mapped if they are aligned, otherwise copied.

    Raises:
        ValueError, OSError, zipfile.BadZipFile: the file cannot be read.
    """
    with zipfile.ZipFile(file) as archive, file.open("rb") as opened:
        mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        return {
            member.filename.removesuffix(SUFFIX): _array(archive, member, opened, mapped)
            for member in archive.infolist()
        }


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, opened: IO[bytes], mapped: mmap.mmap) -> NDArray[Any]:
    begin = member.header_offset
    name, extra = _LOCAL_HEADER.unpack(mapped[begin : begin + _LOCAL_HEADER.size])
    opened.seek(begin + _LOCAL_HEADER.size + name + extra)
    if member.compress_type != zipfile.ZIP_STORED or npy.read_magic(opened) != (1, 0):
        return _copied(archive, member)
    shape, column_major, dtype = npy.read_array_header_1_0(opened)
    place, count = opened.tell(), int(np.prod(shape))
    if dtype.hasobject or place % ALIGNMENT or not count:
        return _copied(archive, member)
    flat = np.frombuffer(mapped, dtype, count, place)
    return flat.reshape(shape, order="F" if column_major else "C")


def _copied(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    with archive.open(member) as content:
        found: NDArray[Any] = npy.read_array(content, allow_pickle=False)
    return found
