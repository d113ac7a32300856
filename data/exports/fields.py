"""Cells that both sources share, checked: titles, years, dates."""

from __future__ import annotations

from datetime import date

from data.exports.entries import FIRST_YEAR, LAST_YEAR, MAX_TITLE
from data.files import cells
from data.files.cells import CellError, Row


def title(row: Row, column: str) -> str:
    """A title that must be there, on one line."""
    text = cells.clean(row[column])
    if not text:
        raise CellError(column, "expected a title, got nothing")
    if len(text) > MAX_TITLE:
        raise CellError(column, f"expected at most {MAX_TITLE} characters, got {len(text)}")
    return text


def year(row: Row, column: str) -> int | None:
    """A year; blank, or a column that is not there, is unknown."""
    return cells.read(row, column, _year) if column in row else None


def day(row: Row, column: str) -> date | None:
    """A date; blank, or a column that is not there, is unknown."""
    return cells.read(row, column, cells.day) if column in row else None


def _year(value: str) -> int | None:
    found = cells.whole(value)
    if found is not None and not FIRST_YEAR <= found <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return found
