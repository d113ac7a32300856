"""Request models to create, change and delete accounts and tokens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from core.config import MAX_TOKEN_DAYS
from core.language import time_zones
from core.users import Scope
from webapp.http import fields
from webapp.http.parsing import Body

MAX_PASSWORD = 1_000
"""Characters accepted; the engine enforces the rules for new passwords."""
MAX_TYPED_NAME = 200
MAX_FAVOURITES = 20
MAX_CODE = 50


Password = Annotated[str, StringConstraints(max_length=MAX_PASSWORD)]
Code = Annotated[str, StringConstraints(max_length=MAX_CODE)]
Name = Annotated[str, StringConstraints(max_length=MAX_TYPED_NAME)]
TimeZone = Annotated[
    str,
    StringConstraints(max_length=MAX_TYPED_NAME),
    AfterValidator(lambda name: name and time_zones.check(name)),
]


class SignUpRequest(Body):
    """The name and password of a new account."""

    name: Name = Field(description="2 to 40 letters, digits and - _ . ; visible to everybody.")
    password: Password = Field(description="8 to 200 characters.")


class TokenRequest(Body):
    """A new API token."""

    name: Name = Field(description="What the token is for.")
    scopes: Annotated[tuple[Scope, ...], Field(max_length=len(Scope))] = Field(description="What the token may do.")
    days: Annotated[int, Field(ge=1, le=MAX_TOKEN_DAYS)] | None = Field(
        None, description="Days until it expires; omitted: as this site is configured, usually 90."
    )
    account: Name = Field("", description="Name of the account; not needed with a session cookie.")
    password: Password = Field("", description="Password of the account.")
    code: Code = Field("", description="One-time password or recovery code, if the account has a second factor.")


class PreferencesRequest(Body):
    """Preferences to change; omitted ones keep their values."""

    genres: Annotated[tuple[fields.Name, ...] | None, Field(max_length=MAX_FAVOURITES)] = Field(
        None, description="Favourite genres, as spelled in the catalogue."
    )
    taste_in_search: bool | None = Field(None, description="Whether taste may reorder search results.")
    keep_events: bool | None = Field(
        None, description="Whether to record impressions, clicks and searches; `false` deletes the recorded ones."
    )
    familiarity: Annotated[float | None, Field(ge=0, le=1, allow_inf_nan=False)] = Field(
        None, description="0: lesser-known movies; 1: well-known movies."
    )
    watchlist_in_lists: bool | None = Field(
        None, description="Whether recommendations include movies of the watchlist."
    )
    language: Literal["", "en", "es", "fr", "de"] | None = Field(
        None, description="Interface language; empty: the browser's preference."
    )
    time_zone: TimeZone | None = Field(
        None, description="IANA name of the zone of dates on pages and in imports, `Europe/Madrid`; empty: the site's."
    )


class PasswordRequest(Body):
    """A new password."""

    old: Password = Field(description="The current password.")
    new: Password = Field(description="The new password: 8 to 200 characters.")
    keep_tokens: bool = Field(False, description="Whether API tokens stay valid; otherwise all are revoked.")


class DeleteAccountRequest(Body):
    """Confirmation of an account deletion."""

    password: Password = Field(description="The account's password.")


class TokenPath(BaseModel):
    """A token in a URL."""

    id: int = Field(ge=1, le=fields.MAX_ID, description="Number of the token.")
