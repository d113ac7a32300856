"""Field types shared by the request models of several features, and cleaning of text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints, WithJsonSchema

from core.types import MAX_QUERY_LENGTH
from core.users import MAX_STARS, MIN_STARS, STAR_STEP

MAX_NAME_LENGTH = 200
MAX_CODE_LENGTH = 10
MAX_ID = 2**53 - 1
"""The largest integer that all JSON parsers represent exactly."""
FIRST_YEAR, LAST_YEAR = 1970, 2200
"""Years of times in requests."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_BLANK = re.compile(r"[\t\n\r\v\f]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and unpaired surrogates."""


def clean(text: str) -> str:
    """Return `text` without control characters and surrounding blanks; line breaks and tabs become blanks."""
    if text.isprintable():
        return text.strip()
    return _CONTROL.sub("", _BLANK.sub(" ", text)).strip()


def json_number(value: object) -> object:
    """Refuse values that pydantic would coerce to a number, such as true and "5"."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("should be a number")
    return value


def whole_number(text: str, *, most: int = MAX_ID) -> int | None:
    """Return the number that a form contains; None if it is no whole number up to `most`."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(most)):
        return None
    return int(text) if int(text) <= most else None


def half_stars(value: float) -> float:
    """Refuse stars that are not a multiple of a half."""
    if value % STAR_STEP:
        raise ValueError(f"should be half stars: {MIN_STARS}, 1, 1.5, … {MAX_STARS:g}")
    return value


def _switch(value: object) -> object:
    """Accept only the boolean values that the API documents, not all that pydantic accepts."""
    if isinstance(value, str) and value.lower() not in ("true", "false", "1", "0"):
        raise ValueError("should be true or false")
    return value


def _utc(value: datetime | None) -> datetime | None:
    """Convert a time to UTC; refuse years at the edge of time, where calculations overflow."""
    if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"should be a time between {FIRST_YEAR} and {LAST_YEAR}")
    return value.astimezone(UTC) if value is not None else None


def _iso_day(value: object) -> object:
    """Accept only ISO 8601 days, not the times and numbers that pydantic accepts."""
    if value is not None and not (isinstance(value, str) and _DAY.fullmatch(value)):
        raise ValueError("should be a day (ISO 8601), such as 2026-03-01")
    return value


Day = Annotated[date | None, BeforeValidator(_iso_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    AwareDatetime | None, AfterValidator(_utc), WithJsonSchema({"type": "string", "format": "date-time"})
]
Text = Annotated[str, StringConstraints(max_length=MAX_QUERY_LENGTH), AfterValidator(clean)]
Name = Annotated[str, StringConstraints(max_length=MAX_NAME_LENGTH), AfterValidator(clean)]
Code = Annotated[str, StringConstraints(max_length=MAX_CODE_LENGTH, to_lower=True), AfterValidator(clean)]
Switch = Annotated[
    bool,
    BeforeValidator(_switch),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "integer", "minimum": 0, "maximum": 1}]}),
]
