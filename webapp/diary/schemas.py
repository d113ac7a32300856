"""API schemas for the user's movies: lists, ratings, reviews and history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from pydantic import Field

from core import texts
from core.diary.watches import Watch
from core.types import Movie, MovieId
from core.users import Change, Diary, Review
from engine.accounts.diary.year_summary import Counts, WatchedMovie, YearSummary
from engine.catalogue.movies import Movies
from webapp.diary.forms import ListQuery, ListSort
from webapp.http.schemas import View
from webapp.movies import schemas, serializers

DESCENDING = frozenset((ListSort.ADDED, ListSort.STARS, ListSort.YEAR))
"""Sort orders that are descending by default."""


class RatingView(View):
    """The user's rating of a movie."""

    id: int = Field(description="TMDB id.")
    stars: float = Field(description="Half stars, 0.5 to 5.")
    at: datetime


class MarkView(View):
    """A movie that is on one of the user's lists."""

    id: int = Field(description="TMDB id.")
    at: datetime = Field(description="When it was added.")


class ReviewView(View):
    """The user's review of a movie."""

    id: int = Field(description="TMDB id.")
    text: str = Field(description="Plain text: escape it before showing it.")
    at: datetime = Field(description="When it was written.")
    changed_at: datetime


class MovieListEntry(View):
    """A movie on one of the user's lists."""

    id: int = Field(description="TMDB id.")
    at: datetime = Field(description="When it was added to the list.")
    stars: float | None = Field(description="The user's rating, on every list.")
    review: str | None = Field(description="The user's review.")
    movie: schemas.MovieCard | None = Field(description="The movie; null if it is no longer in the catalogue.")


class MovieListResponse(View):
    """A page of one of the user's lists."""

    total: int = Field(description="Number of movies on the list, over all pages.")
    page: int
    size: int
    results: tuple[MovieListEntry, ...]


class ChangeView(View):
    """One change to the user's ratings, lists or reviews."""

    id: int = Field(description="TMDB id.")
    title: str | None
    what: str = Field(description="`rating`, `review`, or a mark: `watchlist`, `favourite`, `watched`, `dismissed`, …")
    before: str | None = Field(description="The value before; null if there was none.")
    after: str | None
    at: datetime


class HistoryResponse(View):
    """Changes, latest first."""

    results: tuple[ChangeView, ...]


class WatchView(View):
    """A watching of a movie."""

    id: int = Field(description="Number of the watching.")
    movie_id: int = Field(description="TMDB id.")
    day: date = Field(description="The day, without a time.")
    rewatch: bool
    stars: float | None = Field(description="The stars of that time; your rating may differ by now.")
    note: str = Field(description="Plain text: escape it before showing it.")
    created_at: datetime = Field(description="When it was entered.")
    movie: schemas.MovieCard | None = Field(description="The movie; null if it is no longer in the catalogue.")


class WatchesResponse(View):
    """A page of the diary, the newest watching first."""

    total: int = Field(description="Number of watchings, over all pages.")
    page: int
    size: int
    results: tuple[WatchView, ...]


class CountView(View):
    """How often something occurs."""

    name: str
    movies: int


class YearView(View):
    """A year in film. Genres, decades, countries and people count movies, months count watchings."""

    year: int
    watches: int
    movies: int
    rewatches: int
    minutes: int = Field(description="Runtime of all watchings, as far as it is known.")
    goal: int | None = Field(description="How many movies you wanted to watch.")
    months: tuple[int, ...] = Field(description="Watchings of each month, from January.")
    genres: tuple[CountView, ...]
    decades: tuple[CountView, ...]
    countries: tuple[CountView, ...]
    people: tuple[CountView, ...] = Field(description="Directors and leading actors of two movies or more.")
    longest: schemas.MovieCard | None
    shortest: schemas.MovieCard | None
    best: tuple[WatchView, ...] = Field(description="The watchings with the most stars.")
    first: WatchView | None
    last: WatchView | None


def listed_movies(
    diary: Diary, since: Mapping[MovieId, datetime], query: ListQuery, *, movies: Movies, poster_base: str
) -> MovieListResponse:
    """Return a page of a list in the requested order; ties are broken by id."""
    known = _known(movies, since) if query.sort in (ListSort.TITLE, ListSort.YEAR) else {}
    descending = query.sort in DESCENDING if query.order is None else query.order == "desc"
    ids = sorted(sorted(since), key=_key(query.sort, diary, since, known), reverse=descending)
    shown = ids[(query.page - 1) * query.size : query.page * query.size]
    known = known or _known(movies, shown)
    return MovieListResponse(
        total=len(ids),
        page=query.page,
        size=query.size,
        results=tuple(_listed_movie(diary, movie, since[movie], known.get(movie), poster_base) for movie in shown),
    )


def history(changes: Sequence[Change], *, movies: Movies) -> HistoryResponse:
    """Return changes with the titles of their movies."""
    known = _known(movies, (change.movie for change in changes))
    return HistoryResponse(
        results=tuple(
            ChangeView(
                id=change.movie,
                title=known[change.movie].title if change.movie in known else None,
                what=change.what,
                before=change.before,
                after=change.after,
                at=change.at,
            )
            for change in changes
        )
    )


def review(found: Review) -> ReviewView:
    """Return a review as a view."""
    return ReviewView(id=found.movie, text=found.text, at=found.at, changed_at=found.changed_at)


def watch(found: Watch, movie: Movie | None, *, poster_base: str) -> WatchView:
    """Return a watching as a view."""
    entry = found.entry
    return WatchView(
        id=found.id,
        movie_id=entry.movie,
        day=entry.day,
        rewatch=entry.rewatch,
        stars=entry.stars,
        note=entry.note,
        created_at=found.created_at,
        movie=serializers.card(movie, poster_base=poster_base) if movie else None,
    )


def watches(found: Sequence[Watch], *, movies: Movies, poster_base: str) -> tuple[WatchView, ...]:
    """Return watchings as views."""
    known = _known(movies, (one.entry.movie for one in found))
    return tuple(watch(one, known.get(one.entry.movie), poster_base=poster_base) for one in found)


def year(found: YearSummary, *, poster_base: str) -> YearView:
    """Return a year in film as a view."""

    def card(movie: Movie | None) -> schemas.MovieCard | None:
        return serializers.card(movie, poster_base=poster_base) if movie else None

    def watched(one: WatchedMovie | None) -> WatchView | None:
        return watch(one.watch, one.movie, poster_base=poster_base) if one else None

    return YearView(
        year=found.year,
        watches=found.watches,
        movies=found.movies,
        rewatches=found.rewatches,
        minutes=found.minutes,
        goal=found.goal,
        months=found.months,
        genres=_counts(found.genres),
        decades=_counts(found.decades),
        countries=_counts(found.countries),
        people=_counts(found.people),
        longest=card(found.longest),
        shortest=card(found.shortest),
        best=tuple(watch(one.watch, one.movie, poster_base=poster_base) for one in found.best),
        first=watched(found.first),
        last=watched(found.last),
    )


def _counts(found: Counts) -> tuple[CountView, ...]:
    return tuple(CountView(name=name, movies=count) for name, count in found)


def _known(movies: Movies, wanted: Iterable[MovieId]) -> dict[MovieId, Movie]:
    return {movie.id: movie for movie in movies.many(list(dict.fromkeys(wanted)))}


def _key(
    sort: ListSort, diary: Diary, since: Mapping[MovieId, datetime], known: Mapping[MovieId, Movie]
) -> Callable[[MovieId], tuple[object, ...]]:
    """Return the sort key of a list; of equal values, the latest is greatest."""

    def stars(movie: MovieId) -> float:
        return diary.ratings[movie].stars if movie in diary.ratings else 0.0

    keys: dict[ListSort, Callable[[MovieId], tuple[object, ...]]] = {
        ListSort.ADDED: lambda movie: (since[movie],),
        ListSort.STARS: lambda movie: (stars(movie), since[movie]),
        ListSort.TITLE: lambda movie: (texts.fold(known[movie].title) if movie in known else "\uffff",),
        ListSort.YEAR: lambda movie: ((known[movie].year or 0) if movie in known else 0, since[movie]),
    }
    return keys[sort]


def _listed_movie(diary: Diary, movie: MovieId, at: datetime, known: Movie | None, poster_base: str) -> MovieListEntry:
    return MovieListEntry(
        id=movie,
        at=at,
        stars=diary.ratings[movie].stars if movie in diary.ratings else None,
        review=diary.reviews[movie].text if movie in diary.reviews else None,
        movie=serializers.card(known, poster_base=poster_base) if known else None,
    )
