"""Request models for the user's movies: ratings, reviews, pages of lists, imports."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from core.diary.watches import FIRST_DAY, LAST_YEAR, MAX_GOAL, MAX_NOTE_LENGTH
from core.types import MAX_PAGE, MAX_PAGE_SIZE
from core.users import MAX_REVIEW_LENGTH, MAX_STARS, MIN_STARS, STAR_STEP
from webapp.http.fields import MAX_ID, Day, Moment, half_stars, json_number
from webapp.http.parsing import Body, Query

MAX_RAW_REVIEW = 4 * MAX_REVIEW_LENGTH
"""Characters accepted before blanks and control characters are stripped."""
MAX_RAW_NOTE = 4 * MAX_NOTE_LENGTH
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
    spoilers: StrictBool = Field(False, description="Whether it tells how the movie ends.")


class WatchRequest(Body):
    """A watching of a movie."""

    day: Day = Field(None, description="The day in your time zone (ISO 8601); without it, today.")
    rewatch: StrictBool = Field(False, description="Whether you had seen the movie before.")
    stars: Annotated[HalfStars | None, WithJsonSchema(HALF_STARS)] = Field(
        None, description="Half stars from 0.5 to 5. Those of the latest watching of a movie become your rating."
    )
    note: Annotated[str, StringConstraints(max_length=MAX_RAW_NOTE)] = Field(
        "",
        description=f"Plain text of at most {MAX_NOTE_LENGTH:,} characters, which only you see unless you publish it.",
    )


class NewWatchRequest(WatchRequest):
    """A watching and its movie."""

    movie_id: int = Field(ge=1, le=MAX_ID, description="TMDB id of the movie.")


class WatchPath(BaseModel):
    """A watching in a URL."""

    id: int = Field(ge=1, le=MAX_ID, description="Number of the watching.")


class YearPath(BaseModel):
    """A year in a URL."""

    year: int = Field(ge=FIRST_DAY.year, le=LAST_YEAR, description="Year.")


class GoalRequest(Body):
    """The goal of a year."""

    goal: Annotated[
        int | None,
        Field(strict=True, ge=1, le=MAX_GOAL),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_GOAL}),
    ] = Field(None, description="How many movies you want to watch in the year; without it, the goal is removed.")


class WatchesQuery(Query):
    """Which part of the diary to return."""

    first: Day = Field(None, description="Only watchings on this day or later.")
    last: Day = Field(None, description="Only watchings on this day or earlier.")
    page: int = Field(1, ge=1, le=MAX_PAGE, description="Page, from 1.")
    size: int = Field(50, ge=1, le=MAX_PAGE_SIZE, description="Watchings per page.")


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
