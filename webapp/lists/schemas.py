"""API schemas of lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from core.diary.lists import ListEntry, MovieList
from engine.accounts.diary.lists import OpenList
from engine.catalogue.movies import Movies
from webapp.http.schemas import View
from webapp.lists import addresses
from webapp.movies import schemas, serializers


class ListView(View):
    """A list of movies."""

    id: int = Field(description="Number of the list.")
    url: str = Field(description="Path of its page on this site.")
    name: str
    description: str = Field(description="Plain text: escape it before showing it.")
    public: bool = Field(description="Whether anybody with the link may read it.")
    owner: str = Field(description="Name of the owner.")
    size: int = Field(description="Number of movies.")
    created_at: datetime
    changed_at: datetime


class ListsResponse(View):
    """The user's lists, the last changed first."""

    results: tuple[ListView, ...]


class ListEntryView(View):
    """A movie on a list."""

    id: int = Field(description="TMDB id.")
    note: str = Field(description="Plain text: escape it before showing it.")
    at: datetime = Field(description="When it was added.")
    movie: schemas.MovieCard | None = Field(description="The movie; null if it is no longer in the catalogue.")


class ListResponse(View):
    """A list and a page of its movies, in order."""

    list: ListView
    editable: bool = Field(description="Whether you may change its movies.")
    total: int = Field(description="Number of movies, over all pages.")
    page: int
    size: int
    results: tuple[ListEntryView, ...]


class InvitationView(View):
    """An invitation to edit a list."""

    invitation: str = Field(description="Its secret, which is shown only once.")
    url: str = Field(description="Path of the page on which it is accepted.")


def movie_list(found: MovieList) -> ListView:
    """Return a list as a view."""
    return ListView(
        id=found.id,
        url=addresses.path(found),
        name=found.details.name,
        description=found.details.description,
        public=found.details.public,
        owner=found.owner_name,
        size=found.size,
        created_at=found.created_at,
        changed_at=found.changed_at,
    )


def entries(found: Sequence[ListEntry], *, movies: Movies, poster_base: str) -> tuple[ListEntryView, ...]:
    """Return entries as views."""
    known = {movie.id: movie for movie in movies.many([entry.movie for entry in found])}
    return tuple(
        ListEntryView(
            id=entry.movie,
            note=entry.note,
            at=entry.at,
            movie=serializers.card(known[entry.movie], poster_base=poster_base) if entry.movie in known else None,
        )
        for entry in found
    )


def page(opened: OpenList, shown: tuple[ListEntryView, ...], *, page: int, size: int) -> ListResponse:
    """Return a list with a page of its movies."""
    found = opened.list
    return ListResponse(
        list=movie_list(found), editable=opened.editable, total=found.size, page=page, size=size, results=shown
    )
