"""The forms of exports: what a header says about the rows below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.exports.entries import Entry
from data.files.cells import Row


@dataclass(frozen=True, slots=True)
class Form:
    """A recognised type of file and how to parse one of its rows."""

    kind: str
    """For display: `Letterboxd diary`."""
    parse: Callable[[Row, str, int], Entry]
    """Takes row, file name and row number; raises `CellError`."""
