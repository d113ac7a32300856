"""As-you-type suggestions: matching names and their order. Pure; shared by both engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core import texts
from core.types import Movie, MovieId, Suggestion

MIN_LETTERS_FOR_TYPO = 4
"""Shorter texts are too close to too many names to tolerate a typo."""
WRITER_BILLING = 1
"""A writer weighs like the second-billed actor; a director like the first."""
_ARTICLES = frozenset({"a", "an", "the"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name that can be suggested: a movie's title, or a person."""

    kind: str
    """`movie` or `person`."""
    text: str
    folded: str
    """The folded name compared with the typed text: for a movie its title or its original title."""
    weight: float
    """A movie's popularity; for a person that of their most prominent role: popularity / (1 + billing)."""
    id: MovieId | None = None
    year: int | None = None
    keys: tuple[str, ...] = ()
    """For a movie, the keys of that title (`texts.title_keys`): its other spellings, without spaces."""

    @property
    def key(self) -> str:
        """Identifies what is suggested only once: a movie, or all people of the same name."""
        return f"movie {self.id}" if self.kind == "movie" else f"person {self.folded}"


def names(movie: Movie) -> Iterator[Name]:
    """Yield the names that can be suggested for a movie: its titles and its people; none for an adult movie."""
    if movie.adult:
        return
    titles = {texts.fold(title): title for title in reversed(movie.titles)}
    for folded, title in titles.items():
        if keys := texts.title_keys(title, "", movie.year):
            yield Name("movie", movie.title, folded, movie.popularity, movie.id, movie.year, keys)
    for name, billing in _billings(movie).items():
        if folded := texts.fold(name):
            yield Name("person", name, folded, movie.popularity / (1 + billing))


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed text in every spelling that a name may start with."""

    text: str
    """Folded."""
    keys: tuple[str, ...]
    """Without spaces, like the keys of a title."""

    @classmethod
    def of(cls, text: str) -> Typed:
        """Create it from the typed text."""
        folded = texts.fold(text)
        keys = texts.typed_keys(text)
        return cls(folded, tuple(key for key in keys if key != folded))

    @property
    def spellings(self) -> tuple[str, ...]:
        """The text and its keys."""
        return (self.text, *self.keys) if self.text else self.keys

    def begins(self, tail: str) -> bool:
        """Whether part of a name starts with the text; a number written in other digits must end there."""
        if self.text and tail.startswith(self.text):
            return True
        return any(tail.startswith(key) and not _continues_number(key, tail, self.text) for key in self.keys)


def starts(name: Name) -> list[str]:
    """Return the parts of a name where readers start: the whole, a title without its article, a family name."""
    first, _, rest = name.folded.partition(" ")
    if name.kind == "person":
        return _tails(name.folded)
    whole = [name.folded, rest] if rest and first in _ARTICLES else [name.folded]
    return [start for start in dict.fromkeys((*whole, *name.keys)) if start]


def later_starts(name: Name) -> list[str]:
    """Return the rest of a name from every later word on: `knight rises`, `rises`; and these without spaces."""
    if name.kind == "person":
        return []
    tails = [tail for tail in _tails(name.folded) if tail not in starts(name)]
    joined = [tail.replace(" ", "") for tail in tails if " " in tail]
    inside = [
        key[place:] for key in name.keys if texts.unspaced(key) and " " not in key for place in range(1, len(key))
    ]
    return list(dict.fromkeys((*tails, *joined, *inside)))


def rank(found: Iterable[Name], typed: str, *, limit: int) -> list[Suggestion]:
    """Rank suggestions: whole titles, prefixes, prefixes of later words, then typos; greatest weight first.

    Args:
        found: candidate names, in any order and possibly repeated; those that do not match are dropped.
        typed: the text as typed.
        limit: the maximum number of suggestions.
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


_NO_FIT = 5


def _tier(name: Name, typed: Typed) -> int:
    """Return 0 for a whole title, 1 for a prefix, 2 for one of a later word, 3 and 4 for these with a typo; else 5."""
    first, later = starts(name), later_starts(name)
    whole = name.kind == "movie" and not set(first).isdisjoint(typed.spellings)
    tests = [whole, any(map(typed.begins, first)), any(map(typed.begins, later))]
    if not any(tests) and len(typed.text) >= MIN_LETTERS_FOR_TYPO:
        tests += [
            any(_almost_begins(tail, typed.text) for tail in first),
            any(_almost_begins(tail, typed.text) for tail in later),
        ]
    return next((tier for tier, fits in enumerate(tests) if fits), _NO_FIT)


def _continues_number(key: str, tail: str, typed: str) -> bool:
    """Whether `2`, typed as `two`, starts a longer number such as `2012`."""
    digits = key[-1].isdecimal() and not typed.endswith(key[-1])
    return digits and tail[len(key) : len(key) + 1].isdecimal()


def _almost_begins(text: str, typed: str) -> bool:
    return any(_one_edit_apart(text[:length], typed) for length in range(len(typed) - 1, len(typed) + 2))


def _one_edit_apart(one: str, other: str) -> bool:
    """Whether one insertion, deletion, substitution or transposition makes them equal."""
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
