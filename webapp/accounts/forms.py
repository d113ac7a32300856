"""What programs send to make, change and delete accounts and tokens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from core.users import Scope
from webapp.http import fields
from webapp.http.parsing import Body

MAX_PASSWORD = 1_000
"""Characters that are looked at; the rules for new passwords are the engine's."""
MAX_TYPED_NAME = 200
MAX_FAVOURITES = 20


Password = Annotated[str, StringConstraints(max_length=MAX_PASSWORD)]
Name = Annotated[str, StringConstraints(max_length=MAX_TYPED_NAME)]


class SignUpRequest(Body):
    """A new account."""

    name: Name = Field(description="2 to 40 letters, digits and - _ . ; everybody can see it.")
    password: Password = Field(description="8 to 200 characters.")


class TokenRequest(Body):
    """A new API token."""

    name: Name = Field(description="What it is for.")
    scopes: Annotated[tuple[Scope, ...], Field(max_length=len(Scope))] = Field(description="What it may do.")
    account: Name = Field("", description="Name of the account; not needed with a browser's cookie.")
    password: Password = Field("", description="Password of the account; not needed with a browser's cookie.")


class PreferencesRequest(Body):
    """Preferences to change; those left out stay."""

    genres: Annotated[tuple[fields.Name, ...] | None, Field(max_length=MAX_FAVOURITES)] = Field(
        None, description="Favourite genres, as the catalogue spells them."
    )
    taste_in_search: bool | None = Field(None, description="Whether taste may reorder search results.")
    keep_events: bool | None = Field(
        None, description="Whether impressions, clicks and searches are kept; `false` deletes those that are."
    )
    familiarity: Annotated[float | None, Field(ge=0, le=1, allow_inf_nan=False)] = Field(
        None, description="0: discover what few know; 1: keep to the well known."
    )
    language: Literal["", "en", "es", "fr", "de"] | None = Field(
        None, description="Language of pages; empty: as the browser asks."
    )


class DeleteAccountRequest(Body):
    """What deleting an account asks for."""

    password: Password = Field(description="The account's password.")


class TokenPath(BaseModel):
    """A token in a URL."""

    id: int = Field(ge=1, le=fields.MAX_ID, description="Number of the token.")
