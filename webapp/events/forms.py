"""Request models of impressions, clicks and swipes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

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

Number = Annotated[int, BeforeValidator(json_number)]
Label = Annotated[str, StringConstraints(max_length=MAX_LABEL), AfterValidator(clean)]


class NewEvent(Body):
    """An impression, a click or a swipe."""

    kind: Literal[EventKind.IMPRESSION, EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT] = Field(
        description="A movie was seen in a list, opened from it, or swiped."
    )
    movie: Annotated[Number, Field(ge=1, le=MAX_ID)] = Field(description="TMDB id of the movie.")
    list: Label = Field("", description="List that the movie was in: `for-you`, `search`, `similar`, `swipe`, …")
    position: Annotated[
        Annotated[Number, Field(ge=1, le=MAX_POSITION)] | None,
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_POSITION}),
    ] = Field(None, description="Position in the list, from 1.")
    model: Label = Field("", description="Version of the model that produced the list, as returned with the list.")
    query: Text = Field("", description="The query that the list is the result of.")


class EventsRequest(Body):
    """Events since the last request of a page."""

    events: Annotated[tuple[NewEvent, ...], Field(max_length=MAX_EVENTS)] = Field(
        description=f"At most {MAX_EVENTS}; events get the time of their arrival."
    )
