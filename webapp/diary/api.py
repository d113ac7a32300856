"""`/api/me/…`: what a user says of movies, for programs. PUT sets and DELETE takes back, however often they come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel
from flask_openapi3.models.tag import Tag

from core.errors import DataError, InvalidRequest, NotFound
from core.types import MovieId
from core.users import Diary, MarkKind, Scope
from engine.services import Services
from webapp.diary import schemas
from webapp.diary.forms import HistoryQuery, ImportQuery, ListQuery, RatingRequest, ReviewRequest
from webapp.diary.schemas import HistoryResponse, ImportResponse, MarkView, MovieListResponse, RatingView, ReviewView
from webapp.http import sessions
from webapp.http.api import PREFIX, SIGNED_IN, no_content, problems
from webapp.http.fields import clean
from webapp.http.parsing import Body, Query, parse_request, uploaded_file
from webapp.http.schemas import View, dump
from webapp.movies.forms import MoviePath

RATINGS = Tag(name="Ratings", description="One's ratings and reviews.")
LISTS = Tag(name="Lists", description="One's watchlist, favourites, films seen and films dismissed.")
DIARY = Tag(name="Diary", description="One's history, and imports from Letterboxd and IMDb.")
MARKS = {
    "watchlist": (MarkKind.WATCHLIST, "watchlist"),
    "favourites": (MarkKind.FAVOURITE, "favourites"),
    "watched": (MarkKind.WATCHED, "films marked as seen"),
    "dismissed": (MarkKind.DISMISSED, "films one is not interested in"),
}
"""Last part of the address: the mark, and what the list is called."""


class Upload(RawModel):
    """A file as it is, or in the field `file` of a form."""

    mimetypes = ["text/csv", "application/zip", "application/octet-stream", "multipart/form-data"]  # noqa: RUF012


def blueprint(services: Services) -> APIBlueprint:
    """All calls about one's own movies."""
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
    _add_import(calls, services)
    return calls


def _add_ratings(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/ratings", tags=[RATINGS], summary="Films one rated", responses={200: MovieListResponse})
    @parse_request(query=ListQuery)
    def ratings(query: ListQuery) -> Response:
        """A page of one's ratings."""
        diary = services.diaries.read(sessions.required())
        return _page(services, diary, {movie: rating.at for movie, rating in diary.ratings.items()}, query)

    @calls.get(
        "/ratings/<int:id>", tags=[RATINGS], summary="One's rating of a film",
        responses={200: RatingView, **problems(404)},
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query)
    def rating(path: MoviePath) -> Response:
        """Stars, and since when; 404 where there is no rating."""
        return _rating(services.diaries.read(sessions.required()), path)


def _add_rating(calls: APIBlueprint, services: Services) -> None:
    @calls.put(
        "/ratings/<int:id>", tags=[RATINGS], summary="Rate a film",
        responses={200: RatingView, **problems(404, 415)},
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query, body=RatingRequest)
    def rate(path: MoviePath, body: RatingRequest) -> Response:
        """Give half stars, or a thumb that counts as some. No list changes: a rated movie stays on the watchlist."""
        user = sessions.required(Scope.WRITE)
        if body.thumb is None:
            services.diaries.rate(user, MovieId(path.id), body.stars)
        else:
            services.diaries.thumb(user, MovieId(path.id), up=body.thumb == "up")
        return _rating(services.diaries.read(user), path)

    @calls.delete(
        "/ratings/<int:id>",
        tags=[RATINGS],
        summary="Take a rating back",
        responses={204: None, **problems(404)},
    )
    @parse_request(path=MoviePath, query=Query)
    def unrate(path: MoviePath) -> Response:
        """Take a rating back, if there is one."""
        services.diaries.rate(sessions.required(Scope.WRITE), MovieId(path.id), None)
        return no_content()


def _add_marks(calls: APIBlueprint, services: Services, address: str) -> None:
    """The calls of one list: read, look one movie up, put on, take off."""
    kind, words = MARKS[address]
    one = f"/{address}/<int:id>"

    @calls.get(
        f"/{address}", tags=[LISTS], summary=f"One's {words}", responses={200: MovieListResponse},
        operation_id=f"me_{address}_list", endpoint=f"{address}_list",
    )  # fmt: skip
    @parse_request(query=ListQuery)
    def listed(query: ListQuery) -> Response:
        """A page of the list."""
        diary = services.diaries.read(sessions.required())
        return _page(services, diary, diary.marked(kind), query)

    @calls.get(
        one, tags=[LISTS], summary=f"Whether a film is among one's {words}",
        responses={200: MarkView, **problems(404)},
        operation_id=f"me_{address}_get", endpoint=f"{address}_get",
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query)
    def look(path: MoviePath) -> Response:
        """Since when the movie is in the list; 404 where it is not."""
        return _mark(services.diaries.read(sessions.required()), kind, path)

    @calls.put(
        one, tags=[LISTS], summary=f"Put a film among one's {words}",
        responses={200: MarkView, **problems(404, 415)},
        operation_id=f"me_{address}_put", endpoint=f"{address}_put",
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query, body=Body, optional_body=True)
    def put(path: MoviePath) -> Response:
        """Put the movie into the list. A dismissed movie leaves watchlist and favourites, and the other way round."""
        user = sessions.required(Scope.WRITE)
        services.diaries.mark(user, MovieId(path.id), kind, on=True)
        return _mark(services.diaries.read(user), kind, path)

    @calls.delete(
        one, tags=[LISTS], summary=f"Take a film off one's {words}", responses={204: None, **problems(404)},
        operation_id=f"me_{address}_delete", endpoint=f"{address}_delete",
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query)
    def remove_from_list(path: MoviePath) -> Response:
        """Take the movie off the list, if it is there."""
        services.diaries.mark(sessions.required(Scope.WRITE), MovieId(path.id), kind, on=False)
        return no_content()


def _add_reviews(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/reviews", tags=[RATINGS], summary="Films one reviewed", responses={200: MovieListResponse})
    @parse_request(query=ListQuery)
    def reviews(query: ListQuery) -> Response:
        """A page of the movies that one reviewed; `at` is when the review was changed last."""
        diary = services.diaries.read(sessions.required())
        return _page(services, diary, {movie: found.changed_at for movie, found in diary.reviews.items()}, query)

    @calls.get(
        "/reviews/<int:id>", tags=[RATINGS], summary="One's review of a film",
        responses={200: ReviewView, **problems(404)},
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query)
    def read_review(path: MoviePath) -> Response:
        """The text, as it was written; 404 where there is none."""
        return _review(services.diaries.read(sessions.required()), path)


def _add_review(calls: APIBlueprint, services: Services) -> None:
    @calls.put(
        "/reviews/<int:id>", tags=[RATINGS], summary="Write or rewrite one's review",
        responses={200: ReviewView, **problems(404, 415)},
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query, body=ReviewRequest)
    def write(path: MoviePath, body: ReviewRequest) -> Response:
        """Write plain text; blank text is refused, DELETE takes a review back."""
        user = sessions.required(Scope.WRITE)
        if not clean(body.text):
            raise InvalidRequest({"text": "should not be blank; DELETE takes a review back"})
        services.diaries.review(user, MovieId(path.id), body.text)
        return _review(services.diaries.read(user), path)

    @calls.delete(
        "/reviews/<int:id>",
        tags=[RATINGS],
        summary="Delete one's review",
        responses={204: None, **problems(404)},
    )
    @parse_request(path=MoviePath, query=Query)
    def delete(path: MoviePath) -> Response:
        """Delete one's review, if there is one."""
        services.diaries.review(sessions.required(Scope.WRITE), MovieId(path.id), "")
        return no_content()


def _add_history(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/history", tags=[DIARY], summary="What one said, when", responses={200: HistoryResponse})
    @parse_request(query=HistoryQuery)
    def history(query: HistoryQuery) -> Response:
        """Changes of ratings, marks and reviews, the latest first."""
        found = services.diaries.history(sessions.required(), limit=query.size, before=query.before)
        return _answer(schemas.history(found, movies=services.movies))


def _add_import(calls: APIBlueprint, services: Services) -> None:
    @calls.post(
        "/import", tags=[DIARY], summary="Import ratings and lists from Letterboxd or IMDb",
        responses={200: ImportResponse, **problems(413)},
    )  # fmt: skip
    @parse_request(query=ImportQuery)
    def import_diary(query: ImportQuery, raw: Upload = None) -> Response:  # type: ignore[assignment]  # noqa: ARG001
        """Say row by row what a file holds and which movies it means; with `apply=1`, write it. Safe to repeat.

        Takes Letterboxd's `ratings.csv`, `diary.csv`, `watchlist.csv` or whole .zip, IMDb's `ratings.csv` or
        `watchlist.csv`; at most 5 MB and 50,000 rows.
        """
        user = sessions.required(Scope.WRITE if query.apply else Scope.READ)
        content, name = uploaded_file("the export, as a file")
        try:
            plan = services.diaries.plan_import(content, name=query.name or name)
        except DataError as error:
            raise InvalidRequest({"file": str(error)}) from None
        written = services.diaries.carry_out(user, plan) if query.apply else None
        return _answer(schemas.imported(plan, written=written))


def _rating(diary: Diary, path: MoviePath) -> Response:
    found = diary.ratings.get(MovieId(path.id))
    if found is None:
        raise NotFound(f"You have not rated the film {path.id}.")
    return _answer(RatingView(id=path.id, stars=found.stars, at=found.at))


def _mark(diary: Diary, kind: MarkKind, path: MoviePath) -> Response:
    at = diary.marked(kind).get(MovieId(path.id))
    if at is None:
        raise NotFound(f"The film {path.id} is not in this list of yours.")
    return _answer(MarkView(id=path.id, at=at))


def _review(diary: Diary, path: MoviePath) -> Response:
    found = diary.reviews.get(MovieId(path.id))
    if found is None:
        raise NotFound(f"You have not reviewed the film {path.id}.")
    return _answer(schemas.review(found))


def _page(services: Services, diary: Diary, since: Mapping[MovieId, datetime], query: ListQuery) -> Response:
    base = services.settings.poster_base
    return _answer(schemas.listed_movies(diary, since, query, movies=services.movies, poster_base=base))


def _answer(view: View) -> Response:
    return Response(dump(view), mimetype="application/json")
