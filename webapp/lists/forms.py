"""Request models of lists."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StrictBool, StringConstraints

from core.diary.lists import MAX_DESCRIPTION_LENGTH, MAX_ENTRIES, MAX_NAME_LENGTH
from core.types import MAX_PAGE_SIZE
from webapp.http.fields import MAX_ID
from webapp.http.parsing import Body, Query

MAX_PAGE = 10_000
RAW = 4
"""Characters accepted before control characters and blanks are removed, as a multiple of those that are stored."""
Words = Annotated[str, StringConstraints(max_length=RAW * MAX_DESCRIPTION_LENGTH)]


class ListRequest(Body):
    """Name, description and visibility of a list."""

    name: Annotated[str, StringConstraints(max_length=RAW * MAX_NAME_LENGTH)] = Field(
        description=f"At most {MAX_NAME_LENGTH} characters."
    )
    description: Words = Field("", description=f"Plain text of at most {MAX_DESCRIPTION_LENGTH:,} characters.")
    public: StrictBool = Field(False, description="Whether anybody with the link may read the list.")


class NoteRequest(Body):
    """A note on a movie of a list."""

    note: Words | None = Field(None, description="Plain text; without it, the note stays.")


class OrderRequest(Body):
    """An order of the movies of a list."""

    movies: Annotated[tuple[Annotated[int, Field(ge=1, le=MAX_ID)], ...], Field(max_length=MAX_ENTRIES)] = Field(
        description="TMDB ids; movies of the list that are not named follow in their present order."
    )


class JoinRequest(Body):
    """An invitation."""

    invitation: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="The last part of the link."
    )


class ListPath(BaseModel):
    """A list in a URL."""

    id: int = Field(ge=1, le=MAX_ID, description="Number of the list.")


class EntryPath(ListPath):
    """A movie of a list in a URL."""

    movie: int = Field(ge=1, le=MAX_ID, description="TMDB id.")


class EntriesQuery(Query):
    """Which page of a list to return."""

    page: int = Field(1, ge=1, le=MAX_PAGE, description="Page, from 1.")
    size: int = Field(50, ge=1, le=MAX_PAGE_SIZE, description="Movies per page.")
