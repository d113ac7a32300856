"""Request models of impressions, clicks, swipes and answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from core.users import EventKind
from webapp.http.fields import MAX_ID, Text, clean, json_number
from webapp.http.parsing import Body

MAX_EVENTS = 100
"""Maximum per request; a page shows fewer movies."""
MAX_POSITION = 10_000
MAX_LABEL = 100
"""Maximum length of the name of a list or a model, in characters."""
MAX_EVENT_QUERY = 500
"""Maximum length of the query that a click came from, in characters; longer ones are truncated."""

ANSWERS = (EventKind.HELPFUL, EventKind.UNHELPFUL)

Number = Annotated[int, BeforeValidator(json_number)]
Label = Annotated[str, StringConstraints(max_length=MAX_LABEL), AfterValidator(clean)]


class NewEvent(Body):
    """An impression, a click, a swipe, or an answer to "Was this helpful?"."""

    kind: Literal[
        EventKind.IMPRESSION,
        EventKind.CLICK,
        EventKind.SWIPE_RIGHT,
        EventKind.SWIPE_LEFT,
        EventKind.HELPFUL,
        EventKind.UNHELPFUL,
    ] = Field(
        description="A movie was seen in a list, opened from it, or swiped; or the user said whether the list helped."
    )
    movie: Annotated[
        Annotated[Number, Field(ge=1, le=MAX_ID)] | None,
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_ID}),
    ] = Field(
        None,
        description="TMDB id of the movie; required unless the event is an answer, which is about a list.",
        validate_default=True,
    )
    list: Label = Field(
        "",
        description="List of the movie, or that the answer is about: `for-you`, `search`, `similar`, `swipe`, …",
        validate_default=True,
    )
    position: Annotated[
        Annotated[Number, Field(ge=1, le=MAX_POSITION)] | None,
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_POSITION}),
    ] = Field(None, description="Position in the list, from 1.")
    model: Label = Field("", description="Version of the model that produced the list, as returned with the list.")
    query: Text = Field("", description="The query that the list is the result of.")

    @field_validator("movie")
    @classmethod
    def _is_about_a_movie(cls, movie: int | None, info: ValidationInfo) -> int | None:
        """Refuse an answer about a movie, and any other event without one."""
        kind = info.data.get("kind")
        if movie is None and kind not in (None, *ANSWERS):
            raise ValueError("is required")
        if movie is not None and kind in ANSWERS:
            raise ValueError("should be left out: an answer is about a list")
        return movie

    @field_validator("list")
    @classmethod
    def _is_about_a_list(cls, name: str, info: ValidationInfo) -> str:
        """Refuse an answer without a list."""
        if not name and info.data.get("kind") in ANSWERS:
            raise ValueError("is required")
        return name


class EventsRequest(Body):
    """Events since the last request of a page."""

    events: Annotated[tuple[NewEvent, ...], Field(max_length=MAX_EVENTS)] = Field(
        description=f"At most {MAX_EVENTS}; events get the time of their arrival."
    )
