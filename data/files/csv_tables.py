"""CSV files, read with pandas: cells stay text, and rows keep their spreadsheet numbers."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import DataError
from data.catalogues.report import SkippedRow
from data.files import text_files
from data.files.cells import Row

_TOO_LONG = re.compile(r"line (\d+): expected (\d+) fields, saw (\d+)")
_UNCLOSED = re.compile(r"starting at row (\d+)")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a CSV file with their numbers, without empty lines."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Row], ...]
    skipped: tuple[SkippedRow, ...]
    content: bytes


def read(path: Path, *, required: Iterable[str]) -> Table:
    """Read a CSV file.

    Raises:
        DataError: the file cannot be read; names file, row and column.
    """
    return read_content(text_files.load(path), path, required=required)


def read_content(content: bytes, path: Path, *, required: Iterable[str]) -> Table:
    """Read the content of a CSV file, which may come from an archive; `path` is for messages. Raises `DataError`."""
    lines, too_long = _parse(text_files.decode(content, path, locate=_place), path)
    columns = tuple(str(name).strip() for name in lines[0])
    _check(columns, required, file=path.name)
    lost = {row.row for row in too_long}
    numbers = (number for number in range(2, len(lines) + len(lost) + 1) if number not in lost)
    rows = tuple(
        (number, dict(zip(columns, line, strict=True)))
        for number, line in zip(numbers, lines[1:], strict=True)
        if any(line)
    )
    return Table(path.name, columns, rows, tuple(too_long), content)


def _parse(text: str, path: Path) -> tuple[Sequence[Sequence[str]], list[SkippedRow]]:
    """Split a text into lines of cells, the header first, and rows with too many cells."""
    import pandas as pd  # noqa: PLC0415  half a second that only readers of CSV pay

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            # The header is read like any other row, so that its length applies to all of them.
            frame = pd.read_csv(
                io.StringIO(text, newline=""), header=None, dtype=str, na_filter=False, skip_blank_lines=False,
                index_col=False, on_bad_lines="warn",
            )  # fmt: skip
        except pd.errors.ParserError as error:
            raise _broken(str(error), path) from None
    found = [match for warning in caught for match in _TOO_LONG.finditer(str(warning.message))]
    reason = "expected {1} cells, found {2}: a comma or a quotation mark is misplaced"
    skipped = [SkippedRow(path.name, int(m[1]), "", reason.format(*m.group(0, 2, 3))) for m in found]
    return frame.to_numpy().tolist(), skipped


def _broken(message: str, path: Path) -> DataError:
    unclosed = _UNCLOSED.search(message)
    if unclosed is None:
        return DataError(f"not a CSV file: {message}", file=path.name)
    return DataError("unclosed quotation mark", file=path.name, row=int(unclosed[1]) + 1)


def _check(columns: Sequence[str], required: Iterable[str], *, file: str) -> None:
    missing = [name for name in required if name not in columns]
    if missing:
        others = f" (and {', '.join(missing[1:])})" if missing[1:] else ""
        found = ", ".join(name for name in columns if name) or "none"
        raise DataError(f"the column is missing{others}; found: {found}", file=file, row=1, column=missing[0])
    twice = next((name for name in columns if columns.count(name) > 1), None)
    if twice is not None:
        raise DataError("the column occurs twice", file=file, row=1, column=twice)


def _place(prefix: str) -> tuple[int, str]:
    """Return row and column of the end of a text within a CSV file."""
    csv.field_size_limit(len(prefix) + 1)
    lines = list(csv.reader(io.StringIO(prefix + ".", newline="")))
    header = lines[0] if len(lines) > 1 else []
    position = len(lines[-1]) - 1
    return len(lines), header[position] if position < len(header) else ""
