"""What pages notice by themselves of viewers who allow it: searches and swipes. Scripts send the rest."""

from __future__ import annotations

from core.types import MovieId
from core.users import Event, EventKind, Viewer
from engine.clock import now
from engine.services import Services
from webapp.events import consent
from webapp.events.forms import MAX_EVENT_QUERY, MAX_LABEL, MAX_POSITION


def search(services: Services, viewer: Viewer | None, query: str) -> None:
    """A viewer asked for this. Nothing is noticed of visitors' searches."""
    if viewer is not None and query:
        event = Event(EventKind.SEARCH, now(), viewer.id, shelf="search", query=query[:MAX_EVENT_QUERY])
        _record(services, viewer, event)


def swipe(services: Services, viewer: Viewer, kind: EventKind, movie: MovieId, *, position: str, model: str) -> None:
    """A viewer swiped a film; where it stood and which model put it there is what the form says."""
    place = (
        int(position) if position.isascii() and position.isdigit() and len(position) <= len(str(MAX_POSITION)) else None
    )
    event = Event(kind, now(), viewer.id, movie, shelf="swipe", position=place, model=model[:MAX_LABEL])
    _record(services, viewer, event)


def _record(services: Services, viewer: Viewer, event: Event) -> None:
    if services.settings.events_days and consent.given(viewer):
        services.events.notice([event])
