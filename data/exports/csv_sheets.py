"""CSV bytes to rows of cells, whatever program saved them; rows keep their spreadsheet numbers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from core.errors import DataError
from data.catalogues.report import SkippedRow
from data.exports.entries import MAX_BYTES, MAX_ROWS
from data.files.cells import Row, clean

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t"
"""Spreadsheets in some countries use semicolons; "Unicode text" uses tabs."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as text: rows by number, and invalid rows."""

    file: str
    headings: tuple[str, ...]
    """Column names as spelled in the file; rows and messages of readers use lower case."""
    rows: tuple[tuple[int, Row], ...]
    bad: tuple[SkippedRow, ...]


def read(content: bytes, *, file: str) -> Sheet:
    """Split a file into rows, without empty lines; missing cells at the end are blank.

    Raises:
        DataError: too large, empty, or with an unclosed quotation mark.
    """
    check_size(content, file=file)
    text = decode(content)
    if not text.strip():
        raise DataError("the file is empty", file=file)
    lines, bad = _lines(text, file)
    if not lines:
        raise DataError("expected a header, found no readable line", file=file, row=1)
    headings = tuple(clean(name) for name in lines[0][1])
    columns = [heading.lower() for heading in headings]
    rows: list[tuple[int, Row]] = []
    for number, cells in lines[1:]:
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            reason = f"expected {len(columns)} cells, found {len(cells)}: a comma or a quotation mark is misplaced"
            bad.append(SkippedRow(file, number, "", reason))
        else:
            padded = [*cells, *[""] * (len(columns) - len(cells))]
            rows.append((number, dict(zip(columns, padded, strict=False))))
    return Sheet(file, headings, tuple(rows), tuple(sorted(bad, key=lambda row: row.row)))


def check_size(content: bytes, *, file: str) -> None:
    """Reject a file larger than any genuine export. Raises `DataError`."""
    if len(content) > MAX_BYTES:
        found = f"at most {MAX_BYTES // 1_000_000} MB, got {len(content) / 1_000_000:.1f} MB"
        raise DataError(f"expected {found}; upload the files of the export one by one", file=file)


def decode(content: bytes) -> str:
    """Decode UTF-8 or UTF-16, with or without a byte-order mark, else Windows-1252, else Latin-1."""
    if content.startswith(UTF_16_MARKS):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _lines(text: str, file: str) -> tuple[list[tuple[int, list[str]]], list[SkippedRow]]:
    """Return numbered lines of cells without empty ones, and lines with misplaced quotation marks."""
    csv.field_size_limit(MAX_BYTES + 1)  # so that an unclosed quotation mark is reported as such
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    lines: list[tuple[int, list[str]]] = []
    bad: list[SkippedRow] = []
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return lines, bad
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise DataError("unclosed quotation mark", file=file, row=number) from None
            bad.append(SkippedRow(file, number, "", "a quotation mark is misplaced"))
            continue
        if any(cell.strip() for cell in cells):
            lines.append((number, cells))
        if number > MAX_ROWS + 1:
            raise DataError(f"expected at most {MAX_ROWS:,} rows; split the file", file=file, row=number)


def _delimiter(text: str) -> str:
    first = text.lstrip().split("\n", 1)[0]
    return max(DELIMITERS, key=first.count)
