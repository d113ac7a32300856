"""The user's own social data: `/api/me/sharing`, connections, activities, published notes and reports."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from core.social.profiles import ProfileSettings
from core.types import MovieId
from core.users import Scope
from engine.services import Services
from webapp.diary.forms import WatchPath
from webapp.http import sessions
from webapp.http.api import PREFIX, SIGNED_IN, answer, no_content, problems
from webapp.http.parsing import Body, Query, parse_request
from webapp.http.rate_limits import Limits
from webapp.social import addresses, schemas
from webapp.social.api import SOCIAL
from webapp.social.forms import (
    ActivityQuery,
    ConnectionsQuery,
    PublishRequest,
    ReportRequest,
    SharingRequest,
    UserPath,
)
from webapp.social.schemas import ActivitiesResponse, ConnectionsResponse, FollowView, PublishedReviewView, SharingView


def blueprint(services: Services, limits: Limits) -> APIBlueprint:
    """Return the blueprint of the user's own social data."""
    calls = APIBlueprint(
        "my_social", __name__, url_prefix=f"{PREFIX}/me", abp_responses=problems(400, 401, 403, 503),
        abp_security=SIGNED_IN,
    )  # fmt: skip
    _add_sharing(calls, services)
    _add_following(calls, services, limits)
    _add_followers(calls, services)
    _add_blocks(calls, services)
    _add_publishing(calls, services)
    _add_reports(calls, services, limits)
    return calls


def _add_sharing(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/sharing", tags=[SOCIAL], summary="Get what you share", responses={200: SharingView})
    @parse_request(query=Query)
    def sharing() -> Response:
        """Return who sees your profile, and what it shows."""
        found = services.social.profiles.of(sessions.required())
        return answer(schemas.sharing(found.settings, hidden=found.hidden, suspended=found.suspended))

    @calls.put(
        "/sharing", tags=[SOCIAL], summary="Change what you share", responses={200: SharingView, **problems(415)}
    )
    @parse_request(query=Query, body=SharingRequest)
    def share(body: SharingRequest) -> Response:
        """Replace your profile. What is left out is off."""
        values = body.model_dump()
        values["favourites"] = tuple(MovieId(movie) for movie in body.favourites)
        user = sessions.required(Scope.WRITE)
        services.social.profiles.set(user, ProfileSettings(**values))
        found = services.social.profiles.of(user)
        return answer(schemas.sharing(found.settings, hidden=found.hidden, suspended=found.suspended))

    @calls.get("/activity", tags=[SOCIAL], summary="List your friends’ activity", responses={200: ActivitiesResponse})
    @parse_request(query=ActivityQuery)
    def activity(query: ActivityQuery) -> Response:
        """Return what the users whom you follow watched, rated, reviewed and listed, the newest first."""
        after = addresses.read_activity_cursor(query.after)
        page = services.social.activity.page(sessions.required(), after=after, size=query.size)
        return answer(schemas.activities(services, page))


def _add_following(calls: APIBlueprint, services: Services, limits: Limits) -> None:
    @calls.get("/connections", tags=[SOCIAL], summary="List users", responses={200: ConnectionsResponse})
    @parse_request(query=ConnectionsQuery)
    def connections(query: ConnectionsQuery) -> Response:
        """Return the users whom you follow or blocked, or who follow you or ask to, the latest first."""
        user = sessions.required()
        found = services.social.connections.of(user, query.show, size=query.size, before=query.before)
        return answer(schemas.connections(found))

    @calls.put(
        "/following/<string:name>", tags=[SOCIAL], summary="Follow a user",
        responses={200: FollowView, **problems(404, 415, 429)},
    )  # fmt: skip
    @parse_request(path=UserPath, query=Query, body=Body, optional_body=True)
    def follow(path: UserPath) -> Response:
        """Follow a user, or ask to if they approve their followers. They see your name."""
        user = sessions.required(Scope.WRITE)
        limits.count("follow", account=user.name)
        return answer(FollowView(name=path.name, follow=services.social.connections.follow(user, path.name)))

    @calls.delete("/following/<string:name>", tags=[SOCIAL], summary="Stop following a user", responses={204: None})
    @parse_request(path=UserPath, query=Query)
    def unfollow(path: UserPath) -> Response:
        """Stop following a user, or withdraw the request."""
        services.social.connections.unfollow(sessions.required(Scope.WRITE), path.name)
        return no_content()


def _add_followers(calls: APIBlueprint, services: Services) -> None:
    @calls.put(
        "/followers/<string:name>", tags=[SOCIAL], summary="Accept a follower",
        responses={204: None, **problems(404, 415)},
    )  # fmt: skip
    @parse_request(path=UserPath, query=Query, body=Body, optional_body=True)
    def accept(path: UserPath) -> Response:
        """Accept the request of a user; 404 if there is none."""
        services.social.connections.accept(sessions.required(Scope.WRITE), path.name)
        return no_content()

    @calls.delete("/followers/<string:name>", tags=[SOCIAL], summary="Remove a follower", responses={204: None})
    @parse_request(path=UserPath, query=Query)
    def remove(path: UserPath) -> Response:
        """Remove a follower, or decline their request."""
        services.social.connections.remove_follower(sessions.required(Scope.WRITE), path.name)
        return no_content()


def _add_blocks(calls: APIBlueprint, services: Services) -> None:
    @calls.put(
        "/blocks/<string:name>", tags=[SOCIAL], summary="Block a user", responses={204: None, **problems(404, 415)}
    )
    @parse_request(path=UserPath, query=Query, body=Body, optional_body=True)
    def block(path: UserPath) -> Response:
        """Block a user: neither of you exists for the other, and nobody of you follows the other any more."""
        services.social.connections.block(sessions.required(Scope.WRITE), path.name)
        return no_content()

    @calls.delete("/blocks/<string:name>", tags=[SOCIAL], summary="Unblock a user", responses={204: None})
    @parse_request(path=UserPath, query=Query)
    def unblock(path: UserPath) -> Response:
        """End a block."""
        services.social.connections.unblock(sessions.required(Scope.WRITE), path.name)
        return no_content()


def _add_publishing(calls: APIBlueprint, services: Services) -> None:
    @calls.put(
        "/diary/<int:id>/review", tags=[SOCIAL], summary="Publish a note as a review",
        responses={200: PublishedReviewView, **problems(404, 415)},
    )  # fmt: skip
    @parse_request(path=WatchPath, query=Query, body=PublishRequest, optional_body=True)
    def publish(path: WatchPath, body: PublishRequest) -> Response:
        """Publish the note of a watching to those to whom you show reviews (`/api/me/sharing`)."""
        user = sessions.required(Scope.WRITE)
        made = services.social.reviews.publish(user, path.id, spoilers=body.spoilers)
        return answer(schemas.reviews(services, [made], reader=user.id)[0])

    @calls.delete(
        "/diary/<int:id>/review", tags=[SOCIAL], summary="Make a note private", responses={204: None, **problems(404)}
    )
    @parse_request(path=WatchPath, query=Query)
    def withdraw(path: WatchPath) -> Response:
        """Withdraw the review; the note stays in your diary, its likes are deleted."""
        services.social.reviews.withdraw(sessions.required(Scope.WRITE), path.id)
        return no_content()


def _add_reports(calls: APIBlueprint, services: Services, limits: Limits) -> None:
    @calls.post("/reports", tags=[SOCIAL], summary="Report content", responses={204: None, **problems(404, 415, 429)})
    @parse_request(query=Query, body=ReportRequest)
    def report(body: ReportRequest) -> Response:
        """Report a profile, a review or a list to the administrators, who do not tell its owner your name."""
        user = sessions.required(Scope.WRITE)
        limits.count("report", account=user.name)
        services.social.moderation.report(user, body.kind, body.subject, body.reason, body.text)
        return Response(status=HTTPStatus.NO_CONTENT)
