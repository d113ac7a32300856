"""The forms of exports: what a header says about the rows below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.diary.lists import ListDetails
from data.exports.entries import Entry, SeriesRow
from data.files.cells import Row

Parsed = Entry | SeriesRow


@dataclass(frozen=True, slots=True)
class Form:
    """A recognised type of file and how to parse one of its rows."""

    kind: str
    """For display: `Letterboxd diary`."""
    parse: Callable[[Row, str, int], Parsed]
    """Takes row, file name and row number; raises `CellError`."""
    lists: tuple[ListDetails, ...] = ()
    """The lists that its entries belong to."""
