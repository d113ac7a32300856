"""As-you-type suggestions: which names a typed text may begin, and their order. Pure; both engines share it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core import texts
from core.types import Movie, MovieId, Suggestion

MIN_LETTERS_FOR_TYPO = 4
"""Shorter texts are too near to too many names to be forgiven a typo."""
WRITER_BILLING = 1
"""A writer weighs like the second-billed actor; a director like the first."""
_ARTICLES = frozenset({"a", "an", "the"})


@dataclass(frozen=True, slots=True)
class Name:
    """One name that can be suggested: a movie's title, or a person."""

    kind: str
    """`movie` or `person`."""
    text: str
    folded: str
    """The folded name that the typed text may begin: for a movie its title or its original title."""
    weight: float
    """A movie's popularity; for a person that of the movie they shine in most: popularity / (1 + billing)."""
    id: MovieId | None = None
    year: int | None = None
    keys: tuple[str, ...] = ()
    """For a movie the keys of that title (`texts.title_keys`): its other spellings, without blanks."""

    @property
    def key(self) -> str:
        """What is suggested once only: a movie, or everybody of that name."""
        return f"movie {self.id}" if self.kind == "movie" else f"person {self.folded}"


def names(movie: Movie) -> Iterator[Name]:
    """The names that can be suggested for one movie: its titles and its people."""
    titles = {texts.fold(title): title for title in reversed(movie.titles)}
    for folded, title in titles.items():
        if keys := texts.title_keys(title, "", movie.year):
            yield Name("movie", movie.title, folded, movie.popularity, movie.id, movie.year, keys)
    for name, billing in _billings(movie).items():
        if folded := texts.fold(name):
            yield Name("person", name, folded, movie.popularity / (1 + billing))


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed of a name, in every spelling that a name may begin with."""

    text: str
    """Folded."""
    keys: tuple[str, ...]
    """Without blanks, as the keys of a title are."""

    @classmethod
    def of(cls, text: str) -> Typed:
        """Read what was typed."""
        folded = texts.fold(text)
        keys = texts.typed_keys(text)
        return cls(folded, tuple(key for key in keys if key != folded))

    @property
    def spellings(self) -> tuple[str, ...]:
        """The text and its keys."""
        return (self.text, *self.keys) if self.text else self.keys

    def begins(self, tail: str) -> bool:
        """Whether a stretch of a name begins so; a number that is written in other digits must end there."""
        if self.text and tail.startswith(self.text):
            return True
        return any(tail.startswith(key) and not _goes_on(key, tail, self.text) for key in self.keys)


def starts(name: Name) -> list[str]:
    """The stretches of a name that a reader begins with: the whole, a title without its article, a family name."""
    first, _, rest = name.folded.partition(" ")
    if name.kind == "person":
        return _tails(name.folded)
    whole = [name.folded, rest] if rest and first in _ARTICLES else [name.folded]
    return [start for start in dict.fromkeys((*whole, *name.keys)) if start]


def later_starts(name: Name) -> list[str]:
    """The stretches from any other word on: `knight rises`, `rises`; and these without blanks."""
    if name.kind == "person":
        return []
    tails = [tail for tail in _tails(name.folded) if tail not in starts(name)]
    joined = [tail.replace(" ", "") for tail in tails if " " in tail]
    inside = [
        key[place:] for key in name.keys if texts.unspaced(key) and " " not in key for place in range(1, len(key))
    ]
    return list(dict.fromkeys((*tails, *joined, *inside)))


def rank(found: Iterable[Name], typed: str, *, limit: int) -> list[Suggestion]:
    """The suggestions for what was typed: beginnings before later words, both before typos; the heaviest first.

    Args:
        found: names that may fit, in any order and more than once; those that do not fit are left out.
        typed: the text as typed.
        limit: the greatest number of suggestions.
    """
    text = Typed.of(typed)
    best: dict[str, tuple[tuple[int, float, str, int], Name]] = {}
    for name in found:
        tier = _tier(name, text)
        entry = ((tier, -name.weight, name.text, name.id or 0), name)
        if tier < _NO_FIT and (name.key not in best or entry[0] < best[name.key][0]):
            best[name.key] = entry
    ranked = sorted(best.values(), key=lambda entry: entry[0])
    return [Suggestion(name.kind, name.text, name.id, name.year) for _, name in ranked[:limit]]


_NO_FIT = 4


def _tier(name: Name, typed: Typed) -> int:
    """0: begins so, 1: a later word does, 2 and 3: the same but for one typo, 4: not at all."""
    first, later = starts(name), later_starts(name)
    tests = [any(map(typed.begins, first)), any(map(typed.begins, later))]
    if not any(tests) and len(typed.text) >= MIN_LETTERS_FOR_TYPO:
        tests += [
            any(_begins_nearly(tail, typed.text) for tail in first),
            any(_begins_nearly(tail, typed.text) for tail in later),
        ]
    return next((tier for tier, fits in enumerate(tests) if fits), _NO_FIT)


def _goes_on(key: str, tail: str, typed: str) -> bool:
    """Whether `2`, typed as `two`, is the beginning of a longer number: of `2012`."""
    digits = key[-1].isdecimal() and not typed.endswith(key[-1])
    return digits and tail[len(key) : len(key) + 1].isdecimal()


def _begins_nearly(text: str, typed: str) -> bool:
    return any(_one_edit_apart(text[:length], typed) for length in range(len(typed) - 1, len(typed) + 2))


def _one_edit_apart(one: str, other: str) -> bool:
    """Whether one letter more, less, changed, or two neighbours swapped makes them equal."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return swapped or short[at + 1 :] == long[at + 1 :]


def _billings(movie: Movie) -> dict[str, int]:
    billed = [*((name, 0) for name in movie.directors), *((name, WRITER_BILLING) for name in movie.writers)]
    billings: dict[str, int] = {}
    for name, billing in (*billed, *((member.name, max(0, member.order)) for member in movie.cast)):
        billings[name] = min(billing, billings.get(name, billing))
    return billings


def _tails(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[start:]) for start in range(len(words))]
