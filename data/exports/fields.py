"""Validation of cells common to both sources: titles, years, dates, stars."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache

from core.types import FIRST_YEAR, LAST_YEAR
from core.users import MAX_STARS, MIN_STARS, STAR_STEP
from data.exports.entries import MAX_TITLE
from data.files import cells
from data.files.cells import CellError, Row

MAX_POINTS = 10
_CONST = re.compile(r"tt(\d{1,10})")
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:[t ].*)?")
_DOTTED = re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})(?: .*)?")
_SLASHED = re.compile(r"(?P<one>\d{1,2})[/-](?P<other>\d{1,2})[/-](?P<year>\d{4})(?: .*)?")
_NAMED = re.compile(r"(?:\w{3} )?(?P<month>[a-z]{3})\w* +(?P<day>\d{1,2}),? (?:[\d:]+ )?(?P<year>\d{4})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[ -](?P<month>[a-z]{3})\w*[ -](?P<year>\d{4})")
_LAST_MONTH = 12
_YES = frozenset(("yes", "true", "1"))
_BREAK = re.compile(r"<(?:br|/p|/blockquote)\s*/?>", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:a|b|i|em|strong|blockquote|p|s|u|span)(?:\s[^<>]*)?>", re.IGNORECASE)
"""The markup of Letterboxd's reviews; other angle brackets are text (`I <3 this`)."""
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")
RECENT_DAYS = 4_096
"""Dates that are remembered: most rows of a large export share theirs with others."""
_UTC_NAMED = re.compile(r"\s*(?:\+0000 )?UTC$")


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


def day(row: Row, *columns: str) -> date | None:
    """Return the first readable date of some columns; unknown if there is none.

    An unreadable or ambiguous date (`03/04/2024`) costs the date, never the row.
    """
    found = (_day(row[column].strip().lower()) for column in columns if column in row)
    return next((day for day in found if day is not None), None)


def stars(row: Row, column: str) -> float | None:
    """Return half stars, also written with a decimal comma; a blank cell or a missing column means none."""
    return cells.read(row, column, _half_stars) if column in row else None


def points(row: Row, column: str) -> float | None:
    """Return the stars of a rating from 1 to 10; a blank cell or a missing column means none."""
    return cells.read(row, column, _points) if column in row else None


def imdb_id(row: Row, column: str) -> int | None:
    """Return the number of an IMDb id; a blank cell or a missing column means unknown."""
    return cells.read(row, column, _imdb_id) if column in row else None


def tmdb_id(row: Row, column: str) -> int | None:
    """Return a TMDB id; a blank cell or a missing column means unknown."""
    found: int | None = cells.read(row, column, cells.whole) if column in row else None
    if found is not None and found <= 0:
        raise CellError(column, f"expected a TMDB id above 0, got {found}")
    return found


def moment(value: str) -> datetime | None:
    """Return a time in ISO 8601, in UTC if it names no zone; unknown if it is a day, or unreadable."""
    text = _UTC_NAMED.sub("+00:00", value.strip())
    if not _TIME.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def plain(value: str) -> str:
    """Return a review as plain text, without the markup of Letterboxd."""
    return html.unescape(_MARKUP.sub("", _BREAK.sub("\n", value))).strip()


def tags(row: Row) -> str:
    """Return the tags of a row on one line; a missing column means none."""
    return cells.clean(row.get("tags", ""))[:MAX_TITLE]


def filled(row: Row, *columns: str) -> bool:
    """Whether a row has a value in any of some columns."""
    return any(row.get(column, "").strip() for column in columns)


def yes(row: Row, column: str) -> bool:
    """Whether a cell says yes, as Letterboxd (`Yes`) and other programs (`true`) do; a missing column says no."""
    return row.get(column, "").strip().lower() in _YES


def _year(value: str) -> int | None:
    found = cells.whole(value)
    if found is not None and not FIRST_YEAR <= found <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def _half_stars(value: str) -> float | None:
    found = cells.number(_point(value))
    if found is not None and (not MIN_STARS <= found <= MAX_STARS or found % STAR_STEP):
        raise ValueError(f"half stars from {MIN_STARS} to {MAX_STARS}")
    return found


def _points(value: str) -> float | None:
    if not value.strip():
        return None
    try:
        found = cells.whole(_point(value))
    except ValueError:
        found = None
    if found is None or not 1 <= found <= MAX_POINTS:
        raise ValueError(f"a whole number from 1 to {MAX_POINTS}")
    return found / 2


def _point(value: str) -> str:
    """Return a number with a decimal point instead of a comma."""
    return value.replace(",", ".") if value.count(",") == 1 and "." not in value else value


def _imdb_id(value: str) -> int | None:
    if not value.strip():
        return None
    found = _CONST.fullmatch(value.strip())
    if found is None:
        raise ValueError("an IMDb id such as tt0114709")
    return int(found[1])


@lru_cache(RECENT_DAYS)
def _day(value: str) -> date | None:
    for form, parse in _FORMS:
        if match := form.fullmatch(value):
            try:
                return parse(match)
            except ValueError:
                return None
    return None


def _numbers(match: re.Match[str]) -> date:
    return date(int(match["year"]), int(match["month"]), int(match["day"]))


def _names(match: re.Match[str]) -> date:
    return date(int(match["year"]), _MONTHS.get(match["month"], 0), int(match["day"]))


def _either(match: re.Match[str]) -> date | None:
    """Return the date if only one order of day and month is possible."""
    one, other = int(match["one"]), int(match["other"])
    if one == other or other > _LAST_MONTH:
        return date(int(match["year"]), one, other)
    return date(int(match["year"]), other, one) if one > _LAST_MONTH else None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
    (_ISO, _numbers), (_DOTTED, _numbers), (_SLASHED, _either), (_NAMED, _names), (_DAY_FIRST, _names),
)  # fmt: skip
"""The forms of dates, as programs write them: `2024-01-02`, `02.01.2024`, `31/12/2024`, `Sat Dec 31 00:00:00 2016`."""
