"""A year in film: what a user watched in a year, counted over the catalogue. Pure except for reading the movies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.diary.watches import Watch
from core.ports import MovieIndex
from core.types import Movie, MovieId

PORTION = 500
"""Movies read from the index at a time."""
MONTHS = 12
DECADE = 10
FIRST_CAST = 10
"""Members of the cast that count as people of a movie: its leading roles."""
SHOWN = 10
"""Most genres, countries and people of a summary."""
SHOWN_BEST = 5
MIN_MOVIES = 2
"""Movies with a person that make them one of the most watched."""

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class WatchedMovie:
    """A watching and its movie."""

    watch: Watch
    movie: Movie


@dataclass(frozen=True, slots=True)
class YearSummary:
    """The watchings of a year, counted. Movies that left the catalogue count as watchings and movies only."""

    year: int
    watches: int
    movies: int
    rewatches: int
    minutes: int
    """Runtime of all watchings, as far as it is known."""
    months: tuple[int, ...]
    """Watchings of each month, from January."""
    genres: Counts = ()
    decades: Counts = ()
    countries: Counts = ()
    people: Counts = ()
    """Directors and leading actors of at least `MIN_MOVIES` movies, the most watched first."""
    longest: Movie | None = None
    shortest: Movie | None = None
    best: tuple[WatchedMovie, ...] = ()
    """The movies with the most stars, the newest watching of each."""
    first: WatchedMovie | None = None
    last: WatchedMovie | None = None
    goal: int | None = None

    @property
    def progress(self) -> float:
        """The share of the goal that is reached, at most 1; 0 without a goal."""
        return min(1.0, self.movies / self.goal) if self.goal else 0.0


def summarize(year: int, watches: Sequence[Watch], index: MovieIndex, *, goal: int | None = None) -> YearSummary:
    """Return the summary of the watchings of a year, given newest first."""
    ids = dict.fromkeys(watch.entry.movie for watch in watches)
    known = read_movies(index, ids)
    seen = [WatchedMovie(watch, known[watch.entry.movie]) for watch in watches if watch.entry.movie in known]
    movies = list(known.values())
    timed = sorted((movie for movie in movies if movie.runtime), key=lambda movie: (movie.runtime or 0, movie.title))
    months = Counter(watch.entry.day.month for watch in watches)
    return YearSummary(
        year=year,
        watches=len(watches),
        movies=len(ids),
        rewatches=sum(watch.entry.rewatch for watch in watches),
        minutes=sum(one.movie.runtime or 0 for one in seen),
        months=tuple(months[month] for month in range(1, MONTHS + 1)),
        genres=_most(genre for movie in movies for genre in movie.genres),
        decades=_decades(movies),
        countries=_most(country for movie in movies for country in movie.countries),
        people=_people(movies),
        longest=timed[-1] if timed else None,
        shortest=timed[0] if timed else None,
        best=_best(seen),
        first=seen[-1] if seen else None,
        last=seen[0] if seen else None,
        goal=goal,
    )


def read_movies(index: MovieIndex, wanted: Iterable[MovieId]) -> Mapping[MovieId, Movie]:
    """Return the movies that the catalogue has, in the order of the ids."""
    ids = list(wanted)
    portions = (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))
    return {movie.id: movie for portion in portions for movie in index.movies(portion)}


def _most(values: Iterable[str], *, least: int = 1) -> Counts:
    """Return the most frequent values; ties in alphabetical order."""
    counted = sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((value, count) for value, count in counted if count >= least)[:SHOWN]


def _decades(movies: Iterable[Movie]) -> Counts:
    counted = Counter(movie.year // DECADE * DECADE for movie in movies if movie.year)
    return tuple((str(decade), count) for decade, count in sorted(counted.items()))


def _people(movies: Iterable[Movie]) -> Counts:
    named = (
        name
        for movie in movies
        for name in dict.fromkeys((*movie.directors, *(member.name for member in movie.cast[:FIRST_CAST])))
    )
    return _most(named, least=MIN_MOVIES)


def _best(seen: Sequence[WatchedMovie]) -> tuple[WatchedMovie, ...]:
    newest: dict[MovieId, WatchedMovie] = {}
    for one in seen:
        if one.watch.entry.stars is not None:
            newest.setdefault(one.movie.id, one)
    ranked = sorted(newest.values(), key=lambda one: -(one.watch.entry.stars or 0))
    return tuple(ranked[:SHOWN_BEST])
