"""Names and tastes of the demo users. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.sample.demo import PREFIX
from core.types import Movie

OLD = 1970
"""Movies before this year are classics."""
LOVED, NEUTRAL, AVOIDED = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Taste:
    """The taste of a group of users."""

    loves: Callable[[Movie], bool]
    avoids: frozenset[str]
    """Genres."""

    def of(self, movie: Movie) -> int:
        """Return `LOVED`, `NEUTRAL` or `AVOIDED` for a movie."""
        if self.loves(movie):
            return LOVED
        return AVOIDED if self.avoids & set(movie.genres) else NEUTRAL


def _of(*genres: str) -> Callable[[Movie], bool]:
    return lambda movie: bool(set(genres) & set(movie.genres))


TASTES: Sequence[Taste] = (
    Taste(_of("Science Fiction"), frozenset(("Romance", "Music", "Western"))),
    Taste(_of("Crime", "Mystery"), frozenset(("Family", "Animation", "Music"))),
    Taste(_of("Animation", "Family"), frozenset(("Horror", "War", "Crime"))),
    Taste(_of("Romance", "Music"), frozenset(("Horror", "Action", "Science Fiction"))),
    Taste(_of("War", "History", "Western"), frozenset(("Animation", "Fantasy", "Horror"))),
    Taste(_of("Horror"), frozenset(("Family", "Romance", "Music"))),
    Taste(lambda movie: (movie.year or OLD) < OLD, frozenset(("Action", "Science Fiction"))),
    Taste(lambda movie: movie.language != "en", frozenset(("Action", "Fantasy"))),
)
NAMES: Sequence[str] = (
    "Ada", "Bruno", "Chidi", "Dana", "Elif", "Farid", "Greta", "Hiro", "Ines", "Jonas",
    "Kaja", "Luca", "Mina", "Noor", "Otto", "Priya", "Quentin", "Rosa", "Sami", "Tove",
    "Uma", "Viktor", "Wanda", "Xenia", "Yusuf", "Zoe", "Anton", "Bea", "Carlos", "Dilan",
    "Emil", "Fumi", "Gwen", "Hanna", "Igor", "Jade", "Kofi", "Lena", "Milo", "Nadia",
)  # fmt: skip
"""Names of the demo users, without the prefix `demo:`; tastes are assigned in rotation."""


def users() -> Sequence[tuple[str, Taste]]:
    """Return name and taste of every demo user."""
    return [(f"{PREFIX}{name.lower()}", TASTES[place % len(TASTES)]) for place, name in enumerate(NAMES)]
