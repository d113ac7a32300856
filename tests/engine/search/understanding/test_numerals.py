"""Conversion of number words to digits."""

from __future__ import annotations

import pytest

from engine.search.understanding.language import numerals


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("ninety-five", "95"), ("ninety five", "95"), ("eleven", "11"), ("a hundred and twenty", "120"),
        ("one hundred", "100"), ("twenty eleven", "2011"), ("two thousand and seven", "2007"), ("two thousand", "2000"),
        ("nineteen ninety nine", "1999"), ("nineteen oh five", "1905"), ("eighties", "80s"), ("noughties", "00s"),
    ],
)  # fmt: skip
def test_number_words_become_digits(words: str, figures: str) -> None:
    assert numerals.in_figures(words).rstrip(numerals.FILL) == figures


@pytest.mark.parametrize(
    "text", ["under ninety-five minutes please", "the nineties, comedy", "from twenty eleven on", "a seven-year itch"]
)
def test_all_other_characters_stay_in_place(text: str) -> None:
    made = numerals.in_figures(text)
    assert len(made) == len(text)
    for word in ("minutes", "comedy", "on", "year"):
        if word in text:
            assert made.index(word) == text.index(word)


@pytest.mark.parametrize("text", ["seven", "in her twenties", "the ninth gate", "tenant", "seventy's"])
def test_other_number_words_are_not_converted(text: str) -> None:
    assert numerals.in_figures(text) == text


def test_the_end_of_a_match_is_found_in_the_original_text() -> None:
    text = "from twenty eleven on"
    made = numerals.in_figures(text)
    end = made.index("2011") + 4
    assert text[: numerals.end_in(made, end)] == "from twenty eleven"
