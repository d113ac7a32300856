"""Drafts of imports, webhooks with their deliveries, and what media servers reported. Immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from core.types import MovieId
from core.users import UserId

DRAFT_LIFE = timedelta(days=1)
"""How long the preview of an import can be corrected and applied."""
MAX_DRAFTS = 3
"""Open previews of one user; a new one replaces the oldest."""
MAX_DRAFT_BYTES = 16_000_000
"""Maximum size of a stored preview, compressed: enough for `MAX_ROWS` rows with notes."""
MAX_ALL_DRAFTS = 512_000_000
"""Maximum size of the previews of all users; a new one replaces the oldest."""
MAX_WEBHOOKS = 5
"""Webhooks of one user."""
MAX_URL_LENGTH = 1_000
KEPT_DELIVERIES = 100
"""Latest deliveries of a webhook that its log shows."""
MAX_WAITING = 2_000
"""Deliveries that may wait for a webhook; newer changes wait in the history."""
KEPT_SCROBBLES = 100
"""Latest reports of media servers that a user sees."""


class WebhookEvent(StrEnum):
    """What webhooks tell of."""

    RATING = "rating.changed"
    REVIEW = "review.changed"
    WATCH_ADDED = "watch.added"
    WATCH_CHANGED = "watch.changed"
    WATCH_DELETED = "watch.deleted"
    WATCHLIST = "watchlist.changed"
    MARK = "mark.changed"
    LIST = "list.changed"
    TEST = "test"
    """Sent on request, whatever the webhook is for."""


class DeliveryStatus(StrEnum):
    """How far a delivery came."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    """It is not tried again."""


class ScrobbleOutcome(StrEnum):
    """What was done with a report of a media server."""

    LOGGED = "logged"
    """A watching was added to the diary."""
    RATED = "rated"
    REPEATED = "repeated"
    """The same watching was reported before."""
    UNKNOWN = "unknown"
    """No movie of the catalogue matches with certainty."""
    SERIES = "series"
    """It was an episode: Marquee knows only movies."""
    IGNORED = "ignored"
    """The report is of a kind that says nothing about the diary."""


@dataclass(frozen=True, slots=True)
class ImportDraft:
    """The stored preview of an import."""

    id: str
    user: UserId
    name: str
    """The name of the file."""
    content: bytes = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address of a user's program that is told of changes."""

    id: int
    user: UserId
    url: str
    events: frozenset[WebhookEvent]
    secret: str = field(repr=False)
    """Encrypted."""
    created_at: datetime
    failing_since: datetime | None = None
    """When the first of the latest deliveries failed; None if the latest one succeeded."""
    disabled_at: datetime | None = None
    change: int = 0
    """The latest change of the history that it was told of."""
    lists_at: datetime | None = None
    """The time of the latest change of a list that it was told of."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to a webhook."""

    id: int
    webhook: int
    message: str
    """Its unique id, the same for each attempt."""
    event: WebhookEvent
    payload: str = field(repr=False)
    status: DeliveryStatus
    attempts: int
    created_at: datetime
    next_at: datetime | None
    answer: str = ""
    """What the server answered last, or why it did not."""


@dataclass(frozen=True, slots=True)
class Scrobble:
    """A report of a media server."""

    at: datetime
    source: str
    """`plex` or `jellyfin`."""
    outcome: ScrobbleOutcome
    title: str
    year: int | None = None
    movie: MovieId | None = None


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message that will be delivered."""

    message: str
    event: WebhookEvent
    payload: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """The result of one attempt to deliver a message."""

    delivered: bool
    answer: str
    gone: bool = False
    """Whether the server asked never to be told again (410)."""


@dataclass(frozen=True, slots=True)
class ChangedList:
    """A list of a user that changed."""

    id: int
    name: str
    public: bool
    changed_at: datetime
    movies: int
    deleted: bool = False


EVENT_OF_CHANGE: Mapping[str, WebhookEvent] = {
    "rating": WebhookEvent.RATING,
    "review": WebhookEvent.REVIEW,
    "watchlist": WebhookEvent.WATCHLIST,
}
"""The event of a change by what changed; watchings have three, and other marks have `mark.changed`."""
