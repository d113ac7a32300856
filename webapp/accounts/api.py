"""Account API: sign-up, API tokens, preferences, export and deletion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field

from core.errors import NotAllowed
from core.types import MovieId
from core.users import Preferences, Scope, Token, User
from engine.accounts.second_factors.factors import Code
from engine.services import Services
from webapp.accounts import clients, forms
from webapp.http import sessions
from webapp.http.api import PREFIX, SIGNED_IN, no_content, problems
from webapp.http.parsing import parse_request
from webapp.http.rate_limits import Limits
from webapp.http.schemas import View, dump

TITLES = 500
"""Movies whose titles are read at a time."""
ACCOUNT = Tag(name="Accounts", description="Your account, its preferences and its tokens.")


class PreferencesView(View):
    """A user's preferences."""

    genres: tuple[str, ...] = Field(description="Favourite genres.")
    taste_in_search: bool
    keep_events: bool
    familiarity: float = Field(description="0: lesser-known movies; 1: well-known movies.")
    watchlist_in_lists: bool = Field(False, description="Whether recommendations include movies of the watchlist.")
    language: str = Field("", description="ISO 639-1 code of the interface language; empty: the browser's preference.")
    time_zone: str = Field("", description="IANA name of the zone of dates; empty: the site's.")
    onboarded: bool


class AccountView(View):
    """An account."""

    id: int
    name: str
    created_at: datetime
    administrator: bool = Field(description="Whether the caller has the rights of an administrator.")
    second_factor: bool = Field(description="Whether signing in needs a second factor.")
    preferences: PreferencesView


class TokenView(View):
    """An API token, without its secret."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = Field(description="When it was last used, to the hour.")


class NewTokenView(TokenView):
    """A new API token with its secret."""

    secret: str = Field(description="Send it as `Authorization: Bearer <secret>`. It is shown only once.")


class TokensResponse(View):
    """The user's tokens."""

    results: tuple[TokenView, ...]


class ExportResponse(View):
    """All data stored about a user."""

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
    passkeys: tuple[dict[str, object], ...]
    security_events: tuple[dict[str, object], ...]


def blueprint(services: Services, limits: Limits) -> APIBlueprint:
    """Return the blueprint of accounts and tokens."""
    calls = APIBlueprint("tokens", __name__, url_prefix=PREFIX, abp_responses=problems(400, 503))
    _add_accounts(calls, services, limits)
    _add_making_tokens(calls, services, limits)
    _add_tokens(calls, services)
    _add_me(calls, services)
    _add_password(calls, services, limits)
    _add_leaving(calls, services, limits)
    return calls


def _add_accounts(calls: APIBlueprint, services: Services, limits: Limits) -> None:
    @calls.post(
        "/accounts",
        tags=[ACCOUNT],
        summary="Create an account",
        responses={201: AccountView, **problems(403, 415, 429)},
    )
    @parse_request(body=forms.SignUpRequest)
    def sign_up(body: forms.SignUpRequest) -> Response:
        """Create an account. Use POST /api/tokens to create a token for it."""
        check_open(services)
        limits.count("sign-up", account=body.name)
        return _answer(account(services.accounts.sign_up(body.name, body.password)), HTTPStatus.CREATED)


def _add_making_tokens(calls: APIBlueprint, services: Services, limits: Limits) -> None:
    @calls.post(
        "/tokens",
        tags=[ACCOUNT],
        summary="Create an API token",
        security=[{"cookie": []}, {}],
        responses={201: NewTokenView, **problems(401, 403, 415, 429)},
    )
    @parse_request(body=forms.TokenRequest)
    def make_token(body: forms.TokenRequest) -> Response:
        """Create a token, with the name and password of an account or with a session cookie, never with a token.

        A session cookie needs the password too. An account with a second factor needs a code of its authenticator app
        or a recovery code, unless a session cookie is sent.
        """
        user = _account_owner(services, limits, body)
        limits.count("token", account=user.name)
        token, secret = services.accounts.add_token(
            user, body.name, frozenset(body.scopes), days=body.days, client=clients.current()
        )
        shown = NewTokenView(**_token(token).model_dump(), secret=secret)
        return _answer(shown, HTTPStatus.CREATED)


def _account_owner(services: Services, limits: Limits, body: forms.TokenRequest) -> User:
    if sessions.bearer() is not None:
        raise NotAllowed("A token cannot create tokens. Send the name and the password of the account.")
    client = clients.current()
    if not body.account:
        user = sessions.by_browser()[0]
        limits.count("password", account=user.name)
        services.accounts.confirm(user, body.password, client=client)
        return user
    limits.count("sign-in", account=body.account)
    if body.code:
        limits.count("second-factor", account=body.account)
    proof = Code(body.code) if body.code else None
    return services.accounts.authenticate(body.account, body.password, proof=proof, client=client)


def _add_tokens(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/tokens",
        tags=[ACCOUNT],
        summary="List your tokens",
        security=SIGNED_IN,
        responses={200: TokensResponse, **problems(401, 403)},
    )
    def all_tokens() -> Response:
        """Return your tokens, latest first, without their secrets."""
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
        """Revoke a token with immediate effect."""
        services.accounts.revoke_token(sessions.required(Scope.WRITE), path.id, client=clients.current())
        return no_content()


def _add_me(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/me",
        tags=[ACCOUNT],
        summary="Get your account",
        security=SIGNED_IN,
        responses={200: AccountView, **problems(401, 403)},
    )
    def me() -> Response:
        """Return the name, the preferences and the creation time."""
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
        """Change the given preferences; the others keep their values."""
        user = sessions.required(Scope.WRITE)
        changes = body.model_dump(exclude_none=True)
        kept = {name: getattr(user.preferences, name) for name in PreferencesView.model_fields}
        return _answer(account(services.accounts.prefer(user, Preferences(**{**kept, **changes}))))

    @calls.get(
        "/me/export",
        tags=[ACCOUNT],
        summary="Export your data",
        security=SIGNED_IN,
        responses={200: ExportResponse, **problems(401, 403)},
    )
    def export() -> Response:
        """Return the account, ratings, lists, reviews, history, events, sessions and tokens. Movies are TMDB ids."""
        return export_file(services, sessions.required())

    @calls.get(
        "/me/export/letterboxd",
        tags=[ACCOUNT],
        summary="Export your diary for Letterboxd",
        security=SIGNED_IN,
        responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
                   **problems(401, 403)},
    )  # fmt: skip
    def export_for_letterboxd() -> Response:
        """Return an archive with tables in Letterboxd's import form: diary, ratings, reviews, watchlist and lists."""
        return letterboxd_file(services, sessions.required())


def _add_password(calls: APIBlueprint, services: Services, limits: Limits) -> None:
    @calls.put(
        "/me/password",
        tags=[ACCOUNT],
        summary="Change the password",
        security=SIGNED_IN,
        responses={204: None, **problems(401, 403, 415, 429)},
    )
    @parse_request(body=forms.PasswordRequest)
    def change_password(body: forms.PasswordRequest) -> Response:
        """Change the password, sign all other browsers out and revoke all tokens, unless `keep_tokens` is true."""
        user, here = sessions.required(Scope.WRITE), sessions.opened()
        limits.count("password", account=user.name)
        secret = services.accounts.change_password(
            user,
            body.old,
            body.new,
            keep_session=here.id if here else None,
            keep_tokens=body.keep_tokens,
            client=clients.current(),
        )
        if secret:
            sessions.renew(secret)
        return no_content()


def _add_leaving(calls: APIBlueprint, services: Services, limits: Limits) -> None:
    @calls.delete(
        "/me",
        tags=[ACCOUNT],
        summary="Delete your account",
        security=SIGNED_IN,
        responses={204: None, **problems(401, 403, 415, 429)},
    )
    @parse_request(body=forms.DeleteAccountRequest)
    def leave(body: forms.DeleteAccountRequest) -> Response:
        """Delete the account and all of its data. This cannot be undone."""
        user = sessions.required(Scope.WRITE)
        limits.count("password", account=user.name)
        services.accounts.close(user, body.password, client=clients.current())
        sessions.forget()
        return no_content()


def check_open(services: Services) -> None:
    """Raise `NotAllowed` if sign-up is disabled in the settings."""
    if not services.settings.sign_up:
        raise NotAllowed("Sign-up is disabled on this site; ask its administrator for an account.")


def export_file(services: Services, user: User) -> Response:
    """Return the data export of `user` as a file download."""
    exported = services.accounts.export(user)
    body = json.dumps({**exported, "movies": _titles(services, exported)}, ensure_ascii=False, indent=1)
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="marquee-{user.id}.json"'
    response.cache_control.no_store = True
    return response


def letterboxd_file(services: Services, user: User) -> Response:
    """Return the diary of `user` in Letterboxd's forms as a file download."""
    response = Response(services.letterboxd.archive(user), mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="letterboxd-{user.id}.zip"'
    response.cache_control.no_store = True
    return response


def _titles(services: Services, exported: Mapping[str, Any]) -> list[dict[str, object]]:
    """Return id, title and year of the movies of an export, which another site may number differently."""
    parts = ("ratings", "marks", "reviews", "watches", "list_entries")
    rows = (row for part in parts for row in exported.get(part, ()) if isinstance(row, dict))
    wanted = list(dict.fromkeys(MovieId(row["movie"]) for row in rows if "movie" in row))
    portions = (wanted[start : start + TITLES] for start in range(0, len(wanted), TITLES))
    return [
        {"id": int(movie.id), "title": movie.title, "year": movie.year}
        for portion in portions
        for movie in services.movies.many(portion)
    ]


def account(user: User) -> AccountView:
    """Return `user` as a view."""
    preferences = PreferencesView.model_validate(user.preferences, from_attributes=True)
    return AccountView(
        id=user.id,
        name=user.name,
        created_at=user.created_at,
        administrator=user.administrator,
        second_factor=user.second_factor,
        preferences=preferences,
    )


def _token(token: Token) -> TokenView:
    scopes = tuple(sorted(token.scopes))
    return TokenView(
        id=token.id,
        name=token.name,
        scopes=scopes,
        created_at=token.created_at,
        expires_at=token.expires_at,
        used_at=token.used_at,
    )


def _answer(view: View, status: HTTPStatus = HTTPStatus.OK) -> Response:
    response = Response(dump(view), status=status, mimetype="application/json")
    if status == HTTPStatus.CREATED:
        response.cache_control.no_store = True
    return response
