"""Pages of lists: the user's lists, a list with its movies, its settings, and invitations. No form needs a script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from pydantic import Field
from werkzeug.wrappers import Response as WerkzeugResponse

from core.diary.lists import ListDetails
from core.errors import InvalidRequest, StoreUnavailable
from core.types import MAX_RANK, MovieId
from core.users import MarkKind, Scope
from engine.accounts.diary.lists import PAGE_SIZE
from engine.services import Services
from webapp.diary import request_diary
from webapp.diary.request_diary import Notice
from webapp.http import sessions
from webapp.http.fields import whole_number
from webapp.http.parsing import Query, parse_query
from webapp.lists import addresses, schemas, together
from webapp.lists.feed import add_feed
from webapp.lists.schemas import ListView
from webapp.localization.translation import gettext as _
from webapp.sharing.canonical import Canonical

MOVES = {"up": -1, "down": 1}


class PageQuery(Query):
    """The page of a list."""

    page: int = Field(1, ge=1, le=MAX_RANK)


@dataclass(frozen=True, slots=True)
class ListChoice:
    """One of the user's lists on the page of a movie."""

    list: ListView
    on: bool
    """Whether it contains the movie."""


class ListPages:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services, self._lists = services, services.lists
        self._canonical = Canonical(services.settings.site_url)

    def mine(self) -> str:
        """Show the user's lists; the watchlist comes first."""
        user = sessions.required()
        diary = self._services.diaries.read(user)
        found = [schemas.movie_list(one) for one in self._lists.of_user(user)]
        return render_template("lists/lists.html", lists=found, watchlist=len(diary.marked(MarkKind.WATCHLIST)))

    def create(self) -> Response | WerkzeugResponse:
        """Create a list, with a movie if the form names one."""
        user = sessions.required(Scope.WRITE)
        movie = whole_number(request.form.get("movie", "") or "0")
        made = self._lists.create(user, _details())
        if movie:
            self._lists.put(user, made.id, MovieId(movie))
        return request_diary.see(addresses.path(made))

    def show(self, list_id: int, slug: str = "") -> str | WerkzeugResponse:
        """Show a list; another name in the URL is corrected."""
        del slug
        user = None if sessions.lacks(Scope.READ) else sessions.current()
        opened = self._lists.open(user, list_id)
        path = addresses.path(opened.list)
        if quote(request.path) != path:
            return redirect(path, HTTPStatus.MOVED_PERMANENTLY)
        query = parse_query(PageQuery, request.args, lenient=True)
        found = self._lists.entries(user, list_id, page=query.page)
        base = self._services.settings.poster_base
        more = query.page * PAGE_SIZE < opened.list.size
        return render_template(
            "lists/list.html",
            opened=opened,
            list=schemas.movie_list(opened.list),
            entries=schemas.entries(found, movies=self._services.movies, poster_base=base),
            first=(query.page - 1) * PAGE_SIZE + 1,
            link=self._canonical.absolute(path),
            page=query.page,
            previous=f"{path}?page={query.page - 1}" if query.page > 1 else "",
            next=f"{path}?page={query.page + 1}" if more else "",
        )

    def settings(self, list_id: int, invitation: str = "") -> str:
        """Show the form of a list, its members, and a new invitation."""
        user = sessions.required()
        members = self._lists.members(user, list_id)
        opened = self._lists.open(user, list_id)
        link = self._canonical.absolute(url_for("lists.invitation", secret=invitation)) if invitation else ""
        shown = schemas.movie_list(opened.list)
        return render_template("lists/settings.html", opened=opened, list=shown, members=members, invitation=link)

    def change(self, list_id: int) -> Response | WerkzeugResponse:
        """Change name, description and visibility."""
        changed = self._lists.change(sessions.required(Scope.WRITE), list_id, _details())
        request_diary.notify(Notice(_("The list was saved.")))
        return request_diary.see(addresses.path(changed))

    def delete(self, list_id: int) -> Response | WerkzeugResponse:
        """Delete a list."""
        self._lists.delete(sessions.required(Scope.WRITE), list_id)
        request_diary.notify(Notice(_("The list was deleted.")))
        return request_diary.see(url_for("lists.mine"))

    def clone(self, list_id: int) -> Response | WerkzeugResponse:
        """Copy a list."""
        made = self._lists.clone(sessions.required(Scope.WRITE), list_id)
        request_diary.notify(Notice(_("This is your copy. Only you can see it.")))
        return request_diary.see(addresses.path(made))

    def put(self, list_id: int) -> Response | WerkzeugResponse:
        """Add a movie to a list, from the page of the movie."""
        user = sessions.required(Scope.WRITE)
        movie = self._services.movies.get(_movie())
        self._lists.put(user, list_id, movie.id, request.form.get("note"))
        name = self._lists.open(user, list_id).list.details.name
        undo = (("action", "remove"), ("next", url_for("pages.movie", movie_id=movie.id)))
        url = url_for("lists.edit_entry", list_id=list_id, movie_id=movie.id)
        request_diary.notify(Notice(_("%(title)s is on the list %(name)s.", title=movie.title, name=name), url, undo))
        return request_diary.back(url_for("pages.movie", movie_id=movie.id))

    def edit_entry(self, list_id: int, movie_id: int) -> Response | WerkzeugResponse:
        """Move a movie up or down, change its note, or remove it."""
        user, movie, action = sessions.required(Scope.WRITE), MovieId(movie_id), request.form.get("action", "")
        if action in MOVES:
            self._lists.move(user, list_id, movie, by=MOVES[action])
        elif action == "remove":
            self._lists.remove(user, list_id, movie)
            request_diary.notify(Notice(_("The film was removed from the list.")))
        elif action == "note":
            self._lists.put(user, list_id, movie, request.form.get("note", ""))
        else:
            raise InvalidRequest({"action": "expected up, down, note or remove"})
        path = addresses.path(self._lists.open(user, list_id).list)
        return request_diary.back(f"{path}#movie-{movie_id}" if action != "remove" else path)

    def invite(self, list_id: int) -> str:
        """Show a new invitation, once."""
        secret = self._lists.invite(sessions.required(Scope.WRITE), list_id)
        return self.settings(list_id, secret)

    def invitation(self) -> str:
        """Ask whether to accept an invitation. Its secret is not part of the path, which is logged."""
        sessions.required()
        secret = request.args.get("secret", "")
        return render_template(
            "lists/invitation.html", list=schemas.movie_list(self._lists.invited(secret)), secret=secret
        )

    def join(self) -> Response | WerkzeugResponse:
        """Accept an invitation."""
        joined = self._lists.join(sessions.required(Scope.WRITE), request.form.get("secret", ""))
        request_diary.notify(Notice(_("You can edit this list now.")))
        return request_diary.see(addresses.path(joined))

    def leave(self, list_id: int) -> Response | WerkzeugResponse:
        """Leave a list that the user was invited to, or remove a member of an own list."""
        user, name = sessions.required(Scope.WRITE), request.form.get("member", "")
        if name:
            self._lists.remove_member(user, list_id, name)
            return request_diary.see(url_for("lists.settings", list_id=list_id))
        self._lists.leave(user, list_id)
        request_diary.notify(Notice(_("You left the list.")))
        return request_diary.see(url_for("lists.mine"))


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of the pages, with the template function that the movie page uses."""
    pages, routes = ListPages(services), Blueprint("lists", __name__)
    for rule, name, view in (
        ("/lists", "mine", pages.mine),
        ("/lists/<int:list_id>", "show_number", pages.show),
        ("/lists/<int:list_id>-<slug>", "show", pages.show),
        ("/lists/<int:list_id>/settings", "settings", pages.settings),
        ("/lists/join", "invitation", pages.invitation),
    ):
        routes.add_url_rule(rule, name, view)
    for rule, name, act in (
        ("/lists", "create", pages.create),
        ("/lists/<int:list_id>/settings", "change", pages.change),
        ("/lists/<int:list_id>/delete", "delete", pages.delete),
        ("/lists/<int:list_id>/clone", "clone", pages.clone),
        ("/lists/<int:list_id>/movies", "put", pages.put),
        ("/lists/<int:list_id>/movies/<int:movie_id>", "edit_entry", pages.edit_entry),
        ("/lists/<int:list_id>/invite", "invite", pages.invite),
        ("/lists/<int:list_id>/leave", "leave", pages.leave),
        ("/lists/join", "join", pages.join),
    ):
        routes.add_url_rule(rule, name, act, methods=["POST"])
    add_feed(routes, services)
    together.add_pages(routes, services)
    routes.add_app_template_global(_choices(services), "list_choices")
    return routes


def _details() -> ListDetails:
    form = request.form
    return ListDetails(
        name=form.get("name", ""), description=form.get("description", ""), public=form.get("public") == "1"
    )


def _movie() -> MovieId:
    number = whole_number(request.form.get("movie", ""))
    if number is None:
        raise InvalidRequest({"movie": "expected the TMDB id of a movie"})
    return MovieId(number)


def _choices(services: Services) -> Callable[[int], Sequence[ListChoice]]:
    """Return a function that returns the user's lists for a movie; none for visitors and without the database."""

    def choices(movie: int) -> Sequence[ListChoice]:
        user = sessions.current()
        if user is None:
            return ()
        try:
            found = services.lists.of_user(user)
            containing = services.lists.containing(user, MovieId(movie)) if found else frozenset()
        except StoreUnavailable:
            return ()
        return [ListChoice(schemas.movie_list(one), one.id in containing) for one in found]

    return choices
