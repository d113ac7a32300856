"""A catalogue of any size: varied copies of real movies, generated on demand and reproducible.

Movie `n` is a copy of movie `n % count`; the first `count` are the movies themselves. In a copy

- the overview keeps its length; its words are shuffled, and every third comes from another movie's overview, so that
  the words of a query occur in as many movies as in a real catalogue of that size;
- the title consists of two words of two real titles and the copy's number in letters; people have the first name of
  one real person and the last name of another, so that the number of names grows with the number of movies;
- votes and popularity are multiplied by a number between 0 and 1; year, genres, running time, language and keywords
  stay;
- the vector is that of the movie plus normal noise of the expected length `JITTER`, scaled to unit length.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from functools import cached_property
from typing import overload

import numpy as np

from core.ports import Vectors
from core.types import CastMember, Movie, MovieId

JITTER = 0.6
"""Length of the noise: a copy's cosine with its movie is about 1 / sqrt(1 + JITTER²) = .86, that of two copies .74."""
REPLACED = 3
"""One of this many words of an overview comes from another movie."""
FIRST_ID = 10_000_000
"""The first id of copies, above those of TMDB 5000."""
SEED = 5
CHUNK = 10_000


class Copies(Sequence[Movie]):
    """`size` movies, generated when they are read, so that a part of them takes little memory."""

    def __init__(self, originals: Sequence[Movie], size: int) -> None:
        self._originals, self._size = originals, size

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> Movie: ...
    @overload
    def __getitem__(self, place: slice) -> list[Movie]: ...
    def __getitem__(self, place: int | slice) -> Movie | list[Movie]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._size))]
        if not -self._size <= place < self._size:
            raise IndexError(place)
        number = int(place) % self._size  # random.Random accepts no numpy integers
        if number < len(self._originals):
            return self._originals[number]
        return self._copy(self._originals[number % len(self._originals)], number)

    def _copy(self, movie: Movie, number: int) -> Movie:
        dice = random.Random(SEED + number)  # noqa: S311 - variety, not secrecy
        fame = dice.random()
        return dataclasses.replace(
            movie,
            id=MovieId(FIRST_ID + number),
            title=f"{dice.choice(self._title_words)} {dice.choice(self._title_words)} {_in_letters(number)}",
            original_title="",
            overview=self._vary(movie.overview, dice),
            tagline="",
            cast=tuple(CastMember(self._person(dice), member.character, member.order) for member in movie.cast),
            directors=tuple(self._person(dice) for _ in movie.directors),
            writers=tuple(self._person(dice) for _ in movie.writers),
            vote_count=int(movie.vote_count * fame),
            popularity=movie.popularity * fame,
        )

    def _vary(self, text: str, dice: random.Random) -> str:
        words = text.split()
        dice.shuffle(words)
        foreign = dice.choice(self._originals).overview.split()
        words[::REPLACED] = dice.choices(foreign or words or [""], k=len(words[::REPLACED]))
        return " ".join(words)

    def _person(self, dice: random.Random) -> str:
        return f"{dice.choice(self._first_names)} {dice.choice(self._last_names)}"

    @cached_property
    def _title_words(self) -> list[str]:
        return sorted({word for movie in self._originals for word in movie.title.split()})

    @cached_property
    def _names(self) -> list[list[str]]:
        return [name.split() for name in sorted({name for movie in self._originals for name in movie.people}) if name]

    @cached_property
    def _first_names(self) -> list[str]:
        return sorted({parts[0] for parts in self._names})

    @cached_property
    def _last_names(self) -> list[str]:
        return sorted({parts[-1] for parts in self._names})


def jitter(vectors: Vectors, size: int) -> Vectors:
    """Return the vectors of `Copies`: float32, (size, dimension), unit rows; the first ones are `vectors`."""
    dice = np.random.default_rng(SEED)
    count, dimension = vectors.shape
    rows = np.empty((size, dimension), np.float32)
    rows[:count] = vectors[:size]
    for start in range(count, size, CHUNK):
        end = min(start + CHUNK, size)
        noise = dice.standard_normal((end - start, dimension), np.float32) * np.float32(JITTER / np.sqrt(dimension))
        varied = vectors[np.arange(start, end) % count] + noise
        rows[start:end] = varied / np.linalg.norm(varied, axis=1, keepdims=True)
    return rows


def _in_letters(number: int) -> str:
    """Spell a number in letters: the titles of copies differ by a letter or two, which real titles rarely do."""
    letters = ""
    while number:
        number, digit = divmod(number, 26)
        letters += chr(ord("a") + digit)
    return letters
