"""What pages and programs send about what was shown, opened and swiped."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from core.users import EventKind
from webapp.http.fields import MAX_ID, Text, clean, json_number
from webapp.http.parsing import Body

MAX_EVENTS = 100
"""In one request: a page shows fewer movies."""
MAX_POSITION = 10_000
MAX_LABEL = 100
"""Characters of the name of a list or a model."""
MAX_EVENT_QUERY = 500
"""Characters of the search that a click came from; longer ones are cut."""

Number = Annotated[int, BeforeValidator(json_number)]
Label = Annotated[str, StringConstraints(max_length=MAX_LABEL), AfterValidator(clean)]


class NewEvent(Body):
    """One thing that happened on a page."""

    kind: Literal[EventKind.IMPRESSION, EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT] = Field(
        description="A film stood in a list that was seen, was opened from it, or was swiped."
    )
    movie: Annotated[Number, Field(ge=1, le=MAX_ID)] = Field(description="TMDB id of the film.")
    list: Label = Field("", description="Where the film stood: `for-you`, `search`, `similar`, `swipe`, …")
    position: Annotated[
        Annotated[Number, Field(ge=1, le=MAX_POSITION)] | None,
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_POSITION}),
    ] = Field(None, description="Place in the list, from 1.")
    model: Label = Field("", description="Version of the model that made the list, as the list said.")
    query: Text = Field("", description="The search that the list answered.")


class EventsRequest(Body):
    """What happened on a page since the last time."""

    events: Annotated[tuple[NewEvent, ...], Field(max_length=MAX_EVENTS)] = Field(
        description=f"At most {MAX_EVENTS}; their time is when they arrive."
    )
