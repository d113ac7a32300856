"""OMDb's API: one request per movie, by its IMDb id."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from core.config import Settings
from core.enrichment.records import OmdbExtras, OutsideRating
from core.errors import QuotaExhausted, UnexpectedAnswer
from data.enrichment.client import KEYLESS, Client, Pacing

NAME = "OMDb"
PER_SECOND = 10.0
MISSING = ("N/A", "")
SOURCES = {"Internet Movie Database": "IMDb"}
"""Names of sources that readers know under another one."""
MAX_RATINGS = 10


class _Rating(BaseModel):
    Source: Any = ""
    Value: Any = ""


class _Title(BaseModel):
    model_config = ConfigDict(frozen=True)

    Response: str
    Error: str = ""
    imdbID: Any = ""  # noqa: N815 - OMDb's name
    Plot: Any = ""
    Rated: Any = ""
    Ratings: list[_Rating] = []


class Omdb:
    """OMDb as a source of extras."""

    def __init__(self, settings: Settings, *, pacing: Pacing | None = None) -> None:
        key = settings.omdb_key.get_secret_value() if settings.omdb_key else ""
        self._client = Client(
            NAME,
            settings.omdb_url,
            "omdb_key",
            parameters={"apikey": key},
            per_second=PER_SECOND,
            pacing=pacing or Pacing(),
        )

    @property
    def sent(self) -> int:
        """Requests sent so far, repetitions included."""
        return self._client.sent

    def fetch(self, imdb_id: str) -> OmdbExtras | None:
        """Return the extras of a title; None if OMDb does not know it.

        Raises:
            InvalidSettings: OMDb rejects the key.
            QuotaExhausted: the key has no requests left for today.
            ServiceUnavailable: no usable answer.
        """
        answer = self._client.get("/", {"i": imdb_id, "plot": "full", "r": "json"})
        try:
            found = _Title.model_validate(answer.content)
        except ValidationError:
            found = _Title(Response="False")
            if answer.status == HTTPStatus.OK:
                raise UnexpectedAnswer(f"{NAME}: unexpected content of {imdb_id}") from None
        if answer.status in KEYLESS or (found.Response != "True" and "key" in found.Error.lower()):
            if "limit" in found.Error.lower():
                raise QuotaExhausted(f"{NAME}: no requests are left for today")
            raise self._client.rejected()
        return self._content(found, answer.status, imdb_id)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @staticmethod
    def _content(found: _Title, status: int, imdb_id: str) -> OmdbExtras | None:
        if found.Response != "True":
            if status in (HTTPStatus.OK, HTTPStatus.NOT_FOUND) and _unknown(found.Error):
                return None
            raise UnexpectedAnswer(f"{NAME}: status {status} for {imdb_id}")
        if found.imdbID != imdb_id:
            raise UnexpectedAnswer(f"{NAME}: expected {imdb_id}, got another title")
        return OmdbExtras(
            imdb_id=found.imdbID, plot=_known(found.Plot), ratings=_ratings(found), certificate=_known(found.Rated)
        )


def _unknown(error: str) -> bool:
    """Whether an error says that there is no such title."""
    return any(sign in error.lower() for sign in ("incorrect imdb id", "not found", "error getting data"))


def _ratings(found: _Title) -> tuple[OutsideRating, ...]:
    known = ((_known(one.Source), _known(one.Value)) for one in found.Ratings[:MAX_RATINGS])
    return tuple(_named(known))


def _named(known: Iterable[tuple[str, str]]) -> Iterable[OutsideRating]:
    for source, value in known:
        if source and value:
            yield OutsideRating(source=SOURCES.get(source, source), value=value)


def _known(value: object) -> str:
    return "" if value in MISSING or not isinstance(value, str) else value
