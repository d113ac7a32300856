"""Recording of searches, swipes and answers on the server, for users who allow it. Scripts send other events."""

from __future__ import annotations

from core.types import Degradation, MovieId, Page
from core.users import Event, EventKind, User
from engine.clock import now
from engine.services import Services
from webapp.events import consent, request_figures
from webapp.events.forms import MAX_EVENT_QUERY, MAX_LABEL, MAX_POSITION
from webapp.http.fields import whole_number


def search(services: Services, user: User | None, query: str, page: Page) -> None:
    """Count a search with its number of results, and record a user's; texts of visitors are not recorded.

    What was shown instead of results says nothing about a search, so it is not recorded.
    """
    if query:
        request_figures.found(page.total)
    if Degradation.POPULAR in page.degraded:
        return
    if user is not None and query:
        event = Event(EventKind.SEARCH, now(), user.id, list="search", query=query[:MAX_EVENT_QUERY])
        _record(services, user, event)


def swipe(services: Services, user: User, kind: EventKind, movie: MovieId, *, position: str, model: str) -> None:
    """Record a user's swipe, with the position and the model as sent by the form."""
    place = whole_number(position, most=MAX_POSITION)
    event = Event(kind, now(), user.id, movie, list="swipe", position=place, model=model[:MAX_LABEL])
    _record(services, user, event)


def helpful(services: Services, user: User, kind: EventKind, *, list_name: str, query: str, model: str) -> None:
    """Record a user's answer about a search or a list."""
    _record(services, user, Event(kind, now(), user.id, list=list_name, model=model, query=query))


def _record(services: Services, user: User, event: Event) -> None:
    if services.settings.events_days and consent.given(user):
        services.events.notice([event])
