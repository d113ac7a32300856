"""The choice of corrections for misspelled words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.names import spell_checker
from indexer.names.spell_checker import Word

WORDS = st.text(alphabet="abc", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("alien", "alien", 0), ("alein", "alien", 1), ("aliens", "alien", 1), ("alian", "alien", 1), ("", "abc", 3)],
)
def test_an_insertion_deletion_substitution_or_transposition_is_one_edit(one: str, other: str, apart: int) -> None:
    assert spell_checker.distance(one, other) == apart


@given(WORDS, WORDS)
def test_distances_are_symmetric(one: str, other: str) -> None:
    assert spell_checker.distance(one, other) == spell_checker.distance(other, one)


@given(WORDS, WORDS)
def test_a_distance_is_at_most_the_length_of_the_longer_word(one: str, other: str) -> None:
    assert abs(len(one) - len(other)) <= spell_checker.distance(one, other) <= max(len(one), len(other))


@given(WORDS, st.lists(WORDS, min_size=1, max_size=6))
def test_distances_of_many_words_equal_single_distances(word: str, others: list[str]) -> None:
    found = spell_checker.distances(word, np.array(others, dtype="S8"))
    assert found.tolist() == [spell_checker.distance(word, other) for other in others]


def _known(**renown: float) -> list[Word]:
    return [Word(word, word, 9, share) for word, share in renown.items()]


def _meant(typed: str, known: list[Word]) -> str | None:
    found = spell_checker.choose(typed, known)
    return None if found is None else found.word


def test_of_equally_close_words_the_best_known_is_chosen() -> None:
    assert _meant("matrx", _known(matrix=0.9, marx=0.4)) == "matrix"
    assert _meant("matrx", _known(matrix=0.1, marx=0.4)) == "marx"


def test_a_famous_word_two_edits_away_is_preferred_to_an_obscure_one_next_to_it() -> None:
    assert _meant("intersteler", _known(interstellar=0.95, interstelar=0.05)) == "interstellar"
    assert _meant("intersteler", _known(interstellar=0.5, interstelar=0.4)) == "interstelar"


def test_a_different_first_letter_costs_more() -> None:
    assert _meant("alien", _known(zlien=0.5, alion=0.5)) == "alion"


def test_short_words_tolerate_one_edit_and_shorter_ones_none() -> None:
    assert _meant("mtrx", _known(matrix=1.0)) is None
    assert not spell_checker.may_be_wrong("mtx")
    assert not spell_checker.may_be_wrong("se7en")


def test_a_word_is_not_its_own_correction_and_needs_a_close_word() -> None:
    assert _meant("alien", _known(alien=1.0)) is None
    assert _meant("alien", []) is None


def test_a_correction_has_its_original_spelling_and_less_confidence_if_ambiguous() -> None:
    one, two = Word("amelie", "amélie", 9, 0.8), Word("amalie", "amalie", 9, 0.8)
    sure, unsure = spell_checker.choose("amelia", [one]), spell_checker.choose("amelie", [two])
    assert sure is not None
    assert unsure is not None
    assert sure.word == "amélie"
    both = spell_checker.choose("amilie", [one, two])
    assert both is not None
    assert both.confidence == pytest.approx(sure.confidence / 2, abs=0.01)


@pytest.mark.parametrize(
    ("text", "unknown", "foreign"),
    [
        ("der untergang und das boot", "untergang", True),
        ("la la land", "", False),
        ("the matrx", "matrx", False),
        ("shawshenk redemtion", "shawshenk redemtion", False),
        ("vita nella citta eterna", "vita nella eterna", True),
        ("amélei", "amélei", True),
    ],
)
def test_a_text_in_another_language_is_recognised_by_frequent_or_many_unknown_words(
    text: str, unknown: str, foreign: bool
) -> None:
    assert spell_checker.is_foreign(text.split(), unknown.split()) is foreign
