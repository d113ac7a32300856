"""Tokens with their positions."""

from __future__ import annotations

import pytest

from engine.search.understanding.language import tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't Look Now!", ("dont", "look", "now")),
        ("l'actrice de cinéma", ("l", "actrice", "de", "cinema")),
        ("un film d’horreur", ("un", "film", "d", "horreur")),
        ("cinema dell'orrore", ("cinema", "dell", "orrore")),
        ("怖い映画", ("怖", "い", "映", "画")),
        ("SF映画", ("sf", "映", "画")),
        ("sci-fi", ("sci", "fi")),
        ("...", ()),
        ("", ()),
    ],
)
def test_words_are_folded_and_split_at_spaces_elisions_and_cjk_characters(text: str, words: tuple[str, ...]) -> None:
    assert tokens.words(text) == words


def test_each_token_has_its_position() -> None:
    text = "A  Café, s'il vous plaît"
    assert [text[token.start : token.end] for token in tokens.split(text)][:2] == ["A", "Café"]


@pytest.mark.parametrize("mark", [",", ";", ":", ".", "!", "?", "(", " - ", " – ", "、", "。", "\n"])
def test_punctuation_ends_a_clause(mark: str) -> None:
    first, second = tokens.split(f"funny{mark} western")
    assert (first.ends_clause, second.ends_clause) == (True, False)


@pytest.mark.parametrize("text", ["feel-good", "funny western", "mid-1990s"])
def test_hyphens_and_spaces_end_no_clause(text: str) -> None:
    assert not any(token.ends_clause for token in tokens.split(text))


@pytest.mark.parametrize(
    ("text", "minus"),
    [
        ("funny -horror", [False, True]),
        ("-horror", [True]),
        ("funny −horror", [False, True]),
        ("feel-good", [False, False]),
        ("funny - horror", [False, False]),
    ],
)
def test_only_a_sign_directly_before_a_word_is_a_minus(text: str, minus: list[bool]) -> None:
    assert [token.minus for token in tokens.split(text)] == minus


@pytest.mark.parametrize("text", ['say "killer bees" now', "say “killer bees” now", "say « killer bees » now"])
def test_quoted_text_is_found_without_quotation_marks(text: str) -> None:
    assert [text[start:end] for start, end in tokens.quoted(text)] == ["killer bees"]


def test_a_cut_leaves_no_double_spaces() -> None:
    assert tokens.cut("a funny western please", [(2, 7), (16, 22)]) == "a western"


def test_cuts_may_overlap() -> None:
    assert tokens.cut("abcdef", [(1, 4), (2, 3), (3, 5)]) == "a f"
