"""CSV bytes to rows of cells, whatever program saved them; rows keep their spreadsheet numbers."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import IO

from core.errors import DataError
from data.catalogues.report import SkippedRow
from data.exports import blocks
from data.exports.entries import MAX_BYTES, MAX_ROWS
from data.files.cells import Row, clean

UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
DELIMITERS = ",;\t"
"""Spreadsheets in some countries use semicolons; "Unicode text" uses tabs."""
HEADER_LINES = 10
"""Lines among which the header is searched: programs write a title, a date or `sep=;` above it."""
FIRST_LINES = 3 * HEADER_LINES
"""Lines read at once: the header and the first rows."""
_HEAD = 2_000
"""Bytes by which UTF-16 without a mark is told."""
_NAMED_DELIMITER = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
"""The line by which Excel is told the delimiter."""

Line = tuple[int, list[str]]
"""The number of a line and its cells."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file, read one at a time, without empty ones."""

    file: str
    first: Sequence[Line]
    rest: Iterator[Line]
    bad: list[SkippedRow]
    """Lines with misplaced quotation marks; complete once `rest` was read."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows below a header, read one at a time; missing cells at the end are blank."""

    headings: tuple[str, ...]
    """Column names as spelled in the file; rows and messages of readers use lower case."""
    _lines: Lines
    _place: int
    """The position of the header among the first lines."""
    _names: tuple[str, ...] = field(init=False)
    """The headings in lower case."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_names", tuple(heading.lower() for heading in self.headings))

    @property
    def columns(self) -> frozenset[str]:
        """The names of the columns in lower case."""
        return frozenset(self._names)

    def above(self) -> Sequence[Sequence[str]]:
        """Return the cells of the lines above the header, such as the table that describes a list."""
        return tuple(cells for _, cells in self._lines.first[: self._place])

    def head(self) -> Sequence[Row]:
        """Return the first rows, which help to tell the kind of file."""
        return tuple(self._row(cells) for _, cells in self._lines.first[self._place + 1 :])

    def rows(self) -> Iterator[tuple[int, Row | SkippedRow]]:
        """Yield the number of each row and its cells or, if they are too many, what is wrong. Only once."""
        width = len(self.headings)
        for number, cells in chain(self._lines.first[self._place + 1 :], self._lines.rest):
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                reason = f"expected {width} cells, found {len(cells)}: a comma or a quotation mark is misplaced"
                yield number, SkippedRow(self._lines.file, number, "", reason)
            else:
                yield number, self._row(cells)

    def bad(self) -> list[SkippedRow]:
        """Return the lines with misplaced quotation marks, after all rows were read."""
        header, _ = self._lines.first[self._place]
        return [row for row in self._lines.bad if row.row > header]

    def _row(self, cells: Sequence[str]) -> Row:
        padded = cells if len(cells) >= len(self._names) else [*cells, *[""] * (len(self._names) - len(cells))]
        return dict(zip(self._names, padded, strict=False))


def read(content: IO[bytes], *, file: str) -> Lines:
    """Split a file into lines, without empty ones; they are read from it one at a time.

    Raises:
        DataError: too large, empty, or with an unclosed quotation mark; also while the lines are read.
    """
    check_size(content, file=file)
    bad: list[SkippedRow] = []
    lines = _lines(content, file, bad)
    first = list(islice(lines, FIRST_LINES))
    if not first and not bad:
        raise DataError("the file is empty", file=file)
    if not first:
        raise DataError("expected a header, found no readable line", file=file, row=1)
    return Lines(file, first, lines, bad)


def headed(lines: Lines) -> Iterator[Sheet]:
    """Yield the rows below each line that may be the header; lines above it are ignored."""
    for place in range(min(HEADER_LINES, len(lines.first))):
        yield Sheet(tuple(clean(name) for name in lines.first[place][1]), lines, place)


def check_size(content: IO[bytes], *, file: str) -> None:
    """Reject a file larger than any genuine export. Raises `DataError`."""
    if (size := blocks.size(content)) > MAX_BYTES:
        found = f"at most {MAX_BYTES // 1_000_000} MB, got {size / 1_000_000:.1f} MB"
        raise DataError(f"expected {found}; upload the files of the export one by one", file=file)


def encoding(content: IO[bytes]) -> str:
    """Return the encoding of a text: UTF-8 or UTF-16, with or without a byte-order mark, or Windows-1252."""
    content.seek(0)
    head = content.read(_HEAD)
    if head.startswith(UTF_16_MARKS):
        return "utf-16"
    if (wide := _unmarked(head)) is not None:
        return wide
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in blocks.of(content):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _unmarked(head: bytes) -> str | None:
    """Return which UTF-16 a text without a mark is in: the header is ASCII, so every second byte is 0."""
    pairs = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 2 <= pairs or min(even, odd) * 10 > pairs:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


@contextmanager
def _text(content: IO[bytes], coding: str) -> Iterator[io.TextIOWrapper]:
    """Decode a file as it is read, and leave it open; what Windows-1252 does not define is replaced."""
    content.seek(0)
    text = io.TextIOWrapper(content, coding, errors="replace", newline="")
    try:
        yield text
    finally:
        text.detach()


def _lines(content: IO[bytes], file: str, bad: list[SkippedRow]) -> Iterator[Line]:
    """Yield numbered lines of cells without empty ones; add lines with misplaced quotation marks to `bad`."""
    coding = encoding(content)
    with _text(content, coding) as text:
        delimiter = _delimiter(text)
    with _text(content, coding) as text:
        yield from _rows(text, delimiter, file, bad)


def _rows(text: io.TextIOWrapper, delimiter: str, file: str, bad: list[SkippedRow]) -> Iterator[Line]:
    csv.field_size_limit(MAX_BYTES + 1)  # so that an unclosed quotation mark is reported as such
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise DataError("unclosed quotation mark", file=file, row=number) from None
            bad.append(SkippedRow(file, number, "", "a quotation mark is misplaced"))
            continue
        if any(cell.strip() for cell in cells):
            yield number, cells
        if number > MAX_ROWS + 1:
            raise DataError(f"expected at most {MAX_ROWS:,} rows; split the file", file=file, row=number)


def _delimiter(text: io.TextIOWrapper) -> str:
    """Return the delimiter that the first line names, or else that of the first line that looks like a table."""
    first = [line for line in islice(text, HEADER_LINES) if line.strip()]
    named = _NAMED_DELIMITER.fullmatch(first[0]) if first else None
    if named is not None:
        return named[1]
    counts = [{mark: line.count(mark) for mark in DELIMITERS} for line in first] or [dict.fromkeys(DELIMITERS, 0)]
    table = next((found for found in counts if max(found.values()) > 1), counts[0])
    return max(DELIMITERS, key=lambda mark: table[mark])
