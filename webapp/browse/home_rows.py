"""The personal rows of the home page."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from core.errors import ModelMissing, SearchUnavailable, StoreUnavailable
from core.recommendations.records import Row
from core.users import User
from engine.catalogue.movies import ROW_SIZE
from engine.recommender.recommendation import Recommend
from webapp.movies import schemas, serializers

log = logging.getLogger("marquee.web")

ENOUGH_RATINGS = 10
"""Number of ratings from which recommendations are good (the measured new-user curve flattens)."""


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """A row of movies with reasons."""

    name: str
    key: str
    url: str
    movies: tuple[schemas.RecommendedMovie, ...]


class Identified(Protocol):
    """A movie."""

    @property
    def id(self) -> int:
        """TMDB id."""
        ...


Entry = TypeVar("Entry", bound=Identified)


def unseen(movies: Iterable[Entry], seen: set[int], *, size: int = ROW_SIZE) -> list[Entry]:
    """Return the first `size` movies that no row above has shown, and add them to `seen`."""
    chosen = list(islice((movie for movie in movies if movie.id not in seen), size))
    seen.update(movie.id for movie in chosen)
    return chosen


def rows(recommending: Recommend, user: User, seen: set[int], *, poster_base: str) -> list[ExplainedRow]:
    """Return the user's rows; none if they are unavailable, as the general rows are shown too.

    Args:
        seen: The movies of these rows, of which no two share one, are added to it.
    """
    try:
        found: Sequence[Row] = recommending.home(user)
    except (StoreUnavailable, ModelMissing, SearchUnavailable) as error:
        log.error("personal rows unavailable: %s", error)
        return []
    seen.update(int(item.movie.id) for row in found for item in row.items)
    return [view(row, poster_base=poster_base) for row in found if row.items]


def view(row: Row, *, poster_base: str) -> ExplainedRow:
    """Return a row as a view."""
    movies = tuple(serializers.recommendation(item, poster_base=poster_base) for item in row.items)
    return ExplainedRow(row.name, row.key, row.url, movies)
