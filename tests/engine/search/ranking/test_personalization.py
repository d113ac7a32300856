"""Personalized reordering of results within a band."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.ports import Match
from engine.search.ranking import personalization

NONE = np.zeros(3, np.int8)


def test_of_two_similar_matches_the_preferred_one_comes_first() -> None:
    lifted = personalization.lift(np.array([1.0, 0.98, 0.3]), match=NONE, affinity=np.array([-1.0, 1.0, 0.0]), band=0.1)
    assert np.argsort(-lifted.score).tolist() == [1, 0, 2]
    assert lifted.taste == pytest.approx([-0.05, 0.05, 0.0])


def test_a_clearly_better_match_stays_first() -> None:
    lifted = personalization.lift(np.array([1.0, 0.85, 0.3]), match=NONE, affinity=np.array([-1.0, 1.0, 1.0]), band=0.1)
    assert np.argsort(-lifted.score).tolist() == [0, 1, 2]


def test_an_exact_title_keeps_its_first_place_whatever_the_taste() -> None:
    match = np.array([Match.TITLE, 0, 0], np.int8)
    lifted = personalization.lift(
        np.array([1.0, 0.999, 0.9]), match=match, affinity=np.array([-1.0, 1.0, 1.0]), band=1.0
    )
    assert np.argmax(lifted.score) == 0
    assert lifted.score[0] == 1.0


def test_no_band_and_no_scores_change_nothing() -> None:
    score = np.array([0.5, 0.4, 0.1])
    assert personalization.lift(score, match=NONE, affinity=np.ones(3), band=0.0).score is score
    assert len(personalization.lift(np.zeros(0), match=np.zeros(0, np.int8), affinity=np.zeros(0), band=0.1).score) == 0


@given(
    arrays.arrays(np.float64, 12, elements=st.floats(0, 3)),
    arrays.arrays(np.float64, 12, elements=st.floats(-1, 1)),
    st.floats(0.01, 1),
)
def test_two_movies_change_places_only_within_the_band(score: np.ndarray, affinity: np.ndarray, band: float) -> None:
    lifted = personalization.lift(score, match=np.zeros(12, np.int8), affinity=affinity, band=band).score
    reach = band * score.max(initial=0.0)
    for one in range(12):
        for other in range(12):
            if score[one] - score[other] > reach + 1e-9:
                assert lifted[one] > lifted[other]
