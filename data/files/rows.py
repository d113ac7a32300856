"""Rows to records: a bad row is reported and skipped, never silently and never at the cost of the others."""

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
        parse: gives id and record, or raises `CellError`.
        key: the column of the id, for the report of a duplicate.
    """
    records: dict[int, T] = {}
    seen: dict[int, int] = {}
    skipped = []
    for number, row in rows:
        try:
            identity, record = parse(row)
            if identity in seen:
                raise CellError(key, f"duplicate id {identity}: row {seen[identity]} has it already")
        except CellError as bad:
            skipped.append(SkippedRow(file, number, bad.column, bad.reason))
        else:
            seen[identity], records[identity] = number, record
    return records, skipped


def create(fields: Mapping[str, object]) -> Movie:
    """Create a movie; what the record itself refuses becomes a `CellError`."""
    try:
        return Movie(**fields)  # type: ignore[arg-type]
    except ValueError as error:
        raise refusal(str(error)) from None


def refusal(message: str) -> CellError:
    """Turn a refusal of the record, `field: reason`, into a bad cell."""
    column, _, reason = message.partition(": ")
    return CellError(column, reason) if reason else CellError("", message)


def require(records: Mapping[int, object], skipped: list[SkippedRow], *, file: str) -> None:
    """Refuse a file that gave no record at all."""
    if records:
        return
    if not skipped:
        raise DataError("no rows below the header", file=file)
    first = skipped[0]
    reason = f"none of {len(skipped)} rows can be used; the first: {first.reason}"
    raise DataError(reason, file=file, row=first.row, column=first.column)
