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
"""Results that are judged."""
MIN_VOTES = 200
"""Votes from which a rating counts."""
AMONG, FIRST, MOOD = "t", "f", "ml"
"""Keys about the whole list, and the one that is no condition."""
OTHER = frozenset({"x", "nx"})
"""Keys that rule movies out and ask for none."""
SEPARATOR = " | "

_KEY = re.compile(r"(?:^|\s)([A-Za-z]{1,2})=")
_BAR, _BAR_OR_COMMA = re.compile(r"\s*\|\s*"), re.compile(r"\s*[|,]\s*")
_IDS = frozenset({AMONG, FIRST, *OTHER})


@dataclass(frozen=True)
class Facts:
    """What a movie is judged by."""

    movie: Movie
    people: frozenset[str]
    """Folded names of the whole cast and crew."""
    countries: frozenset[str]
    """ISO 3166-1 codes of the countries of production, and their folded names."""

    @cached_property
    def words(self) -> str:
        """The folded keywords and overview, apart from one another."""
        return _spaced((*self.movie.keywords, self.movie.overview))

    @cached_property
    def title(self) -> str:
        """The folded title."""
        return _spaced([self.movie.title])

    @cached_property
    def companies(self) -> str:
        """The names of the production companies in small letters."""
        return SEPARATOR.join(self.movie.companies).casefold()


Catalogue = Mapping[int, Facts]
"""Every movie by its id."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One `key=value` of a request, its value split at the bars."""

    key: str
    values: tuple[str, ...]

    def meets(self, facts: Facts) -> bool:
        """Whether a movie meets it."""
        return _MEETS[self.key](facts, self.values)

    @property
    def ids(self) -> frozenset[int]:
        """The movies that it names."""
        return frozenset(map(int, self.values))


def parse(written: str) -> tuple[Condition, ...]:
    """The conditions of a request; a value ends where the next key begins.

    Raises:
        ValueError: names the condition that cannot be read.
    """
    keys = list(_KEY.finditer(written))
    if not keys or written[: keys[0].start()].strip():
        raise ValueError(f"expected key=value pairs, got {written!r}")
    ends = [key.start() for key in keys[1:]] + [len(written)]
    return tuple(_condition(key[1], written[key.end() : end].strip()) for key, end in zip(keys, ends, strict=True))


def judge(conditions: Sequence[Condition], results: Sequence[int], catalogue: Catalogue) -> float | None:
    """How well the first ten results answer a request, 0 to 1; None where the catalogue has nothing to answer it with.

    The share of results that meet every condition, of fewer than ten where the catalogue has fewer. Movies that must be
    found or come first count as found or not, and the other conditions then describe the other results; the request's
    figure is the mean of all these.
    """
    first_page = list(results[:FIRST_PAGE])
    named = [_is_found(one, first_page) for one in conditions if one.key in (AMONG, FIRST)]
    figures = [*named, *_share(conditions, first_page, catalogue)]
    return sum(figures) / len(figures) if figures else None


def meets(conditions: Iterable[Condition], facts: Facts) -> bool:
    """Whether a movie meets every condition that is about single movies."""
    return all(one.meets(facts) for one in conditions if one.key in _MEETS)


def _is_found(condition: Condition, first_page: Sequence[int]) -> float:
    depth = 1 if condition.key == FIRST else FIRST_PAGE
    return float(not condition.ids.isdisjoint(first_page[:depth]))


def _share(conditions: Sequence[Condition], first_page: Sequence[int], catalogue: Catalogue) -> Iterator[float]:
    """The share of right results, where something is asked of single movies and the catalogue has it."""
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
        raise ValueError(f"no key {key!r}; there are {', '.join(sorted({*_MEETS, AMONG, FIRST, MOOD}))}")
    values = (_BAR_OR_COMMA if key in _IDS else _BAR).split(value)
    if not all(values) or (key in _IDS and not all(map(str.isdecimal, values))):
        raise ValueError(f"{key}={value}: expected {'ids' if key in _IDS else 'values'} with | between them")
    return Condition(key, tuple(values))


def _spaced(parts: Iterable[str]) -> str:
    return SEPARATOR.join(f" {texts.fold(part)} " for part in parts)


def _stands(text: str, value: str) -> bool:
    """Whether a value stands in a folded text as whole words, be it in the plural."""
    folded = texts.fold(value)
    if folded not in text:  # spares the pattern in nearly every text
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
