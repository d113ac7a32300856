"""Validation of cells common to both sources: titles, years, dates."""

from __future__ import annotations

from datetime import date

from data.exports.entries import FIRST_YEAR, LAST_YEAR, MAX_TITLE
from data.files import cells
from data.files.cells import CellError, Row


def title(row: Row, column: str) -> str:
    """Return a required title on one line."""
    text = cells.clean(row[column])
    if not text:
        raise CellError(column, "expected a title, got nothing")
    if len(text) > MAX_TITLE:
        raise CellError(column, f"expected at most {MAX_TITLE} characters, got {len(text)}")
    return text


def year(row: Row, column: str) -> int | None:
    """Return a year; a blank cell or a missing column means unknown."""
    return cells.read(row, column, _year) if column in row else None


def day(row: Row, column: str) -> date | None:
    """Return a date; a blank cell or a missing column means unknown."""
    return cells.read(row, column, cells.day) if column in row else None


def _year(value: str) -> int | None:
    found = cells.whole(value)
    if found is not None and not FIRST_YEAR <= found <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return found
