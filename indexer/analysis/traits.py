"""What clauses ask of movies: the terms that both engines index of a movie, and those that a clause looks for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from core import texts
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
}
"""Field that holds the terms of a trait. Years are a number and have none; phrases are looked for in texts."""
_AS_THEY_ARE = frozenset({Trait.LANGUAGE, Trait.MOVIE})
"""Traits whose values are codes or ids; all others are names and compared folded."""
_SPAN = re.compile(r"(?P<first>\d{0,9})-(?P<last>\d{0,9})")

Span = tuple[int | None, int | None]
"""First and last year; None where that side is open."""


def terms(movie: Movie, moods: Iterable[str] = ()) -> dict[str, list[str]]:
    """The terms of a movie by field: what clauses are compared with, letter by letter."""
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
    }
    return {FIELDS[trait]: _terms(trait, own) for trait, own in values.items()}


def clauses(filters: Filters) -> tuple[Clause, ...]:
    """The conditions of `filters` that are compared by terms or spans: its clauses, its moods and its person."""
    person = (Clause(Trait.PERSON, (filters.person,)),) if filters.person else ()
    moods = (Clause(Trait.MOOD, (mood,)) for mood in filters.moods)
    return (*person, *moods, *filters.clauses)


def required_terms(clause: Clause) -> list[str]:
    """The terms of which a movie must have one. Without any, no movie meets the clause.

    Raises:
        ValueError: the clause is about years or a phrase.
    """
    if clause.trait not in FIELDS:
        raise ValueError(f"{clause.trait}: not compared as terms")
    return _terms(clause.trait, clause.values)


def spans(clause: Clause) -> list[Span]:
    """The spans of years in one of which a movie's year must lie.

    Raises:
        ValueError: a value is no span.
    """
    return [_span(value) for value in clause.values]


def meets(movie: Movie, filters: Filters, moods: Iterable[str] = ()) -> bool:
    """Whether a movie meets the clauses of `filters`, for whoever filters without an engine.

    Args:
        moods: the moods that the movie belongs to.
    """
    own = terms(movie, moods)
    return all(_has(movie, clause, own) is clause.wanted for clause in clauses(filters))


def _has(movie: Movie, clause: Clause, own: Mapping[str, list[str]]) -> bool:
    if clause.trait is Trait.PHRASE:
        return any(_says(movie, phrase) for phrase in clause.values)
    if clause.trait is not Trait.YEARS:
        return not set(required_terms(clause)).isdisjoint(own[FIELDS[clause.trait]])
    year = movie.year
    return year is not None and any(
        (first is None or year >= first) and (last is None or year <= last) for first, last in spans(clause)
    )


def _says(movie: Movie, phrase: str) -> bool:
    words = " ".join(documents.phrase_words(phrase))
    return bool(words) and any(f" {words} " in f" {text} " for text in documents.phrase_texts(movie))


def _terms(trait: Trait, values: Iterable[str]) -> list[str]:
    own = values if trait in _AS_THEY_ARE else map(texts.fold, values)
    return [value for value in dict.fromkeys(own) if value]


def _span(value: str) -> Span:
    found = _SPAN.fullmatch(value)
    if not found:
        raise ValueError(f"years: expected a span such as 1990-1999, 1990- or -1999, got {value!r}")
    first, last = found["first"], found["last"]
    return (int(first) if first else None, int(last) if last else None)
