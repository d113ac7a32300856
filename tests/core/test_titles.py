"""Title keys: a title is found in any spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import texts
from core.language import numerals

TITLE, PART, NONE = "title", "part", ""


def _named(title: str, query: str, *, original: str = "", year: int | None = None) -> str:
    """Whether a query names a title, and how."""
    asked = set(texts.title_query_keys(query))
    if asked & set(texts.title_keys(title, original, year)):
        return TITLE
    return PART if asked & set(texts.title_part_keys(title, original, year)) else NONE


@pytest.mark.parametrize(
    ("title", "queries"),
    [
        ("Boxer IV", ["boxer 4", "Boxer iv", "boxer four", "BOXER PART 4", "boxer part four", "boxer: part iv"]),
        ("Boxer V", ["boxer 5", "boxer v"]),
        ("Creature³", ["creature 3", "creature iii", "creature3", "creature three"]),
        ("Gang of Eleven", ["gang of 11", "gang of eleven", "gang of xi"]),
        ("Three Queens", ["3 queens", "three queens"]),
        ("2 Slow 2 Sorry", ["two slow two sorry", "2 slow 2 sorry"]),
        ("The Fifth Lantern", ["5th lantern", "the fifth lantern", "fifth lantern"]),
        ("101 Kittens", ["one hundred and one kittens", "one hundred one kittens"]),
        ("Ten Thousand Nights", ["10000 nights", "10,000 nights"]),
        ("Twenty-One Doors", ["21 doors", "twenty one doors"]),
        ("8½ Lives", ["8 1/2 lives", "8 and a half lives"]),
        ("Shoot Bill: Vol. 2", ["shoot bill 2", "shoot bill volume two", "shoot bill vol. 2"]),
        ("E1ght Bells", ["eight bells", "e1ght bells", "8 bells"]),
    ],
)
def test_a_number_is_the_same_in_digits_words_and_roman_numerals(title: str, queries: list[str]) -> None:
    assert {query: _named(title, query) for query in queries} == dict.fromkeys(queries, TITLE)


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("I, Machine", "i machine"), ("V for Victory", "v for victory"), ("Malcolm X", "malcolm x"), ("xXx", "xxx"),
        ("The King and I", "the king and i"), ("Civil Mix", "civil mix"), ("Chapter 27", "chapter 27"),
        ("The Who and the What", "the who and the what"), ("A.I. Dreams", "a i dreams"),
    ],
)  # fmt: skip
def test_letters_that_are_not_numbers_keep_their_spelling(title: str, query: str) -> None:
    assert _named(title, query) == TITLE


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("I, Machine", "1 machine"), ("Boxer", "boxer 2"), ("Boxer II", "boxer"), ("Boxer II", "boxer 3"),
        ("Civil Mix", "civil"),
        ("2012", "two"), ("Web-Walker", "web"), ("The Host", "the host 2006"), ("Chapter 27", "27"),
    ],
)  # fmt: skip
def test_another_number_or_another_word_names_another_movie(title: str, query: str) -> None:
    assert _named(title, query, year=2013) == NONE


@pytest.mark.parametrize(
    ("title", "queries"),
    [
        ("M*A*S*K", ["mask", "m.a.s.k.", "m a s k", "M*A*S*K"]),
        ("R.I.P.T.", ["ript", "r.i.p.t"]),
        ("Web-Walker", ["webwalker", "web walker", "web-walker"]),
        ("ROB·O", ["robo", "rob-o", "rob o"]),
        ("Pulp Paper", ["pulppaper"]),
        ("Salt & Honey", ["salt and honey", "salt honey", "salt 'n' honey", "salt n honey"]),
        ("The Lamp", ["lamp", "Lamp, The"]),
        ("Doctor Odd", ["dr odd", "dr. odd"]),
        ("Crow versus Fox", ["crow vs fox", "crow v fox", "crow vs. fox"]),
        ("Ocean's Edge", ["oceans edge", "ocean’s edge"]),
        ("$", ["$", " $ "]),
        ("$8.88", ["$8.88", "8.88"]),
        ("???", ["???", "? ??"]),
        ("Død snø", ["dod sno", "død snø"]),
        ("Łódź nocą", ["lodz noca"]),
        ("千夜國", ["千夜国"]),
        ("ﾊﾞｽ停", ["バス停"]),
    ],
)
def test_spaces_symbols_articles_and_letter_variants_make_no_difference(title: str, queries: list[str]) -> None:
    assert {query: _named(title, query) for query in queries} == dict.fromkeys(queries, TITLE)


def test_an_article_of_the_original_language_may_be_omitted() -> None:
    assert _named("The Wave", "welle", original="Die Welle") == TITLE
    assert _named("The Wave", "die welle", original="Die Welle") == TITLE
    assert _named("Hard", "die hard") == NONE


def test_a_year_after_a_title_selects_the_movie_of_that_year() -> None:
    for query in ("the guest 2006", "The Guest (2006)", "guest 2006"):
        assert _named("The Guest", query, year=2006) == TITLE
        assert _named("The Guest", query, year=2013) == NONE
    assert _named("Runner 2049", "runner 2049", year=2017) == TITLE
    assert _named("1984", "1984", year=1956) == TITLE


@pytest.mark.parametrize(
    ("title", "queries"),
    [
        ("Star Boat II: The Wrath of Kim", ["star boat 2", "star boat two", "wrath of kim", "star boat ii 1982"]),
        ("Star Boat: Episode V - The Navy", ["star boat 5", "star boat", "the navy", "star boat episode v"]),
        ("Borat (Cultural Learnings)", ["borat", "cultural learnings"]),
    ],
)
def test_text_before_or_after_a_colon_or_a_dash_is_a_part(title: str, queries: list[str]) -> None:
    assert {query: _named(title, query, year=1982) for query in queries} == dict.fromkeys(queries, PART)


def test_a_part_of_two_letters_has_no_key() -> None:
    assert _named("It: Again", "it") == NONE


@given(st.text(max_size=60), st.none() | st.integers(1900, 2030))
def test_every_title_is_found_by_itself_and_with_its_year(title: str, year: int | None) -> None:
    if title.strip():
        assert _named(title, title, year=year) == TITLE or not texts.title_keys(title, "", year)
        if year and texts.fold(title):
            assert _named(title, f"{title} {year}", year=year) in (TITLE, PART)


@given(
    st.lists(
        st.sampled_from("one two hundred thousand twenty and a half ii iv v x part 3 3rd first of".split()), max_size=9
    )
)
def test_normalized_numbers_are_unchanged(words: list[str]) -> None:
    once = numerals.normalize(words)
    assert len(once) <= len(words)
    assert all(word.isdecimal() for word in numerals.normalize(["x", *once]) if word in once and word.isdecimal())
