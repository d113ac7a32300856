"""Conversion of Elasticsearch's responses to records."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from core.types import FacetValue
from indexer.elastic import answers
from indexer.elastic.answers import Facts

FACTS = Facts(
    year=0,
    vote_count=0,
    vote_average=math.nan,
    popularity=0.0,
    genres=(),
    language="",
    runtime=0,
    moods=np.zeros(0, np.float32),
    terms=b"",
    neighbours=(),
)


def answer(*scores: tuple[int, float], names: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a response with these movies and scores."""
    hits = [{"_score": score, "fields": {"id": [movie]}, "matched_queries": list(names)} for movie, score in scores]
    return {"status": 200, "hits": {"hits": hits}}


def test_every_movie_of_the_union_has_both_scores() -> None:
    scores = answers.read_scores(
        {
            "near": answer((1, 0.9), (2, 0.75)),
            "near_words": answer((2, 3.0), (1, 0.0)),
            "worded": answer((3, 5.0), (2, 3.0)),
            "worded_near": answer((2, 0.75), (3, 0.5)),
        }
    )
    found = answers.read_candidates(scores, dict.fromkeys((1, 2, 3), FACTS), moods=0)
    assert found.ids.tolist() == [1, 2, 3]
    assert np.allclose(found.cosine, [0.8, 0.5, 0.0])
    assert found.words.tolist() == [0.0, 3.0, 5.0]
    assert found.words_best == 5.0


def test_a_movie_beyond_the_horizon_has_no_cosine() -> None:
    scores = answers.read_scores({"worded": answer((1, 2.0)), "worded_near": answer((1, 0.0))})
    assert math.isnan(answers.read_candidates(scores, {1: FACTS}, moods=0).cosine[0])


def test_the_best_score_of_the_whole_index_replaces_that_of_the_filtered_list() -> None:
    assert answers.read_scores({"worded": answer((1, 2.0)), "best": answer((9, 7.0))}).words_best == 7.0
    assert answers.read_scores({"worded": answer()}).words_best == 0.0


def test_the_match_bits_of_a_movie_are_combined() -> None:
    scores = answers.read_scores({"named": answer((1, 2.0), names=("1", "2"))})
    assert scores.match == {1: 3}


def test_a_movie_without_facts_is_dropped() -> None:
    scores = answers.read_scores({"near": answer((1, 0.9), (2, 0.9))})
    assert answers.read_candidates(scores, {2: FACTS}, moods=0).ids.tolist() == [2]


def test_unknown_facts_are_zero_nan_or_empty() -> None:
    hit = {"fields": {"id": [5], "vote_count": [0], "popularity": [0.0], "genre_list": [""], "mood_scores": [""]}}
    facts = answers.read_facts({"hits": {"hits": [hit]}})[5]
    assert (facts.year, facts.genres, facts.language, facts.runtime, len(facts.moods)) == (0, (), "", 0, 0)
    assert math.isnan(facts.vote_average)


def test_facets_are_ordered_by_frequency_and_then_by_name() -> None:
    buckets = [{"key": "War", "doc_count": 2}, {"key": "Drama", "doc_count": 2}, {"key": "Crime", "doc_count": 5}]
    facets = answers.read_facets({"aggregations": {"genre": {"buckets": buckets}}})
    assert facets["genre"] == (FacetValue("Crime", 5), FacetValue("Drama", 2), FacetValue("War", 2))
