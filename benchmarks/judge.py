"""Whether the results of a search meet the conditions of a request; `requests/README.md` explains them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from core import texts
from core.types import Movie

FIRST_PAGE = 10
"""The number of results that are judged."""
MIN_VOTES = 200
"""The minimum number of votes for a rating to count."""
AMONG, FIRST, MOOD = "t", "f", "ml"
"""Keys about the whole list, and the key that is no condition."""
OTHER = frozenset({"x", "nx"})
"""Keys that only exclude movies."""
SEPARATOR = " | "

_KEY = re.compile(r"(?:^|\s)([A-Za-z]{1,2})=")
_BAR, _BAR_OR_COMMA = re.compile(r"\s*\|\s*"), re.compile(r"\s*[|,]\s*")
_IDS = frozenset({AMONG, FIRST, *OTHER})


@dataclass(frozen=True)
class Facts:
    """The facts of a movie that conditions are evaluated on."""

    movie: Movie
    people: frozenset[str]
    """Normalized names of the whole cast and crew."""
    countries: frozenset[str]
    """ISO 3166-1 codes of the production countries, and their normalized names."""

    @cached_property
    def words(self) -> str:
        """The normalized keywords and overview, separated from each other."""
        return _spaced((*self.movie.keywords, self.movie.overview))

    @cached_property
    def title(self) -> str:
        """The normalized title."""
        return _spaced([self.movie.title])

    @cached_property
    def companies(self) -> str:
        """The names of the production companies in lower case."""
        return SEPARATOR.join(self.movie.companies).casefold()


Catalogue = Mapping[int, Facts]
"""Every movie by its id."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition `key=value` of a request, with its values."""

    key: str
    values: tuple[str, ...]

    def meets(self, facts: Facts) -> bool:
        """Whether a movie meets the condition."""
        return _MEETS[self.key](facts, self.values)

    @property
    def ids(self) -> frozenset[int]:
        """The TMDB ids that the condition names."""
        return frozenset(map(int, self.values))


def parse(written: str) -> tuple[Condition, ...]:
    """Parse the conditions of a request; a value ends where the next key begins.

    Raises:
        ValueError: a condition is invalid; the message names it.
    """
    keys = list(_KEY.finditer(written))
    if not keys or written[: keys[0].start()].strip():
        raise ValueError(f"expected key=value pairs, got {written!r}")
    ends = [key.start() for key in keys[1:]] + [len(written)]
    return tuple(_condition(key[1], written[key.end() : end].strip()) for key, end in zip(keys, ends, strict=True))


def judge(conditions: Sequence[Condition], results: Sequence[int], catalogue: Catalogue) -> float | None:
    """Return how well the first ten results answer a request, 0 to 1; None if no movie of the catalogue meets it.

    It is the share of results that meet every condition, out of fewer than ten if the catalogue has fewer such movies.
    A movie that must be found or come first counts as met or not, and further conditions then describe the other
    results; the figure is the mean of these.
    """
    first_page = list(results[:FIRST_PAGE])
    named = [_is_found(one, first_page) for one in conditions if one.key in (AMONG, FIRST)]
    figures = [*named, *_share(conditions, first_page, catalogue)]
    return sum(figures) / len(figures) if figures else None


def meets(conditions: Iterable[Condition], facts: Facts) -> bool:
    """Whether a movie meets every condition about single movies."""
    return all(one.meets(facts) for one in conditions if one.key in _MEETS)


def _is_found(condition: Condition, first_page: Sequence[int]) -> float:
    depth = 1 if condition.key == FIRST else FIRST_PAGE
    return float(not condition.ids.isdisjoint(first_page[:depth]))


def _share(conditions: Sequence[Condition], first_page: Sequence[int], catalogue: Catalogue) -> Iterator[float]:
    """Yield the share of right results, if there are conditions about single movies that the catalogue can meet."""
    single = [one for one in conditions if one.key in _MEETS]
    named = {movie for one in conditions if one.key in (AMONG, FIRST) for movie in one.ids}
    if not single or (named and all(one.key in OTHER for one in single)):
        return
    places = FIRST_PAGE - len(named.intersection(first_page))
    right = (movie for movie, facts in catalogue.items() if movie not in named and meets(single, facts))
    wanted = len(list(islice(right, places)))
    if wanted:
        good = sum(meets(single, catalogue[movie]) for movie in first_page if movie not in named)
        yield min(1.0, good / wanted)


def _condition(key: str, value: str) -> Condition:
    if key not in _MEETS and key not in (AMONG, FIRST, MOOD):
        raise ValueError(f"unknown key {key!r}; expected one of {', '.join(sorted({*_MEETS, AMONG, FIRST, MOOD}))}")
    values = (_BAR_OR_COMMA if key in _IDS else _BAR).split(value)
    if not all(values) or (key in _IDS and not all(map(str.isdecimal, values))):
        raise ValueError(f"{key}={value}: expected {'ids' if key in _IDS else 'values'} separated by |")
    return Condition(key, tuple(values))


def _spaced(parts: Iterable[str]) -> str:
    return SEPARATOR.join(f" {texts.fold(part)} " for part in parts)


def _stands(text: str, value: str) -> bool:
    """Whether a value occurs in a normalized text as whole words, possibly in the plural."""
    folded = texts.fold(value)
    if folded not in text:  # avoids the pattern for nearly every text
        return False
    return re.search(rf" {re.escape(folded)}(?:e?s)? ", text) is not None


def _has_genre(facts: Facts, values: Sequence[str]) -> bool:
    return any(value in facts.movie.genres for value in values)


def _is_from_years(facts: Facts, values: Sequence[str]) -> bool:
    first, _, last = values[0].partition("-")
    year = facts.movie.year
    return year is not None and int(first or 0) <= year <= int(last or year)


def _is_in_language(facts: Facts, values: Sequence[str]) -> bool:
    return facts.movie.language in values


def _is_from_country(facts: Facts, values: Sequence[str]) -> bool:
    return any(value in facts.countries or texts.fold(value) in facts.countries for value in values)


def _has_person(facts: Facts, values: Sequence[str]) -> bool:
    return any(texts.fold(value) in facts.people for value in values)


def _has_company(facts: Facts, values: Sequence[str]) -> bool:
    return any(value.casefold() in facts.companies for value in values)


def _has_words(facts: Facts, values: Sequence[str]) -> bool:
    return any(_stands(facts.words, value) for value in values)


def _has_title(facts: Facts, values: Sequence[str]) -> bool:
    return any(_stands(facts.title, value) for value in values)


def _is_short(facts: Facts, values: Sequence[str]) -> bool:
    return facts.movie.runtime is not None and facts.movie.runtime <= int(values[0])


def _is_long(facts: Facts, values: Sequence[str]) -> bool:
    return facts.movie.runtime is not None and facts.movie.runtime >= int(values[0])


def _is_good(facts: Facts, values: Sequence[str]) -> bool:
    average = facts.movie.vote_average
    return average is not None and facts.movie.vote_count >= MIN_VOTES and average >= float(values[0])


def _is_one_of(facts: Facts, values: Sequence[str]) -> bool:
    return str(facts.movie.id) in values


def _not(check: Callable[[Facts, Sequence[str]], bool]) -> Callable[[Facts, Sequence[str]], bool]:
    return lambda facts, values: not check(facts, values)


_MEETS: Mapping[str, Callable[[Facts, Sequence[str]], bool]] = {
    "g": _has_genre,
    "ng": _not(_has_genre),
    "y": _is_from_years,
    "l": _is_in_language,
    "nl": _not(_is_in_language),
    "c": _is_from_country,
    "nc": _not(_is_from_country),
    "p": _has_person,
    "np": _not(_has_person),
    "s": _has_company,
    "k": _has_words,
    "r": _is_short,
    "R": _is_long,
    "q": _is_good,
    "nt": _not(_has_title),
    "x": _not(_is_one_of),
    "nx": _not(_is_one_of),
}
