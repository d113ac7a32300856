"""Conversion of single values of a file; an invalid value raises `CellError`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

T = TypeVar("T")

Row = Mapping[str, str]
"""The cells of a row by column name."""

_INVISIBLE = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x200B, 0xFEFF))
"""Control characters, zero-width spaces and byte-order marks. Joiners are kept: Persian and Hindi need them."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}
_WHOLE = re.compile(r"-?\d{1,15}(\.0+)?")


class CellError(ValueError):
    """An invalid value, which makes its row unusable."""

    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason
        super().__init__(f"{column}: {reason}")


def read(row: Row, column: str, parse: Callable[[str], T]) -> T:
    """Parse one cell.

    Raises:
        CellError: `parse` rejected the value.
    """
    value = row[column]
    try:
        return parse(value)
    except ValueError as error:
        raise CellError(column, f"expected {error}, got {shorten(value)}") from None


def clean(value: str) -> str:
    """Put a text on one line: line breaks, NBSP and runs of spaces become one space; invisible characters vanish."""
    line = " ".join(value.split())
    return line if line.isprintable() else line.translate(_INVISIBLE)


def whole(value: str) -> int | None:
    """Parse a whole number, also written as `162.0`; blank means unknown."""
    text = value.strip()
    if not text:
        return None
    if not _WHOLE.fullmatch(text):
        raise ValueError("a whole number")
    return int(text.partition(".")[0])


def number(value: str) -> float | None:
    """Parse a finite number; blank means unknown."""
    try:
        result = float(value) if value.strip() else None
    except ValueError:
        result = math.nan
    if result is not None and not math.isfinite(result):
        raise ValueError("a number")
    return result


def truth(value: str) -> bool:
    """Parse `true`, `yes` or `1`, or their opposites; blank means false."""
    text = value.strip().lower()
    if text not in _TRUTHS:
        raise ValueError("true or false")
    return _TRUTHS[text]


def day(value: str) -> date | None:
    """Parse a date of the form `2009-12-10`; blank means unknown."""
    text = value.strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise ValueError("a date as YYYY-MM-DD") from None


def shorten(value: str) -> str:
    """Quote the beginning of a value for a message."""
    return repr(value if len(value) <= 40 else value[:37] + "...")  # noqa: PLR2004  a line of a message
