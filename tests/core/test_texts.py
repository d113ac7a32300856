"""Folding of names and words for comparison."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import texts


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("WALL·E", "wall e"),
        ("Amélie", "amelie"),
        ("  The   Good,\tthe Bad ", "the good the bad"),
        ("Schindler's List", "schindlers list"),
        ("Schindler’s List", "schindlers list"),
        ("Spider-Man", "spider man"),
        ("Straße", "strasse"),
        ("Se7en", "se7en"),
        ("ｆｕｌｌ", "full"),
        ("千と千尋", "千と千尋"),
        ("!?", ""),
        ("under_score", "under score"),
    ],
)
def test_text_is_folded(text: str, folded: str) -> None:
    assert texts.fold(text) == folded


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert texts.fold(texts.fold(text)) == texts.fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=200))
def test_ascii_text_folds_the_same_as_next_to_an_accent(text: str) -> None:
    """Text without accents takes a faster path, which must give the same result."""
    assert [*texts.words(text), "e"] == texts.words(f"{text} é")
