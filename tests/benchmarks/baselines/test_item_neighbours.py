"""Item-kNN fulfils the contract of scorers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given

from benchmarks.baselines import item_neighbours
from benchmarks.baselines.item_neighbours import Neighbours
from core.recommendations.records import RankingModel
from tests.engine.recommender import scorer_kit as kit


def make() -> Neighbours:
    return item_neighbours.fit(kit.checkerboard(), item_neighbours.NeighboursConfig(kept=10, shrinkage=1))


MADE = make()


@pytest.mark.parametrize("promise", kit.PROMISES, ids=lambda promise: promise.__name__)
def test_it_fulfils_each_promise(promise: Callable[[RankingModel], None]) -> None:
    promise(MADE)


@given(asked=kit.HISTORIES)
def test_terms_sum_to_the_scores_of_any_history(asked: object) -> None:
    kit.explains_its_scores(MADE, asked)  # type: ignore[arg-type]


def test_the_same_interactions_yield_the_same_model() -> None:
    asked = kit.history({kit.FIRST_ID: 5, kit.FIRST_ID + 3: 2})
    np.testing.assert_array_equal(make().scores(asked), MADE.scores(asked))
