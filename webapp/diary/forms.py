"""Request models for the user's movies: ratings, reviews, pages of lists, imports."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from core.types import MAX_PAGE, MAX_PAGE_SIZE
from core.users import MAX_REVIEW_LENGTH, MAX_STARS, MIN_STARS, STAR_STEP
from webapp.http.fields import MAX_ID, Moment, Name, half_stars, json_number
from webapp.http.parsing import Body, Query

MAX_RAW_REVIEW = 4 * MAX_REVIEW_LENGTH
"""Characters accepted before blanks and control characters are stripped."""
MAX_HISTORY_SIZE = 500
HALF_STARS = {"type": "number", "minimum": MIN_STARS, "maximum": MAX_STARS, "multipleOf": STAR_STEP}


HalfStars = Annotated[
    float,
    BeforeValidator(json_number),
    Field(ge=MIN_STARS, le=MAX_STARS, allow_inf_nan=False, multiple_of=STAR_STEP),
    AfterValidator(half_stars),
]


class RatingRequest(Body):
    """A rating: stars or a thumb."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["stars"]}, {"required": ["thumb"]}]},
    )

    stars: Annotated[HalfStars | None, WithJsonSchema(HALF_STARS)] = Field(
        None, description="Half stars from 0.5 to 5."
    )
    thumb: Annotated[Literal["up", "down"] | None, WithJsonSchema({"type": "string", "enum": ["up", "down"]})] = Field(
        None, description="Instead of stars: `up` is stored as 4, `down` as 1.5."
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.stars is None) == (self.thumb is None):
            raise ValueError("expected either stars or thumb")
        return self


class MovieRatingRequest(Body):
    """A rating and its movie."""

    movie_id: int = Field(ge=1, le=MAX_ID, description="TMDB id of the movie.")
    rating: Annotated[HalfStars, WithJsonSchema(HALF_STARS)] = Field(description="Half stars from 0.5 to 5.")


class ReviewRequest(Body):
    """A review."""

    text: Annotated[str, StringConstraints(max_length=MAX_RAW_REVIEW)] = Field(
        description=f"Plain text of at most {MAX_REVIEW_LENGTH:,} characters; control characters are dropped."
    )


class ListSort(StrEnum):
    """Sort orders of the user's lists."""

    ADDED = "added"
    STARS = "stars"
    TITLE = "title"
    YEAR = "year"


class ListQuery(Query):
    """Which page of a list to return, and in which order."""

    sort: ListSort = Field(ListSort.ADDED, description="Sort order.")
    order: Annotated[Literal["asc", "desc"] | None, WithJsonSchema({"type": "string", "enum": ["asc", "desc"]})] = (
        Field(None, description="Direction. By default, the latest, the most stars, A to Z or the newest come first.")
    )
    page: int = Field(1, ge=1, le=MAX_PAGE, description="Page, from 1.")
    size: int = Field(20, ge=1, le=MAX_PAGE_SIZE, description="Movies per page.")


class HistoryQuery(Query):
    """Which part of the history to return."""

    size: int = Field(100, ge=1, le=MAX_HISTORY_SIZE, description="Maximum number of entries.")
    before: Moment = Field(
        None, description="Only changes before this time (ISO 8601 with an offset): the `at` of the last entry."
    )


class ImportQuery(Query):
    """Options of an import."""

    apply: bool = Field(False, description="Import the matched rows; otherwise only preview them.")
    name: Name = Field(
        "", description="File name, if the body is the file itself; distinguishes `watched.csv` from `watchlist.csv`."
    )
