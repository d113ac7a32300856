"""`/api/me/…`: the user's ratings, lists, reviews and history. PUT and DELETE are idempotent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from core.errors import InvalidRequest, NotFound
from core.types import MovieId
from core.users import Diary, MarkKind, Scope
from engine.services import Services
from webapp.diary import schemas
from webapp.diary.forms import HistoryQuery, ListQuery, RatingRequest, ReviewRequest
from webapp.diary.schemas import HistoryResponse, MarkView, MovieListResponse, RatingView, ReviewView
from webapp.http import sessions
from webapp.http.api import PREFIX, SIGNED_IN, no_content, problems
from webapp.http.fields import clean
from webapp.http.parsing import Body, Query, parse_request
from webapp.http.schemas import View, dump
from webapp.movies.forms import MoviePath

RATINGS = Tag(name="Ratings", description="Your ratings and reviews.")
LISTS = Tag(name="Lists", description="Your watchlist, favourites, watched movies and dismissed movies.")
DIARY = Tag(name="Diary", description="Your history, your watchings, and imports from other sites.")
MARKS = {
    "watchlist": (MarkKind.WATCHLIST, "watchlist"),
    "favourites": (MarkKind.FAVOURITE, "favourites"),
    "watched": (MarkKind.WATCHED, "watched movies"),
    "dismissed": (MarkKind.DISMISSED, "dismissed movies"),
}
"""Last part of the URL: the mark, and the name of the list."""


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of `/api/me/…`."""
    calls = APIBlueprint(
        "me",
        __name__,
        url_prefix=f"{PREFIX}/me",
        abp_responses=problems(400, 401, 403, 503),
        abp_security=SIGNED_IN,
    )
    _add_ratings(calls, services)
    _add_rating(calls, services)
    for address in MARKS:
        _add_marks(calls, services, address)
    _add_reviews(calls, services)
    _add_review(calls, services)
    _add_history(calls, services)
    return calls


def _add_ratings(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/ratings", tags=[RATINGS], summary="List your ratings", responses={200: MovieListResponse})
    @parse_request(query=ListQuery)
    def ratings(query: ListQuery) -> Response:
        """Return a page of your ratings."""
        diary = services.diaries.read(sessions.required())
        return _page(services, diary, {movie: rating.at for movie, rating in diary.ratings.items()}, query)

    @calls.get(
        "/ratings/<int:id>", tags=[RATINGS], summary="Get your rating of a movie",
        responses={200: RatingView, **problems(404)},
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query)
    def rating(path: MoviePath) -> Response:
        """Return the stars and the time of the rating; 404 if you have not rated the movie."""
        return _rating(services.diaries.read(sessions.required()), path)


def _add_rating(calls: APIBlueprint, services: Services) -> None:
    @calls.put(
        "/ratings/<int:id>", tags=[RATINGS], summary="Rate a movie",
        responses={200: RatingView, **problems(404, 415)},
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query, body=RatingRequest)
    def rate(path: MoviePath, body: RatingRequest) -> Response:
        """Send half stars, or a thumb, which is stored as stars. A rated movie stays on your watchlist."""
        user = sessions.required(Scope.WRITE)
        if body.thumb is None:
            services.diaries.rate(user, MovieId(path.id), body.stars)
        else:
            services.diaries.thumb(user, MovieId(path.id), up=body.thumb == "up")
        return _rating(services.diaries.read(user), path)

    @calls.delete(
        "/ratings/<int:id>",
        tags=[RATINGS],
        summary="Remove a rating",
        responses={204: None, **problems(404)},
    )
    @parse_request(path=MoviePath, query=Query)
    def unrate(path: MoviePath) -> Response:
        """Remove your rating of the movie, if there is one."""
        services.diaries.rate(sessions.required(Scope.WRITE), MovieId(path.id), None)
        return no_content()


def _add_marks(calls: APIBlueprint, services: Services, address: str) -> None:
    """Add the operations of one list: list, get, add and remove."""
    kind, name = MARKS[address]
    one = f"/{address}/<int:id>"

    @calls.get(
        f"/{address}", tags=[LISTS], summary=f"Get your {name}", responses={200: MovieListResponse},
        operation_id=f"me_{address}_list", endpoint=f"{address}_list",
    )  # fmt: skip
    @parse_request(query=ListQuery)
    def listed(query: ListQuery) -> Response:
        """Return a page of the list."""
        diary = services.diaries.read(sessions.required())
        return _page(services, diary, diary.marked(kind), query)

    @calls.get(
        one, tags=[LISTS], summary=f"Check whether a movie is in your {name}",
        responses={200: MarkView, **problems(404)},
        operation_id=f"me_{address}_get", endpoint=f"{address}_get",
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query)
    def look(path: MoviePath) -> Response:
        """Return when the movie was added; 404 if it is not on the list."""
        return _mark(services.diaries.read(sessions.required()), kind, path)

    @calls.put(
        one, tags=[LISTS], summary=f"Add a movie to your {name}",
        responses={200: MarkView, **problems(404, 415)},
        operation_id=f"me_{address}_put", endpoint=f"{address}_put",
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query, body=Body, optional_body=True)
    def put(path: MoviePath) -> Response:
        """Add the movie to the list. Dismissing a movie removes it from watchlist and favourites, and vice versa."""
        user = sessions.required(Scope.WRITE)
        services.diaries.mark(user, MovieId(path.id), kind, on=True)
        return _mark(services.diaries.read(user), kind, path)

    @calls.delete(
        one, tags=[LISTS], summary=f"Remove a movie from your {name}", responses={204: None, **problems(404)},
        operation_id=f"me_{address}_delete", endpoint=f"{address}_delete",
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query)
    def remove_from_list(path: MoviePath) -> Response:
        """Remove the movie from the list, if it is there."""
        services.diaries.mark(sessions.required(Scope.WRITE), MovieId(path.id), kind, on=False)
        return no_content()


def _add_reviews(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/reviews", tags=[RATINGS], summary="List your reviews", responses={200: MovieListResponse})
    @parse_request(query=ListQuery)
    def reviews(query: ListQuery) -> Response:
        """Return a page of the movies that you reviewed; `at` is when the review was last changed."""
        diary = services.diaries.read(sessions.required())
        return _page(services, diary, {movie: found.changed_at for movie, found in diary.reviews.items()}, query)

    @calls.get(
        "/reviews/<int:id>", tags=[RATINGS], summary="Get your review of a movie",
        responses={200: ReviewView, **problems(404)},
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query)
    def read_review(path: MoviePath) -> Response:
        """Return the text as written; 404 if you have not reviewed the movie."""
        return _review(services.diaries.read(sessions.required()), path)


def _add_review(calls: APIBlueprint, services: Services) -> None:
    @calls.put(
        "/reviews/<int:id>", tags=[RATINGS], summary="Write or replace your review",
        responses={200: ReviewView, **problems(404, 415)},
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query, body=ReviewRequest)
    def write(path: MoviePath, body: ReviewRequest) -> Response:
        """Store a review as plain text. Blank text is refused; use DELETE to remove a review.

        Those to whom you show reviews (`/api/me/sharing`) see it.
        """
        user = sessions.required(Scope.WRITE)
        if not clean(body.text):
            raise InvalidRequest({"text": "should not be blank; use DELETE to remove a review"})
        services.diaries.review(user, MovieId(path.id), body.text, spoilers=body.spoilers)
        return _review(services.diaries.read(user), path)

    @calls.delete(
        "/reviews/<int:id>",
        tags=[RATINGS],
        summary="Delete your review",
        responses={204: None, **problems(404)},
    )
    @parse_request(path=MoviePath, query=Query)
    def delete(path: MoviePath) -> Response:
        """Delete your review of the movie, if there is one."""
        services.diaries.review(sessions.required(Scope.WRITE), MovieId(path.id), "")
        return no_content()


def _add_history(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/history", tags=[DIARY], summary="List your history", responses={200: HistoryResponse})
    @parse_request(query=HistoryQuery)
    def history(query: HistoryQuery) -> Response:
        """Return changes to your ratings, lists and reviews, latest first."""
        found = services.diaries.history(sessions.required(), limit=query.size, before=query.before)
        return _answer(schemas.history(found, movies=services.movies))


def _rating(diary: Diary, path: MoviePath) -> Response:
    found = diary.ratings.get(MovieId(path.id))
    if found is None:
        raise NotFound(f"You have not rated the movie {path.id}.")
    return _answer(RatingView(id=path.id, stars=found.stars, at=found.at))


def _mark(diary: Diary, kind: MarkKind, path: MoviePath) -> Response:
    at = diary.marked(kind).get(MovieId(path.id))
    if at is None:
        raise NotFound(f"The movie {path.id} is not on this list.")
    return _answer(MarkView(id=path.id, at=at))


def _review(diary: Diary, path: MoviePath) -> Response:
    found = diary.reviews.get(MovieId(path.id))
    if found is None:
        raise NotFound(f"You have not reviewed the movie {path.id}.")
    return _answer(schemas.review(found))


def _page(services: Services, diary: Diary, since: Mapping[MovieId, datetime], query: ListQuery) -> Response:
    base = services.settings.poster_base
    return _answer(schemas.listed_movies(diary, since, query, movies=services.movies, poster_base=base))


def _answer(view: View) -> Response:
    return Response(dump(view), mimetype="application/json")
