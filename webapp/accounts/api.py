"""Accounts and tokens for programs: sign-up, API tokens, the account itself with its preferences and its export."""

from __future__ import annotations

import json
from datetime import datetime
from http import HTTPStatus

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from flask_openapi3.types import SecuritySchemesDict
from pydantic import BaseModel, Field

from core.errors import NotAllowed
from core.users import Preferences, Scope, Token, Viewer
from engine.services import Services
from webapp.browse import api
from webapp.http import json_bodies, sessions
from webapp.http.parsing import reading
from webapp.http.rate_limits import Limits
from webapp.movies import forms, schemas

ACCOUNT = Tag(name="Accounts", description="One's account, its preferences, its tokens.")
SCHEMES: SecuritySchemesDict = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API token with the scope `read` or `write`, made on /account or by POST /api/tokens.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": sessions.COOKIE,
        "description": "The session of a browser, which signed in on /sign-in. Every POST, PUT, PATCH and DELETE needs "
        f'the header `{sessions.CSRF_HEADER}` too, with the content of the page\'s `<meta name="csrf-token">`.',
    },
}
EITHER: list[dict[str, list[str]]] = [{"bearer": []}, {"cookie": []}]
"""For calls that are about the viewer."""


class TasteView(schemas.View):
    """How a viewer wants to be served."""

    genres: tuple[str, ...] = Field(description="Favourite genres.")
    taste_in_search: bool
    keep_events: bool
    familiarity: float = Field(description="0: discover what few know; 1: keep to the well known.")
    language: str = Field("", description="ISO 639-1 code of the language of pages; empty: as the browser asks.")
    onboarded: bool


class AccountView(schemas.View):
    """An account."""

    id: int
    name: str
    created_at: datetime
    administrator: bool
    preferences: TasteView


class TokenView(schemas.View):
    """An API token, without its secret."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    used_at: datetime | None = Field(description="When it was last used, to the hour.")


class NewTokenView(TokenView):
    """An API token with its secret, this once."""

    secret: str = Field(description="Send it as `Authorization: Bearer <secret>`. It is shown this once.")


class TokensAnswer(schemas.View):
    """All tokens."""

    results: tuple[TokenView, ...]


class ExportAnswer(schemas.View):
    """Everything that is kept about a viewer."""

    format: str
    exported_at: datetime
    account: AccountView
    ratings: tuple[dict[str, object], ...]
    marks: tuple[dict[str, object], ...]
    reviews: tuple[dict[str, object], ...]
    history: tuple[dict[str, object], ...]
    events: tuple[dict[str, object], ...]
    sessions: tuple[dict[str, object], ...]
    tokens: tuple[dict[str, object], ...]


class TokenPath(BaseModel):
    """A token in a URL."""

    id: int = Field(ge=1, le=forms.MAX_ID, description="Number of the token.")


def blueprint(services: Services, limits: Limits) -> APIBlueprint:
    """All calls about accounts and tokens."""
    calls = APIBlueprint("tokens", __name__, url_prefix=api.PREFIX, abp_responses=api.problems(400, 503))
    _add_accounts(calls, services, limits)
    _add_making_tokens(calls, services, limits)
    _add_tokens(calls, services)
    _add_me(calls, services)
    _add_leaving(calls, services, limits)
    return calls


def _add_accounts(calls: APIBlueprint, services: Services, limits: Limits) -> None:
    @calls.post(
        "/accounts",
        tags=[ACCOUNT],
        summary="Make an account",
        responses={201: AccountView, **api.problems(403, 415, 429)},
    )
    @reading(body=json_bodies.NewAccount)
    def sign_up(body: json_bodies.NewAccount) -> Response:
        """A new account; POST /api/tokens then gives it a token."""
        check_open(services)
        limits.count("sign-up", account=body.name)
        return _answer(account(services.accounts.sign_up(body.name, body.password)), HTTPStatus.CREATED)


def _add_making_tokens(calls: APIBlueprint, services: Services, limits: Limits) -> None:
    @calls.post(
        "/tokens",
        tags=[ACCOUNT],
        summary="Make an API token",
        security=[{"cookie": []}, {}],
        responses={201: NewTokenView, **api.problems(401, 403, 415, 429)},
    )
    @reading(body=json_bodies.NewToken)
    def make_token(body: json_bodies.NewToken) -> Response:
        """A token, by the name and the password of an account or by a browser's cookie; never by another token."""
        viewer = _asking(services, limits, body)
        limits.count("token", account=viewer.name)
        token, secret = services.accounts.add_token(viewer, body.name, frozenset(body.scopes))
        shown = NewTokenView(**_token(token).model_dump(), secret=secret)
        return _answer(shown, HTTPStatus.CREATED)


def _asking(services: Services, limits: Limits, body: json_bodies.NewToken) -> Viewer:
    if sessions.bearer() is not None:
        raise NotAllowed("A token may not make tokens. Send the name and the password of the account.")
    if not body.account and not body.password:
        return sessions.by_browser()[0]
    limits.count("sign-in", account=body.account)
    viewer, secret = services.accounts.sign_in(body.account, body.password, label="POST /api/tokens")
    services.accounts.sign_out(secret)
    return viewer


def _add_tokens(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/tokens",
        tags=[ACCOUNT],
        summary="All tokens",
        security=EITHER,
        responses={200: TokensAnswer, **api.problems(401, 403)},
    )
    def all_tokens() -> Response:
        """One's tokens, the latest first, without their secrets."""
        found = services.accounts.tokens(sessions.required())
        return _answer(TokensAnswer(results=tuple(_token(token) for token in found)))

    @calls.delete(
        "/tokens/<int:id>",
        tags=[ACCOUNT],
        summary="Revoke a token",
        security=EITHER,
        responses={204: None, **api.problems(401, 403, 404)},
    )
    @reading(path=TokenPath)
    def revoke(path: TokenPath) -> Response:
        """Make a token worthless at once."""
        services.accounts.revoke_token(sessions.required(Scope.WRITE), path.id)
        return _nothing()


def _add_me(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/me",
        tags=[ACCOUNT],
        summary="One's account",
        security=EITHER,
        responses={200: AccountView, **api.problems(401, 403)},
    )
    def me() -> Response:
        """Name, preferences and since when."""
        return _answer(account(sessions.required()))

    @calls.patch(
        "/me",
        tags=[ACCOUNT],
        summary="Change preferences",
        security=EITHER,
        responses={200: AccountView, **api.problems(401, 403, 415)},
    )
    @reading(body=json_bodies.Wishes)
    def wish(body: json_bodies.Wishes) -> Response:
        """Change the preferences that are named; the others stay."""
        viewer = sessions.required(Scope.WRITE)
        changes = body.model_dump(exclude_none=True)
        kept = {name: getattr(viewer.preferences, name) for name in TasteView.model_fields}
        return _answer(account(services.accounts.prefer(viewer, Preferences(**{**kept, **changes}))))

    @calls.get(
        "/me/export",
        tags=[ACCOUNT],
        summary="Everything that is kept about one",
        security=EITHER,
        responses={200: ExportAnswer, **api.problems(401, 403)},
    )
    def export() -> Response:
        """Account, diary, history, events, sessions and tokens. Films are TMDB ids."""
        return export_file(services, sessions.required())


def _add_leaving(calls: APIBlueprint, services: Services, limits: Limits) -> None:
    @calls.delete(
        "/me",
        tags=[ACCOUNT],
        summary="Delete one's account",
        security=EITHER,
        responses={204: None, **api.problems(401, 403, 415, 429)},
    )
    @reading(body=json_bodies.Farewell)
    def leave(body: json_bodies.Farewell) -> Response:
        """Delete the account with everything that is kept about it. There is no way back."""
        viewer = sessions.required(Scope.WRITE)
        limits.count("password", account=viewer.name)
        services.accounts.close(viewer, body.password)
        sessions.forget()
        return _nothing()


def check_open(services: Services) -> None:
    """Raise `NotAllowed` where the settings let nobody sign up."""
    if not services.settings.sign_up:
        raise NotAllowed("Nobody can sign up here by themselves; ask whoever runs this site.")


def export_file(services: Services, viewer: Viewer) -> Response:
    """The export of `viewer` as a file to keep."""
    body = json.dumps(services.accounts.export(viewer), ensure_ascii=False, indent=1)
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="marquee-{viewer.id}.json"'
    response.cache_control.no_store = True
    return response


def account(viewer: Viewer) -> AccountView:
    """How an account is shown."""
    preferences = TasteView.model_validate(viewer.preferences, from_attributes=True)
    return AccountView(
        id=viewer.id,
        name=viewer.name,
        created_at=viewer.created_at,
        administrator=viewer.administrator,
        preferences=preferences,
    )


def _token(token: Token) -> TokenView:
    scopes = tuple(sorted(token.scopes))
    return TokenView(id=token.id, name=token.name, scopes=scopes, created_at=token.created_at, used_at=token.used_at)


def _answer(view: schemas.View, status: HTTPStatus = HTTPStatus.OK) -> Response:
    response = Response(schemas.dump(view), status=status, mimetype="application/json")
    if status == HTTPStatus.CREATED:
        response.cache_control.no_store = True
    return response


def _nothing() -> Response:
    return Response(status=HTTPStatus.NO_CONTENT)
