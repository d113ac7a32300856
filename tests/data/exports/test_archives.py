"""Letterboxd archives, genuine and malicious."""

from __future__ import annotations

import io
import random
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DataError
from core.users import MarkKind
from data.exports import archives, blocks, entries, reader

RATINGS = b"Date,Name,Year,Letterboxd URI,Rating\n2020-05-17,Heat,1995,uri,4.5\n"
LIST = b"Date,Name,Year,Letterboxd URI\n2020-05-17,Jaws,1975,uri\n"


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("folder", ["", "letterboxd-ada-2020/"])
def test_only_useful_files_are_read(folder: str) -> None:
    files = {
        "profile.csv": b"Date Joined,Username\n2020-01-01,ada\n",
        "ratings.csv": RATINGS,
        "watchlist.csv": LIST,
        "watched.csv": LIST,
        "likes/films.csv": LIST,
        "deleted/ratings.csv": RATINGS.replace(b"Heat", b"Gone"),
        "lists/best.csv": b"Position,Name,Year,URL,Description\n1,Heat,1995,u,A *classic*\n",
        "deleted/lists/old.csv": b"Position,Name,Year,URL,Description\n1,Gone,1995,u,\n",
        "orphaned/diary.csv": RATINGS,
        "comments.csv": b"",
    }
    export = reader.read(
        io.BytesIO(packed({folder + name: content for name, content in files.items()})), name="all.zip"
    )
    assert export.kind == "Letterboxd archive"
    assert [(e.file, e.title, e.mark) for e in export.entries] == [
        ("ratings.csv", "Heat", None),
        ("watched.csv", "Jaws", MarkKind.WATCHED),
        ("watchlist.csv", "Jaws", MarkKind.WATCHLIST),
        ("likes/films.csv", "Jaws", MarkKind.FAVOURITE),
        ("lists/best.csv", "Heat", None),
    ]
    assert (export.entries[-1].list, export.entries[-1].note) == (0, "A *classic*")
    assert [details.name for details in export.lists] == ["best"]


def test_lists_of_an_archive_are_told_apart() -> None:
    lists = {f"lists/{name}.csv": b"Position,Name,Year,URL,Description\n1,Heat,1995,u,\n" for name in ("one", "two")}
    export = reader.read(io.BytesIO(packed(lists)), name="all.zip")
    assert [(details.name, entry.list) for details, entry in zip(export.lists, export.entries, strict=True)] == [
        ("one", 0),
        ("two", 1),
    ]


def test_an_unreadable_file_among_readable_ones_is_reported_like_a_row() -> None:
    files = {"ratings.csv": RATINGS, "lists/best.csv": b"Letterboxd list export v7\n", "diary.csv": b'Date\n"x\n'}
    export = reader.read(io.BytesIO(packed(files)), name="all.zip")
    assert [entry.title for entry in export.entries] == ["Heat"]
    assert sorted((bad.file, bad.row) for bad in export.bad) == [("diary.csv", 2), ("lists/best.csv", 1)]
    with pytest.raises(DataError, match=r"all\.zip: lists/best\.csv, row 1: expected Letterboxd's"):
        reader.read(io.BytesIO(packed({"lists/best.csv": files["lists/best.csv"]})), name="all.zip")


def test_the_total_size_of_the_files_of_an_archive_is_limited() -> None:
    lists = {f"lists/{n}.csv": b"\n" * (entries.MAX_BYTES - 1) for n in range(6)}
    with pytest.raises(DataError, match="or 128 MB in all"):
        reader.read(io.BytesIO(packed(lists)), name="all.zip")


def test_the_number_of_files_that_are_read_is_limited() -> None:
    with pytest.raises(DataError, match="at most 600 lists"):
        reader.read(io.BytesIO(packed({f"lists/{n}.csv": b"x" for n in range(archives.MAX_READ + 1)})), name="all.zip")


def test_an_invalid_row_is_reported_with_its_file() -> None:
    export = reader.read(io.BytesIO(packed({"ratings.csv": RATINGS + b"x\n", "watchlist.csv": LIST})), name="all.zip")
    assert [str(bad) for bad in export.bad] == ["ratings.csv, row 3, column 'Rating': expected stars, got nothing"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed({"notes.txt": b"hello"}), "expected an archive of Letterboxd"),
        (packed({"ratings.csv": b" " * (entries.MAX_BYTES + 1)}), "uncompresses to more than 32 MB"),
        (packed({"ratings.csv": RATINGS}, zipfile.ZIP_BZIP2), "unsupported compression method"),
        (packed({"ratings.csv": RATINGS})[:-30], "not a readable .zip archive"),
        (packed({f"lists/{n}.csv": b"" for n in range(archives.MAX_MEMBERS + 1)}), "at most 5,000 files"),
        (b"PK\x03\x04" + b"\x00" * 100, "not a readable .zip archive"),
    ],
)
def test_an_invalid_or_malicious_archive_is_rejected(content: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        reader.read(io.BytesIO(content), name="all.zip")


def test_an_archive_with_false_sizes_is_not_uncompressed_beyond_the_limit() -> None:
    honest = packed({"ratings.csv": b"0" * (entries.MAX_BYTES * 4)})
    size = (entries.MAX_BYTES * 4).to_bytes(4, "little")
    assert honest.count(size) == 2
    with pytest.raises(DataError):
        reader.read(io.BytesIO(honest.replace(size, (100).to_bytes(4, "little"))), name="all.zip")


def test_an_encrypted_archive_is_reported() -> None:
    content = bytearray(packed({"ratings.csv": RATINGS}))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    with pytest.raises(DataError, match="is encrypted"):
        reader.read(io.BytesIO(bytes(content)), name="all.zip")


def test_a_damaged_file_in_an_archive_is_rejected() -> None:
    noise = random.Random(1).randbytes(400)  # noqa: S311
    content = bytearray(packed({"ratings.csv": RATINGS + noise}, zipfile.ZIP_STORED))
    content[content.index(noise) + 7] ^= 0xFF
    with pytest.raises(DataError, match=r"not a readable \.zip archive"):
        reader.read(io.BytesIO(bytes(content)), name="all.zip")


def test_the_total_number_of_rows_is_limited() -> None:
    many = LIST.splitlines(keepends=True)[0] + LIST.splitlines(keepends=True)[1] * 60_000
    with pytest.raises(DataError, match="at most 100,000 rows in total"):
        reader.read(io.BytesIO(packed({"watched.csv": many, "watchlist.csv": many})), name="all.zip")


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_damage_anywhere_is_read_or_rejected_with_a_message(place: int, damage: bytes) -> None:
    content = packed({"ratings.csv": RATINGS, "watchlist.csv": LIST})
    broken = content[: place % len(content)] + damage + content[place % len(content) + len(damage) :]
    with suppress(DataError):
        reader.read(io.BytesIO(broken), name="all.zip")


def test_members_are_counted_across_the_blocks_of_an_archive() -> None:
    mark = b"PK\x01\x02"
    padding = b"PK\x03\x04" + b"\0" * (blocks.BLOCK - 6)  # the first mark lies across the end of a block
    content = padding + mark * (archives.MAX_MEMBERS + 1)
    with pytest.raises(DataError, match="at most 5,000 files"):
        reader.read(io.BytesIO(content), name="all.zip")
    with pytest.raises(DataError, match="not a readable"):
        reader.read(io.BytesIO(content[: -len(mark)]), name="all.zip")
