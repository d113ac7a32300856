"""A loaded model is bit for bit the saved one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.recommendations.records import History
from engine.recommender.model import Recommender
from engine.registry.registry import Registry
from tests.engine.recommender import scorer_kit as kit
from tests.engine.training import tiny

MOVIES = 12
IDS = np.arange(tiny.FIRST_ID, tiny.FIRST_ID + MOVIES, dtype=np.int64)
ASKED = np.append(IDS, tiny.FIRST_ID + 500)
HISTORIES = st.dictionaries(
    st.integers(tiny.FIRST_ID - 2, tiny.FIRST_ID + MOVIES + 2),
    st.integers(1, 10).map(lambda half: half / 2),
    max_size=9,
).map(kit.history)


@cache
def pair(seed: int) -> tuple[Recommender, Recommender]:
    """A model, and the same model loaded from a registry."""
    registry = Registry(Path(mkdtemp(prefix="marquee-test-")))
    made = tiny.model(registry.new_version(), movies=MOVIES, seed=seed)
    registry.publish(made, {})
    return made, registry.load().model


@settings(max_examples=200, deadline=None)
@given(history=HISTORIES, seed=st.integers(1, 3))
def test_scores_are_the_same_to_the_last_bit(history: History, seed: int) -> None:
    made, loaded = pair(seed)
    for before, after in (
        (made.blend(history).total, loaded.blend(history).total),
        (made.stars(history, ASKED), loaded.stars(history, ASKED)),
        (made.confidence(history, ASKED), loaded.confidence(history, ASKED)),
        (made.terms(history, ASKED), loaded.terms(history, ASKED)),
        (made.user_vector(history), loaded.user_vector(history)),
    ):
        assert before.dtype == after.dtype
        assert before.tobytes() == after.tobytes()


@given(seed=st.integers(1, 3), movie=st.sampled_from(IDS.tolist()))
def test_lists_of_similar_movies_are_restored_too(seed: int, movie: int) -> None:
    made, loaded = pair(seed)
    for before, after in zip(made.neighbours(movie), loaded.neighbours(movie), strict=True):
        np.testing.assert_array_equal(before, after)
