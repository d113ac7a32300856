"""Elasticsearch requests, compared as data."""

from __future__ import annotations

import numpy as np
import pytest

from core.ports import Match, Question, Vectors
from core.types import Clause, Filters, Sort, Trait
from indexer import conditions, queries, schema
from indexer.conditions import Body
from indexer.names.suggestions import Typed
from indexer.queries import Layout

VECTOR: Vectors = np.array([0.6, 0.8], dtype=np.float32)
EXACT = Layout(count=4_803, exact=True)
GRAPH = Layout(count=200_000, exact=False)
LUCENE = 1 / (schema.BM25_K1 + 1)


def knn(body: Body) -> Body:
    """Return the nearest-neighbour clause of a query."""
    clause: Body = body["knn"]
    return clause


def test_a_list_by_words_fetches_only_ids() -> None:
    match = {"match": {"text": {"query": "space war", "boost": LUCENE}}}
    assert queries.candidates(Question(words="Space war", depth=7), EXACT) == {
        "worded": {
            "query": {"bool": {"should": [match]}},
            "size": 7,
            "docvalue_fields": ["id"],
            "_source": False,
            "stored_fields": "_none_",
            "track_total_hits": False,
        }
    }


def test_a_list_by_meaning_requests_the_nearest_movies() -> None:
    bodies = queries.candidates(Question(vector=VECTOR, depth=7), EXACT)
    assert list(bodies) == ["near"]
    clause = knn(bodies["near"]["query"])
    assert clause.pop("query_vector") is VECTOR
    assert clause == {"field": "vector", "k": 7, "num_candidates": 7}


def test_each_list_is_requested_again_with_the_other_score() -> None:
    bodies = queries.candidates(Question(words="war", vector=VECTOR, depth=7), EXACT)
    assert list(bodies) == ["near", "near_words", "worded", "worded_near"]
    for own, again, other in (("near", "near_words", "worded"), ("worded", "worded_near", "near")):
        assert bodies[again]["query"] == bodies[own]["query"]
        rescore = bodies[again]["rescore"]
        assert rescore["window_size"] == 7
        assert rescore["query"]["query_weight"] == 0
        assert rescore["query"]["rescore_query"].keys() == bodies[other]["query"].keys()


def test_the_cosine_of_every_movie_is_known_if_the_search_is_exact() -> None:
    for layout, horizon in ((EXACT, 4_803), (GRAPH, queries.HNSW_HORIZON), (Layout(count=0, exact=True), 1)):
        bodies = queries.candidates(Question(words="war", vector=VECTOR), layout)
        assert knn(bodies["worded_near"]["rescore"]["query"]["rescore_query"])["k"] == horizon


def test_a_graph_examines_more_movies_than_it_returns() -> None:
    clause = knn(queries.candidates(Question(vector=VECTOR, depth=300), GRAPH)["near"]["query"])
    assert clause["num_candidates"] == queries.HNSW_EFFORT * 300
    thorough = Layout(count=200_000, exact=False, effort=4.5)
    assert (thorough.examined(100), thorough.examined(9_000), EXACT.examined(300)) == (450, queries.WINDOW, 300)


def test_with_several_shards_every_rescored_hit_of_each_is_returned() -> None:
    bodies = queries.candidates(Question(words="war", vector=VECTOR, depth=300), Layout(4_803, exact=True, shards=3))
    assert [bodies[name]["size"] for name in ("near", "near_words", "worded", "worded_near")] == [300, 900, 300, 900]


def test_no_list_is_longer_than_the_window() -> None:
    bodies = queries.candidates(Question(words="war", vector=VECTOR, depth=10**9), GRAPH)
    assert {body["size"] for body in bodies.values()} == {queries.WINDOW}
    assert knn(bodies["near"]["query"])["num_candidates"] == queries.WINDOW


def test_a_word_typed_twice_counts_once_and_accents_do_not_matter() -> None:
    asked = queries.words(Question(words="Amélie, amelie! AMELIE"))
    assert asked == {"bool": {"should": [{"match": {"text": {"query": "amelie", "boost": LUCENE}}}]}}


def test_word_fields_are_summed_by_their_boosts() -> None:
    asked = queries.words(Question(words="war", fields=(("title", 3.0), ("text", 1.0), ("plot", 0.0))))
    assert asked is not None
    boosts = {name: match["boost"] for part in asked["bool"]["should"] for name, match in part["match"].items()}
    assert boosts == {"title": pytest.approx(3 * LUCENE), "text": pytest.approx(LUCENE)}


def test_an_unknown_word_field_is_rejected() -> None:
    with pytest.raises(ValueError, match="expected some of text, title, people, plot, keywords, tags, got 'plto'"):
        queries.words(Question(words="war", fields=(("plto", 1.0),)))


def test_punctuation_alone_gives_no_query() -> None:
    assert queries.words(Question(words="?! …")) is None
    assert queries.candidates(Question(words="?!"), EXACT) == {}


def test_a_long_post_stays_within_the_clause_limit_of_a_small_node() -> None:
    asked = queries.words(Question(words=" ".join(map(str, range(5_000)))))
    assert asked is not None
    words = asked["bool"]["should"][0]["match"]["text"]["query"].split()
    assert len(words) * len(schema.WORD_FIELDS) <= 4_096


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), []),
        (
            Filters(genres=("Science Fiction", "war")),
            [{"term": {"genre": "science fiction"}}, {"term": {"genre": "war"}}],
        ),
        (Filters(genres=("Drama", "War"), all_genres=False), [{"terms": {"genre": ["drama", "war"]}}]),
        (Filters(person="Penélope Cruz"), [{"terms": {"person_name": ["penelope cruz"]}}]),
        (Filters(moods=("Feel-good",)), [{"terms": {"mood": ["feel good"]}}]),
        (Filters(clauses=(Clause(Trait.COMPANY, ("Pixar", "PIXAR", "?")),)), [{"terms": {"company": ["pixar"]}}]),
        (
            Filters(clauses=(Clause(Trait.YEARS, ("-1969",), wanted=False),)),
            [
                {
                    "bool": {
                        "filter": [{"exists": {"field": "id"}}],
                        "must_not": [
                            {"bool": {"should": [{"range": {"year": {"lte": 1969}}}], "minimum_should_match": 1}}
                        ],
                    }
                }
            ],
        ),
        (Filters(language="fr"), [{"term": {"language": "fr"}}]),
        (Filters(year_from=1990, year_to=1999), [{"range": {"year": {"gte": 1990, "lte": 1999}}}]),
        (Filters(runtime_min=60), [{"range": {"runtime": {"gte": 60}}}]),
        (Filters(runtime_max=90), [{"range": {"runtime": {"lte": 90}}}]),
        (Filters(votes_min=0), [{"range": {"vote_count": {"gte": 0}}}]),
        (Filters(votes_max=90), [{"range": {"vote_count": {"lte": 90}}}]),
        (Filters(rating_min=7.5), [{"range": {"vote_average": {"gte": 7.5}}}]),
        (Filters(rating_max=5.5), [{"range": {"vote_average": {"lte": 5.5}}}]),
        (Filters(year_to=10**12), [{"range": {"year": {"lte": 2**31 - 1}}}]),
    ],
)
def test_every_filter_is_a_separate_clause(filters: Filters, expected: list[Body]) -> None:
    assert conditions.of_filters(filters) == expected


def test_filters_apply_inside_both_searches_and_not_to_the_best_word_score() -> None:
    filtered = Question(words="war", vector=VECTOR, filters=Filters(language="fr"))
    bodies = queries.candidates(filtered, EXACT)
    french = [{"term": {"language": "fr"}}]
    assert knn(bodies["near"]["query"])["filter"] == french
    assert bodies["worded"]["query"]["bool"]["filter"] == french
    assert bodies["best"]["query"] == queries.words(filtered)
    assert bodies["best"]["size"] == 1


def test_movies_named_by_the_query_join_by_popularity_with_both_scores() -> None:
    bodies = queries.candidates(Question(words="alien", vector=VECTOR, name="alien"), EXACT)
    for name, score in (("named", "bool"), ("named_near", "knn")):
        assert bodies[name]["size"] == queries.MAX_NAMED
        assert bodies[name]["sort"] == [{"popularity": "desc"}, {"id": "asc"}]
        assert bodies[name]["track_scores"] is True
        assert list(bodies[name]["query"]["bool"]["should"][0]) == [score]


def test_names_match_in_four_ways_that_do_not_add_to_the_score() -> None:
    bodies = queries.candidates(Question(words="tom hanks", name="tom hanks"), EXACT)
    ways = {
        way["constant_score"]["_name"]: way["constant_score"] for way in bodies["worded"]["query"]["bool"]["should"]
    }
    assert {way["boost"] for way in ways.values()} == {0.0}
    assert {name: way["filter"] for name, way in ways.items()} == {
        str(int(Match.TITLE)): {"terms": {"title_key": ["tomhanks"]}},
        str(int(Match.TITLE_PART)): {"terms": {"title_part": ["tomhanks"]}},
        str(int(Match.TITLE_WORDS)): {
            "bool": {"filter": [{"term": {"title_word": "tom"}}, {"term": {"title_word": "hanks"}}]}
        },
        str(int(Match.PERSON)): {"term": {"person_name": "tom hanks"}},
    }


def test_an_order_weighs_its_columns_and_breaks_ties_by_id() -> None:
    layout = Layout(count=4_803, exact=True, moods=("cozy", "grim"))
    order = (("rating", 2.0), ("prominence", 0.5), ("mood:grim", 1.0), ("mood:unheard of", 1.0))
    body = queries.candidates(Question(order=order, depth=7), layout)["merit"]
    found = body["query"]["function_score"]
    weights = {part["field_value_factor"]["field"]: part["weight"] for part in found["functions"]}
    assert weights == {"rating": pytest.approx(0.2), "prominence": 0.5, "moods.m1": 1.0}
    assert {part["field_value_factor"]["missing"] for part in found["functions"]} == {0}
    assert (found["score_mode"], found["boost_mode"]) == ("sum", "replace")
    assert (body["size"], body["sort"]) == (7, ["_score", {"id": "asc"}])


def test_the_scores_of_the_best_by_merit_are_requested_by_id() -> None:
    question = Question(words="war", vector=VECTOR, order=(("rating", 1.0),))
    bodies = queries.scores(question, GRAPH, [3, 5])
    assert bodies["merit_words"]["query"]["bool"]["filter"] == [{"terms": {"id": [3, 5]}}]
    assert knn(bodies["merit_near"]["query"])["filter"] == [{"terms": {"id": [3, 5]}}]
    assert queries.scores(Question(order=question.order), GRAPH, [3, 5]) == {}


def test_a_listing_counts_exactly_and_breaks_ties_by_id() -> None:
    for sort in Sort:
        body = queries.listing(Filters(language="fr"), sort=sort, offset=40, size=20)
        assert body["track_total_hits"] is True
        assert (body["from"], body["size"]) == (40, 20)
        assert body["sort"][-1] == {"id": "asc"}
        assert body["query"] == {"bool": {"filter": [{"exists": {"field": "id"}}, {"term": {"language": "fr"}}]}}
        assert list(body["aggs"]) == ["genre", "decade", "language", "mood"]


def test_a_typo_is_tolerated_from_four_letters_on() -> None:
    for typed, forgiving in (("god", False), ("godf", True)):
        for body in queries.suggestions(Typed.of(typed)).values():
            clauses = [part["constant_score"]["filter"] for part in body["query"]["bool"]["should"]]
            assert any("fuzzy" in clause for clause in clauses) is forgiving


def test_a_title_matches_in_any_spelling_and_a_person_only_as_typed() -> None:
    bodies = queries.suggestions(Typed.of("Spider-M"))
    tiers = {
        name: [part["constant_score"]["filter"] for part in body["query"]["bool"]["should"]]
        for name, body in bodies.items()
    }
    assert tiers["titles"][0] == {"terms": {"title_start": ["spider m", "spiderm"]}}
    begun = {"titles": tiers["titles"][1], "people": tiers["people"][0]}
    assert begun["titles"]["bool"]["should"] == [
        {"prefix": {"title_start": "spider m"}},
        {"prefix": {"title_start": "spiderm"}},
    ]
    assert begun["people"]["bool"]["should"] == [{"prefix": {"lead_start": "spider m"}}]
    assert list(queries.suggestions(Typed.of("$"))) == ["titles"]


def test_a_name_with_the_prefix_comes_before_similar_names() -> None:
    for body in queries.suggestions(Typed.of("the godf")).values():
        boosts = [part["constant_score"]["boost"] for part in body["query"]["bool"]["should"]]
        assert all(boost > sum(boosts[place + 1 :]) for place, boost in enumerate(boosts))


def test_a_fuzzy_suggestion_compares_the_prefix_across_words() -> None:
    fuzzy = queries.suggestions(Typed.of("the dark knight rises"))["titles"]["query"]["bool"]["should"][-1]
    assert fuzzy["constant_score"]["filter"]["fuzzy"]["title_beginning"]["value"] == "the_dark_kn"


USER = queries.User(VECTOR, field="factors_a_16", mark="factors_a_run", run="run-1")
WRITTEN = {"term": {"factors_a_run": "run-1"}}


def test_movies_by_taste_are_those_of_one_run_with_only_their_ids() -> None:
    body = queries.search_by_factors(USER, EXACT, filters=Filters(), without=(), k=21)
    clause = knn(body["query"])
    assert clause.pop("query_vector") is VECTOR
    assert clause == {"field": "factors_a_16", "k": 21, "num_candidates": 21, "filter": {"bool": {"filter": [WRITTEN]}}}
    assert (body["size"], body["docvalue_fields"], body["_source"]) == (21, ["id"], False)


def test_filters_and_exclusions_apply_before_movies_by_taste_are_truncated() -> None:
    filters = Filters(person="Ada Quill", year_from=1990, genres=("Drama",))
    meets = knn(queries.search_by_factors(USER, EXACT, filters=filters, without=[5, 3], k=9)["query"])["filter"]["bool"]
    assert meets["filter"] == [WRITTEN, *conditions.of_filters(filters)]
    assert meets["must_not"] == [{"terms": {"id": [5, 3]}}]


def test_no_clause_excludes_more_movies_than_elasticsearch_accepts() -> None:
    without = range(2 * queries.MAX_TERMS + 1)
    meets = knn(queries.search_by_factors(USER, EXACT, filters=Filters(), without=without, k=9)["query"])["filter"][
        "bool"
    ]
    named = [clause["terms"]["id"] for clause in meets["must_not"]]
    assert [len(ids) for ids in named] == [queries.MAX_TERMS, queries.MAX_TERMS, 1]
    assert [movie for ids in named for movie in ids] == list(without)


def test_impossible_ids_are_not_requested() -> None:
    meets = knn(queries.search_by_factors(USER, EXACT, filters=Filters(), without=[2**40, 7, -(2**40)], k=9)["query"])
    assert meets["filter"]["bool"]["must_not"] == [{"terms": {"id": [7]}}]


def test_a_graph_examines_more_movies_by_taste_than_it_returns_within_the_window() -> None:
    for k, effort in ((200, 400), (9_000, queries.WINDOW)):
        clause = knn(queries.search_by_factors(USER, GRAPH, filters=Filters(), without=(), k=k)["query"])
        assert (clause["k"], clause["num_candidates"]) == (k, effort)


def test_a_document_is_read_back_with_its_movie_and_the_requested_columns() -> None:
    assert queries.whole([3, 5, 2**40], columns=["id", "vector"]) == {
        "query": {"terms": {"id": [3, 5]}},
        "size": 3,
        "docvalue_fields": ["id", "vector"],
        "sort": ["_doc"],
        "track_total_hits": False,
        "_source": ["film"],
    }
