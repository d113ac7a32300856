"""Why a movie is similar to another one: facts about both, read from their records. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core import texts
from core.types import Movie, Relation, RelationKind
from indexer.names import series
from indexer.related.lists import Trait

SHOWN = 2
"""Names in a reason: more do not fit under a poster."""
STARS = 3
"""Billings of the actors that are named."""
NOTABLE = 0.03
"""What keywords add to a score at least if they are the reason."""
NEAR_STORY = 0.2
"""What meaning adds to a score at least, beyond the mean of all movies, for a similar story."""


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


def of(
    movie: Movie, other: Movie, *, terms: Mapping[Trait, float], topics: Iterable[str], taste: float = 0.0
) -> Relation:
    """Return the most telling relation that holds.

    A common director says more than that the stories are near, whatever adds more to the score.

    Args:
        terms: what each trait adds to the score beyond the mean of all movies.
        topics: the folded keywords of `movie`, rarest first.
        taste: what taste adds to the score beyond the mean of the list; 0 without ratings.
    """
    if found := _named(RelationKind.DIRECTOR, _shared(movie.directors, other.directors)):
        return found
    if taste > max(terms.values()):
        return Relation(RelationKind.TASTE)
    return _fact(movie, other, terms, topics) or _nearness(movie, other, terms, taste)


def _fact(movie: Movie, other: Movie, terms: Mapping[Trait, float], topics: Iterable[str]) -> Relation | None:
    """Return what both have in common, from the most to the least telling: keywords, writers, leading actors."""
    theirs = {texts.fold(keyword) for keyword in other.keywords}
    shared = [topic for topic in topics if topic in theirs] if terms[Trait.KEYWORDS] >= NOTABLE else []
    return (
        _named(RelationKind.KEYWORDS, shared)
        or _named(RelationKind.WRITER, _shared(movie.writers, other.writers))
        or _named(RelationKind.CAST, _shared(_leads(movie), _leads(other)))
    )


def _nearness(movie: Movie, other: Movie, terms: Mapping[Trait, float], taste: float) -> Relation:
    genres = _named(RelationKind.GENRES, _shared(movie.genres, other.genres))
    if genres is not None and len(genres.values) > 1 and terms[Trait.GENRES] > terms[Trait.MEANING]:
        return genres
    if terms[Trait.MEANING] >= NEAR_STORY or (taste <= 0 and genres is None):
        return Relation(RelationKind.STORY)
    return genres if taste <= 0 and genres is not None else Relation(RelationKind.TASTE)


def _named(kind: RelationKind, names: Iterable[str]) -> Relation | None:
    shown = tuple(names)[:SHOWN]
    return Relation(kind, shown) if shown else None


def _shared(own: Iterable[str], theirs: Iterable[str]) -> list[str]:
    known = {texts.fold(name) for name in theirs}
    return [name for name in dict.fromkeys(own) if texts.fold(name) in known]


def _leads(movie: Movie) -> list[str]:
    return [member.name for member in sorted(movie.cast, key=lambda member: member.order)[:STARS]]


def _before(one: Movie, other: Movie) -> bool:
    """Return whether one movie was released before another, as far as is known."""
    return bool(one.year and other.year and one.year < other.year)
