"""Filters and sort orders of the user's lists. Pure except for the URLs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import url_for
from pydantic import Field

from core import texts
from core.types import MAX_PAGE, Movie, MovieId
from core.users import Diary, MarkKind
from webapp.browse.navigation import DECADE, Choice
from webapp.http.fields import Name
from webapp.http.parsing import Query
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop

PAGE_SIZE = 24


class Order(StrEnum):
    """Sort orders of the user's lists."""

    ADDED = "added"
    TITLE = "title"
    YEAR = "year"
    STARS = "stars"
    PREDICTED = "predicted"


ORDERS = {
    Order.ADDED: gettext_noop("Latest first"),
    Order.TITLE: gettext_noop("Title"),
    Order.YEAR: gettext_noop("Year"),
    Order.STARS: gettext_noop("Your rating"),
    Order.PREDICTED: gettext_noop("Predicted rating"),
}


class ListQuery(Query):
    """The parameters of a list."""

    q: Name = ""
    genre: Name = ""
    decade: int | None = Field(None, ge=1870, le=2100, multiple_of=DECADE)
    sort: Order = Order.ADDED
    page: int = Field(1, ge=1, le=MAX_PAGE)

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.q or self.genre or self.decade)


@dataclass(frozen=True, slots=True)
class Entry:
    """A movie on a list with the user's rating and the predicted one."""

    movie: Movie
    at: datetime
    stars: float | None = None
    predicted: float | None = None


KEYS: Mapping[Order, Callable[[Entry], Any]] = {
    Order.ADDED: lambda entry: -entry.at.timestamp(),
    Order.TITLE: lambda entry: texts.fold(entry.movie.title),
    Order.YEAR: lambda entry: -(entry.movie.year or 0),
    Order.STARS: lambda entry: -(entry.stars or 0),
    Order.PREDICTED: lambda entry: -(entry.predicted or 0),
}


def rated(diary: Diary) -> dict[MovieId, datetime]:
    """Return the rated or reviewed movies with the times."""
    reviewed = {movie: review.changed_at for movie, review in diary.reviews.items()}
    return reviewed | {movie: rating.at for movie, rating in diary.ratings.items()}


def marked(diary: Diary, kind: MarkKind) -> dict[MovieId, datetime]:
    """Return the movies with a mark with the times."""
    return dict(diary.marked(kind))


def entries(
    diary: Diary,
    since: Mapping[MovieId, datetime],
    movies: Sequence[Movie],
    predicted: Mapping[MovieId, float | None],
) -> list[Entry]:
    """Return the entries of a list with everything that they can be sorted by."""
    return [
        Entry(
            movie,
            since[movie.id],
            stars=diary.ratings[movie.id].stars if movie.id in diary.ratings else None,
            predicted=predicted.get(movie.id),
        )
        for movie in movies
    ]


def arranged(found: Sequence[Entry], query: ListQuery) -> list[Entry]:
    """Return the entries that match the filters in the requested order; ties are broken by title and id."""
    kept = [entry for entry in found if _meets(entry.movie, query)]
    return sorted(kept, key=lambda entry: (KEYS[query.sort](entry), texts.fold(entry.movie.title), entry.movie.id))


def genres(movies: Sequence[Movie]) -> list[str]:
    """Return the genres of the movies, sorted by name."""
    return sorted({genre for movie in movies for genre in movie.genres})


def decades(movies: Sequence[Movie]) -> list[int]:
    """Return the decades of the movies, latest first."""
    return sorted({movie.year // DECADE * DECADE for movie in movies if movie.year}, reverse=True)


def sorts(endpoint: str, query: ListQuery, orders: Sequence[Order]) -> list[Choice]:
    """Return the sort orders as links."""
    return [Choice(_(ORDERS[order]), url(endpoint, query, sort=order), active=query.sort is order) for order in orders]


def url(endpoint: str, query: ListQuery, **changes: object) -> str:
    """Return the URL of `query` with some fields changed, on the first page unless `page` is given."""
    changed = query.model_copy(update={"page": 1, **changes})
    return url_for(endpoint, **changed.model_dump(mode="json", exclude_defaults=True))


def _meets(movie: Movie, query: ListQuery) -> bool:
    wanted = texts.words(query.q)
    text = texts.words(" ".join((movie.title, movie.original_title, *movie.people))) if wanted else []
    return (
        (not query.genre or query.genre in movie.genres)
        and (query.decade is None or (movie.year or 0) // DECADE * DECADE == query.decade)
        and all(any(word.startswith(part) for word in text) for part in wanted)
    )
