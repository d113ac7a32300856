"""Bounds of running time, rating, votes and age that a piece of a reading sets. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TypeVar

from core.types import Clause, Filters, Trait
from core.understanding import Piece
from engine.search.understanding.finders import runtimes, table_terms
from engine.search.understanding.tables import Term
from engine.search.understanding.vocabulary import Vocabulary

BEST_RATING, GOOD_RATING, BAD_RATING = 7.0, 6.5, 5.5
"""Mean votes from which on movies are among the best, or good, and down from which they are bad; half of TMDB 5000 lies
above 6.3."""
KNOWN_VOTES = 5
"""Tenth of the catalogue's vote counts from which a mean says something: the median."""
TENTHS = 10
"""Parts into which the catalogue's vote counts are divided."""
AT_LEAST = ">="
"""Before a least mean vote."""

Bound = TypeVar("Bound", int, float)


def runtime(filters: Filters, piece: Piece, vocabulary: Vocabulary) -> Filters:
    """The filters with a shortest and a longest running time."""
    value = piece.value
    if not piece.wanted:
        term = next((t for t in vocabulary.tables.terms if t.table == "length" and t.row["minutes"] == value), None)
        value = term.row["opposite"] if term is not None else value
    least, most = runtimes.bounds(value)
    return dataclasses.replace(
        filters,
        runtime_min=_tighter(filters.runtime_min, least, max),
        runtime_max=_tighter(filters.runtime_max, most, min),
    )


def rating(filters: Filters, piece: Piece, vocabulary: Vocabulary) -> Filters:
    """The filters with a least or a greatest mean vote, said in figures or in words, and bounds of votes."""
    if piece.value.startswith(AT_LEAST):
        least = float(piece.value.removeprefix(AT_LEAST))
        return dataclasses.replace(filters, rating_min=least, votes_min=_many(vocabulary))
    term = vocabulary.tables.term(piece.kind, piece.value)
    return _quality(filters, term, vocabulary) if term is not None and piece.wanted else filters


def age(piece: Piece, vocabulary: Vocabulary) -> tuple[Clause, ...]:
    """The years of release of what is wanted old, such as a classic; none for all else."""
    term = vocabulary.tables.term(piece.kind, piece.value)
    if not piece.wanted or term is None or term.row.get("age") != "classic":
        return ()
    return (Clause(Trait.YEARS, (f"-{vocabulary.gazetteer.newest_year - table_terms.CLASSIC_AGE}",)),)


def _quality(filters: Filters, term: Term, vocabulary: Vocabulary) -> Filters:
    votes = vocabulary.gazetteer.vote_counts
    if not votes:  # a catalogue without votes: there is nothing to filter by
        return filters
    said = {"high": BEST_RATING, "good": GOOD_RATING}.get(term.row.get("rating", "high"))
    if term.row.get("rating") == "low":
        most = _tighter(filters.rating_max, BAD_RATING, min)
        return dataclasses.replace(filters, rating_max=most, votes_min=max(filters.votes_min or 0, votes[3]))
    least = max(filters.rating_min or 0.0, said or 0.0)
    known = term.row.get("known_below")
    return dataclasses.replace(
        filters,
        rating_min=least or None,
        votes_min=_tighter(filters.votes_min, _many(vocabulary), max),
        votes_max=_tighter(filters.votes_max, votes[round(known * TENTHS)] if known else None, min),
    )


def _many(vocabulary: Vocabulary) -> int | None:
    """Votes from which a mean says something: the catalogue's median, 200 at most; None where nobody voted."""
    votes = vocabulary.gazetteer.vote_counts
    return min(votes[KNOWN_VOTES], 200) if votes else None


def _tighter(one: Bound | None, other: Bound | None, choose: Callable[[list[Bound]], Bound]) -> Bound | None:
    known = [bound for bound in (one, other) if bound is not None]
    return choose(known) if known else None
