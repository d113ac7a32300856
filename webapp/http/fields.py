"""Field types shared by the request models of several features, and cleaning of text."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema

from core.types import MAX_QUERY_LENGTH
from core.users import MAX_STARS, MIN_STARS, STAR_STEP

MAX_NAME_LENGTH = 200
MAX_CODE_LENGTH = 10
MAX_ID = 2**53 - 1
"""The largest integer that all JSON parsers represent exactly."""
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


Text = Annotated[str, StringConstraints(max_length=MAX_QUERY_LENGTH), AfterValidator(clean)]
Name = Annotated[str, StringConstraints(max_length=MAX_NAME_LENGTH), AfterValidator(clean)]
Code = Annotated[str, StringConstraints(max_length=MAX_CODE_LENGTH, to_lower=True), AfterValidator(clean)]
Switch = Annotated[
    bool,
    BeforeValidator(_switch),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "integer", "minimum": 0, "maximum": 1}]}),
]
