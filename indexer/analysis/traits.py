"""Filter terms: those indexed for a movie, and those that a clause matches. Pure, shared by both engines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from core import texts
from core.ports import IndexInfo
from core.types import Clause, Filters, Movie, Trait
from indexer import documents

FIELDS: Mapping[Trait, str] = {
    Trait.GENRE: "genre",
    Trait.LANGUAGE: "language",
    Trait.COUNTRY: "country",
    Trait.PERSON: "person_name",
    Trait.ACTOR: "actor",
    Trait.DIRECTOR: "director",
    Trait.COMPANY: "company",
    Trait.KEYWORD: "keyword",
    Trait.COLLECTION: "collection",
    Trait.MOOD: "mood",
    Trait.MOVIE: "movie",
    Trait.ADULT: "adult",
}
"""Fields of the traits' terms. Years are numbers and have none; phrases are searched in texts."""
ADULT = "yes"
"""The term of adult movies."""
_HIDDEN = Clause(Trait.ADULT, (ADULT,), wanted=False)
_AS_THEY_ARE = frozenset({Trait.LANGUAGE, Trait.MOVIE})
"""Traits whose values are codes or ids; all others are names and compared folded."""
_SPAN = re.compile(r"(?P<first>\d{0,9})-(?P<last>\d{0,9})")

Span = tuple[int | None, int | None]
"""First and last year; None for an open side."""


def terms(movie: Movie, moods: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return the terms of a movie by field, which clauses are compared with literally."""
    values: Mapping[Trait, Iterable[str]] = {
        Trait.GENRE: movie.genres,
        Trait.LANGUAGE: (movie.language,),
        Trait.COUNTRY: movie.countries,
        Trait.PERSON: movie.people,
        Trait.ACTOR: (member.name for member in movie.cast),
        Trait.DIRECTOR: movie.directors,
        Trait.COMPANY: movie.companies,
        Trait.KEYWORD: movie.keywords,
        Trait.COLLECTION: (movie.collection,),
        Trait.MOOD: moods,
        Trait.MOVIE: (str(movie.id),),
        Trait.ADULT: (ADULT,) if movie.adult else (),
    }
    return {FIELDS[trait]: _terms(trait, own) for trait, own in values.items()}


def visible(filters: Filters, info: IndexInfo) -> Filters:
    """Return the filters with a condition against adult movies, unless they are asked for or the index has none."""
    if filters.adult or not info.adult:
        return filters
    return replace(filters, clauses=(*filters.clauses, _HIDDEN))


def clauses(filters: Filters) -> tuple[Clause, ...]:
    """Return the conditions of `filters` compared by terms or ranges: its clauses, moods and person."""
    person = (Clause(Trait.PERSON, (filters.person,)),) if filters.person else ()
    moods = (Clause(Trait.MOOD, (mood,)) for mood in filters.moods)
    return (*person, *moods, *filters.clauses)


def required_terms(clause: Clause) -> list[str]:
    """Return the terms of which a movie must have one. If there are none, no movie meets the clause.

    Raises:
        ValueError: the clause is about years or a phrase.
    """
    if clause.trait not in FIELDS:
        raise ValueError(f"{clause.trait}: not compared as terms")
    return _terms(clause.trait, clause.values)


def spans(clause: Clause) -> list[Span]:
    """Return the ranges, one of which must contain a movie's year.

    Raises:
        ValueError: a value is not a range.
    """
    return [_span(value) for value in clause.values]


def meets(movie: Movie, filters: Filters, moods: Iterable[str] = ()) -> bool:
    """Whether a movie meets the clauses of `filters`, for filtering without an engine.

    Args:
        moods: the moods of the movie.
    """
    own = terms(movie, moods)
    return all(_has(movie, clause, own) is clause.wanted for clause in clauses(filters))


def _has(movie: Movie, clause: Clause, own: Mapping[str, list[str]]) -> bool:
    if clause.trait is Trait.PHRASE:
        return any(_contains(movie, phrase) for phrase in clause.values)
    if clause.trait is Trait.MOVIE:
        return str(movie.id) in clause.values
    if clause.trait is not Trait.YEARS:
        return not set(required_terms(clause)).isdisjoint(own[FIELDS[clause.trait]])
    year = movie.year
    return year is not None and any(
        (first is None or year >= first) and (last is None or year <= last) for first, last in spans(clause)
    )


def _contains(movie: Movie, phrase: str) -> bool:
    words = " ".join(documents.phrase_words(phrase))
    return bool(words) and any(f" {words} " in f" {text} " for text in documents.phrase_texts(movie))


def _terms(trait: Trait, values: Iterable[str]) -> list[str]:
    own = values if trait in _AS_THEY_ARE else map(texts.fold, values)
    return [value for value in dict.fromkeys(own) if value]


def _span(value: str) -> Span:
    found = _SPAN.fullmatch(value)
    if not found:
        raise ValueError(f"years: expected a range such as 1990-1999, 1990- or -1999, got {value!r}")
    first, last = found["first"], found["last"]
    return (int(first) if first else None, int(last) if last else None)
