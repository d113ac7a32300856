"""Rows to records: an invalid row is reported and skipped; the others are not affected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from core.errors import DataError
from core.types import Movie
from data.catalogues.report import SkippedRow
from data.files.cells import CellError

R = TypeVar("R")
T = TypeVar("T")


def collect(
    rows: Iterable[tuple[int, R]], parse: Callable[[R], tuple[int, T]], *, file: str, key: str
) -> tuple[dict[int, T], list[SkippedRow]]:
    """Parse every row into a record under its id; the first row of an id wins.

    Args:
        rows: row number and content.
        parse: returns id and record, or raises `CellError`.
        key: the column of the id, for reporting duplicates.
    """
    records: dict[int, T] = {}
    seen: dict[int, int] = {}
    skipped = []
    for number, row in rows:
        try:
            identity, record = parse(row)
            if identity in seen:
                raise CellError(key, f"duplicate id {identity}, already in row {seen[identity]}")
        except CellError as bad:
            skipped.append(SkippedRow(file, number, bad.column, bad.reason))
        else:
            seen[identity], records[identity] = number, record
    return records, skipped


def create(fields: Mapping[str, object]) -> Movie:
    """Create a movie; a validation error of the record becomes a `CellError`."""
    try:
        return Movie(**fields)  # type: ignore[arg-type]
    except ValueError as error:
        raise refusal(str(error)) from None


def refusal(message: str) -> CellError:
    """Convert a validation error of the record, `field: reason`, to a `CellError`."""
    column, _, reason = message.partition(": ")
    return CellError(column, reason) if reason else CellError("", message)


def require(records: Mapping[int, object], skipped: list[SkippedRow], *, file: str) -> None:
    """Reject a file without any valid record."""
    if records:
        return
    if not skipped:
        raise DataError("no rows below the header", file=file)
    first = skipped[0]
    reason = f"none of {len(skipped)} rows is valid; the first: {first.reason}"
    raise DataError(reason, file=file, row=first.row, column=first.column)
