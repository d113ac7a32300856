"""Bounds on runtime, rating, votes and age set by a piece. Pure."""

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
"""Minimum mean votes of the best and of good movies, and maximum of bad ones; the median of TMDB 5000 is 6.3."""
KNOWN_VOTES = 5
"""Decile of the catalogue's vote counts from which a mean is reliable: the median."""
TENTHS = 10
"""Number of quantiles of the catalogue's vote counts."""
AT_LEAST = ">="
"""Prefix of a minimum mean vote."""

Bound = TypeVar("Bound", int, float)


def runtime(filters: Filters, piece: Piece, vocabulary: Vocabulary) -> Filters:
    """Add minimum and maximum runtime to the filters."""
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
    """Add minimum or maximum mean vote, given in figures or words, and bounds on the number of votes to the filters."""
    if piece.value.startswith(AT_LEAST):
        least = float(piece.value.removeprefix(AT_LEAST))
        return dataclasses.replace(filters, rating_min=least, votes_min=_many(vocabulary))
    term = vocabulary.tables.term(piece.kind, piece.value)
    return _quality(filters, term, vocabulary) if term is not None and piece.wanted else filters


def age(piece: Piece, vocabulary: Vocabulary) -> tuple[Clause, ...]:
    """Return the release years of a piece that asks for old movies, such as a classic; none for other pieces."""
    term = vocabulary.tables.term(piece.kind, piece.value)
    if not piece.wanted or term is None or term.row.get("age") != "classic":
        return ()
    return (Clause(Trait.YEARS, (f"-{vocabulary.gazetteer.newest_year - table_terms.CLASSIC_AGE}",)),)


def _quality(filters: Filters, term: Term, vocabulary: Vocabulary) -> Filters:
    votes = vocabulary.gazetteer.vote_counts
    if not votes:  # a catalogue without votes has nothing to filter by
        return filters
    rated = {"high": BEST_RATING, "good": GOOD_RATING}.get(term.row.get("rating", "high"))
    if term.row.get("rating") == "low":
        most = _tighter(filters.rating_max, BAD_RATING, min)
        return dataclasses.replace(filters, rating_max=most, votes_min=max(filters.votes_min or 0, votes[3]))
    least = max(filters.rating_min or 0.0, rated or 0.0)
    known = term.row.get("known_below")
    return dataclasses.replace(
        filters,
        rating_min=least or None,
        votes_min=_tighter(filters.votes_min, _many(vocabulary), max),
        votes_max=_tighter(filters.votes_max, votes[round(known * TENTHS)] if known else None, min),
    )


def _many(vocabulary: Vocabulary) -> int | None:
    """Return the number of votes for a reliable mean: the catalogue's median, at most 200; None without votes."""
    votes = vocabulary.gazetteer.vote_counts
    return min(votes[KNOWN_VOTES], 200) if votes else None


def _tighter(one: Bound | None, other: Bound | None, choose: Callable[[list[Bound]], Bound]) -> Bound | None:
    known = [bound for bound in (one, other) if bound is not None]
    return choose(known) if known else None
