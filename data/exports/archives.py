"""Archives of exports: extracts only the useful files from a potentially malicious .zip."""

from __future__ import annotations

import re
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
MAX_READ = 600
"""Maximum files that are read: a user has at most 500 lists here."""
MAX_TOTAL = 4 * MAX_BYTES
"""Maximum bytes of all files that are read, uncompressed: more than `MAX_ROWS` rows need."""
WANTED = (
    *(re.compile(name) for name in (r"ratings\.csv", r"diary\.csv", r"reviews\.csv", r"watched\.csv")),
    *(re.compile(name) for name in (r"letterboxd-import-\d+\.csv", r"watchlist(?:-\d+)?\.csv", r"likes/films\.csv")),
    re.compile(r"lists/[^/]+\.csv"),
    re.compile(r"(?:[^/]+/)*tracking-prod-records[^/]*\.csv", re.IGNORECASE),
    re.compile(r"(?:[^/]+/)*simkl[^/]*\.(?:json|csv)", re.IGNORECASE),
    re.compile(r"marquee[^/]*\.json", re.IGNORECASE),
    re.compile(
        r"(?:[^/]+/)*(?:ratings|watched|history|watchlist|lists?|favorites)(?:[-_/][^/]*)?\.json", re.IGNORECASE
    ),
)
"""Letterboxd's files at the top level, or in a single folder added by some programs; then those of TV Time, Simkl,
Marquee and Trakt. Not in `deleted/` or `orphaned/`, where Letterboxd puts what its user removed."""
IGNORED = ("deleted/", "orphaned/", "__MACOSX/")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_archive(content: IO[bytes]) -> bool:
    """Whether the content is a .zip archive."""
    content.seek(0)
    return content.read(len(MAGIC)) == MAGIC


def files(content: IO[bytes], *, file: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and content of each useful file, which is then closed; the sizes in the archive are not trusted.

    Nothing is written under the names in the archive.

    Raises:
        DataError: the archive is broken, encrypted, without any useful file, or uncompresses to more than `MAX_BYTES`
            in a file or `MAX_TOTAL` in all.
    """
    if _count(content, _MEMBER) > MAX_MEMBERS:
        raise DataError(f"expected an archive of at most {MAX_MEMBERS:,} files", file=file)
    left = MAX_TOTAL
    try:
        with zipfile.ZipFile(content) as archive:
            found = _find(archive, file)
            for name, member in found.items():
                with _extract(archive, member, most=min(MAX_BYTES, left), file=f"{file}: {name}") as extracted:
                    left -= blocks.size(extracted)
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
    folder = next((f"{top}/" for top in tops if len(tops) == 1 and top not in ("likes", "lists")), "")
    plain = {path.removeprefix(folder): member for path, member in sorted(by_path.items())}
    useful = {name: member for name, member in plain.items() if not name.startswith(IGNORED)}
    found = {name: useful[name] for form in WANTED for name in useful if form.fullmatch(name)}
    if not found:
        expected = "an archive of Letterboxd (ratings.csv, diary.csv, …), Trakt, Simkl or TV Time"
        raise DataError(f"expected {expected}; found none of their files", file=file)
    if len(found) > MAX_READ:
        raise DataError(f"expected at most {MAX_READ} lists and other files; remove some from the archive", file=file)
    return found


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, most: int, file: str) -> IO[bytes]:
    if member.flag_bits & 1:
        raise DataError("is encrypted; upload it without a password", file=file)
    if member.compress_type not in METHODS:
        raise DataError(
            "uses an unsupported compression method; compress it again or upload the file itself", file=file
        )
    try:
        with archive.open(member) as packed:
            return blocks.spool(iter(lambda: packed.read(blocks.BLOCK), b""), most=most)
    except blocks.TooLarge:
        limits = f"{MAX_BYTES // 1_000_000} MB, or {MAX_TOTAL // 1_000_000} MB in all"
        raise DataError(f"uncompresses to more than {limits}", file=file) from None
