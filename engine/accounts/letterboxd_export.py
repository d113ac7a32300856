"""A diary in the forms that Letterboxd imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from core.diary.watches import Watch
from core.types import Movie, MovieId
from core.users import Diary, MarkKind, User
from data.database import Stores
from data.exports import letterboxd_files
from data.exports.imdb_ids import IdMap
from data.exports.letterboxd_files import FormRow, ListFile
from engine.accounts.imports.effects import TAGS
from engine.catalogue.movies import Movies

PORTION = 500
"""Movies read from the index at a time."""


class LetterboxdExport:
    """Exports diaries for Letterboxd: watchings, ratings, reviews, the watchlist and lists. Notes stay private."""

    def __init__(
        self, stores: Stores, movies: Movies, *, imdb_ids: Callable[[], IdMap] = IdMap, tmdb_ids: bool = True
    ) -> None:
        """`imdb_ids` reads files, once; `tmdb_ids`: whether the ids of the catalogue are TMDB's."""
        self._stores, self._movies, self._read_ids, self._tmdb_ids = stores, movies, imdb_ids, tmdb_ids
        self._ids: IdMap | None = None

    def archive(self, user: User) -> bytes:
        """Return the .zip archive of a user."""
        diary, watches = self._stores.diaries.read(user.id), self._stores.watches.read(user.id)
        lists = [each for each in self._stores.lists.of_user(user.id) if each.owner == user.id]
        listed = {each.id: self._stores.lists.entries(each.id) for each in lists}
        seen = _seen(diary, watches)
        wanted = diary.marked(MarkKind.WATCHLIST)
        on_lists = (entry.movie for entries in listed.values() for entry in entries)
        base = self._rows(dict.fromkeys((*seen, *wanted, *on_lists)))
        return letterboxd_files.archive(
            _watched(diary, watches, seen, base),
            (base[movie] for movie in sorted(wanted, key=lambda movie: (wanted[movie], movie))),
            (
                ListFile(each.details, each.created_at, [(base[entry.movie], entry.note) for entry in listed[each.id]])
                for each in sorted(lists, key=lambda each: each.id)
            ),
        )

    def _rows(self, wanted: Iterable[MovieId]) -> Mapping[MovieId, FormRow]:
        """Return a row for each movie, without what the user said; one that left the catalogue has only its id."""
        ids = list(wanted)
        known: dict[MovieId, Movie] = {}
        for start in range(0, len(ids), PORTION):
            known.update((movie.id, movie) for movie in self._movies.many(ids[start : start + PORTION]))
        return {movie: self._row(movie, known.get(movie)) for movie in ids}

    def _row(self, movie: MovieId, found: Movie | None) -> FormRow:
        if self._ids is None:
            self._ids = self._read_ids()
        imdb = min(self._ids.ids.get(movie, ()), default=None)
        tmdb = int(movie) if self._tmdb_ids else None
        return FormRow(tmdb, imdb, found.title if found else "", found.year if found else None,
                       found.directors if found else ())  # fmt: skip


def _seen(diary: Diary, watches: Sequence[Watch]) -> list[MovieId]:
    watched = (watch.entry.movie for watch in reversed(watches))
    return list(dict.fromkeys((*watched, *diary.marked(MarkKind.WATCHED), *diary.ratings, *diary.reviews)))


def _watched(
    diary: Diary, watches: Sequence[Watch], seen: Iterable[MovieId], base: Mapping[MovieId, FormRow]
) -> Iterable[FormRow]:
    """Yield a row for each watching, the oldest first, then one for each other movie.

    The review of a movie is with its latest watching, and so is its rating if that watching has no stars.
    """
    latest = {watch.entry.movie: watch.id for watch in reversed(watches)}
    for watch in reversed(watches):
        entry = watch.entry
        last = latest[entry.movie] == watch.id
        stars = entry.stars if entry.stars is not None or not last else _stars(diary, entry.movie)
        yield _with(
            base[entry.movie], stars=stars, watched=entry.day, rewatch=entry.rewatch, tags=_tags(entry.note),
            review=_review(diary, entry.movie) if last else "",
        )  # fmt: skip
    for movie in seen:
        if movie not in latest:
            yield _with(base[movie], stars=_stars(diary, movie), review=_review(diary, movie))


def _with(
    row: FormRow,
    *,
    stars: float | None,
    watched: date | None = None,
    rewatch: bool = False,
    tags: str = "",
    review: str = "",
) -> FormRow:
    return FormRow(row.tmdb, row.imdb, row.title, row.year, row.directors, stars, watched, rewatch, tags, review)


def _stars(diary: Diary, movie: MovieId) -> float | None:
    return diary.ratings[movie].stars if movie in diary.ratings else None


def _review(diary: Diary, movie: MovieId) -> str:
    return diary.reviews[movie].text if movie in diary.reviews else ""


def _tags(note: str) -> str:
    return next((line.removeprefix(TAGS) for line in note.splitlines() if line.startswith(TAGS)), "")
