"""What the outer rooms may ask of the engine: one frozen record of use cases, made by `engine.wiring`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.config import Settings
from core.ports import IndexInfo
from core.types import FacetValue, Filters, Hit, Movie, MovieId, Page, SearchRequest, Suggestion


@dataclass(frozen=True, slots=True)
class Shelf:
    """A row of films on the home page, and the filters (or sort) that lead to all of them."""

    name: str
    filters: Filters
    sort: str
    movies: tuple[Movie, ...]


class Searching(Protocol):
    """Describe a film, find it; or browse by filters."""

    def run(self, request: SearchRequest) -> Page:
        """One page of results; an empty query lists all films that meet the filters.

        Raises:
            SearchUnavailable: the engine cannot answer (`IndexMissing`, `EncoderMismatch` say why).
        """
        ...

    def suggest(self, text: str, *, limit: int = 8) -> Sequence[Suggestion]:
        """As-you-type lines; none for blank text."""
        ...


class Films(Protocol):
    """Single films and rows of them."""

    def get(self, movie: MovieId) -> Movie:
        """Raises `NotFound`, naming the id."""
        ...

    def similar(self, movie: MovieId, *, size: int = 12) -> Sequence[Hit]:
        """Films nearest in meaning, the film itself left out. Raises `NotFound`."""
        ...

    def shelves(self) -> Sequence[Shelf]:
        """Popular, highly rated, by genre, by decade: rows with nothing in them are left out."""
        ...

    def genres(self) -> Sequence[FacetValue]:
        """All genres with their numbers of films."""
        ...

    def decades(self) -> Sequence[FacetValue]:
        """All decades (`1990`) with their numbers of films."""
        ...


class Library(Protocol):
    """What is being served."""

    def info(self) -> IndexInfo:
        """The published index: catalogue, count, version. Raises `IndexMissing`."""
        ...

    def check(self) -> None:
        """Whether a search would work now: index there, engine answering, encoder at hand and the index's own.

        Raises `SearchUnavailable`, `EncoderMismatch` or `ModelMissing` in words.
        """
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that pages, API and command line are made of."""

    settings: Settings
    search: Searching
    films: Films
    library: Library
