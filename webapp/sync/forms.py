"""Request models of connected apps."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from core.sync.records import MAX_URL_LENGTH, WebhookEvent
from webapp.http.fields import MAX_ID
from webapp.http.parsing import Body, Query

MAX_ACCOUNT = 100


class WebhookRequest(Body):
    """A new webhook."""

    url: Annotated[str, StringConstraints(max_length=MAX_URL_LENGTH)] = Field(
        description="Address that begins with https://, without name and password."
    )
    events: Annotated[tuple[WebhookEvent, ...], Field(min_length=1, max_length=len(WebhookEvent))] = Field(
        description="What it is told of; not `test`."
    )


class WebhookPath(BaseModel):
    """A webhook in a URL."""

    id: int = Field(ge=1, le=MAX_ID, description="Number of the webhook.")


class ScrobbleQuery(Query):
    """The address that a media server calls."""

    token: str = Field("", max_length=200, description="A token with the scope `scrobble`, if no header has it.")
    account: Annotated[str, StringConstraints(max_length=MAX_ACCOUNT)] = Field(
        "", description="Only take over reports about this user of the media server."
    )
