"""An index that lists given movies, for code that needs titles and ids but no search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.ports import IndexInfo, Listing
from core.types import Facets, FacetValue, Filters, Movie, MovieId, Sort
from tests import fakes


@dataclass
class ListedIndex:
    """The part of `core.ports.MovieIndex` that accounts and diaries use; counts how often all movies were read."""

    listed: Sequence[Movie]
    version: str = "1"
    pages: int = 0
    by_id: dict[MovieId, Movie] = field(init=False)

    def __post_init__(self) -> None:
        """Index the movies by id."""
        self.by_id = {movie.id: movie for movie in self.listed}

    def info(self) -> IndexInfo:
        """Return the published version."""
        return replace(fakes.INFO, version=self.version, count=len(self.listed))

    def listing(self, filters: Filters, *, sort: Sort, offset: int, size: int) -> Listing:  # noqa: ARG002
        """Return movies filtered by year, in the given order."""
        self.pages += 1
        kept = [movie for movie in self.listed if _within(movie.year, filters)]
        return Listing(tuple(kept[offset : offset + size]), len(kept), _decades(self.listed))

    def movies(self, ids: Sequence[MovieId]) -> list[Movie]:
        """Return the movies with these ids, without unknown ones."""
        return [self.by_id[movie] for movie in ids if movie in self.by_id]


def _within(year: int | None, filters: Filters) -> bool:
    if filters.year_from is None or filters.year_to is None:
        return True
    return year is not None and filters.year_from <= year <= filters.year_to


def _decades(movies: Sequence[Movie]) -> Facets:
    found = sorted({movie.year // 10 * 10 for movie in movies if movie.year})
    return {"decade": tuple(FacetValue(str(decade), 1) for decade in found)}
