"""Letterboxd's archive: the files that are of use, and nothing else, out of a .zip that may mean harm."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from core.errors import DataError
from data.exports.entries import MAX_BYTES

MAGIC = b"PK\x03\x04"
_MEMBER = b"PK\x01\x02"
MAX_MEMBERS = 5_000
"""Files in an archive; Letterboxd's has a dozen, and one more for each list of the user."""
WANTED = ("ratings.csv", "diary.csv", "watched.csv", "watchlist.csv", "likes/films.csv")
"""At the top, or in the one folder that some programs put around it. Not in `deleted/` or `orphaned/`."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_archive(content: bytes) -> bool:
    """Whether this is a .zip rather than a table."""
    return content.startswith(MAGIC)


def files(content: bytes, *, file: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of use; what an archive says of its own sizes is not believed.

    Raises:
        DataError: broken, encrypted, none of the files in it, or one that unfolds to more than `MAX_BYTES`.
    """
    if content.count(_MEMBER) > MAX_MEMBERS:
        raise DataError(f"expected an archive of at most {MAX_MEMBERS:,} files", file=file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = _find(archive, file)
            for name, member in found.items():
                yield name, _unfold(archive, member, file=f"{file}: {name}")
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise DataError(f"not a readable .zip archive ({error}); download it once more", file=file) from None


def _find(archive: zipfile.ZipFile, file: str) -> dict[str, zipfile.ZipInfo]:
    """The wanted members by their plain name, in the order of `WANTED`."""
    by_path = {member.filename: member for member in archive.infolist() if not member.is_dir()}
    tops = {path.partition("/")[0] for path in by_path if "/" in path and not path.startswith("__MACOSX/")}
    prefixes = ["", *(f"{top}/" for top in tops if len(tops) == 1 and top != "likes")]
    found = {name: by_path[prefix + name] for name in WANTED for prefix in prefixes if prefix + name in by_path}
    if not found:
        raise DataError(f"expected a Letterboxd archive with {', '.join(WANTED[:-1])}; none is in it", file=file)
    return found


def _unfold(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, file: str) -> bytes:
    if member.flag_bits & 1:
        raise DataError("is encrypted; send it without a password", file=file)
    if member.compress_type not in METHODS:
        raise DataError("is packed by an unusual method; pack it anew or send it by itself", file=file)
    with archive.open(member) as packed:
        content = packed.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise DataError(f"unfolds to more than {MAX_BYTES // 1_000_000} MB", file=file)
    return content
