"""Request models of searches and movies, and their conversion into requests to the engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StrictBool, WithJsonSchema, field_validator

from core.errors import InvalidRequest
from core.types import MAX_PAGE, MAX_PAGE_SIZE, MAX_RANK, Filters, Mode, SearchRequest, Similarity, Sort
from webapp.http.fields import MAX_ID, Code, Name, Switch, Text, json_number
from webapp.http.parsing import Query

MAX_GENRES = 20
MAX_MOODS = 20
MAX_DROPPED = 20
"""Maximum number of pieces that one request may drop."""
FIRST_YEAR, LAST_YEAR = 1870, 2100
MAX_MINUTES = 6_000
MAX_VOTES = 1_000_000_000
MAX_SUGGESTIONS = 20
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


Dropped = Annotated[tuple[Name, ...], Field(max_length=MAX_DROPPED)]


class LanguageQuery(Query):
    """The language of titles and overviews."""

    lang: Code = Field(
        "", description="ISO 639-1 code: titles and overviews in this language, where the catalogue has them."
    )


class PageQuery(LanguageQuery):
    """Which page of a list to return."""

    page: int = Field(
        1,
        ge=1,
        le=MAX_PAGE,
        description=f"Page number, from 1. Pages beyond the end, or beyond rank {MAX_RANK:,}, are empty.",
    )
    size: int = Field(20, ge=1, le=MAX_PAGE_SIZE, description="Movies per page.")


class SearchQuery(PageQuery):
    """The parameters of a search."""

    q: Text = Field(
        "",
        description="A description, a title or a person. Empty: every movie that matches the filters.",
    )
    mode: Mode = Field(Mode.HYBRID, description="Search by words, by meaning or by both (`hybrid`).")
    genre: Annotated[tuple[Name, ...], Field(max_length=MAX_GENRES)] = Field((), description="Genre; may be repeated.")
    genre_mode: Literal["any", "all"] = Field("all", description="Whether a movie must have any or all of the genres.")
    person: Name = Field("", description="An actor, director or writer of the movie.")
    language: Code = Field("", description="ISO 639-1 code of the original language.")
    year_from: Year = Field(None, description="Earliest year.")
    year_to: Year = Field(None, description="Latest year.")
    runtime_min: Minutes = Field(None, description="Minimum runtime in minutes.")
    runtime_max: Minutes = Field(None, description="Maximum runtime in minutes.")
    votes_min: Votes = Field(None, description="Minimum number of votes.")
    rating_min: Stars = Field(None, description="Minimum average vote, 0 to 10.")
    mood: Annotated[tuple[Name, ...], Field(max_length=MAX_MOODS)] = Field(
        (), description="Mood of the movie, by name (`feel-good`); may be repeated: all must match."
    )
    adult: Switch = Field(False, description="Whether adult movies are included.")
    sort: Sort = Field(Sort.RELEVANCE, description="Sort order of the results.")
    drop: Dropped = Field(
        (), description="Piece of the text to ignore, by its `key` (`genre:Horror`); may be repeated."
    )
    literal: Switch = Field(
        False, description="Match the text as typed, without interpretation or spelling correction."
    )


NUMBERS = ("page", "size", "year_from", "year_to", "runtime_min", "runtime_max", "votes_min", "rating_min")


class SearchParameters(SearchQuery):
    """The parameters of a search as a JSON object, for texts that are too long for a URL."""

    literal: StrictBool = Field(
        False, description="Match the text as typed, without interpretation or spelling correction."
    )

    adult: StrictBool = Field(False, description="Whether adult movies are included.")

    _numbers = field_validator(*NUMBERS, mode="before")(json_number)


class UnderstandQuery(Query):
    """A search text to interpret without searching."""

    q: Text = Field("", description="The search text.")
    drop: Dropped = Field((), description="Piece to ignore, by its `key`; may be repeated.")
    literal: Switch = Field(False, description="Do not interpret the text.")


class SuggestQuery(Query):
    """The beginning of a title or a name."""

    q: Name = Field("", description="The text typed so far.")
    size: int = Field(8, ge=1, le=MAX_SUGGESTIONS, description="Maximum number of suggestions.")


class SimilarQuery(LanguageQuery):
    """How many similar movies to return, and the kind of similarity."""

    by: Similarity = Field(
        "both", description="Similar in what they are about (`meaning`), in who likes them (`taste`), or in both."
    )
    size: int = Field(12, ge=1, le=MAX_PAGE_SIZE, description="Maximum number of movies.")


class MoviePath(BaseModel):
    """A movie in a URL."""

    id: int = Field(ge=1, le=MAX_ID, description="TMDB id of the movie.")


def to_request(query: SearchQuery) -> SearchRequest:
    """Return the engine's request for `query`.

    Raises:
        InvalidRequest: parameters contradict each other.
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
    """Return the query for all movies that match `filters`."""
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
        adult=filters.adult,
        sort=Sort(sort),
    )


def to_pairs(query: SearchQuery) -> dict[str, Any]:
    """Return the parameters of the shortest URL for `query`, without defaults."""
    parameters = query.model_dump(mode="json", exclude_defaults=True)
    return {name: int(value) if isinstance(value, bool) else value for name, value in parameters.items()}


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


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
        adult=query.adult,
    )


def _contradictions(query: SearchQuery) -> dict[str, str]:
    faults = {}
    if query.year_from and query.year_to and query.year_from > query.year_to:
        faults["year_from"] = f"should not be after year_to ({query.year_to})"
    if query.runtime_min and query.runtime_max and query.runtime_min > query.runtime_max:
        faults["runtime_min"] = f"should not be above runtime_max ({query.runtime_max})"
    return faults
