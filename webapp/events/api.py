"""`POST /api/events`: impressions, clicks, swipes and answers from pages and programs, unless the user opted out."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field

from core.errors import InvalidRequest
from core.types import MovieId
from core.users import Event, EventKind, MarkKind, Scope, User
from engine.clock import now
from engine.services import Services
from webapp.events import consent
from webapp.events.forms import MAX_EVENT_QUERY, EventsRequest, NewEvent
from webapp.http import sessions, traffic
from webapp.http.api import ANYBODY, PREFIX, problems
from webapp.http.parsing import Query, parse_request
from webapp.http.schemas import View, dump

EVENTS = Tag(name="Events", description="Impressions, clicks, swipes, and answers to “Was this helpful?”.")
SWIPES = {EventKind.SWIPE_RIGHT: MarkKind.LIKED, EventKind.SWIPE_LEFT: MarkKind.PASSED}


class EventsResponse(View):
    """Number of events that were processed."""

    noticed: int = Field(description="Number of events recorded; 0 if the user or the browser opted out.")
    marked: int = Field(description="Number of swipes stored as `liked` or `passed`.")


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of events."""
    calls = APIBlueprint("events", __name__, url_prefix=PREFIX, abp_responses=problems(400, 503))

    @calls.post(
        "/events",
        tags=[EVENTS],
        summary="Record impressions, clicks and swipes",
        security=ANYBODY,
        responses={202: EventsResponse, **problems(401, 403, 413, 415, 429)},
    )
    @parse_request(query=Query, body=EventsRequest, beacon="events")
    def notice(body: EventsRequest) -> Response:
        """Queue events, and store a user's swipes as marks immediately.

        `helpful` and `unhelpful` say whether a search or a list helped: they name a list, and no movie.

        Events of visitors are anonymous. For `navigator.sendBeacon`, the JSON is also accepted as `text/plain`, and the
        list as the form field `events`.
        """
        traffic.count_events(len(body.events))
        user = sessions.current()
        marked = _swipe(services, user, body.events) if user else 0
        kept = _events(user, body.events) if consent.given(user) and services.settings.events_days else []
        services.events.notice(kept)
        answer = dump(EventsResponse(noticed=len(kept), marked=marked))
        return Response(answer, status=HTTPStatus.ACCEPTED, mimetype="application/json")

    return calls


def _swipe(services: Services, user: User, events: Sequence[NewEvent]) -> int:
    """Store swipes as marks, the last one for each movie. Every movie is looked up before any mark is stored."""
    swiped = {
        MovieId(event.movie): SWIPES[event.kind] for event in events if event.kind in SWIPES and event.movie is not None
    }
    if not swiped:
        return 0
    sessions.required(Scope.WRITE)
    known = {movie.id for movie in services.movies.many(tuple(swiped))}
    faults = {
        f"events.{number}.movie": f"no film has the TMDB id {event.movie} in this catalogue"
        for number, event in enumerate(events)
        if event.kind in SWIPES and event.movie not in known
    }
    if faults:
        raise InvalidRequest(faults)
    for movie, kind in swiped.items():
        services.diaries.mark(user, movie, kind, on=True)
    return len(swiped)


def _events(user: User | None, events: Sequence[NewEvent]) -> list[Event]:
    at = now()
    return [
        Event(
            kind=event.kind,
            at=at,
            user=user.id if user else None,
            movie=None if event.movie is None else MovieId(event.movie),
            list=event.list,
            position=event.position,
            model=event.model,
            query=event.query[:MAX_EVENT_QUERY],
        )
        for event in events
    ]
