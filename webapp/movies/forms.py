"""What visitors send, untrusted, turned into what the engine is asked: every fault is found and named by its field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Protocol, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    field_validator,
)

from core.errors import InvalidRequest
from core.types import MAX_PAGE_SIZE, MAX_QUERY_LENGTH, MAX_RANK, Filters, Mode, SearchRequest, Sort

MAX_NAME_LENGTH = 200
MAX_CODE_LENGTH = 10
MAX_GENRES = 20
MAX_MOODS = 20
MAX_DROPPED = 20
"""Pieces of a search text that one request may leave out."""
FIRST_YEAR, LAST_YEAR = 1870, 2100
_BLANK = re.compile(r"[\t\n\r\v\f]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of surrogate pairs."""
MAX_MINUTES = 6_000
MAX_VOTES = 1_000_000_000
MAX_SUGGESTIONS = 20
MAX_ID = 2**53 - 1
"""The largest number that JSON readers agree on."""

Model = TypeVar("Model", bound=BaseModel)


class Arguments(Protocol):
    """Query arguments, each given any number of times (werkzeug's `MultiDict`)."""

    def keys(self) -> Iterable[str]:
        """The names that were given."""
        ...

    def getlist(self, key: str) -> list[str]:
        """All values given under one name."""
        ...


def clean(text: str) -> str:
    """Drop control characters and outer blanks: line breaks and tabs become blanks, a NUL disappears."""
    if text.isprintable():
        return text.strip()
    return _CONTROL.sub("", _BLANK.sub(" ", text)).strip()


Text = Annotated[str, StringConstraints(max_length=MAX_QUERY_LENGTH), AfterValidator(clean)]
Name = Annotated[str, StringConstraints(max_length=MAX_NAME_LENGTH), AfterValidator(clean)]
Code = Annotated[str, StringConstraints(max_length=MAX_CODE_LENGTH, to_lower=True), AfterValidator(clean)]
Year = Annotated[
    int | None,
    Field(ge=FIRST_YEAR, le=LAST_YEAR),
    WithJsonSchema({"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}),
]
Minutes = Annotated[
    int | None, Field(ge=1, le=MAX_MINUTES), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_MINUTES})
]
Votes = Annotated[
    int | None, Field(ge=0, le=MAX_VOTES), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MAX_VOTES})
]
Stars = Annotated[
    float | None,
    Field(ge=0, le=10, allow_inf_nan=False),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 10}),
]


def _switch(value: object) -> object:
    """Of all that pydantic takes for a truth value, let through what the description names."""
    if isinstance(value, str) and value.lower() not in ("true", "false", "1", "0"):
        raise ValueError("should be true or false")
    return value


Switch = Annotated[
    bool,
    BeforeValidator(_switch),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "integer", "minimum": 0, "maximum": 1}]}),
]
Dropped = Annotated[tuple[Name, ...], Field(max_length=MAX_DROPPED)]


class Query(BaseModel):
    """A set of query parameters; others than these are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ToldQuery(Query):
    """In which language films are told."""

    lang: Code = Field(
        "", description="ISO 639-1 code: titles and overviews in that language where the catalogue has them."
    )


class PageQuery(ToldQuery):
    """Where in a list to read."""

    page: int = Field(1, ge=1, le=MAX_RANK + 1, description=f"Page, from 1; lists end at rank {MAX_RANK}.")
    size: int = Field(20, ge=1, le=MAX_PAGE_SIZE, description="Films on a page.")


class SearchQuery(PageQuery):
    """A search, as its URL says it."""

    q: Text = Field(
        "", description="The film in your own words, a title or a person. Empty: everything that meets the filters."
    )
    mode: Mode = Field(Mode.HYBRID, description="What to search by: words, meaning or both.")
    genre: Annotated[tuple[Name, ...], Field(max_length=MAX_GENRES)] = Field((), description="Genre; may be repeated.")
    genre_mode: Literal["any", "all"] = Field("all", description="Whether a film must have any or all of the genres.")
    person: Name = Field("", description="Somebody who acts in, directs or writes the film.")
    language: Code = Field("", description="ISO 639-1 code of the original language.")
    year_from: Year = Field(None, description="Earliest year.")
    year_to: Year = Field(None, description="Latest year.")
    runtime_min: Minutes = Field(None, description="Shortest length in minutes.")
    runtime_max: Minutes = Field(None, description="Greatest length in minutes.")
    votes_min: Votes = Field(None, description="Fewest votes.")
    rating_min: Stars = Field(None, description="Lowest mean vote, 0 to 10.")
    mood: Annotated[tuple[Name, ...], Field(max_length=MAX_MOODS)] = Field(
        (), description="Mood that the movie has, by its name (`feel-good`); may be repeated, and then all must be met."
    )
    sort: Sort = Field(Sort.RELEVANCE, description="Order of the results.")
    drop: Dropped = Field(
        (), description="Piece of the text to leave out of its reading, by its `key` (`genre:Horror`); may be repeated."
    )
    literal: Switch = Field(
        False, description="Match the text as it stands: nothing is understood, no spelling is corrected."
    )


NUMBERS = ("page", "size", "year_from", "year_to", "runtime_min", "runtime_max", "votes_min", "rating_min")


class SearchBody(SearchQuery):
    """A search as a JSON object: for texts that are too long for a URL."""

    literal: StrictBool = Field(
        False, description="Match the text as it stands: nothing is understood, no spelling is corrected."
    )

    @field_validator(*NUMBERS, mode="before")
    @classmethod
    def _refuse_what_looks_like_a_number(cls, value: object) -> object:
        """JSON has 5, "5", true and null, and only the first is meant; what is not set is left out."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError("should be a number")
        return value


class UnderstandQuery(Query):
    """A text to read, without searching for it."""

    q: Text = Field("", description="What somebody would type into the search field.")
    drop: Dropped = Field((), description="Piece to leave out, by its `key`; may be repeated.")
    literal: Switch = Field(False, description="Take the text as it stands: nothing is understood.")


class SuggestQuery(Query):
    """The beginning of a title or a name."""

    q: Name = Field("", description="What has been typed so far.")
    size: int = Field(8, ge=1, le=MAX_SUGGESTIONS, description="Lines at most.")


class SimilarQuery(ToldQuery):
    """How many similar films, and similar in what."""

    by: Literal["meaning", "taste", "both"] = Field(
        "both", description="What makes films alike: what they are about, who likes them, or both."
    )
    size: int = Field(12, ge=1, le=MAX_PAGE_SIZE, description="Films at most.")


class FilmPath(BaseModel):
    """A film in a URL."""

    id: int = Field(ge=1, le=MAX_ID, description="TMDB id of the film.")


def read(model: type[Model], arguments: Arguments, *, lenient: bool = False) -> Model:
    """Read query arguments into `model`.

    Args:
        lenient: for pages: unknown names and blank values (an HTML form sends both) are passed over.

    Raises:
        InvalidRequest: names every fault by its field.
    """
    given = {name: arguments.getlist(name) for name in arguments.keys()}  # noqa: SIM118 - a MultiDict iterates otherwise
    if lenient:
        known = {name: values for name, values in given.items() if name in model.model_fields}
        given = {name: kept for name, values in known.items() if (kept := [value for value in values if value.strip()])}
    repeated = {name for name, values in given.items() if len(values) > 1 and not _is_list(model, name)}
    faults = {name: f"expected once, given {len(given[name])} times" for name in sorted(repeated)}
    values = {
        name: values if _is_list(model, name) else values[0] for name, values in given.items() if name not in repeated
    }
    try:
        checked = validate(model, values)
    except InvalidRequest as error:
        raise InvalidRequest({**error.fields, **faults}) from None
    if faults:
        raise InvalidRequest(faults)
    return checked


def validate(model: type[Model], values: Mapping[str, Any]) -> Model:
    """Read values that each came once, such as the parts of a path.

    Raises:
        InvalidRequest: names every fault by its field.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidRequest(_faults(error)) from None


def to_request(query: SearchQuery) -> SearchRequest:
    """The search that `query` asks for.

    Raises:
        InvalidRequest: values that are fine alone but not together.
    """
    faults = _contradictions(query)
    if faults:
        raise InvalidRequest(faults)
    return SearchRequest(
        query=query.q,
        mode=query.mode,
        filters=_filters(query),
        sort=query.sort,
        page=query.page,
        size=query.size,
        drop=_distinct(query.drop),
        literal=query.literal,
    )


def from_filters(filters: Filters, *, sort: str = Sort.RELEVANCE) -> SearchQuery:
    """The query whose URL leads to all films that meet `filters`."""
    return SearchQuery(
        genre=filters.genres,
        genre_mode="all" if filters.all_genres else "any",
        person=filters.person,
        language=filters.language,
        year_from=filters.year_from,
        year_to=filters.year_to,
        runtime_min=filters.runtime_min,
        runtime_max=filters.runtime_max,
        votes_min=filters.votes_min,
        rating_min=filters.rating_min,
        mood=filters.moods,
        sort=Sort(sort),
    )


def to_pairs(query: SearchQuery) -> dict[str, Any]:
    """The parameters of the shortest URL that says `query`: what is at its default is left out."""
    said = query.model_dump(mode="json", exclude_defaults=True)
    return {name: int(value) if isinstance(value, bool) else value for name, value in said.items()}


def _faults(error: ValidationError) -> dict[str, str]:
    """The first fault of each field, in plain words."""
    found: dict[str, str] = {}
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        name = str(fault["loc"][0]) if fault["loc"] else "request"
        found.setdefault(name, _words(fault["type"], fault["msg"]))
    return found


def _words(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "no such parameter"
    plain = message.removeprefix("Value error, ")
    for noun in ("Input", "String", "Tuple"):
        plain = plain.replace(f"{noun} should", "should")
    return plain


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def _is_list(model: type[BaseModel], name: str) -> bool:
    field = model.model_fields.get(name)
    return field is not None and isinstance(field.get_default(), tuple)


def _filters(query: SearchQuery) -> Filters:
    return Filters(
        genres=_distinct(query.genre),
        all_genres=query.genre_mode == "all",
        person=query.person,
        language=query.language,
        year_from=query.year_from,
        year_to=query.year_to,
        runtime_min=query.runtime_min,
        runtime_max=query.runtime_max,
        votes_min=query.votes_min,
        rating_min=query.rating_min,
        moods=_distinct(query.mood),
    )


def _contradictions(query: SearchQuery) -> dict[str, str]:
    faults = {}
    if query.page * query.size > MAX_RANK + query.size:
        faults["page"] = f"results end at rank {MAX_RANK}; refine the search instead"
    if query.year_from and query.year_to and query.year_from > query.year_to:
        faults["year_from"] = f"should not be after year_to ({query.year_to})"
    if query.runtime_min and query.runtime_max and query.runtime_min > query.runtime_max:
        faults["runtime_min"] = f"should not be above runtime_max ({query.runtime_max})"
    return faults
