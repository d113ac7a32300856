"""Letterboxd archives: extracts only the useful files from a potentially malicious .zip."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from core.errors import DataError
from data.exports import blocks
from data.exports.entries import MAX_BYTES

MAGIC = b"PK\x03\x04"
_MEMBER = b"PK\x01\x02"
MAX_MEMBERS = 5_000
"""Maximum files in an archive; Letterboxd's has a dozen, and one more for each list of the user."""
WANTED = ("ratings.csv", "diary.csv", "watched.csv", "watchlist.csv", "likes/films.csv")
"""At the top level, or in a single folder added by some programs. Not in `deleted/` or `orphaned/`."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_archive(content: IO[bytes]) -> bool:
    """Whether the content is a .zip archive."""
    content.seek(0)
    return content.read(len(MAGIC)) == MAGIC


def files(content: IO[bytes], *, file: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and content of each useful file, which is then closed; the sizes in the archive are not trusted.

    Raises:
        DataError: the archive is broken, encrypted, without any useful file, or uncompresses to more than `MAX_BYTES`.
    """
    if _count(content, _MEMBER) > MAX_MEMBERS:
        raise DataError(f"expected an archive of at most {MAX_MEMBERS:,} files", file=file)
    try:
        with zipfile.ZipFile(content) as archive:
            found = _find(archive, file)
            for name, member in found.items():
                with _extract(archive, member, file=f"{file}: {name}") as extracted:
                    yield name, extracted
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise DataError(f"not a readable .zip archive ({error}); download it again", file=file) from None


def _count(content: IO[bytes], wanted: bytes) -> int:
    """Return how often some bytes occur, also across two blocks."""
    found, tail = 0, b""
    for block in blocks.of(content):
        joined = tail + block
        found += joined.count(wanted)
        tail = joined[-(len(wanted) - 1) :]
    return found


def _find(archive: zipfile.ZipFile, file: str) -> dict[str, zipfile.ZipInfo]:
    """Return the wanted members by their plain name, in the order of `WANTED`."""
    by_path = {member.filename: member for member in archive.infolist() if not member.is_dir()}
    tops = {path.partition("/")[0] for path in by_path if "/" in path and not path.startswith("__MACOSX/")}
    prefixes = ["", *(f"{top}/" for top in tops if len(tops) == 1 and top != "likes")]
    found = {name: by_path[prefix + name] for name in WANTED for prefix in prefixes if prefix + name in by_path}
    if not found:
        raise DataError(f"expected a Letterboxd archive with {', '.join(WANTED[:-1])}; found none of them", file=file)
    return found


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, file: str) -> IO[bytes]:
    if member.flag_bits & 1:
        raise DataError("is encrypted; upload it without a password", file=file)
    if member.compress_type not in METHODS:
        raise DataError(
            "uses an unsupported compression method; compress it again or upload the file itself", file=file
        )
    try:
        with archive.open(member) as packed:
            return blocks.spool(iter(lambda: packed.read(blocks.BLOCK), b""), most=MAX_BYTES)
    except blocks.TooLarge:
        raise DataError(f"uncompresses to more than {MAX_BYTES // 1_000_000} MB", file=file) from None
