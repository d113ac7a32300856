"""Filters as clauses of Elasticsearch: plain data. Pure."""

from __future__ import annotations

from typing import Any

from core import texts
from core.types import Clause, Filters, Trait
from indexer import documents
from indexer.analysis import traits
from indexer.schema import PHRASES

Body = dict[str, Any]
"""One clause of a request."""

LARGEST = 2**31 - 1
"""Bounds beyond it would not fit a column and mean no bound."""
IS_MOVIE: Body = {"exists": {"field": "id"}}
"""Met by every movie, and by nothing else that an index holds."""


def of_filters(filters: Filters) -> list[Body]:
    """One clause per filter; a movie must meet them all."""
    genres = [texts.fold(genre) for genre in filters.genres]
    have_genres = (
        [{"term": {"genre": genre}} for genre in genres] if filters.all_genres else [{"terms": {"genre": genres}}]
    )
    ranges = (
        ("year", filters.year_from, filters.year_to),
        ("runtime", filters.runtime_min, filters.runtime_max),
        ("vote_count", filters.votes_min, filters.votes_max),
        ("vote_average", filters.rating_min, filters.rating_max),
    )
    return [
        *(have_genres if genres else []),
        *([{"term": {"language": filters.language}}] if filters.language else []),
        *(_range(name, least, most) for name, least, most in ranges if least is not None or most is not None),
        *map(_of_clause, traits.clauses(filters)),
    ]


def _of_clause(clause: Clause) -> Body:
    # Everything but some movies would be every attachment too: a search for the nearest vectors gives documents that
    # have none where its filter lets them through.
    having = _having(clause)
    return having if clause.wanted else {"bool": {"filter": [IS_MOVIE], "must_not": [having]}}


def _having(clause: Clause) -> Body:
    """The movies that have any of the clause's values, whether these are wanted or not."""
    if clause.trait is Trait.PHRASE:
        return _any([_phrase(words) for words in map(documents.phrase_words, clause.values) if words])
    if clause.trait is not Trait.YEARS:
        return {"terms": {traits.FIELDS[clause.trait]: traits.required_terms(clause)}}
    return _any([_range("year", *span) for span in traits.spans(clause)])


def _any(bodies: list[Body]) -> Body:
    return {"bool": {"should": bodies, "minimum_should_match": 1}} if bodies else {"match_none": {}}


def _phrase(words: list[str]) -> Body:
    return {"match_phrase": {PHRASES: {"query": " ".join(words)}}}


def _range(name: str, least: float | None, most: float | None) -> Body:
    bounds = (("gte", least), ("lte", most))
    return {"range": {name: {side: min(max(bound, -LARGEST), LARGEST) for side, bound in bounds if bound is not None}}}
