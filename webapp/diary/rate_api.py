"""`POST /api/rate`: rate a movie by a request that names it in its body."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from core.types import MovieId
from core.users import Scope
from engine.services import Services
from webapp.diary.api import RATINGS
from webapp.diary.forms import MovieRatingRequest
from webapp.diary.schemas import RatingView
from webapp.http import sessions
from webapp.http.api import PREFIX, SIGNED_IN, answer, problems
from webapp.http.parsing import Query, parse_request


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of the operation."""
    calls = APIBlueprint("rate", __name__, url_prefix=PREFIX, abp_security=SIGNED_IN)

    @calls.post(
        "/rate", tags=[RATINGS], summary="Rate a movie named in the request",
        responses={200: RatingView, **problems(400, 401, 403, 404, 415, 503)},
    )  # fmt: skip
    @parse_request(query=Query, body=MovieRatingRequest)
    def rate(body: MovieRatingRequest) -> Response:
        """Does the same as `PUT /api/me/ratings/<id>`."""
        user, movie = sessions.required(Scope.WRITE), MovieId(body.movie_id)
        services.diaries.rate(user, movie, body.rating)
        found = services.diaries.read(user).ratings[movie]
        return answer(RatingView(id=movie, stars=found.stars, at=found.at))

    return calls
