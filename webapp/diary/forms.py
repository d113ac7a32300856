"""What callers send about their films and visits, untrusted: bodies, queries and uploads, each fault named by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import wraps
from typing import Annotated, Any, Literal, Self

from flask import Response, request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from werkzeug.exceptions import UnsupportedMediaType

from core.errors import InvalidRequest
from core.types import MAX_PAGE_SIZE
from core.users import MAX_REVIEW_LENGTH, MAX_STARS, MIN_STARS, STAR_STEP, EventKind
from webapp.movies import forms

MAX_EVENTS = 100
"""In one request: a page shows fewer films."""
MAX_POSITION = 10_000
MAX_LABEL = 100
"""Characters of the name of a list or a model."""
MAX_EVENT_QUERY = 500
"""Characters of the search that a click came from; longer ones are cut."""
MAX_RAW_REVIEW = 4 * MAX_REVIEW_LENGTH
"""Characters that are looked at; what counts is the text without blanks and what cannot be seen."""
MAX_LIST_PAGE = 10_000
MAX_HISTORY_SIZE = 500
BEACON = "text/plain"
"""What `navigator.sendBeacon` says of a text."""


def _numeric(value: object) -> object:
    """Refuse what only looks like a number: JSON has true, 5 and "5", and only one of these is meant."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("should be a number")
    return value


def _half(value: float) -> float:
    if value % STAR_STEP:
        raise ValueError(f"should be half stars: {MIN_STARS}, 1, 1.5, … {MAX_STARS:g}")
    return value


Number = Annotated[int, BeforeValidator(_numeric)]
HalfStars = Annotated[
    float,
    BeforeValidator(_numeric),
    Field(ge=MIN_STARS, le=MAX_STARS, allow_inf_nan=False, multiple_of=STAR_STEP),
    AfterValidator(_half),
]
Label = Annotated[str, StringConstraints(max_length=MAX_LABEL), AfterValidator(forms.clean)]


class Body(BaseModel):
    """A JSON object; fields that are not named are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RatingBody(Body):
    """A rating: stars or a thumb."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["stars"]}, {"required": ["thumb"]}]},
    )

    stars: Annotated[HalfStars | None, WithJsonSchema({"type": "number", "enum": [n / 2 for n in range(1, 11)]})] = (
        Field(None, description="Half stars from 0.5 to 5.")
    )
    thumb: Annotated[Literal["up", "down"] | None, WithJsonSchema({"type": "string", "enum": ["up", "down"]})] = Field(
        None, description="Instead of stars: up counts as 4, down as 1.5."
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.stars is None) == (self.thumb is None):
            raise ValueError("expected either stars or thumb")
        return self


class ReviewBody(Body):
    """A review."""

    text: Annotated[str, StringConstraints(max_length=MAX_RAW_REVIEW)] = Field(
        description=f"Plain text of at most {MAX_REVIEW_LENGTH:,} characters; control characters are dropped."
    )


class NoBody(Body):
    """Nothing: the address says it all. An empty object may be sent."""


class EventBody(Body):
    """One thing that happened on a page."""

    kind: Literal[EventKind.IMPRESSION, EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT] = Field(
        description="A film stood in a list that was seen, was opened from it, or was swiped."
    )
    movie: Annotated[Number, Field(ge=1, le=forms.MAX_ID)] = Field(description="TMDB id of the film.")
    list: Label = Field("", description="Where the film stood: `for-you`, `search`, `similar`, `swipe`, …")
    position: Annotated[
        Annotated[Number, Field(ge=1, le=MAX_POSITION)] | None,
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_POSITION}),
    ] = Field(None, description="Place in the list, from 1.")
    model: Label = Field("", description="Version of the model that made the list, as the list said.")
    query: Annotated[str, StringConstraints(max_length=forms.MAX_QUERY_LENGTH), AfterValidator(forms.clean)] = Field(
        "", description="The search that the list answered."
    )


class EventsBody(Body):
    """What happened on a page since the last time."""

    events: Annotated[tuple[EventBody, ...], Field(max_length=MAX_EVENTS)] = Field(
        description=f"At most {MAX_EVENTS}; their time is when they arrive."
    )


class ListSort(StrEnum):
    """The orders in which one's own films can be read."""

    ADDED = "added"
    STARS = "stars"
    TITLE = "title"
    YEAR = "year"


class ListQuery(forms.Query):
    """Where in one of one's lists to read."""

    sort: ListSort = Field(ListSort.ADDED, description="Order of the films.")
    order: Annotated[Literal["asc", "desc"] | None, WithJsonSchema({"type": "string", "enum": ["asc", "desc"]})] = (
        Field(None, description="Direction; left out: the latest, the most stars, A to Z and the newest come first.")
    )
    page: int = Field(1, ge=1, le=MAX_LIST_PAGE, description="Page, from 1.")
    size: int = Field(20, ge=1, le=MAX_PAGE_SIZE, description="Films on a page.")


def _utc(value: datetime | None) -> datetime | None:
    return value.astimezone(UTC) if value else None


class HistoryQuery(forms.Query):
    """Which stretch of the history to read."""

    size: int = Field(100, ge=1, le=MAX_HISTORY_SIZE, description="Lines at most.")
    before: Annotated[
        AwareDatetime | None, AfterValidator(_utc), WithJsonSchema({"type": "string", "format": "date-time"})
    ] = Field(None, description="Only changes before this time (ISO 8601 with an offset): the `at` of the last line.")


class ImportQuery(forms.Query):
    """What to do with an upload."""

    apply: bool = Field(False, description="Write what matched; otherwise only say what would be written.")
    name: forms.Name = Field(
        "", description="Name of the file, where the body is the file itself: tells `watched.csv` from `watchlist.csv`."
    )


def taking(
    *, body: type[BaseModel] | None = None, query: type[forms.Query] = forms.Query, beacon: bool = False
) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Read path, query and JSON of a request into the view's parameters `path`, `query` (if it is not the empty one)
    and `body`, with our own words for faults; the description still comes from the view's signature.
    """

    def decorate(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def read_then_view(**parts: Any) -> Response:  # noqa: ANN401 - whatever the path holds
            given: dict[str, Any] = {"path": forms.validate(forms.FilmPath, parts)} if parts else {}
            asked = forms.read(query, request.args)
            if query is not forms.Query:
                given["query"] = asked
            sent = read_json(body, beacon=beacon) if body else None
            if body is not NoBody and body is not None:
                given["body"] = sent
            return view(**given)

        read_then_view.__delay_validate_request__ = True  # type: ignore[attr-defined]  # flask-openapi3's own switch
        return read_then_view

    return decorate


def read_json(model: type[forms.Model], *, beacon: bool = False) -> forms.Model:
    """The body of this request.

    Args:
        beacon: whether it may call itself plain text, or be a form whose field `events` holds the JSON of the events
            (which can carry a `csrf_token` beside them): `navigator.sendBeacon` sets no headers.

    Raises:
        InvalidRequest: names every fault by its field, `events.3.movie`.
        UnsupportedMediaType: it says that it is no JSON.
    """
    if beacon and "events" in request.form:
        return parse(model, b'{"events":' + request.form["events"].encode("utf-8", "replace") + b"}")
    if not (request.is_json or (beacon and request.mimetype == BEACON)):
        if model is NoBody and not request.content_length:
            return model()
        raise UnsupportedMediaType("Send JSON, with the header Content-Type: application/json.")
    return parse(model, request.get_data() or (b"{}" if model is NoBody else b""))


def parse(model: type[forms.Model], content: bytes) -> forms.Model:
    """JSON text as a `model`. Raises `InvalidRequest`."""
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise InvalidRequest(_faults(error)) from None


def _faults(error: ValidationError) -> dict[str, str]:
    """The first fault of each field, in plain words."""
    found: dict[str, str] = {}
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(map(str, fault["loc"])) or "body"
        found.setdefault(name, _words(fault["type"], fault["msg"]))
    return found


def _words(kind: str, message: str) -> str:
    fixed = {
        "extra_forbidden": "no such field",
        "missing": "is required",
        "json_invalid": "should be a JSON object",
        "model_type": "should be a JSON object",
    }
    plain = message.removeprefix("Value error, ")
    for noun in ("Input", "String", "Tuple"):
        plain = plain.replace(f"{noun} should", "should")
    return fixed.get(kind, plain)
