"""Phrases: consecutive words in exactly these forms, on both engines."""

from __future__ import annotations

import pytest

from core.ports import MovieIndex, Question
from core.types import Clause, Filters, Trait


def _having(index: MovieIndex, phrase: str, *, wanted: bool = True) -> set[int]:
    filters = Filters(clauses=(Clause(Trait.PHRASE, (phrase,), wanted=wanted),))
    return set(index.candidates(Question(order=(("rating", 1.0),), filters=filters, depth=500)).ids.tolist())


@pytest.mark.parametrize(
    "phrase", ["what is real", "What is REAL?", "learns what is", "hacker", "the matrix", "Secretly mends the lives"]
)
def test_a_phrase_is_found_in_titles_and_plots_regardless_of_case(index: MovieIndex, phrase: str) -> None:
    assert _having(index, phrase) & {1, 2}


@pytest.mark.parametrize("phrase", ["real is what", "hacker what", "hackers", "learn what", "is real the matrix"])
def test_other_orders_other_forms_and_words_of_two_texts_do_not_match(index: MovieIndex, phrase: str) -> None:
    assert 1 not in _having(index, phrase)


def test_a_negated_phrase_keeps_all_other_movies(index: MovieIndex) -> None:
    having, others = _having(index, "what is real"), _having(index, "what is real", wanted=False)
    assert 1 in having
    assert not having & others
    assert len(having) + len(others) == index.info().count


def test_a_phrase_without_words_matches_nothing(index: MovieIndex) -> None:
    assert _having(index, "?!") == set()
