"""Uploads that importers have to survive: zip bombs, broken archives, odd tables and odd JSON. Pure."""

from __future__ import annotations

import functools
import gzip
import io
import json
import random
import struct
import zipfile
from collections.abc import Callable

ZEROS = 64 * 1024 * 1024
HEADER = "Date,Name,Year,Letterboxd URI,Rating\n"
ROW = "2024-01-05,Alien,1979,https://boxd.it/2awY,4.5\n"


def upload(dice: random.Random) -> tuple[str, bytes]:
    """Return name and content of a file, sometimes damaged at random."""
    name, make = dice.choice(FILES)
    content = make()
    if dice.random() < 0.3 and content:
        content = _damaged(content, dice)
    return dice.choice((name, name, name.upper(), "x", "../" + name, "a" * 300 + name)), content


def _damaged(content: bytes, dice: random.Random) -> bytes:
    if dice.random() < 0.5:
        return content[: dice.randrange(len(content))]
    changed = bytearray(content)
    for _ in range(dice.randrange(1, 20)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _zip(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, method)  # without the time of the day
    return buffer.getvalue()


@functools.cache
def _bomb() -> bytes:
    return _zip(("ratings.csv", bytes(ZEROS)))


@functools.cache
def _bombs() -> bytes:
    return _zip(*((f"ratings{n}.csv", bytes(ZEROS // 8)) for n in range(40)))


@functools.cache
def _nested() -> bytes:
    inner = _bomb()
    for _ in range(3):
        inner = _zip(("ratings.zip", inner), ("ratings.csv", inner))
    return inner


@functools.cache
def _many() -> bytes:
    return _zip(*((f"{n}.csv", b"") for n in range(20_000)), method=zipfile.ZIP_STORED)


def _lying() -> bytes:
    """Return an archive whose directory states another size than its entry has."""
    content = bytearray(_zip(("ratings.csv", (HEADER + ROW * 50).encode())))
    place = content.rfind(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(content)


def _encrypted() -> bytes:
    content = bytearray(_zip(("ratings.csv", HEADER.encode())))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + offset] |= 1
    return bytes(content)


def _table(rows: str, header: str = HEADER) -> Callable[[], bytes]:
    return (header + rows).encode


FILES: tuple[tuple[str, Callable[[], bytes]], ...] = (
    ("ratings.csv", _table(ROW)),
    ("ratings.csv", lambda: b""),
    ("ratings.csv", lambda: b"\x00" * 1_000),
    ("ratings.csv", lambda: bytes(range(256)) * 50),
    ("ratings.csv", lambda: (HEADER + ROW).encode("utf-16")),
    ("ratings.csv", lambda: (HEADER + ROW).encode("utf-16-le")),
    ("ratings.csv", lambda: (HEADER + ROW).encode("utf-32")),
    ("ratings.csv", lambda: b"\xff\xfe" + b"\xd8" * 999),
    ("ratings.csv", _table('"' + "x" * 500_000)),
    ("ratings.csv", _table("\n", "a," * 200_000)),
    ("ratings.csv", _table("," * 100_000 + "\n")),
    ("ratings.csv", _table("\n" * 500_000)),
    ("ratings.csv", _table("\r" * 9_999)),
    ("ratings.csv", _table(ROW * 20_000)),
    ("ratings.csv", _table("".join(f"2024-01-05,Movie {n},{n},,{n}\n" for n in range(3_000)))),
    ("ratings.csv", _table("0000-00-00,Alien,99999999999999999999,x,1e400\n9999-12-31,Alien,-1,x,nan\n")),
    ("ratings.csv", _table("2024-01-05,,,,\n,,,,\n2024-01-05,=cmd|' /C calc'!A0,1979,,5\n")),
    ("ratings.csv", _table(f"2024-01-05,{'é' * 40_000},1979,,4\n")),
    ("ratings.csv", _table("1,2,3\n" * 900, "movieId,rating,timestamp\n")),
    ("ratings.csv", _table(f"{'9' * 40},4.5,{'9' * 40}\n1,4.5,-1\n1,inf,1e300\n", "movieId,rating,timestamp\n")),
    ("ratings.csv", _table("tt0078748,9,2024-01-05\ntt" + "9" * 50 + ",9,x\n", "Const,Your Rating,Date Rated\n")),
    ("export.json", lambda: b"[" * 100_000),
    ("export.json", lambda: b'{"ratings":' * 5_000),
    ("export.json", lambda: json.dumps({"ratings": [{"movie": 10**40, "stars": 1e308, "at": "9999-12-31"}]}).encode()),
    ("export.json", lambda: b'{"format":"marquee","ratings":[{"movie":' + b"9" * 5_000 + b',"stars":NaN}]}'),
    ("export.json", lambda: b'{"ratings":{"550":5,"\\ud800":4}}'),
    ("export.zip", lambda: _zip(("ratings.csv", (HEADER + ROW).encode()))),
    ("export.zip", lambda: _zip(("../../ratings.csv", b"x"), ("/etc/passwd", b"x"), ("a\x00b.csv", b"x"))),
    ("export.zip", lambda: _zip(("ratings.csv", (HEADER + ROW).encode()), method=zipfile.ZIP_LZMA)),
    ("export.zip", lambda: b"PK\x03\x04" + bytes(500)),
    ("export.zip", lambda: b"PK\x05\x06" + b"\xff" * 18),
    ("export.zip", _zip),
    ("export.zip", _bomb),
    ("export.zip", _bombs),
    ("export.zip", _nested),
    ("export.zip", _many),
    ("export.zip", _lying),
    ("export.zip", _encrypted),
    ("export.gz", lambda: gzip.compress(bytes(1_000_000), mtime=0)),
    ("export.tar", lambda: b"ratings.csv" + bytes(2_000)),
)
"""Names and contents of uploads."""
