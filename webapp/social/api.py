"""`/api/users`, `/api/reviews` and the social part of `/api/movies`: what others share with the reader."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from core.types import MovieId
from core.users import Scope, User
from engine.services import Services
from webapp.http import sessions
from webapp.http.api import ANYBODY, PREFIX, SIGNED_IN, answer, no_content, problems
from webapp.http.parsing import Body, Query, parse_request
from webapp.movies.forms import MoviePath
from webapp.social import addresses, schemas
from webapp.social.forms import ReviewPath, ReviewsQuery, UserPath
from webapp.social.schemas import FriendOpinionsView, ProfileView, PublishedReviewsResponse, PublishedReviewView

SOCIAL = Tag(name="Users and reviews", description="Profiles, following, reviews and reports. Off by default.")


def reader() -> User | None:
    """Return the user who reads what others share; a token without the scope `read` reads like a visitor."""
    return None if sessions.lacks(Scope.READ) else sessions.current()


def reader_id(user: User | None) -> int | None:
    """Return the number of the reader; None for a visitor."""
    return user.id if user else None


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of profiles and reviews."""
    calls = APIBlueprint("social_api", __name__, url_prefix=PREFIX, abp_security=ANYBODY)
    _add_profiles(calls, services)
    _add_movie_reviews(calls, services)
    _add_reviews(calls, services)
    return calls


def _add_profiles(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/users/<string:name>", tags=[SOCIAL], summary="Get a profile",
        responses={200: ProfileView, **problems(400, 401, 404, 503)},
    )  # fmt: skip
    @parse_request(path=UserPath, query=Query)
    def profile(path: UserPath) -> Response:
        """Return what a user shares with you. 404 if nobody has this name, or their profile is not for you."""
        user = reader()
        found = services.social.profiles.open(user, path.name)
        return answer(schemas.profile(services, found, reader=reader_id(user)))


def _add_movie_reviews(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/movies/<int:id>/reviews", tags=[SOCIAL], summary="List the reviews of a movie",
        responses={200: PublishedReviewsResponse, **problems(400, 401, 404, 503)},
    )  # fmt: skip
    @parse_request(path=MoviePath, query=ReviewsQuery)
    def of_movie(path: MoviePath, query: ReviewsQuery) -> Response:
        """Return a page of the published reviews that you may see, without your own."""
        user, movie = reader(), services.movies.get(MovieId(path.id))
        page = services.social.reviews.page(
            user, movie.id, sort=query.sort, after=addresses.read_review_cursor(query.after), size=query.size
        )
        return answer(schemas.review_page(services, page, reader=reader_id(user)))

    @calls.get(
        "/movies/<int:id>/friends", tags=[SOCIAL], summary="Get what your friends think of a movie",
        responses={200: FriendOpinionsView, **problems(400, 401, 403, 404, 503)}, security=SIGNED_IN,
    )  # fmt: skip
    @parse_request(path=MoviePath, query=Query)
    def friends(path: MoviePath) -> Response:
        """Return the stars of the users whom you follow, as far as they show them to you."""
        user, movie = sessions.required(), services.movies.get(MovieId(path.id))
        return answer(schemas.opinions(services.social.reviews.friends(user, movie.id)))


def _add_reviews(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/reviews/<int:id>", tags=[SOCIAL], summary="Get a review",
        responses={200: PublishedReviewView, **problems(400, 401, 404, 503)},
    )  # fmt: skip
    @parse_request(path=ReviewPath, query=Query)
    def review(path: ReviewPath) -> Response:
        """Return a published review; 404 if you may not see it."""
        user = reader()
        found = services.social.reviews.get(user, path.id)
        return answer(schemas.reviews(services, [found], reader=reader_id(user))[0])

    @calls.put(
        "/reviews/<int:id>/like", tags=[SOCIAL], summary="Like a review",
        responses={204: None, **problems(400, 401, 403, 404, 415, 503)}, security=SIGNED_IN,
    )  # fmt: skip
    @parse_request(path=ReviewPath, query=Query, body=Body, optional_body=True)
    def like(path: ReviewPath) -> Response:
        """Like a review of somebody else; liking it twice counts once."""
        services.social.reviews.like(sessions.required(Scope.WRITE), path.id, on=True)
        return no_content()

    @calls.delete(
        "/reviews/<int:id>/like", tags=[SOCIAL], summary="Take back a like",
        responses={204: None, **problems(400, 401, 403, 404, 503)}, security=SIGNED_IN,
    )  # fmt: skip
    @parse_request(path=ReviewPath, query=Query)
    def unlike(path: ReviewPath) -> Response:
        """Remove your like, if there is one."""
        services.social.reviews.like(sessions.required(Scope.WRITE), path.id, on=False)
        return no_content()
