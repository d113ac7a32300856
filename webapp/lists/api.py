"""`/api/me/lists` and `/api/lists/<id>`: lists of movies."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, url_for
from flask_openapi3.blueprint import APIBlueprint

from core.diary.lists import ListDetails
from core.types import MovieId
from core.users import Scope
from engine.services import Services
from webapp.http import sessions
from webapp.http.api import ANYBODY, PREFIX, SIGNED_IN, answer, no_content, problems
from webapp.http.parsing import Body, Query, parse_request
from webapp.lists import schemas, together
from webapp.lists.forms import EntriesQuery, EntryPath, JoinRequest, ListPath, ListRequest, NoteRequest, OrderRequest
from webapp.lists.schemas import InvitationView, ListResponse, ListsResponse, ListView
from webapp.lists.tags import USER_LISTS


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of `/api/me/lists`."""
    calls = APIBlueprint(
        "my_lists", __name__, url_prefix=f"{PREFIX}/me/lists", abp_responses=problems(400, 401, 403, 503),
        abp_security=SIGNED_IN,
    )  # fmt: skip
    _add_lists(calls, services)
    _add_entries(calls, services)
    _add_sharing(calls, services)
    together.add_calls(calls, services)
    return calls


def public(services: Services) -> APIBlueprint:
    """Return the blueprint of `/api/lists/<id>`."""
    calls = APIBlueprint("any_list", __name__, url_prefix=f"{PREFIX}/lists", abp_security=ANYBODY)

    @calls.get(
        "/<int:id>", tags=[USER_LISTS], summary="Get a list and its movies",
        responses={200: ListResponse, **problems(400, 401, 404, 503)},
    )  # fmt: skip
    @parse_request(path=ListPath, query=EntriesQuery)
    def get(path: ListPath, query: EntriesQuery) -> Response:
        """Return a list that is public, yours, or shared with you; 404 for all others."""
        user = None if sessions.lacks(Scope.READ) else sessions.current()
        opened = services.lists.open(user, path.id)
        found = services.lists.entries(user, path.id, page=query.page, size=query.size)
        shown = schemas.entries(found, movies=services.movies, poster_base=services.settings.poster_base)
        return answer(schemas.page(opened, shown, page=query.page, size=query.size))

    return calls


def _add_lists(calls: APIBlueprint, services: Services) -> None:
    @calls.get("", tags=[USER_LISTS], summary="Get your lists", responses={200: ListsResponse})
    @parse_request(query=Query)
    def listed() -> Response:
        """Return the lists that you own or may edit, the last changed first. `GET /api/lists/<id>` has the movies."""
        found = services.lists.of_user(sessions.required())
        return answer(ListsResponse(results=tuple(map(schemas.movie_list, found))))

    @calls.post("", tags=[USER_LISTS], summary="Create a list", responses={201: ListView, **problems(415)})
    @parse_request(query=Query, body=ListRequest)
    def create(body: ListRequest) -> Response:
        """Create a list; it is private unless you say otherwise."""
        made = services.lists.create(sessions.required(Scope.WRITE), _details(body))
        return _created(answer(schemas.movie_list(made)))

    @calls.put("/<int:id>", tags=[USER_LISTS], summary="Change a list", responses={200: ListView, **problems(404, 415)})
    @parse_request(path=ListPath, query=Query, body=ListRequest)
    def change(path: ListPath, body: ListRequest) -> Response:
        """Replace name, description and visibility of a list of yours."""
        changed = services.lists.change(sessions.required(Scope.WRITE), path.id, _details(body))
        return answer(schemas.movie_list(changed))

    @calls.delete("/<int:id>", tags=[USER_LISTS], summary="Delete a list", responses={204: None, **problems(404)})
    @parse_request(path=ListPath, query=Query)
    def delete(path: ListPath) -> Response:
        """Delete a list of yours with its movies, notes and invitations."""
        services.lists.delete(sessions.required(Scope.WRITE), path.id)
        return no_content()

    @calls.post(
        "/<int:id>/clone", tags=[USER_LISTS], summary="Copy a list", responses={201: ListView, **problems(404, 415)}
    )
    @parse_request(path=ListPath, query=Query, body=Body, optional_body=True)
    def clone(path: ListPath) -> Response:
        """Copy a list that you may read into a new private one of yours, with the notes that you wrote."""
        return _created(answer(schemas.movie_list(services.lists.clone(sessions.required(Scope.WRITE), path.id))))


def _add_entries(calls: APIBlueprint, services: Services) -> None:
    @calls.put(
        "/<int:id>/movies/<int:movie>", tags=[USER_LISTS], summary="Add a movie to a list",
        responses={204: None, **problems(404, 415)},
    )  # fmt: skip
    @parse_request(path=EntryPath, query=Query, body=NoteRequest, optional_body=True)
    def put(path: EntryPath, body: NoteRequest) -> Response:
        """Add a movie at the end, or change its note."""
        services.lists.put(sessions.required(Scope.WRITE), path.id, MovieId(path.movie), body.note)
        return no_content()

    @calls.delete(
        "/<int:id>/movies/<int:movie>", tags=[USER_LISTS], summary="Remove a movie from a list",
        responses={204: None, **problems(404)},
    )  # fmt: skip
    @parse_request(path=EntryPath, query=Query)
    def remove(path: EntryPath) -> Response:
        """Remove a movie, if it is there."""
        services.lists.remove(sessions.required(Scope.WRITE), path.id, MovieId(path.movie))
        return no_content()

    @calls.put(
        "/<int:id>/order", tags=[USER_LISTS], summary="Order the movies of a list",
        responses={204: None, **problems(404, 415)},
    )  # fmt: skip
    @parse_request(path=ListPath, query=Query, body=OrderRequest)
    def order(path: ListPath, body: OrderRequest) -> Response:
        """Put the movies in the order of their ids; ids that are not on the list are ignored."""
        services.lists.arrange(sessions.required(Scope.WRITE), path.id, [MovieId(movie) for movie in body.movies])
        return no_content()


def _add_sharing(calls: APIBlueprint, services: Services) -> None:
    @calls.post(
        "/<int:id>/invitations", tags=[USER_LISTS], summary="Invite somebody to edit a list",
        responses={201: InvitationView, **problems(404, 415)},
    )  # fmt: skip
    @parse_request(path=ListPath, query=Query, body=Body, optional_body=True)
    def invite(path: ListPath) -> Response:
        """Create an invitation to a list of yours, which one user may accept within seven days."""
        secret = services.lists.invite(sessions.required(Scope.WRITE), path.id)
        return _created(answer(InvitationView(invitation=secret, url=url_for("lists.invitation", secret=secret))))

    @calls.post(
        "/join", tags=[USER_LISTS], summary="Accept an invitation", responses={200: ListView, **problems(404, 415)}
    )
    @parse_request(query=Query, body=JoinRequest)
    def join(body: JoinRequest) -> Response:
        """Become a member of a list, who may change its movies. The invitation is used up."""
        return answer(schemas.movie_list(services.lists.join(sessions.required(Scope.WRITE), body.invitation)))


def _details(body: ListRequest) -> ListDetails:
    return ListDetails(name=body.name, description=body.description, public=body.public)


def _created(response: Response) -> Response:
    response.status_code = HTTPStatus.CREATED
    return response
