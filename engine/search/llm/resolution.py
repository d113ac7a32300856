"""Resolution of values claimed by a language model to tables and catalogue; unresolved values are discarded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core import texts
from core.understanding import Piece, PieceKind
from engine.search.understanding.finders import figures, runtimes, table_terms
from engine.search.understanding.language import tokens
from engine.search.understanding.tables import Term
from engine.search.understanding.vocabulary import Vocabulary
from indexer.names.gazetteer import NamedMovie

CONFIDENCE = 0.7
"""Confidence of all pieces read by a model: below that of pieces the rules are sure of."""
FIRST_YEAR, LAST_YEAR = 1870, 2100
"""Bounds of plausible years: there are no earlier movies and no requests for later ones."""
YEARS_AHEAD = 2
"""How many years beyond the catalogue's newest movie a text may refer to."""
MAX_MINUTES = 1_000
_YEARS = re.compile(r"(\d{4})?-(\d{4})?")
_RUNTIME = re.compile(r"(?:<=|>=)\d{1,4}|\d{1,4}-\d{1,4}")
_CODE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A piece claimed by a model, with the position of its quote in the text."""

    kind: PieceKind
    value: str
    start: int
    end: int
    wanted: bool = True
    role: str = ""


def resolve(claimed: Claimed, vocabulary: Vocabulary) -> Piece | None:
    """Return the piece with the catalogue's names, or None if tables and catalogue have no such value."""
    found = _RESOLVERS[claimed.kind](claimed, vocabulary) if claimed.kind in _RESOLVERS else None
    if found is None:
        return None
    value, label, more = found
    return Piece(
        claimed.kind,
        value,
        label,
        claimed.start,
        claimed.end,
        wanted=claimed.wanted,
        confidence=CONFIDENCE,
        **more,
    )


_Found = tuple[str, str, dict[str, Any]] | None


def _genre(claimed: Claimed, vocabulary: Vocabulary) -> _Found:
    name = vocabulary.genre_names.get(_fold(claimed.value))
    if name is None:
        term = _term(claimed, vocabulary)
        name = vocabulary.genre_names.get(_fold(term.name)) if term is not None and term.table == "genre" else None
    return (name, name, {}) if name else None


def _listed(claimed: Claimed, vocabulary: Vocabulary) -> _Found:
    """Resolve to a row of the word tables: moods, audiences, quality, awards, …"""
    term = _term(claimed, vocabulary)
    return (term.name, term.label, {}) if term is not None else None


def _recency(claimed: Claimed, vocabulary: Vocabulary) -> _Found:
    term = _term(claimed, vocabulary)
    return (*table_terms.recency(term, vocabulary.gazetteer.newest_year), {}) if term is not None else None


def _years(claimed: Claimed, vocabulary: Vocabulary) -> _Found:
    match = _YEARS.fullmatch(claimed.value.strip())
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    newest = vocabulary.gazetteer.newest_year + YEARS_AHEAD
    low, high = int(first or FIRST_YEAR), int(last or newest)
    value = claimed.value.strip()
    return (value, figures.year_label(value), {}) if FIRST_YEAR <= low <= high <= LAST_YEAR and low <= newest else None


def _runtime(claimed: Claimed, vocabulary: Vocabulary) -> _Found:  # noqa: ARG001 - signature of all resolvers
    value = claimed.value.replace(" ", "")
    if not _RUNTIME.fullmatch(value):
        return None
    least, most = runtimes.bounds(value)
    if not 0 < (1 if least is None else least) <= (MAX_MINUTES if most is None else most) <= MAX_MINUTES:
        return None
    bound = f"{least} minutes or longer" if most is None else f"up to {most} minutes"
    return value, f"{least}–{most} minutes" if least is not None and most is not None else bound, {}


def _language(claimed: Claimed, vocabulary: Vocabulary) -> _Found:
    code = claimed.value.strip().lower()
    for term in _origins(vocabulary):
        languages = term.listed("language")
        if languages and (code in languages if _CODE.fullmatch(code) else _is_named(term, claimed.value)):
            return languages[0], term.label, {"names": languages}
    return None


def _country(claimed: Claimed, vocabulary: Vocabulary) -> _Found:
    wanted = _fold(claimed.value)
    for term in _origins(vocabulary):
        countries = term.listed("countries")
        if countries and (wanted in map(_fold, countries) or _is_named(term, claimed.value)):
            label = term.label if len(countries) > 1 else countries[0]
            return countries[0], label, {"names": tuple(map(_fold, countries))}
    return None


def _person(claimed: Claimed, vocabulary: Vocabulary) -> _Found:
    key = texts.fold(claimed.value)
    person = vocabulary.gazetteer.people.get(key)
    return (person.name, person.name, {"role": claimed.role, "names": (key,)}) if person is not None else None


def _studio(claimed: Claimed, vocabulary: Vocabulary) -> _Found:
    term = _term(claimed, vocabulary)
    begins = term.listed("companies") if term is not None else ()
    names = tuple(
        name for name in vocabulary.gazetteer.companies if any(name == b or name.startswith(f"{b} ") for b in begins)
    )
    return (term.name, term.label, {"names": names}) if term is not None and names else None


def _collection(claimed: Claimed, vocabulary: Vocabulary) -> _Found:
    gazetteer, name = vocabulary.gazetteer, texts.fold(claimed.value)
    for key in (name, f"the {name}"):
        if movies := gazetteer.by_series.get(key):
            return key, gazetteer.series_names.get(key, key), {"movies": tuple(movie.id for movie in movies)}
    return None


def _like(claimed: Claimed, vocabulary: Vocabulary) -> _Found:
    movie = _movie(claimed, vocabulary)
    return (str(movie.id), f"like {movie.title}", {"movies": (movie.id,)}) if movie is not None else None


def _title(claimed: Claimed, vocabulary: Vocabulary) -> _Found:
    movie = _movie(claimed, vocabulary)
    return (str(movie.id), movie.title, {"movies": (movie.id,)}) if movie is not None else None


def _role(claimed: Claimed, vocabulary: Vocabulary) -> _Found:
    movie = _movie(claimed, vocabulary)
    people = () if movie is None else tuple(name for name, _, _ in movie.leads[:1])
    if movie is None or not people:
        return None
    more = {"role": "actor", "movies": (movie.id,), "names": tuple(map(texts.fold, people))}
    return people[0], people[0], more


def _movie(claimed: Claimed, vocabulary: Vocabulary) -> NamedMovie | None:
    """Return the best-known movie with that title."""
    return next(iter(vocabulary.gazetteer.titled(claimed.value)), None)


def _term(claimed: Claimed, vocabulary: Vocabulary) -> Term | None:
    """Return the row of the tables with this name or phrase."""
    named = vocabulary.tables.term(claimed.kind, claimed.value.strip().lower())
    words = tokens.words(claimed.value)
    if named is not None or not words:
        return named
    count, terms = vocabulary.phrase(words, 0)
    return next((term for term in terms if count == len(words) and term.kind is claimed.kind), None)


def _origins(vocabulary: Vocabulary) -> list[Term]:
    return [term for term in vocabulary.tables.terms if term.table == "origin"]


def _is_named(term: Term, value: str) -> bool:
    return _fold(value) in {_fold(name) for name in (term.name, *term.listed("says"), *term.listed("places"))}


def _fold(text: str) -> str:
    return " ".join(tokens.words(text))


_RESOLVERS: dict[PieceKind, Callable[[Claimed, Vocabulary], _Found]] = {
    PieceKind.GENRE: _genre,
    PieceKind.MOOD: _listed,
    PieceKind.AUDIENCE: _listed,
    PieceKind.QUALITY: _listed,
    PieceKind.POPULARITY: _listed,
    PieceKind.AWARD: _listed,
    PieceKind.BASED_ON: _listed,
    PieceKind.RECENCY: _recency,
    PieceKind.YEARS: _years,
    PieceKind.RUNTIME: _runtime,
    PieceKind.LANGUAGE: _language,
    PieceKind.COUNTRY: _country,
    PieceKind.PERSON: _person,
    PieceKind.STUDIO: _studio,
    PieceKind.COLLECTION: _collection,
    PieceKind.LIKE: _like,
    PieceKind.TITLE: _title,
    PieceKind.ROLE: _role,
}
