"""The JSON API of taste: recommendations, explanations, predictions."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from core.errors import NotAllowed
from core.types import MovieId
from engine.services import Services
from webapp.http import sessions
from webapp.http.api import ANYBODY, PREFIX, SIGNED_IN, answer, problems
from webapp.http.parsing import Query, parse_request
from webapp.movies import schemas, serializers
from webapp.movies.forms import MoviePath
from webapp.recommendations import forms

TASTE = Tag(name="Taste", description="Films that fit somebody, and why.")
MODELS = Tag(name="Models", description="The same by the name that models know a viewer by.")
DEMO_USER = "ml:"
"""Before the number of a user of MovieLens: public, for demonstration."""


def blueprint(services: Services) -> APIBlueprint:
    """All calls."""
    api = APIBlueprint("taste_api", __name__, url_prefix=PREFIX, abp_responses=problems(400, 503))
    _add_for_user(api, services)
    _add_guest(api, services)
    _add_by_user_id(api, services)
    return api


def _add_for_user(api: APIBlueprint, services: Services) -> None:
    base = services.settings.poster_base

    @api.get(
        "/recommendations",
        tags=[TASTE],
        summary="Films for you",
        security=SIGNED_IN,
        responses={200: schemas.RecommendationsResponse, **problems(401, 403)},
    )
    @parse_request(query=forms.RecommendationsQuery)
    def recommendations(query: forms.RecommendationsQuery) -> Response:
        """A diverse list for the user who asks, free of what they rated, marked or dismissed; with reasons."""
        found = services.recommending.for_user(sessions.required(), forms.to_request(query))
        return answer(serializers.recommendations(found, poster_base=base))

    @api.get(
        "/explain/<int:id>",
        tags=[TASTE],
        summary="Why a film suits you",
        security=SIGNED_IN,
        responses={200: schemas.ExplanationResponse, **problems(401, 403, 404)},
    )
    @parse_request(path=MoviePath, query=Query)
    def explain(path: MoviePath) -> Response:
        """The reasons from the model itself, with the stars that you would give."""
        return answer(serializers.explained(services.recommending.explain(sessions.required(), MovieId(path.id))))


def _add_guest(api: APIBlueprint, services: Services) -> None:
    base = services.settings.poster_base

    @api.post(
        "/recommendations",
        tags=[TASTE],
        summary="Films for a guest",
        responses={200: schemas.RecommendationsResponse, **problems(415)},
    )
    @parse_request(body=forms.GuestRequest)
    def guest(body: forms.GuestRequest) -> Response:
        """A list for ratings that are sent along; nothing is kept, no account is needed."""
        found = services.recommending.for_guest(*forms.to_guest_request(body))
        return answer(serializers.recommendations(found, poster_base=base))


def _add_by_user_id(api: APIBlueprint, services: Services) -> None:
    base = services.settings.poster_base

    @api.get(
        "/ml/recommendations/<string:user_id>",
        tags=[MODELS],
        summary="Films for a viewer",
        security=ANYBODY,
        responses={200: schemas.RecommendationsResponse, **problems(401, 403, 404)},
    )
    @parse_request(path=forms.UserPath, query=forms.RecommendationsQuery)
    def member(path: forms.UserPath, query: forms.RecommendationsQuery) -> Response:
        """For yourself by your number, for a demonstration user by `ml:<number>`; administrators for anybody."""
        _check(path.user_id)
        found = services.recommending.for_name(path.user_id, forms.to_request(query))
        return answer(serializers.recommendations(found, poster_base=base))

    @api.post(
        "/ml/predict",
        tags=[MODELS],
        summary="Stars that a viewer would give",
        security=ANYBODY,
        responses={200: schemas.PredictionsResponse, **problems(401, 403, 404, 415)},
    )
    @parse_request(body=forms.PredictionRequest)
    def predict(body: forms.PredictionRequest) -> Response:
        """Predicted half stars as numbers; null where nothing can be said."""
        _check(body.user_id)
        found = services.recommending.predict(body.user_id, [MovieId(movie) for movie in body.movie_ids])
        results = tuple(schemas.PredictedRating(id=movie, stars=given) for movie, given in found.stars.items())
        return answer(schemas.PredictionsResponse(user_id=body.user_id, results=results, model=found.model))

    @api.get(
        "/ml/explain/<string:user_id>/<int:movie_id>",
        tags=[MODELS],
        summary="Why a film suits a viewer",
        security=ANYBODY,
        responses={200: schemas.ExplanationResponse, **problems(401, 403, 404)},
    )
    @parse_request(path=forms.UserMoviePath, query=Query)
    def explain_by_name(path: forms.UserMoviePath) -> Response:
        """The reasons from the model itself."""
        _check(path.user_id)
        return answer(
            serializers.explained(services.recommending.explain_by_name(path.user_id, MovieId(path.movie_id)))
        )


def _check(user: str) -> None:
    """Let through what is public, one's own, or an administrator's.

    Raises:
        NotSignedIn, NotAllowed: alike whether such a account exists or not.
    """
    if user.startswith(DEMO_USER):
        return
    account = sessions.required()
    if str(account.id) != user and not account.administrator:
        raise NotAllowed("You may ask for yourself, or for a demonstration account (ml:<number>).")
