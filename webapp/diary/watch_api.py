"""`/api/me/diary`: the user's watchings, and their years in film."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from http import HTTPStatus

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from core.diary.watches import Watch, WatchEntry
from core.language import time_zones
from core.types import MovieId
from core.users import Scope
from engine import clock
from engine.services import Services
from webapp.diary import schemas
from webapp.diary.api import DIARY
from webapp.diary.forms import GoalRequest, NewWatchRequest, WatchesQuery, WatchPath, WatchRequest, YearPath
from webapp.diary.schemas import WatchesResponse, WatchView, YearView
from webapp.http import sessions
from webapp.http.api import PREFIX, SIGNED_IN, answer, no_content, problems
from webapp.http.parsing import Query, parse_request
from webapp.localization import locales


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of `/api/me/diary`."""
    calls = APIBlueprint(
        "watches",
        __name__,
        url_prefix=f"{PREFIX}/me/diary",
        abp_responses=problems(400, 401, 403, 503),
        abp_security=SIGNED_IN,
    )
    _add_reading(calls, services)
    _add_writing(calls, services)
    _add_years(calls, services)
    return calls


def today() -> date:
    """Return today in the time zone of the user."""
    return time_zones.day(clock.now(), locales.zone())


def _add_reading(calls: APIBlueprint, services: Services) -> None:
    @calls.get("", tags=[DIARY], summary="List your watchings", responses={200: WatchesResponse})
    @parse_request(query=WatchesQuery)
    def listed(query: WatchesQuery) -> Response:
        """Return a page of your diary, the newest watching first."""
        first, last = query.first or date.min, query.last or date.max
        user = sessions.required()
        found = services.watches.page(user, first=first, last=last, page=query.page, size=query.size)
        shown = schemas.watches(found.watches, movies=services.movies, poster_base=services.settings.poster_base)
        return answer(WatchesResponse(total=found.total, page=query.page, size=query.size, results=shown))

    @calls.get("/<int:id>", tags=[DIARY], summary="Get a watching", responses={200: WatchView, **problems(404)})
    @parse_request(path=WatchPath, query=Query)
    def get(path: WatchPath) -> Response:
        """Return one of your watchings."""
        return _answer(services, services.watches.get(sessions.required(), path.id))


def _add_writing(calls: APIBlueprint, services: Services) -> None:
    @calls.post("", tags=[DIARY], summary="Log a watching", responses={201: WatchView, **problems(404, 413, 415)})
    @parse_request(query=Query, body=NewWatchRequest)
    def log(body: NewWatchRequest) -> Response:
        """Add a watching, and mark the movie as watched.

        The stars of the latest watching of a movie become your rating of it. A movie may be watched any number of
        times, also on one day.
        """
        user = sessions.required(Scope.WRITE)
        added = services.watches.log(user, _entry(body, MovieId(body.movie_id)))
        response = _answer(services, added)
        response.status_code = HTTPStatus.CREATED
        return response

    @calls.put(
        "/<int:id>", tags=[DIARY], summary="Replace a watching", responses={200: WatchView, **problems(404, 413, 415)}
    )
    @parse_request(path=WatchPath, query=Query, body=WatchRequest)
    def change(path: WatchPath, body: WatchRequest) -> Response:
        """Replace day, stars, rewatch and note; without a day, the day stays."""
        user = sessions.required(Scope.WRITE)
        before = services.watches.get(user, path.id).entry
        entry = _entry(body, before.movie)
        kept = entry if body.day else replace(entry, day=before.day)
        return _answer(services, services.watches.change(user, path.id, kept))

    @calls.delete("/<int:id>", tags=[DIARY], summary="Delete a watching", responses={204: None, **problems(404)})
    @parse_request(path=WatchPath, query=Query)
    def delete(path: WatchPath) -> Response:
        """Delete a watching. Your rating and the mark as watched stay."""
        services.watches.delete(sessions.required(Scope.WRITE), path.id)
        return no_content()


def _add_years(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/years/<int:year>", tags=[DIARY], summary="Get your year in film", responses={200: YearView, **problems(404)}
    )
    @parse_request(path=YearPath, query=Query)
    def year(path: YearPath) -> Response:
        """Return what you watched in a year, counted. Of more than 3,660 watchings, the newest are counted."""
        found = services.watches.year(sessions.required(), path.year)
        return answer(schemas.year(found, poster_base=services.settings.poster_base))

    @calls.put(
        "/years/<int:year>",
        tags=[DIARY],
        summary="Set your goal for a year",
        responses={200: YearView, **problems(404, 415)},
    )
    @parse_request(path=YearPath, query=Query, body=GoalRequest)
    def set_goal(path: YearPath, body: GoalRequest) -> Response:
        """Set how many movies you want to watch in a year, or remove the goal."""
        user = sessions.required(Scope.WRITE)
        services.watches.set_goal(user, path.year, body.goal)
        found = services.watches.year(user, path.year)
        return answer(schemas.year(found, poster_base=services.settings.poster_base))


def _entry(body: WatchRequest, movie: MovieId) -> WatchEntry:
    return WatchEntry(movie=movie, day=body.day or today(), rewatch=body.rewatch, stars=body.stars, note=body.note)


def _answer(services: Services, found: Watch) -> Response:
    (shown,) = schemas.watches([found], movies=services.movies, poster_base=services.settings.poster_base)
    return answer(shown)
