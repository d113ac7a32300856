"""Elasticsearch requests as plain bodies. Pure: tests compare them as data.

`_msearch` does not return the scores of named queries, so every list is requested twice: with its own score and with
the other score instead. Only one column (`id`) is fetched per hit: reading the stored fields of 600 hits took most of a
search's time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core import texts
from core.ports import Match, Question, Vectors
from core.types import MAX_VOTE, Filters, Sort
from indexer import conditions, documents, moods, schema
from indexer.conditions import Body
from indexer.names.suggestions import MIN_LETTERS_FOR_TYPO, Typed

WINDOW = 10_000
"""The last rank that Elasticsearch returns by default (`index.max_result_window`), and its limit for `k`."""
HNSW_HORIZON = 1_000
"""Nearest movies whose cosine is known for candidates by words if the index is approximate."""
HNSW_EFFORT = 2.0
"""Candidates examined per requested movie unless the settings say otherwise: the recall that HNSW's defaults aim at."""
MAX_NAMED = 50
"""Movies named by the query that join the candidates: whole titles first, then the most popular."""
MAX_WORDS = 680
"""Maximum words of a question: six fields of as many stay within a small node's limit of 4,096 clauses."""
SUGGESTED_MOVIES = 60
"""Movies whose names are ranked for one suggestion: enough to include the names with the greatest weights."""
BEGINNING = 11
"""Letters of a typed text used for fuzzy suggestions; one less than the longest indexed prefix."""
LONGEST = 60
"""Characters of a typed text that are used; enough to identify any name."""

# Tiers of suggestions. They add up, so each exceeds the sum of those below it.
FITS_WHOLE, FITS_START, FITS_LATER, FITS_NEARLY = 8.0, 4.0, 2.0, 1.0

VECTOR, MULTILINGUAL = "vector", "vector_multilingual"
"""The fields of movie vectors, in the first and the second space."""

MAX_TERMS = 50_000
"""Ids in one clause; Elasticsearch accepts 65,536 (`index.max_terms_count`)."""

FACTS = (
    "id", "year", "vote_count", "vote_average", "popularity", "genre_list", "language", "runtime", "mood_scores",
    "terms", "neighbours",
)  # fmt: skip
"""Columns that candidates carry in addition to their scores."""

FACETS = {"genre": "genres", "decade": "decade", "language": "language", "mood": "mood_names"}
"""Facets and the columns that they count."""

_LUCENE_SCALE = 1 / (schema.BM25_K1 + 1)
"""Elasticsearch keeps the constant factor k1 + 1 in BM25; Lucene and the embedded engine omit it."""
_ONLY_COLUMNS: Body = {"_source": False, "stored_fields": "_none_", "track_total_hits": False}
_BY_POPULARITY = [{"popularity": "desc"}, {"id": "asc"}]
_ORDERS: dict[Sort, list[Body]] = {
    Sort.RELEVANCE: _BY_POPULARITY,
    Sort.POPULARITY: _BY_POPULARITY,
    Sort.RATING: [{"rating": "desc"}, {"id": "asc"}],
    Sort.NEWEST: [
        {"year": {"order": "desc", "missing": 0}},
        {"released": {"order": "desc", "missing": 0}},
        {"id": "asc"},
    ],
}


@dataclass(frozen=True, slots=True)
class Layout:
    """The properties of an index that queries depend on."""

    count: int
    exact: bool
    """Whether vectors are searched exactly (`flat`), so that the cosine of every movie is available."""
    shards: int = 1
    moods: tuple[str, ...] = ()
    """The moods that its movies are scored by."""
    effort: float = HNSW_EFFORT
    """Candidates examined per requested movie if the index is approximate (`num_candidates` over `k`)."""

    def examined(self, k: int) -> int:
        """Return how many candidates each shard examines for `k` movies."""
        return min(k if self.exact else math.ceil(k * self.effort), WINDOW)

    @property
    def horizon(self) -> int:
        """Number of nearest movies in which a candidate by words is looked up."""
        return max(1, min(self.count, WINDOW)) if self.exact else HNSW_HORIZON


@dataclass(frozen=True, slots=True)
class User:
    """A user's vector with the fields of the factors that it is compared with."""

    vector: Vectors
    field: str
    mark: str
    run: str


def candidates(question: Question, layout: Layout) -> dict[str, Body]:
    """Return the searches of a question, by name, all for one `_msearch`.

    `near` and `worded` are the two lists; `near_words` and `worded_near` the same movies with the other score; `titled`
    and `named` the movies matched by their whole titles and in any way, `titled_near` and `named_near` the same with
    the other score; `best` the best word score, ignoring filters; `merit` the best movies by the question's order,
    whose scores have to be requested by id (`scores`).
    """
    meets, worded, depth = conditions.of_filters(question.filters), words(question), min(question.depth, WINDOW)
    bodies: dict[str, Body] = {}
    if question.vector is not None and depth > 0:
        bodies |= _by_meaning(question, layout, depth=depth, meets=meets)
    if worded and depth > 0:
        bodies |= _by_words(question, layout, depth=depth, meets=meets, worded=worded)
    if worded and (meets or depth <= 0):
        bodies["best"] = _ids(worded, 1)
    if question.name:
        bodies |= _by_name(question, layout, meets=meets, worded=worded)
    if question.order and depth > 0:
        bodies["merit"] = _by_merit(question, layout, depth=depth, meets=meets)
    return bodies


def scores(question: Question, layout: Layout, ids: Sequence[int]) -> dict[str, Body]:
    """Return the searches for word scores and cosines of the movies `ids`, as far as the question needs them."""
    among: Body = {"terms": {"id": list(ids)}}
    worded = words(question)
    bodies: dict[str, Body] = {}
    if ids and worded:
        bodies["merit_words"] = _ids({"bool": {"must": [worded], "filter": [among]}}, len(ids))
    if ids and question.vector is not None:
        bodies["merit_near"] = _ids(_nearest(question, layout, k=len(ids), meets=[among]), len(ids))
    return bodies


def words(question: Question) -> Body | None:
    """Return the sum over fields of boost times BM25, or None if there are no words.

    Raises:
        ValueError: for a field that is not one of `schema.WORD_FIELDS`.
    """
    text = " ".join(documents.query_words(question.words)[:MAX_WORDS])
    for name, _ in question.fields:
        if name not in schema.WORD_FIELDS:
            raise ValueError(f"fields: expected some of {', '.join(schema.WORD_FIELDS)}, got {name!r}")
    fields = [
        {"match": {name: {"query": text, "boost": boost * _LUCENE_SCALE}}}
        for name, boost in question.fields
        if boost > 0
    ]
    return {"bool": {"should": fields}} if text and fields else None


def facts(ids: Sequence[int]) -> Body:
    """Return the search for the candidate columns of the movies `ids`."""
    return {**_ids({"terms": {"id": _possible(ids)}}, len(ids)), "docvalue_fields": list(FACTS), "sort": ["_doc"]}


def vectors(ids: Sequence[int], *, field: str = VECTOR) -> Body:
    """Return the search for the vectors of the movies `ids`, which Elasticsearch keeps out of `_source`."""
    return {**_ids({"terms": {"id": _possible(ids)}}, len(ids)), "docvalue_fields": ["id", field], "sort": ["_doc"]}


def whole(ids: Sequence[int], *, columns: Sequence[str]) -> Body:
    """Return the search for the complete movies `ids`, with some columns: everything their documents consist of."""
    body = {**_ids({"terms": {"id": _possible(ids)}}, len(ids)), "docvalue_fields": list(columns), "sort": ["_doc"]}
    return {name: part for name, part in body.items() if name != "stored_fields"} | {"_source": ["film"]}


def search_by_factors(user: User, layout: Layout, *, filters: Filters, without: Sequence[int], k: int) -> Body:
    """Return the search for the `k` movies with the greatest inner product that meet `filters`, except `without`."""
    ids = _possible(without)
    left_out = [{"terms": {"id": ids[start : start + MAX_TERMS]}} for start in range(0, len(ids), MAX_TERMS)]
    meets: Body = {"filter": [{"term": {user.mark: user.run}}, *conditions.of_filters(filters)]}
    knn = {
        "field": user.field,
        "query_vector": user.vector,
        "k": k,
        "num_candidates": layout.examined(k),
        "filter": {"bool": meets | ({"must_not": left_out} if left_out else {})},
    }
    return _ids({"knn": knn}, k)


def listing(filters: Filters, *, sort: Sort, offset: int, size: int) -> Body:
    """Return the search for a slice of the movies that meet `filters`, with exact counts and facets over them all."""
    return {
        **_ids({"bool": {"filter": [conditions.IS_MOVIE, *conditions.of_filters(filters)]}}, size),
        "from": offset,
        "sort": _ORDERS[sort],
        "track_total_hits": True,
        "aggs": {
            # More than the number of genres, decades, languages or moods: a truncated list would miscount the rest.
            name: {"terms": {"field": field, "size": 1_000}}
            for name, field in FACETS.items()
        },
    }


def suggestions(typed: Typed) -> dict[str, Body]:
    """Return the searches for movies whose titles or people may match the typed text; a superset, to be ranked."""
    nearly = typed.text[:BEGINNING].replace(" ", "_")
    forgiving = len(typed.text) >= MIN_LETTERS_FOR_TYPO
    people = (typed.text,) if typed.text else ()
    tiers = {
        "titles": ((("title_start", FITS_START), ("title_later", FITS_LATER)), typed.spellings),
        "people": ((("lead_start", FITS_START), ("person_start", FITS_LATER)), people),
    }
    beginnings = {"titles": "title_beginning", "people": "person_beginning"}
    return {
        name: _tiered(
            [
                *([_constant({"terms": {"title_start": list(spellings)}}, FITS_WHOLE)] if name == "titles" else []),
                *(_constant(_begins(field, spellings), boost) for field, boost in fields),
                *([_constant(_fuzzy(beginnings[name], nearly), FITS_NEARLY)] if forgiving else []),
            ]
        )
        for name, (fields, spellings) in tiers.items()
        if spellings
    }


def _by_meaning(question: Question, layout: Layout, *, depth: int, meets: list[Body]) -> dict[str, Body]:
    near, worded = _nearest(question, layout, k=depth, meets=meets), words(question)
    bodies = {"near": _ids(_with_name_clauses(near, question), depth)}
    return bodies | ({"near_words": _rescored(near, worded, depth=depth, layout=layout)} if worded else {})


def _by_words(question: Question, layout: Layout, *, depth: int, meets: list[Body], worded: Body) -> dict[str, Body]:
    found = {"bool": {"must": [worded], "filter": meets}} if meets else worded
    bodies = {"worded": _ids(_with_name_clauses(found, question), depth)}
    if question.vector is None:
        return bodies
    near = _nearest(question, layout, k=layout.horizon, meets=meets)
    return bodies | {"worded_near": _rescored(found, near, depth=depth, layout=layout)}


def _rescored(found: Body, other: Body, *, depth: int, layout: Layout) -> Body:
    """Return the search for the `depth` best hits of one query with the score of another, 0 if that does not match.

    Each shard rescores its own best hits, so all are requested: with only `depth`, the other score would choose.
    """
    instead = {"rescore_query": other, "query_weight": 0.0, "rescore_query_weight": 1.0}
    return {**_ids(found, min(depth * layout.shards, WINDOW)), "rescore": {"window_size": depth, "query": instead}}


def _by_name(question: Question, layout: Layout, *, meets: list[Body], worded: Body | None) -> dict[str, Body]:
    outright = {"bool": {"should": _naming(question.name), "minimum_should_match": 1}}
    titled = _named_clause(Match.TITLE, _ways(question.name)[Match.TITLE])
    popular = {"sort": _BY_POPULARITY, "track_scores": True}
    bodies: dict[str, Body] = {}
    for name, one in (("titled", titled), ("named", outright)):
        naming = _naming(question.name) if name == "titled" else []
        scored = [*([worded] if worded else []), *naming]
        bodies[name] = {**_ids({"bool": {"filter": [one, *meets], "should": scored}}, MAX_NAMED), **popular}
        if question.vector is not None:
            near = _nearest(question, layout, k=layout.horizon, meets=[one, *meets])
            bodies[f"{name}_near"] = {
                **_ids({"bool": {"filter": [one, *meets], "should": [near]}}, MAX_NAMED),
                **popular,
            }
    return bodies


def _by_merit(question: Question, layout: Layout, *, depth: int, meets: list[Body]) -> Body:
    """Return the search for the `depth` movies with the greatest weighted sum of columns; ties by id."""
    found: Body = {"bool": {"filter": [conditions.IS_MOVIE, *meets]}}
    factors = [
        {"field_value_factor": {"field": field, "missing": 0}, "weight": weight * scale}
        for column, weight in question.order
        for field, scale in _column(column, layout)
    ]
    replaced = {"query": found, "functions": factors, "score_mode": "sum", "boost_mode": "replace"}
    ranked: Body = {"function_score": replaced} if factors else found
    return {**_ids(_with_name_clauses(ranked, question), depth), "sort": ["_score", {"id": "asc"}]}


def _column(name: str, layout: Layout) -> list[tuple[str, float]]:
    """Return the field of a column of an order and the factor that scales it to 0 to 1; none for an unknown mood."""
    if name.startswith(moods.COLUMN):
        mood = name.removeprefix(moods.COLUMN)
        return [(mood_field(layout.moods.index(mood)), 1.0)] if mood in layout.moods else []
    return [(name, 1 / MAX_VOTE if name == "rating" else 1.0)]


def mood_field(position: int) -> str:
    """Return the field with the scores of the index's mood at `position`: mood names may be invalid fields (`a.b`)."""
    return f"moods.m{position}"


def _naming(name: str) -> list[Body]:
    """Return clauses for matches by name; they do not add to the score and are named by their `Match` bits."""
    return [_named_clause(match, way) for match, way in _ways(name).items()]


def _named_clause(match: Match, way: Body) -> Body:
    return {"constant_score": {"filter": way, "boost": 0.0, "_name": str(int(match))}}


def _ways(name: str) -> dict[Match, Body]:
    keys, person = list(texts.title_query_keys(name)), texts.fold(name)
    words = [{"term": {"title_word": word}} for word in texts.terms(name)]
    ways: dict[Match, Body] = {
        Match.TITLE: {"terms": {"title_key": keys}},
        Match.TITLE_PART: {"terms": {"title_part": keys}},
    }
    if words:
        ways |= {Match.TITLE_WORDS: {"bool": {"filter": words}}, Match.PERSON: {"term": {"person_name": person}}}
    return ways


def _with_name_clauses(query: Body, question: Question) -> Body:
    return {"bool": {"must": [query], "should": _naming(question.name)}} if question.name else query


def _nearest(question: Question, layout: Layout, *, k: int, meets: list[Body]) -> Body:
    assert question.vector is not None  # noqa: S101 (checked by the callers)
    field = MULTILINGUAL if question.multilingual else VECTOR
    knn: Body = {"field": field, "query_vector": question.vector, "k": k, "num_candidates": layout.examined(k)}
    return {"knn": {**knn, "filter": meets} if meets else knn}


def _possible(ids: Sequence[int]) -> list[int]:
    """Return the ids that fit a column: Elasticsearch rejects others."""
    return [movie for movie in ids if -conditions.LARGEST <= movie <= conditions.LARGEST]


def _ids(query: Body, size: int) -> Body:
    return {"query": query, "size": size, "docvalue_fields": ["id"], **_ONLY_COLUMNS}


def _tiered(tiers: list[Body]) -> Body:
    either = {"bool": {"should": tiers, "minimum_should_match": 1}}
    return {**_ids(either, SUGGESTED_MOVIES), "sort": ["_score", *_BY_POPULARITY]}


def _constant(query: Body, boost: float) -> Body:
    return {"constant_score": {"filter": query, "boost": boost}}


def _begins(field: str, spellings: Sequence[str]) -> Body:
    return {"bool": {"should": [{"prefix": {field: spelling}} for spelling in spellings]}}


def _fuzzy(field: str, value: str) -> Body:
    # Without the rewrite only the 50 best terms are examined, which misses most names with similar prefixes.
    return {"fuzzy": {field: {"value": value, "fuzziness": 1, "rewrite": "constant_score"}}}
