"""Accounts and tokens for programs: sign-up, API tokens, the account itself with its preferences and its export."""

from __future__ import annotations

import json
from datetime import datetime
from http import HTTPStatus

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field

from core.errors import NotAllowed
from core.users import Preferences, Scope, Token, User
from engine.services import Services
from webapp.accounts import forms
from webapp.http import sessions
from webapp.http.api import PREFIX, SIGNED_IN, no_content, problems
from webapp.http.parsing import parse_request
from webapp.http.rate_limits import Limits
from webapp.http.schemas import View, dump

ACCOUNT = Tag(name="Accounts", description="One's account, its preferences, its tokens.")


class PreferencesView(View):
    """How a user wants to be served."""

    genres: tuple[str, ...] = Field(description="Favourite genres.")
    taste_in_search: bool
    keep_events: bool
    familiarity: float = Field(description="0: discover what few know; 1: keep to the well known.")
    language: str = Field("", description="ISO 639-1 code of the language of pages; empty: as the browser asks.")
    onboarded: bool


class AccountView(View):
    """An account."""

    id: int
    name: str
    created_at: datetime
    administrator: bool
    preferences: PreferencesView


class TokenView(View):
    """An API token, without its secret."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    used_at: datetime | None = Field(description="When it was last used, to the hour.")


class NewTokenView(TokenView):
    """An API token with its secret, this once."""

    secret: str = Field(description="Send it as `Authorization: Bearer <secret>`. It is shown this once.")


class TokensResponse(View):
    """All tokens."""

    results: tuple[TokenView, ...]


class ExportResponse(View):
    """Everything that is kept about a user."""

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


def blueprint(services: Services, limits: Limits) -> APIBlueprint:
    """All calls about accounts and tokens."""
    calls = APIBlueprint("tokens", __name__, url_prefix=PREFIX, abp_responses=problems(400, 503))
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
        responses={201: AccountView, **problems(403, 415, 429)},
    )
    @parse_request(body=forms.SignUpRequest)
    def sign_up(body: forms.SignUpRequest) -> Response:
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
        responses={201: NewTokenView, **problems(401, 403, 415, 429)},
    )
    @parse_request(body=forms.TokenRequest)
    def make_token(body: forms.TokenRequest) -> Response:
        """A token, by the name and the password of an account or by a browser's cookie; never by another token."""
        user = _account_owner(services, limits, body)
        limits.count("token", account=user.name)
        token, secret = services.accounts.add_token(user, body.name, frozenset(body.scopes))
        shown = NewTokenView(**_token(token).model_dump(), secret=secret)
        return _answer(shown, HTTPStatus.CREATED)


def _account_owner(services: Services, limits: Limits, body: forms.TokenRequest) -> User:
    if sessions.bearer() is not None:
        raise NotAllowed("A token may not make tokens. Send the name and the password of the account.")
    if not body.account and not body.password:
        return sessions.by_browser()[0]
    limits.count("sign-in", account=body.account)
    user, secret = services.accounts.sign_in(body.account, body.password, label="POST /api/tokens")
    services.accounts.sign_out(secret)
    return user


def _add_tokens(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/tokens",
        tags=[ACCOUNT],
        summary="All tokens",
        security=SIGNED_IN,
        responses={200: TokensResponse, **problems(401, 403)},
    )
    def all_tokens() -> Response:
        """One's tokens, the latest first, without their secrets."""
        found = services.accounts.tokens(sessions.required())
        return _answer(TokensResponse(results=tuple(_token(token) for token in found)))

    @calls.delete(
        "/tokens/<int:id>",
        tags=[ACCOUNT],
        summary="Revoke a token",
        security=SIGNED_IN,
        responses={204: None, **problems(401, 403, 404)},
    )
    @parse_request(path=forms.TokenPath)
    def revoke(path: forms.TokenPath) -> Response:
        """Make a token worthless at once."""
        services.accounts.revoke_token(sessions.required(Scope.WRITE), path.id)
        return no_content()


def _add_me(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/me",
        tags=[ACCOUNT],
        summary="One's account",
        security=SIGNED_IN,
        responses={200: AccountView, **problems(401, 403)},
    )
    def me() -> Response:
        """Name, preferences and since when."""
        return _answer(account(sessions.required()))

    @calls.patch(
        "/me",
        tags=[ACCOUNT],
        summary="Change preferences",
        security=SIGNED_IN,
        responses={200: AccountView, **problems(401, 403, 415)},
    )
    @parse_request(body=forms.PreferencesRequest)
    def change_preferences(body: forms.PreferencesRequest) -> Response:
        """Change the preferences that are named; the others stay."""
        user = sessions.required(Scope.WRITE)
        changes = body.model_dump(exclude_none=True)
        kept = {name: getattr(user.preferences, name) for name in PreferencesView.model_fields}
        return _answer(account(services.accounts.prefer(user, Preferences(**{**kept, **changes}))))

    @calls.get(
        "/me/export",
        tags=[ACCOUNT],
        summary="Everything that is kept about one",
        security=SIGNED_IN,
        responses={200: ExportResponse, **problems(401, 403)},
    )
    def export() -> Response:
        """Account, diary, history, events, sessions and tokens. Movies are TMDB ids."""
        return export_file(services, sessions.required())


def _add_leaving(calls: APIBlueprint, services: Services, limits: Limits) -> None:
    @calls.delete(
        "/me",
        tags=[ACCOUNT],
        summary="Delete one's account",
        security=SIGNED_IN,
        responses={204: None, **problems(401, 403, 415, 429)},
    )
    @parse_request(body=forms.DeleteAccountRequest)
    def leave(body: forms.DeleteAccountRequest) -> Response:
        """Delete the account with everything that is kept about it. There is no way back."""
        user = sessions.required(Scope.WRITE)
        limits.count("password", account=user.name)
        services.accounts.close(user, body.password)
        sessions.forget()
        return no_content()


def check_open(services: Services) -> None:
    """Raise `NotAllowed` where the settings let nobody sign up."""
    if not services.settings.sign_up:
        raise NotAllowed("Nobody can sign up here by themselves; ask whoever runs this site.")


def export_file(services: Services, user: User) -> Response:
    """The export of `user` as a file to keep."""
    body = json.dumps(services.accounts.export(user), ensure_ascii=False, indent=1)
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="marquee-{user.id}.json"'
    response.cache_control.no_store = True
    return response


def account(user: User) -> AccountView:
    """How an account is shown."""
    preferences = PreferencesView.model_validate(user.preferences, from_attributes=True)
    return AccountView(
        id=user.id,
        name=user.name,
        created_at=user.created_at,
        administrator=user.administrator,
        preferences=preferences,
    )


def _token(token: Token) -> TokenView:
    scopes = tuple(sorted(token.scopes))
    return TokenView(id=token.id, name=token.name, scopes=scopes, created_at=token.created_at, used_at=token.used_at)


def _answer(view: View, status: HTTPStatus = HTTPStatus.OK) -> Response:
    response = Response(dump(view), status=status, mimetype="application/json")
    if status == HTTPStatus.CREATED:
        response.cache_control.no_store = True
    return response
