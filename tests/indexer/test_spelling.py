"""How far two words are apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import spelling

WORDS = st.text(alphabet="abc", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("alien", "alien", 0), ("alein", "alien", 1), ("aliens", "alien", 1), ("alian", "alien", 1), ("", "abc", 3)],
)
def test_a_letter_more_less_changed_or_swapped_is_one_step(one: str, other: str, apart: int) -> None:
    assert spelling.distance(one, other) == apart


@given(WORDS, WORDS)
def test_the_way_back_is_as_long(one: str, other: str) -> None:
    assert spelling.distance(one, other) == spelling.distance(other, one)


@given(WORDS, WORDS)
def test_words_are_no_farther_apart_than_the_longer_one_is_long(one: str, other: str) -> None:
    assert abs(len(one) - len(other)) <= spelling.distance(one, other) <= max(len(one), len(other))


def test_the_nearest_word_wins_and_of_equally_near_ones_the_most_frequent() -> None:
    known = [("alien", 3), ("align", 9), ("aliens", 900)]
    assert spelling.nearest("alein", known) == "alien"
    assert spelling.nearest("aliec", [("alien", 3), ("alied", 9)]) == "alied"


def test_a_word_is_not_its_own_correction() -> None:
    assert spelling.nearest("alien", [("alien", 9)]) is None
    assert spelling.nearest("alien", []) is None
