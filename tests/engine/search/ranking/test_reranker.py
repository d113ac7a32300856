"""Reranking of results for descriptions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search import intent
from engine.search.ranking import fusion, reranker
from engine.search.ranking.reranker import FEATURES
from tests.engine.search.ranking import ranked

QUERY = "a comedy about a robot captain who sails to an empty island in the 1990s"
MIXED = ranked.model(cosine=0.5, coverage=0.3, overview_best=1.0, neighbours=0.7, cosine_rank=-0.4, base_rank=-0.1)


def _column(name: str, text: str = QUERY) -> np.ndarray:
    found = ranked.scored()
    top, features = reranker.training_features(ranked.query(text), found)
    row = np.zeros(len(top))
    row[top] = features[:, FEATURES.index(name)]
    return row


def test_the_top_candidates_are_in_the_order_of_the_model() -> None:
    found = ranked.scored()
    scores = reranker.rerank(ranked.model(votes=1.0), ranked.query(QUERY), found)
    assert fusion.order(scores, found.candidates.ids).tolist() == list(range(ranked.COUNT))[::-1]


def test_a_model_of_the_fused_score_alone_changes_nothing() -> None:
    found = ranked.scored()
    scores = reranker.rerank(ranked.model(base=3.0), ranked.query(QUERY), found)
    np.testing.assert_allclose(scores, found.fused.score, atol=1e-9)


def test_new_scores_keep_the_scale_of_the_old_ones() -> None:
    found = ranked.scored()
    scores = reranker.rerank(MIXED, ranked.query(QUERY), found)
    assert scores.mean() == pytest.approx(found.fused.score.mean())
    assert scores.std() == pytest.approx(found.fused.score.std())


@given(st.sets(st.integers(1, ranked.COUNT), min_size=1), st.integers(1, ranked.COUNT), st.integers(0, 5))
def test_a_filter_changes_no_score(kept: set[int], top: int, seed: int) -> None:
    whole, found = ranked.scored(seed=seed), ranked.scored(sorted(kept), seed=seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reranker, "TOP", top)
        free = reranker.rerank(MIXED, ranked.query(QUERY), whole)
        narrowed = reranker.rerank(MIXED, ranked.query(QUERY), found, whole=whole)
    np.testing.assert_allclose(narrowed, free[[movie - 1 for movie in sorted(kept)]], atol=1e-9)


def test_candidates_below_the_top_stay_below_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reranker, "TOP", 10)
    found = ranked.scored()
    before = fusion.order(found.fused.score, found.candidates.ids)
    after = fusion.order(reranker.rerank(MIXED, ranked.query(QUERY), found), found.candidates.ids)
    assert set(after[:10].tolist()) == set(before[:10].tolist())
    assert after[:10].tolist() != before[:10].tolist()
    assert after[10:].tolist() == before[10:].tolist()


def test_an_index_without_terms_keeps_the_fused_order() -> None:
    found = ranked.scored(with_terms=False)
    assert reranker.rerank(MIXED, ranked.query(QUERY), found) is found.fused.score


def test_no_candidates_are_no_error() -> None:
    assert len(reranker.rerank(MIXED, ranked.query(QUERY), ranked.scored([]))) == 0


@pytest.mark.parametrize("text", ["", "zzz", QUERY, "???"])
def test_features_are_finite_for_any_query(text: str) -> None:
    _, features = reranker.training_features(ranked.query(text), ranked.scored())
    assert features.shape == (ranked.COUNT, len(FEATURES))
    assert np.isfinite(features).all()


def test_named_genres_count_as_present_or_missing() -> None:
    comedies = np.array(["Comedy" in movie.genres for movie in ranked.MOVIES])
    assert _column("genres_present").tolist() == comedies.astype(float).tolist()
    assert _column("genres_missing").tolist() == (~comedies).astype(float).tolist()
    assert _column("genres_present", "a robot").sum() == 0


def test_years_outside_the_named_span_are_capped() -> None:
    distance = _column("year_distance")
    assert distance[:5].tolist() == pytest.approx([10 / 15, 9 / 15, 8 / 15, 7 / 15, 6 / 15])
    assert distance[10:20].tolist() == [0.0] * 10
    assert distance[-1] == 1.0
    assert _column("year_distance", "a robot").sum() == 0


def test_good_neighbours_are_distinguished_from_bad_ones() -> None:
    score = ranked.scored().fused.score
    expected = [np.mean([score[(movie + step) % ranked.COUNT] for step in (1, 2, 3)]) for movie in range(ranked.COUNT)]
    np.testing.assert_allclose(_column("neighbours"), expected)


def test_the_year_of_a_movie_is_not_a_feature() -> None:
    assert not {"year", "decade", "released"} & set(FEATURES)


@pytest.mark.parametrize(
    ("text", "post"),
    [
        ("a robot sails to an island", False),
        ("i remember a movie with a robot that i saw as a child", True),
        (" ".join(["robot"] * (intent.POST_WORDS + 1)), True),
    ],
)
def test_texts_that_recall_a_movie_and_long_ones_are_posts(text: str, post: bool) -> None:
    assert ranked.query(text).post is post
    ranker = reranker.Ranker("toy@1", posts=MIXED, description=ranked.model())
    assert (ranker.model(ranked.query(text)) is MIXED) is post


def test_words_of_recalling_are_not_matched() -> None:
    assert ranked.query("I remember a movie about a robot, please help").words == ("a", "a", "robot")


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("a shark and a small town", True),
        ("two friends drive through the desert and one of them is not who she says she is, they rob a shop", True),
        ("Two friends drive through the desert.", False),
        ("and then " * 20, False),
    ],
)
def test_short_texts_are_distinguished_from_synopses(text: str, short: bool) -> None:
    assert reranker.is_short(text) is short
