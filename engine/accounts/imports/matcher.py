"""Which movie of the catalogue a row of an export is about."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from core.types import Movie, MovieId
from data.exports.entries import Entry
from data.exports.imdb_ids import IdMap
from engine.accounts import title_matcher
from engine.accounts.imports.records import AMBIGUOUS, BY_ID, BY_TITLE, UNKNOWN
from engine.accounts.title_matcher import Titles


def named(entry: Entry, ids: IdMap) -> tuple[MovieId, ...]:
    """Return the movies that the ids of an entry name, in the catalogue or not."""
    found = list(ids.movies.get(entry.imdb, ())) if entry.imdb is not None else []
    if entry.tmdb is not None:
        found.append(MovieId(entry.tmdb))
    if entry.movielens is not None and entry.movielens in ids.movielens:
        found.append(ids.movielens[entry.movielens])
    return tuple(found)


def subject(entry: Entry) -> Hashable:
    """Return what the match of an entry depends on; entries with equal subjects match the same movie."""
    return entry.title, entry.original_title, entry.year, entry.imdb, entry.tmdb, entry.movielens, entry.own


def match(entry: Entry, known: Titles, ids: IdMap, movies: Mapping[MovieId, Movie]) -> tuple[MovieId | None, str]:
    """Return the movie of an entry and how it was matched; without a movie, why it was not.

    An id decides if it leads into the catalogue, unless the title leads to another movie; otherwise title and year
    decide, unless a known id contradicts them. A row without a match is seen, a rating of the wrong movie is not.

    Args:
        movies: the movies of the catalogue that ids name.
    """
    by_title = known.find(entry.title, entry.year)
    if by_title is None and entry.original_title not in ("", entry.title):
        by_title = known.find(entry.original_title, entry.year)
    by_id = _by_id(entry, known, ids, movies)
    if by_id is not None:
        agreed = by_title in (None, by_id) or entry.own or _carries(entry, known, by_id)
        return (by_id, BY_ID) if agreed else (None, AMBIGUOUS)
    if by_title is None or _contradicted(entry, by_title, ids):
        several = by_title is not None or any(known.near(title, entry.year) for title in _titles(entry))
        return None, AMBIGUOUS if several else UNKNOWN
    return by_title, BY_TITLE


def _by_id(entry: Entry, known: Titles, ids: IdMap, movies: Mapping[MovieId, Movie]) -> MovieId | None:
    """Return the movie that the ids of an entry name. A catalogue may have numbers of its own instead of TMDB's."""
    found = next((movie for movie in named(entry, ids) if movie in movies), None)
    if found is None or entry.tmdb != found:
        return found
    if entry.own and entry.title in (movies[found].title, f"TMDB {found}"):
        return found
    if entry.imdb is not None and ids.contradict(entry.imdb, found):
        return None
    return found if found in ids.ids or _agrees(entry, known, movies[found]) else None


def _contradicted(entry: Entry, movie: MovieId, ids: IdMap) -> bool:
    """Whether a known id of the movie differs from the entry's."""
    by_imdb = entry.imdb is not None and ids.contradict(entry.imdb, movie)
    return by_imdb or (entry.tmdb is not None and entry.tmdb != movie and movie in ids.ids)


def _agrees(entry: Entry, known: Titles, movie: Movie) -> bool:
    near = entry.year is None or movie.year is None or abs(entry.year - movie.year) <= title_matcher.NEAR_YEARS
    return near and _carries(entry, known, movie.id)


def _carries(entry: Entry, known: Titles, movie: MovieId) -> bool:
    return any(known.carries(title, movie) for title in _titles(entry))


def _titles(entry: Entry) -> tuple[str, ...]:
    return tuple(title for title in (entry.title, entry.original_title) if title)
