"""Features of a search text beyond its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search import intent

POST = "[TOMT][movie][90s?] I remember watching a film where a boy's robot learns to paint. Thanks in advance!"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("early 90s", (1990, 1994)),
        ("the late 1980s", (1985, 1989)),
        ("mid-2000s", (2003, 2007)),
        ("a film of the '70s", (1970, 1979)),
        ("80's slasher", (1980, 1989)),
        ("it came out in 1994", (1993, 1995)),
        ("somewhere between 1996 and 2003", (1995, 2004)),
        ("late 90s or early 2000s", (1995, 2004)),
        ("20s jazz", (1920, 1929)),
    ],
)
def test_a_time_in_a_text_becomes_a_span_of_years(text: str, span: tuple[int, int]) -> None:
    assert intent.years(text) == span


@pytest.mark.parametrize("text", ["", "two dogs", "$1999 heist", "in 30 years", "1234567", "12s", "it costs 2000%"])
def test_other_numbers_are_not_a_time(text: str) -> None:
    assert intent.years(text) is None


def test_a_single_year_is_a_title_not_a_time() -> None:
    read = intent.read("2012")
    assert (read.name, read.years) == ("2012", None)


def test_memories_are_distinguished_from_descriptions() -> None:
    assert intent.read(POST).recalling
    assert not intent.read("A boy's robot learns to paint and wins the county fair.").recalling
    assert not intent.read("I love you, man").recalling


def test_words_of_recalling_are_removed_from_memories() -> None:
    words = intent.read(POST).words.split()
    assert {"boys", "robot", "learns", "paint"} <= set(words)
    assert not {"i", "remember", "watching", "film", "thanks", "advance", "movie"} & set(words)


def test_words_of_recalling_stay_in_descriptions() -> None:
    assert "remember" in intent.read("a man cannot remember yesterday").words


def test_memories_are_encoded_without_brackets_and_words_of_recalling() -> None:
    meaning = intent.read(POST).meaning
    assert "robot learns to paint" in meaning
    assert "[" not in meaning
    assert "remember" not in meaning


def test_a_memory_with_nothing_but_words_of_recalling_is_encoded_as_written() -> None:
    text = "i remember movie film"
    assert intent.read(text).meaning == text


def test_a_description_is_encoded_as_written() -> None:
    text = "A boy's robot [sic] learns to paint"
    assert intent.read(text).meaning == text


def test_a_long_text_is_not_looked_up_as_a_name() -> None:
    assert intent.read("one two three four five six seven eight").name
    assert not intent.read("one two three four five six seven eight nine").name


def test_a_name_keeps_its_punctuation() -> None:
    assert intent.read("  AMÉLIE!  ").name == "AMÉLIE!"
    assert intent.read("$").name == "$"
    assert not intent.read("!" * 300).name


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    read = intent.read(text)
    words = read.words.split()
    assert len(words) == len(set(words)) <= intent.MAX_DISTINCT_WORDS
    assert read.meaning or not text.strip()
    assert read.years is None or read.years[0] <= read.years[1]
