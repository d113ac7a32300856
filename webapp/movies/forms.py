"""Searches and movies that are asked for, and how they become what the engine is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StrictBool, WithJsonSchema, field_validator

from core.errors import InvalidRequest
from core.types import MAX_PAGE_SIZE, MAX_RANK, Filters, Mode, SearchRequest, Sort
from webapp.http.fields import MAX_ID, Code, Name, Switch, Text, json_number
from webapp.http.parsing import Query

MAX_GENRES = 20
MAX_MOODS = 20
MAX_DROPPED = 20
"""Pieces of a search text that one request may leave out."""
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
    """In which language movies are told."""

    lang: Code = Field(
        "", description="ISO 639-1 code: titles and overviews in that language where the catalogue has them."
    )


class PageQuery(LanguageQuery):
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


class SearchParameters(SearchQuery):
    """A search as a JSON object: for texts that are too long for a URL."""

    literal: StrictBool = Field(
        False, description="Match the text as it stands: nothing is understood, no spelling is corrected."
    )

    _numbers = field_validator(*NUMBERS, mode="before")(json_number)


class UnderstandQuery(Query):
    """A text to read, without searching for it."""

    q: Text = Field("", description="What somebody would type into the search field.")
    drop: Dropped = Field((), description="Piece to leave out, by its `key`; may be repeated.")
    literal: Switch = Field(False, description="Take the text as it stands: nothing is understood.")


class SuggestQuery(Query):
    """The beginning of a title or a name."""

    q: Name = Field("", description="What has been typed so far.")
    size: int = Field(8, ge=1, le=MAX_SUGGESTIONS, description="Lines at most.")


class SimilarQuery(LanguageQuery):
    """How many similar movies, and similar in what."""

    by: Literal["meaning", "taste", "both"] = Field(
        "both", description="What makes films alike: what they are about, who likes them, or both."
    )
    size: int = Field(12, ge=1, le=MAX_PAGE_SIZE, description="Films at most.")


class MoviePath(BaseModel):
    """A movie in a URL."""

    id: int = Field(ge=1, le=MAX_ID, description="TMDB id of the film.")


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
    """The query whose URL leads to all movies that meet `filters`."""
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
