"""Filters as queries of tantivy."""

from __future__ import annotations

import tantivy
from tantivy import FieldType, Occur, Query

from core import texts
from core.types import Clause, Filters, Trait
from indexer import documents
from indexer.analysis import traits
from indexer.schema import PHRASES

_LARGEST = 2**53
"""Bounds beyond it would not fit a column and mean no bound."""

Condition = tuple[Occur, Query]
"""A part of a boolean query that adds nothing to its score."""


def of_filters(schema: tantivy.Schema, filters: Filters) -> list[Condition]:
    """One condition per filter; a movie must meet them all."""
    genres = [_term(schema, "genre", texts.fold(genre)) for genre in filters.genres]
    either = [_any(genres)] if genres else []
    ranges = (
        ("year", FieldType.Integer, filters.year_from, filters.year_to),
        ("runtime", FieldType.Integer, filters.runtime_min, filters.runtime_max),
        ("votes", FieldType.Integer, filters.votes_min, filters.votes_max),
        ("rating", FieldType.Float, filters.rating_min, filters.rating_max),
    )
    queries = [
        *(genres if filters.all_genres else either),
        *([_term(schema, "language", filters.language)] if filters.language else []),
        *(_range(schema, *bounds) for bounds in ranges if bounds[2] is not None or bounds[3] is not None),
    ]
    wanted = [(Occur.Must, _unscored(query)) for query in queries]
    return [*wanted, *(of_clause(schema, clause) for clause in traits.clauses(filters))]


def of_clause(schema: tantivy.Schema, clause: Clause) -> Condition:
    """The condition of one clause."""
    return (Occur.Must if clause.wanted else Occur.MustNot, _unscored(having(schema, clause)))


def having(schema: tantivy.Schema, clause: Clause) -> Query:
    """The movies that have any of the clause's values, whether these are wanted or not."""
    if clause.trait is Trait.YEARS:
        return _any([_range(schema, "year", FieldType.Integer, *span) for span in traits.spans(clause)])
    if clause.trait is Trait.PHRASE:
        return _any([_phrase(schema, words) for words in map(documents.phrase_words, clause.values) if words])
    return _any([_term(schema, traits.FIELDS[clause.trait], term) for term in traits.required_terms(clause)])


def _any(queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else Query.empty_query()


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def _term(schema: tantivy.Schema, field: str, term: str) -> Query:
    return Query.term_query(schema, field, term, index_option="basic")


def _phrase(schema: tantivy.Schema, words: list[str]) -> Query:
    if len(words) == 1:  # tantivy takes two words at least for a phrase
        return _term(schema, PHRASES, words[0])
    return Query.phrase_query(schema, PHRASES, list(words))


def _range(schema: tantivy.Schema, field: str, kind: FieldType, least: float | None, most: float | None) -> Query:
    low, high = (-_LARGEST if least is None else least), (_LARGEST if most is None else most)
    as_number = float if kind is FieldType.Float else int
    low, high = (as_number(min(max(bound, -_LARGEST), _LARGEST)) for bound in (low, high))
    return Query.range_query(schema, field, kind, low, high)
