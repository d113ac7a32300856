"""API schemas of connected apps."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from core.sync.records import Delivery, DeliveryStatus, Scrobble, ScrobbleOutcome, Webhook, WebhookEvent
from engine.sync.scrobbles import Answer
from webapp.http.schemas import View


class WebhookView(View):
    """A webhook, without its secret."""

    id: int
    url: str
    events: tuple[WebhookEvent, ...]
    created_at: datetime
    failing_since: datetime | None = Field(description="Since when messages are not accepted; null if they are.")
    disabled_at: datetime | None = Field(description="When it was disabled, after days of failures.")


class NewWebhookView(WebhookView):
    """A new webhook with its secret."""

    secret: str = Field(description="Verifies the signature of messages (Standard Webhooks). It is shown only once.")


class WebhooksResponse(View):
    """The user's webhooks."""

    results: tuple[WebhookView, ...]


class DeliveryView(View):
    """A message to a webhook."""

    message: str = Field(description="The header `webhook-id`, the same for each attempt.")
    event: WebhookEvent
    status: DeliveryStatus
    attempts: int
    created_at: datetime
    next_at: datetime | None = Field(description="When it is tried again.")
    answer: str = Field(description="The status that the server answered last, or why it did not.")


class DeliveriesResponse(View):
    """The latest messages of a webhook, latest first."""

    results: tuple[DeliveryView, ...]


class ScrobbleView(View):
    """What a media server reported."""

    at: datetime
    source: str
    outcome: ScrobbleOutcome
    title: str
    year: int | None
    movie: int | None = Field(description="TMDB id; null if no movie matches.")


class ScrobblesResponse(View):
    """The latest reports of media servers, latest first."""

    results: tuple[ScrobbleView, ...]


class ScrobbleAnswer(View):
    """What was done with a report."""

    outcome: ScrobbleOutcome
    reason: str = Field(description="Why, in plain English.")
    movie: int | None = Field(description="TMDB id; null if no movie matches.")


def webhook(found: Webhook) -> WebhookView:
    """Return a webhook as a view."""
    return WebhookView(
        id=found.id,
        url=found.url,
        events=tuple(sorted(found.events)),
        created_at=found.created_at,
        failing_since=found.failing_since,
        disabled_at=found.disabled_at,
    )


def delivery(found: Delivery) -> DeliveryView:
    """Return a message as a view."""
    return DeliveryView(
        message=found.message,
        event=found.event,
        status=found.status,
        attempts=found.attempts,
        created_at=found.created_at,
        next_at=found.next_at,
        answer=found.answer,
    )


def scrobble(found: Scrobble) -> ScrobbleView:
    """Return a report as a view."""
    return ScrobbleView(
        at=found.at,
        source=found.source,
        outcome=found.outcome,
        title=found.title,
        year=found.year,
        movie=found.movie,
    )


def answer(found: Answer) -> ScrobbleAnswer:
    """Return what was done with a report as a view."""
    return ScrobbleAnswer(outcome=found.scrobble.outcome, reason=found.reason, movie=found.scrobble.movie)
