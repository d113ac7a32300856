"""Why a movie is similar to another one: facts about both, read from their records. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from core import texts
from core.types import Movie, Relation, RelationKind
from indexer.names import series
from indexer.related.features import BILLED
from indexer.related.lists import Trait

SHOWN = 2
"""Names in a reason: more do not fit under a poster."""


def of_series(movie: Movie, other: Movie, *, number: int, part: int) -> Relation:
    """Return the relation of two movies of one series, the parts `number` and `part` of it."""
    if not series.continues(movie, other):
        if shared := series.shared_characters(movie, other):
            return Relation(RelationKind.CHARACTERS, tuple(shared[:SHOWN]))
    elif series.tells_on(movie, other):
        if part == number + 1 and not _before(other, movie):
            return Relation(RelationKind.SEQUEL)
        if part == number - 1 and not _before(movie, other):
            return Relation(RelationKind.PREVIOUS)
    return Relation(RelationKind.SERIES)


def of(movie: Movie, other: Movie, *, traits: Iterable[Trait], topics: Iterable[str]) -> Relation:
    """Return the first relation that holds.

    Args:
        traits: what contributes to the similarity, most first.
        topics: the folded keywords of `movie`, rarest first.
    """
    for trait in traits:
        if found := _fact(movie, other, trait, topics):
            return found
    return Relation(RelationKind.STORY)


def _fact(movie: Movie, other: Movie, trait: Trait, topics: Iterable[str]) -> Relation | None:
    if trait is Trait.MEANING:
        return Relation(RelationKind.STORY)
    if trait is Trait.MAKERS:
        directors = _shared(movie.directors, other.directors)
        return _named(RelationKind.DIRECTOR, directors) or _named(
            RelationKind.WRITER, _shared(movie.writers, other.writers)
        )
    if trait is Trait.CAST:
        return _named(RelationKind.CAST, _shared(_leads(movie), _leads(other)))
    if trait is Trait.KEYWORDS:
        theirs = {texts.fold(keyword) for keyword in other.keywords}
        return _named(RelationKind.KEYWORDS, [topic for topic in topics if texts.fold(topic) in theirs])
    return _named(RelationKind.GENRES, _shared(movie.genres, other.genres))


def _named(kind: RelationKind, names: Iterable[str]) -> Relation | None:
    shown = tuple(names)[:SHOWN]
    return Relation(kind, shown) if shown else None


def _shared(own: Iterable[str], theirs: Iterable[str]) -> list[str]:
    known = {texts.fold(name) for name in theirs}
    return [name for name in dict.fromkeys(own) if texts.fold(name) in known]


def _leads(movie: Movie) -> list[str]:
    return [member.name for member in sorted(movie.cast, key=lambda member: member.order)[:BILLED]]


def _before(one: Movie, other: Movie) -> bool:
    """Return whether one movie was released before another, as far as is known."""
    return bool(one.year and other.year and one.year < other.year)
