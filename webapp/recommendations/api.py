"""The JSON API of recommendations, explanations and predictions."""

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

TASTE = Tag(name="Recommendations", description="Recommendations and the reasons for them.")
MODELS = Tag(name="Recommendations by user id", description="The same for a user id of the model.")
DEMO_USERS = ("ml:", "demo:")
"""Prefixes of the number of a MovieLens user and of the name of a made-up user: public, for demonstration."""


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of recommendations."""
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
        summary="Get your recommendations",
        security=SIGNED_IN,
        responses={200: schemas.RecommendationsResponse, **problems(401, 403)},
    )
    @parse_request(query=forms.RecommendationsQuery)
    def recommendations(query: forms.RecommendationsQuery) -> Response:
        """Return a diverse list with reasons, without movies that you rated, marked or dismissed."""
        found = services.recommending.for_user(sessions.required(), forms.to_request(query, services.availability))
        return answer(serializers.recommendations(found, poster_base=base, demo=services.demo.in_use()))

    @api.get(
        "/recommendations/rows",
        tags=[TASTE],
        summary="Get your recommendations by rows",
        security=SIGNED_IN,
        responses={200: schemas.RecommendationRowsResponse, **problems(401, 403)},
    )
    @parse_request(query=forms.RowsQuery)
    def rows(query: forms.RowsQuery) -> Response:
        """Return the rows of the page *For you*: for you, because you loved a movie, hidden gems, your watchlist,
        something different. Rows without movies are left out."""
        made, found = services.recommending.rows(sessions.required(), forms.to_rows_request(query))
        return answer(serializers.recommendation_rows(made, found, poster_base=base, demo=services.demo.in_use()))

    @api.get(
        "/explain/<int:id>",
        tags=[TASTE],
        summary="Explain a recommendation",
        security=SIGNED_IN,
        responses={200: schemas.ExplanationResponse, **problems(401, 403, 404)},
    )
    @parse_request(path=MoviePath, query=Query)
    def explain(path: MoviePath) -> Response:
        """Return why you might like a movie, from the model's own decomposition, with your predicted rating."""
        return answer(serializers.explained(services.recommending.explain(sessions.required(), MovieId(path.id))))


def _add_guest(api: APIBlueprint, services: Services) -> None:
    base = services.settings.poster_base

    @api.post(
        "/recommendations",
        tags=[TASTE],
        summary="Get recommendations without an account",
        responses={200: schemas.RecommendationsResponse, **problems(415)},
    )
    @parse_request(body=forms.GuestRequest)
    def guest(body: forms.GuestRequest) -> Response:
        """Return recommendations for the ratings in the request. Nothing is stored."""
        found = services.recommending.for_guest(*forms.to_guest_request(body))
        return answer(serializers.recommendations(found, poster_base=base, demo=services.demo.in_use()))


def _add_by_user_id(api: APIBlueprint, services: Services) -> None:
    base = services.settings.poster_base

    @api.get(
        "/ml/recommendations/<string:user_id>",
        tags=[MODELS],
        summary="Get recommendations for a user id",
        security=ANYBODY,
        responses={200: schemas.RecommendationsResponse, **problems(401, 403, 404)},
    )
    @parse_request(path=forms.UserPath, query=forms.RecommendationsQuery)
    def by_name(path: forms.UserPath, query: forms.RecommendationsQuery) -> Response:
        """Use your own number, or a demonstration user (`ml:<number>`, `demo:<name>`); administrators: any number."""
        _check(path.user_id)
        found = services.recommending.for_name(path.user_id, forms.to_request(query, services.availability))
        return answer(serializers.recommendations(found, poster_base=base, demo=services.demo.in_use()))

    @api.post(
        "/ml/predict",
        tags=[MODELS],
        summary="Predict ratings",
        security=ANYBODY,
        responses={200: schemas.PredictionsResponse, **problems(401, 403, 404, 415)},
    )
    @parse_request(body=forms.PredictionRequest)
    def predict(body: forms.PredictionRequest) -> Response:
        """Return the predicted ratings of some movies; null if no prediction is possible."""
        _check(body.user_id)
        found = services.recommending.predict(body.user_id, [MovieId(movie) for movie in body.movie_ids])
        results = tuple(schemas.PredictedRating(id=movie, stars=given) for movie, given in found.stars.items())
        return answer(schemas.PredictionsResponse(user_id=body.user_id, results=results, model=found.model))

    @api.get(
        "/ml/explain/<string:user_id>/<int:movie_id>",
        tags=[MODELS],
        summary="Explain a recommendation for a user id",
        security=ANYBODY,
        responses={200: schemas.ExplanationResponse, **problems(401, 403, 404)},
    )
    @parse_request(path=forms.UserMoviePath, query=Query)
    def explain_by_name(path: forms.UserMoviePath) -> Response:
        """Return why the user might like a movie, from the model's own decomposition."""
        _check(path.user_id)
        return answer(
            serializers.explained(services.recommending.explain_by_name(path.user_id, MovieId(path.movie_id)))
        )


def _check(user: str) -> None:
    """Allow demonstration users, the caller's own number, and any number for administrators.

    Raises:
        NotSignedIn, NotAllowed: whether or not such an account exists.
    """
    if user.startswith(DEMO_USERS):
        return
    account = sessions.required()
    if str(account.id) != user and not account.administrator:
        raise NotAllowed("Use your own number or a demonstration user (ml:<number>, demo:<name>).")
