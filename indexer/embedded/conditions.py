"""Clauses as tantivy queries."""

from __future__ import annotations

import tantivy
from tantivy import FieldType, Occur, Query

from core.types import Clause, Trait
from indexer import documents
from indexer.analysis import traits
from indexer.schema import PHRASES

_LARGEST = 10**9
"""Stands for an open side of a range; years have nine digits at most."""


def having(schema: tantivy.Schema, clause: Clause) -> Query:
    """Return the query for movies with any of the clause's values, wanted or not."""
    if clause.trait is Trait.YEARS:
        return any_of([_years(schema, *span) for span in traits.spans(clause)])
    if clause.trait is Trait.PHRASE:
        return any_of([_phrase(schema, words) for words in map(documents.phrase_words, clause.values) if words])
    return any_of([term(schema, traits.FIELDS[clause.trait], value) for value in traits.required_terms(clause)])


def any_of(queries: list[Query]) -> Query:
    """Return the query for movies that any of `queries` finds, none if there are none."""
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else Query.empty_query()


def term(schema: tantivy.Schema, field: str, value: str) -> Query:
    """Return the query for movies with a whole term in a field."""
    return Query.term_query(schema, field, value, index_option="basic")


def _phrase(schema: tantivy.Schema, words: list[str]) -> Query:
    if len(words) == 1:  # tantivy requires at least two words in a phrase
        return term(schema, PHRASES, words[0])
    return Query.phrase_query(schema, PHRASES, list(words))


def _years(schema: tantivy.Schema, first: int | None, last: int | None) -> Query:
    low, high = (-_LARGEST if first is None else first), (_LARGEST if last is None else last)
    return Query.range_query(schema, "year", FieldType.Integer, low, high)
