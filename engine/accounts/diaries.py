"""What users say of movies: ratings, marks, reviews, history, and imports of what they said elsewhere.

A rating is a rating and nothing more: it marks nothing as watched and takes nothing off the watchlist, so that taking
it back leaves no trace but the history. Whoever asks for movies seen takes those rated and those watched together.
Marks that contradict one another give way to the newest (`OPPOSITES`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from core.errors import InvalidRequest, NotFound
from core.ports import MovieIndex
from core.types import MovieId
from core.users import LIKED_STARS, MAX_REVIEW_LENGTH, Change, Diary, MarkKind, User, check_stars
from data.database.stores.diaries import DiaryStore
from engine import clock
from engine.accounts.diary_import import Importing, ImportPlan

THUMB_UP, THUMB_DOWN = LIKED_STARS, 1.5
"""Half stars that say what a thumb says: the mean of what people give movies they like is near the first, and the
second lies on the side that counts against a movie (2 and below)."""
OPPOSITES: Mapping[MarkKind, tuple[MarkKind, ...]] = {
    MarkKind.LIKED: (MarkKind.PASSED,),
    MarkKind.PASSED: (MarkKind.LIKED,),
    MarkKind.DISMISSED: (MarkKind.WATCHLIST, MarkKind.FAVOURITE, MarkKind.LIKED),
    MarkKind.WATCHLIST: (MarkKind.DISMISSED,),
    MarkKind.FAVOURITE: (MarkKind.DISMISSED,),
}
"""What setting a mark takes away: nobody can mean both, and the newest word counts."""
MAX_HISTORY = 1_000
"""Lines of history that one question gives."""

_LINE_BREAK = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing: they would turn the page around a review as well."""


class Diaries:
    """What users say of movies. Every write counts in the very next request. Unknown movies raise `NotFound`."""

    def __init__(
        self, store: DiaryStore, index: MovieIndex, *, importing: Importing, clock: clock.Clock = clock.now
    ) -> None:
        self._store, self._index, self._importing, self._clock = store, index, importing, clock

    def read(self, user: User) -> Diary:
        """Everything that the user said."""
        return self._store.read(user.id)

    def rate(self, user: User, movie: MovieId, stars: float | None) -> None:
        """Set or (None) take back a rating. Raises `InvalidRequest` (field `stars`), `NotFound`."""
        if stars is not None:
            try:
                check_stars(stars)
            except ValueError as error:
                raise InvalidRequest({"stars": str(error).removeprefix("stars: ")}) from None
        self._check(movie, user=user if stars is None else None)
        self._store.rate(user.id, {movie: stars}, at=self._clock())

    def thumb(self, user: User, movie: MovieId, *, up: bool) -> float:
        """A thumb as the half stars that it maps onto; gives these."""
        stars = THUMB_UP if up else THUMB_DOWN
        self.rate(user, movie, stars)
        return stars

    def mark(self, user: User, movie: MovieId, kind: MarkKind, *, on: bool) -> None:
        """Set or take away a mark; setting one takes away what contradicts it. Raises `NotFound`."""
        self._check(movie, user=None if on else user)
        at = self._clock()
        for opposite in OPPOSITES.get(kind, ()) if on else ():
            self._store.mark(user.id, opposite, [movie], on=False, at=at)
        self._store.mark(user.id, kind, [movie], on=on, at=at)

    def review(self, user: User, movie: MovieId, text: str) -> None:
        """Write, rewrite or (blank) delete a review. Raises `InvalidRequest` (field `text`), `NotFound`."""
        cleaned = clean(text)
        if len(cleaned) > MAX_REVIEW_LENGTH:
            found = f"expected at most {MAX_REVIEW_LENGTH:,} characters, got {len(cleaned):,}"
            raise InvalidRequest({"text": found})
        self._check(movie, user=None if cleaned else user)
        self._store.review(user.id, movie, cleaned, at=self._clock())

    def history(self, user: User, *, limit: int = 100, before: datetime | None = None) -> Sequence[Change]:
        """The latest changes first, at most `MAX_HISTORY`."""
        return self._store.history(user.id, limit=max(1, min(limit, MAX_HISTORY)), before=before)

    def reviews(self, movie: MovieId) -> Sequence[tuple[str, float | None, str, datetime]]:
        """Name, stars, text and time of the latest reviews of a movie. Raises `NotFound`."""
        self._check(movie)
        return self._store.reviews(movie)

    def plan_import(self, content: bytes, *, name: str) -> ImportPlan:
        """Read a Letterboxd or IMDb export and match its movies. Raises `DataError` for a file that is neither."""
        return self._importing.plan(content, name=name)

    def carry_out(self, user: User, plan: ImportPlan) -> int:
        """Write the matched lines; safe to repeat. Gives how many movies were written."""
        return self._importing.carry_out(self._store, user.id, plan, now=self._clock())

    def _check(self, movie: MovieId, *, user: User | None = None) -> None:
        """Refuse a movie that the catalogue lacks; a `user` may still take back what they said of it."""
        if movie > 0 and self._index.movies([movie]):
            return
        if user is not None and _speaks_of(self._store.read(user.id), movie):
            return
        raise NotFound(f"no film has the TMDB id {movie} in this catalogue")


def clean(text: str) -> str:
    """A text as it is kept: lines end alike, at most one blank line in a row, nothing that cannot be seen or turns."""
    lines = _LINE_BREAK.sub("\n", text).replace("\t", " ")
    kept = (c for c in lines if c == "\n" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNING))
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in "".join(kept).split("\n"))).strip()


def _speaks_of(diary: Diary, movie: MovieId) -> bool:
    return movie in diary.ratings or movie in diary.reviews or any(movie in movies for movies in diary.marks.values())
