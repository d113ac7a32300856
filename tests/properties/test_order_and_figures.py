"""Versions sort by time, and metrics match other implementations: properties 7 and 8 of ten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import P, R, nDCG

from engine.registry import registry, version_ids
from engine.training.evaluation import metrics
from engine.training.evaluation import ranking as evaluation_ranking
from engine.training.evaluation.ranking import Case
from tests.engine.recommender import scorer_kit as kit

MOVIES = 60
clocks = st.lists(
    st.datetimes(datetime(2026, 1, 1), datetime(2199, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
    min_size=1,
    max_size=20,
)


@given(steps=st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=30))
def test_7_versions_sort_by_creation_even_if_the_clock_stops_or_goes_back(steps: list[int]) -> None:
    made: list[str] = []
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for step in steps:
        now += timedelta(microseconds=step)
        made.append(version_ids.new(made, now=now))
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    moments = [version_ids.moment(version) for version in made]
    assert moments == sorted(moments)  # type: ignore[type-var]


@given(others=clocks)
def test_7_a_new_version_sorts_after_all_existing_ones(others: list[datetime]) -> None:
    there = [f"{at.strftime(version_ids.FORM)}-0000" for at in others]
    first, second = registry.new_version(there), registry.new_version(there)
    assert max(there) < first < second
    assert version_ids.safe(first)


@given(
    scores=st.lists(st.lists(st.floats(-5, 5, width=32), min_size=MOVIES, max_size=MOVIES), min_size=1, max_size=4),
    liked=st.data(),
)
@settings(max_examples=30)
def test_8_ndcg_recall_and_precision_match_ir_measures(scores: list[list[float]], liked: st.DataObject) -> None:
    wanted = [liked.draw(st.sets(st.integers(0, MOVIES - 1), min_size=1, max_size=30)) for _ in scores]
    known = [liked.draw(st.sets(st.integers(0, MOVIES - 1), max_size=15)) - own for own in wanted]
    cases = [
        Case(kit.EMPTY, np.array(sorted(seen), np.intp), np.array(sorted(own), np.intp))
        for seen, own in zip(known, wanted, strict=True)
    ]
    told = iter([np.array(row, np.float32) for row in scores])
    ranking = evaluation_ranking.rank(lambda _: next(told), cases)
    theirs = ir_measures.calc_aggregate(
        [nDCG @ 10, R @ 20, P @ 10],
        [ir_measures.Qrel(str(user), str(movie), 1) for user, own in enumerate(wanted) for movie in own],
        [
            ir_measures.ScoredDoc(str(user), str(movie), float(evaluation_ranking.DEPTH - place))
            for user, shown in enumerate(ranking.lists)
            for place, movie in enumerate(shown.tolist())
        ],
    )
    assert ranking.ndcg().mean() == pytest.approx(theirs[nDCG @ 10])
    assert metrics.recall(ranking.hits, ranking.relevant).mean() == pytest.approx(theirs[R @ 20])
    assert metrics.precision(ranking.hits[:, : evaluation_ranking.TOP]).mean() == pytest.approx(theirs[P @ 10])
    for row, shown, seen in zip(scores, ranking.lists, known, strict=True):
        assert len(set(shown.tolist())) == len(shown)
        assert not seen & set(shown.tolist())
        best = sorted((movie for movie in range(MOVIES) if movie not in seen), key=lambda movie: (-row[movie], movie))
        assert shown.tolist() == best[: evaluation_ranking.DEPTH]
