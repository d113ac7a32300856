"""Reports of media servers, as Plex and Jellyfin send them: untrusted JSON. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.errors import InvalidRequest
from core.types import FIRST_YEAR, LAST_YEAR
from core.users import MAX_STARS, MIN_STARS
from data.files import cells

MAX_TITLE = 500
MAX_DIGITS = 10
PLEX, JELLYFIN = "plex", "jellyfin"
_GUID = re.compile(r"(?P<site>imdb|tmdb|themoviedb)://(?P<id>(?:tt)?\d{1,10})(?:\D.*)?")
"""`imdb://tt0113277`, and `com.plexapp.agents.imdb://tt0113277?lang=en` of older libraries."""
_YES = (True, "true", "True", 1)


class ReportKind(StrEnum):
    """What a media server reports."""

    WATCHED = "watched"
    RATED = "rated"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Report:
    """What a media server reported about a movie or an episode."""

    source: str
    kind: ReportKind
    account: str
    """The user of the media server."""
    title: str
    year: int | None = None
    imdb: int | None = None
    tmdb: int | None = None
    series: bool = False
    """Whether it is about an episode or a series."""
    stars: float | None = None


def of_plex(text: str) -> Report:
    """Return a report of Plex: the field `payload` of its form. Raises `InvalidRequest` (field `payload`)."""
    whole = _object(text, "payload")
    item = _part(whole, "Metadata")
    event = _text(whole.get("event"))
    kind = {"media.scrobble": ReportKind.WATCHED, "media.rate": ReportKind.RATED}.get(event, ReportKind.OTHER)
    ids = dict(_guids(item))
    rating = whole.get("rating", item.get("userRating"))
    return Report(
        PLEX,
        kind,
        _text(_part(whole, "Account").get("title")),
        _text(item.get("grandparentTitle") or item.get("title")),
        _year(item.get("year")),
        ids.get("imdb"),
        ids.get("tmdb"),
        series=_text(item.get("type")) != "movie",
        stars=_points(rating) if kind is ReportKind.RATED else None,
    )


def of_jellyfin(text: str) -> Report:
    """Return a report of Jellyfin's plugin Webhook. Raises `InvalidRequest` (field `body`)."""
    whole = _object(text, "body")
    event, reason = _text(whole.get("NotificationType")), _text(whole.get("SaveReason"))
    seen = (event == "PlaybackStop" and whole.get("PlayedToCompletion") in _YES) or (
        event == "UserDataSaved" and reason in ("TogglePlayed", "PlaybackFinished") and whole.get("Played") in _YES
    )
    return Report(
        JELLYFIN,
        ReportKind.WATCHED if seen else ReportKind.OTHER,
        _text(whole.get("NotificationUsername") or whole.get("Username")),
        _text(whole.get("SeriesName") or whole.get("Name")),
        _year(whole.get("Year")),
        _number(whole.get("Provider_imdb")),
        _number(whole.get("Provider_tmdb")),
        series=_text(whole.get("ItemType")) != "Movie",
    )


def _object(text: str, field: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InvalidRequest({field: "should be a JSON object, as the media server sends it"})
    return found


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = whole.get(name)
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return cells.clean(value)[:MAX_TITLE] if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    """Return the number of an id, as text (`tt0113277`) or number; None for anything else."""
    digits = str(value).strip().removeprefix("tt") if isinstance(value, str | int) else ""
    usable = digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS
    return (int(digits) or None) if usable else None


def _year(value: object) -> int | None:
    found = _number(value)
    return found if found is not None and FIRST_YEAR <= found <= LAST_YEAR else None


def _points(value: object) -> float | None:
    """Return the stars of a rating of 1 to 10 points; None if it was removed."""
    try:
        points = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else 0.0
    except (ValueError, OverflowError):
        return None
    return round(points) / 2 if MIN_STARS <= points / 2 <= MAX_STARS else None


def _guids(item: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the ids of an item of Plex by their site."""
    listed = item.get("Guid")
    guids = [each.get("id") for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    for guid in (*guids[:20], item.get("guid")):
        found = _GUID.search(guid[:MAX_TITLE]) if isinstance(guid, str) else None
        number = _number(found["id"]) if found else None
        if found and number is not None:
            yield ("imdb" if found["site"] == "imdb" else "tmdb"), number
