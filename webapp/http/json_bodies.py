"""What programs send as JSON, untrusted, read into models: every fault is found and named by its field."""

from __future__ import annotations

from typing import Annotated, Literal

from flask import request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from werkzeug.exceptions import UnsupportedMediaType

from core.errors import InvalidRequest
from core.users import Scope
from webapp.movies import forms

MAX_PASSWORD = 1_000
"""Characters that are looked at; the rules for new passwords are the engine's."""
MAX_TYPED_NAME = 200
MAX_FAVOURITES = 20


class Body(BaseModel):
    """A JSON object; fields that are not named are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Password = Annotated[str, StringConstraints(max_length=MAX_PASSWORD)]
Name = Annotated[str, StringConstraints(max_length=MAX_TYPED_NAME)]


class NewAccount(Body):
    """A new account."""

    name: Name = Field(description="2 to 40 letters, digits and - _ . ; everybody can see it.")
    password: Password = Field(description="8 to 200 characters.")


class NewToken(Body):
    """A new API token."""

    name: Name = Field(description="What it is for.")
    scopes: Annotated[tuple[Scope, ...], Field(max_length=len(Scope))] = Field(description="What it may do.")
    account: Name = Field("", description="Name of the account; not needed with a browser's cookie.")
    password: Password = Field("", description="Password of the account; not needed with a browser's cookie.")


class Wishes(Body):
    """Preferences to change; those left out stay."""

    genres: Annotated[tuple[forms.Name, ...] | None, Field(max_length=MAX_FAVOURITES)] = Field(
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


class Farewell(Body):
    """What deleting an account asks for."""

    password: Password = Field(description="The account's password.")


def read(model: type[forms.Model]) -> forms.Model:
    """The request's JSON object as a `model`.

    Raises:
        InvalidRequest: names every fault by its field.
        UnsupportedMediaType: the request says that it is no JSON.
    """
    if not request.is_json:
        raise UnsupportedMediaType("Send JSON, with the header Content-Type: application/json.")
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise InvalidRequest({"body": "should be a JSON object"})
    return forms.validate(model, sent)
