"""Profiles, friends' activities and connections as pages, and their forms. No form needs a script."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from core.errors import InvalidRequest
from core.social.profiles import ConnectionKind, Follow
from core.users import Scope
from engine.services import Services
from engine.social.connections import PAGE_SIZE
from webapp.diary import request_diary
from webapp.diary.request_diary import Notice
from webapp.http import sessions
from webapp.http.parsing import Query, parse_query
from webapp.http.rate_limits import Limits
from webapp.localization.translation import gettext as _
from webapp.social import addresses, labels, schemas, stars_chart
from webapp.social.api import reader, reader_id
from webapp.social.forms import Cursor


class ActivityQuery(Query):
    """The page of the activities."""

    after: Cursor = ""


class ConnectionsQuery(Query):
    """The list of users, and its page."""

    show: ConnectionKind = ConnectionKind.FOLLOWING
    before: Cursor = ""


class SocialPages:
    """Views that share the services."""

    def __init__(self, services: Services, limits: Limits) -> None:
        self._services, self._social, self._limits = services, services.social, limits

    def profile(self, name: str) -> str:
        """Show a profile, as far as its owner shares it with the reader."""
        user = reader()
        page = self._social.profiles.open(user, name)
        view = schemas.profile(self._services, page, reader=reader_id(user))
        seen = page.seen
        return render_template(
            "social/profile.html",
            profile=view,
            settings=seen.profile.settings,
            hidden=labels.why_hidden(seen.profile.hidden) if seen.own and seen.profile.hidden else "",
            suspended=labels.why_hidden(seen.profile.suspended) if seen.own and seen.profile.suspended else "",
            chart=stars_chart.picture(page.counts.stars),
        )

    def follow(self, name: str) -> Response:
        """Follow a user, or stop following them."""
        user, action = sessions.required(Scope.WRITE), request.form.get("action", "")
        if action == "follow":
            self._limits.count("follow", account=user.name)
            asked = self._social.connections.follow(user, name) is Follow.REQUESTED
            words = _("%(name)s was asked to accept you.", name=name) if asked else _("You follow %(name)s.", name=name)
        elif action == "unfollow":
            self._social.connections.unfollow(user, name)
            words = _("You no longer follow %(name)s.", name=name)
        else:
            raise InvalidRequest({"action": "expected follow or unfollow"})
        request_diary.notify(Notice(words))
        return request_diary.back(addresses.profile(name))

    def block(self, name: str) -> Response:
        """Block a user, or end the block."""
        user, action = sessions.required(Scope.WRITE), request.form.get("action", "")
        if action == "block":
            self._social.connections.block(user, name)
            request_diary.notify(Notice(_("You blocked %(name)s.", name=name)))
        elif action == "unblock":
            self._social.connections.unblock(user, name)
            request_diary.notify(Notice(_("You no longer block %(name)s.", name=name)))
        else:
            raise InvalidRequest({"action": "expected block or unblock"})
        return request_diary.see(url_for("social.connections", show=ConnectionKind.BLOCKED.value))

    def activity(self) -> str:
        """Show what friends did."""
        user = sessions.required()
        query = parse_query(ActivityQuery, request.args, lenient=True)
        page = self._social.activity.page(user, after=addresses.read_activity_cursor(query.after))
        return render_template(
            "social/activity.html",
            page=schemas.activities(self._services, page),
            first=not query.after,
            requests=self._social.connections.requests(user),
            settings=self._social.profiles.of(user).settings,
        )

    def connections(self) -> str:
        """Show the users that the user is connected with."""
        user = sessions.required()
        query = parse_query(ConnectionsQuery, request.args, lenient=True)
        found = self._social.connections.of(user, query.show, before=addresses.read_moment(query.before))
        older = addresses.moment(found[-1].at) if len(found) == PAGE_SIZE else ""
        return render_template(
            "social/connections.html",
            found=found,
            show=query.show.value,
            tabs=[(kind.value, _(label)) for kind, label in labels.CONNECTIONS.items()],
            requests=self._social.connections.requests(user),
            next=url_for("social.connections", show=query.show.value, before=older) if older else "",
        )

    def decide(self, name: str) -> Response:
        """Accept or decline a request, or remove a follower."""
        user, action = sessions.required(Scope.WRITE), request.form.get("action", "")
        if action == "accept":
            self._social.connections.accept(user, name)
            request_diary.notify(Notice(_("%(name)s follows you now.", name=name)))
        elif action == "remove":
            self._social.connections.remove_follower(user, name)
            request_diary.notify(Notice(_("%(name)s does not follow you.", name=name)))
        else:
            raise InvalidRequest({"action": "expected accept or remove"})
        return request_diary.back(url_for("social.connections", show=ConnectionKind.REQUESTS.value))


def add_routes(routes: Blueprint, services: Services, limits: Limits) -> None:
    """Add the pages and forms."""
    pages = SocialPages(services, limits)
    routes.add_url_rule("/users/<name>", "profile", pages.profile)
    routes.add_url_rule("/activity", "activity", pages.activity)
    routes.add_url_rule("/connections", "connections", pages.connections)
    for rule, name, act in (
        ("/users/<name>/follow", "follow", pages.follow),
        ("/users/<name>/block", "block", pages.block),
        ("/connections/<name>", "decide", pages.decide),
    ):
        routes.add_url_rule(rule, name, act, methods=["POST"])
