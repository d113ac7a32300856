"""Matching a query with the terms of candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import CastMember, Movie, MovieId
from engine.search.ranking import lexical_features
from engine.search.ranking.lexical_features import query_terms
from indexer.analysis import terms
from indexer.analysis.terms import Field, Weighing

WORDS = ("robot", "island", "sails", "captain", "empty", "harbour")
MOVIES = (
    Movie(MovieId(1), "Robot Island", overview="A robot sails to an island.", keywords=("robot captain",)),
    Movie(MovieId(2), "Harbour", overview="The empty harbour.", cast=(CastMember("Ada Quill", "Captain"),)),
    Movie(MovieId(3), "Silence"),
)


def _blobs(movies: Sequence[Movie] = MOVIES) -> list[bytes]:
    counted = [terms.count(movie) for movie in movies]
    weighing = Weighing.of(counted)
    return [weighing.weigh(counts) for counts in counted]


def _plain(words: list[str]) -> np.ndarray:
    wanted = set(query_terms(words).tolist())
    found = np.zeros((len(MOVIES), len(Field)))
    for row, blob in enumerate(_blobs()):
        for term, field, impact, idf, _ in np.frombuffer(blob, terms.RECORD).tolist():
            if term in wanted:
                found[row, field] += idf / terms.IDF_STEPS * impact / terms.IMPACT_STEPS
    return found


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_each_field_scores_the_sum_over_the_words_of_the_query(words: list[str]) -> None:
    matches = lexical_features.match(query_terms(words), _blobs())
    np.testing.assert_allclose(matches.bm25, _plain(words), rtol=1e-9)


def test_a_word_that_only_a_tag_has_is_matched_and_leaves_the_other_fields_alone() -> None:
    tagged = (*MOVIES[:2], replace(MOVIES[2], tags=("slow cinema",)))
    found = lexical_features.match(query_terms(["slow", "captain"]), _blobs(tagged))
    assert np.flatnonzero(found.bm25[2]).tolist() == [Field.TAGS]
    assert found.matched[2] > 0
    assert not lexical_features.match(query_terms(["slow", "captain"]), _blobs()).bm25[:, Field.TAGS].any()


def test_coverage_counts_each_word_once_whatever_the_fields() -> None:
    matches = lexical_features.match(query_terms(["robot", "harbour"]), _blobs())
    assert matches.matched[0] > 0
    assert matches.matched[2] == 0
    assert matches.asked == pytest.approx(matches.matched.sum())


def test_neighbouring_words_score_where_they_stand_side_by_side() -> None:
    together = lexical_features.match(query_terms(["robot", "captain"]), _blobs()).bm25[:, Field.BIGRAMS]
    apart = lexical_features.match(query_terms(["captain", "robot"]), _blobs()).bm25[:, Field.BIGRAMS]
    assert together[0] > 0
    assert apart[0] == 0


def test_a_whole_name_is_counted_and_half_of_it_is_not() -> None:
    assert lexical_features.match(query_terms(["with", "ada", "quill"]), _blobs()).names.tolist() == [
        0,
        1,
        0,
    ]
    assert lexical_features.match(query_terms(["with", "ada"]), _blobs()).names.tolist() == [0, 0, 0]


def test_no_words_and_no_candidates_match_nothing() -> None:
    assert lexical_features.match(query_terms([]), _blobs()).bm25.sum() == 0
    empty = lexical_features.match(query_terms(["robot"]), [])
    assert empty.bm25.shape == (0, len(Field))
    assert empty.asked == 0


def test_a_movie_without_terms_is_passed_over() -> None:
    matches = lexical_features.match(query_terms(["robot"]), [b"", *_blobs()])
    assert matches.length[0] == 0
    assert matches.bm25[0].sum() == 0
    assert matches.bm25[1].sum() > 0


def test_places_of_words_neither_match_nor_count() -> None:
    plain = lexical_features.match(query_terms(["robot", "harbour"]), _blobs())
    told = [blob + terms.positions(movie) for blob, movie in zip(_blobs(), MOVIES, strict=True)]
    placed = lexical_features.match(query_terms(["robot", "harbour"]), told)
    np.testing.assert_array_equal(placed.bm25, plain.bm25)
    np.testing.assert_array_equal(placed.length, plain.length)
    assert placed.asked == plain.asked
