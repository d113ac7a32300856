"""What those who edit a list could watch together: who takes part, and suggestions that suit them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flask import Blueprint, Response, render_template, request, url_for
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field
from werkzeug.wrappers import Response as WerkzeugResponse

from core.diary.lists import MAX_TASTES, ListMember
from core.recommendations.records import RecommendationRequest
from core.types import Filters
from core.users import Scope, User
from engine.recommender.groups import GroupRecommendation
from engine.services import Services
from webapp.diary import request_diary
from webapp.http import sessions
from webapp.http.api import answer, no_content, problems
from webapp.http.fields import Name
from webapp.http.parsing import Body, Query, parse_query, parse_request
from webapp.http.schemas import View
from webapp.lists import schemas
from webapp.lists.forms import ListPath
from webapp.lists.tags import USER_LISTS
from webapp.localization import labels
from webapp.movies import serializers
from webapp.movies.forms import MAX_GENRES, Minutes
from webapp.movies.schemas import MovieCard

SHOWN = 24
LENGTHS = (90, 120, 150)
"""Minutes that the page offers as the longest running time."""


class TogetherQuery(Query):
    """Options of the suggestions."""

    size: int = Field(20, ge=1, le=50, description="Maximum number of movies.")
    genre: Annotated[tuple[Name, ...], Field(max_length=MAX_GENRES)] = Field(
        (), description="Genre that every movie must have; may be repeated."
    )
    runtime_max: Minutes = Field(None, description="Maximum runtime in minutes.")


class TogetherMovie(View):
    """A movie that several people could watch together."""

    movie: MovieCard
    suits: int = Field(description="For how many of them it is among the best fifth of all movies.")
    of: int = Field(description="How many of them have ratings that count.")
    watchlists: int = Field(description="How many of them have it on their watchlist.")


class TogetherResponse(View):
    """Suggestions for those who take part."""

    participants: tuple[str, ...] = Field(description="Names of those whose ratings are used.")
    results: tuple[TogetherMovie, ...] = Field(description="Empty if nobody takes part.")


class Together:
    """The suggestions of a list, for its page and its call."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def participants(self, user: User, number: int) -> Sequence[ListMember]:
        """Return whose ratings are used. Raises `NotFound`, `NotAllowed`."""
        return self._services.lists.participants(user, number)

    def suggestions(self, taking_part: Sequence[ListMember], query: TogetherQuery) -> TogetherResponse:
        """Return suggestions; none if nobody takes part."""
        filters = Filters(genres=query.genre, all_genres=True, runtime_max=query.runtime_max)
        asked = RecommendationRequest(filters=filters, size=query.size)
        users = [one.user for one in taking_part]
        found = self._services.recommending.for_group(users, asked) if users else ()
        return TogetherResponse(
            participants=tuple(one.name for one in taking_part), results=tuple(map(self._view, found))
        )

    def _view(self, found: GroupRecommendation) -> TogetherMovie:
        return TogetherMovie(
            movie=serializers.card(found.movie, poster_base=self._services.settings.poster_base),
            suits=found.suits,
            of=found.of,
            watchlists=found.watchlists,
        )


def add_pages(routes: Blueprint, services: Services) -> None:
    """Add the page to the blueprint of lists."""
    together = Together(services)

    @routes.get("/lists/<int:list_id>/together")
    def together_page(list_id: int) -> str:
        """Show who takes part, and what they could watch."""
        user = sessions.required()
        taking_part = together.participants(user, list_id)
        query = parse_query(TogetherQuery, request.args, lenient=True)
        return render_template(
            "lists/together.html",
            list=schemas.movie_list(services.lists.open(user, list_id).list),
            takes_part=any(one.user == user.id for one in taking_part),
            full=len(taking_part) >= MAX_TASTES,
            query=query,
            lengths=LENGTHS,
            genres=[(genre.value, labels.genre(genre.value)) for genre in services.movies.genres()],
            answer=together.suggestions(taking_part, query.model_copy(update={"size": SHOWN})),
        )

    @routes.post("/lists/<int:list_id>/together")
    def take_part(list_id: int) -> Response | WerkzeugResponse:
        """Take part, or no longer."""
        user = sessions.required(Scope.WRITE)
        services.lists.take_part(user, list_id, on=request.form.get("on") == "1")
        return request_diary.see(url_for("lists.together_page", list_id=list_id))


def add_calls(calls: APIBlueprint, services: Services) -> None:
    """Add the calls to the blueprint of `/api/me/lists`."""
    together = Together(services)

    @calls.get(
        "/<int:id>/suggestions", tags=[USER_LISTS], summary="Get suggestions to watch together",
        responses={200: TogetherResponse, **problems(404)},
    )  # fmt: skip
    @parse_request(path=ListPath, query=TogetherQuery)
    def suggestions(path: ListPath, query: TogetherQuery) -> Response:
        """Return movies that suit those who take part, without what one of them has seen or dismissed."""
        return answer(together.suggestions(together.participants(sessions.required(), path.id), query))

    @calls.put(
        "/<int:id>/taste", tags=[USER_LISTS], summary="Take part in suggestions to watch together",
        responses={204: None, **problems(404, 415)},
    )  # fmt: skip
    @parse_request(path=ListPath, query=Query, body=Body, optional_body=True)
    def take_part(path: ListPath) -> Response:
        """Let your ratings be used for the suggestions of a list that you may edit. Nobody sees the ratings."""
        services.lists.take_part(sessions.required(Scope.WRITE), path.id, on=True)
        return no_content()

    @calls.delete(
        "/<int:id>/taste", tags=[USER_LISTS], summary="Take no part in suggestions to watch together",
        responses={204: None, **problems(404)},
    )  # fmt: skip
    @parse_request(path=ListPath, query=Query)
    def leave(path: ListPath) -> Response:
        """Let your ratings no longer be used for the suggestions of a list."""
        services.lists.take_part(sessions.required(Scope.WRITE), path.id, on=False)
        return no_content()
