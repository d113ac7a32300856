"""Suggestions for a typed text, and their order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import CastMember, Movie, MovieId, Suggestion
from indexer.names import suggestions
from indexer.names.suggestions import Name


def _movie(title: str, *, weight: float = 1.0, movie: int = 1) -> Name:
    (name, *_) = suggestions.names(Movie(MovieId(movie), title, popularity=weight))
    return name


def _person(text: str, weight: float = 1.0) -> Name:
    return Name("person", text, text.lower(), weight)


def _texts(found: list[Name], typed: str, limit: int = 9) -> list[str]:
    return [suggestion.text for suggestion in suggestions.rank(found, typed, limit=limit)]


def test_whole_titles_come_first_then_prefixes_then_later_words_then_typos() -> None:
    movies = [
        _movie(title, movie=movie) for movie, title in enumerate(("Mart", "Dark Mars", "Mars Attacks", "The Mars"), 1)
    ]
    assert _texts(movies, "mars") == ["The Mars", "Mars Attacks", "Dark Mars", "Mart"]


def test_of_equally_good_names_the_one_with_the_greatest_weight_comes_first() -> None:
    movies = [_movie("Alien", weight=3, movie=1), _movie("Aliens", weight=9, movie=2)]
    assert _texts([*movies, _person("Ali Larter", 5)], "ali") == ["Aliens", "Ali Larter", "Alien"]


def test_a_family_name_is_a_prefix_of_a_person() -> None:
    assert _texts([_person("Nolan Gould", 1), _person("Christopher Nolan", 9)], "nol") == [
        "Christopher Nolan",
        "Nolan Gould",
    ]


@pytest.mark.parametrize("typed", ["godfather", "godfathr", "godfahter", "gxdfather", "ggodfather", "the godfatehr"])
def test_an_insertion_deletion_substitution_or_transposition_is_one_typo(typed: str) -> None:
    assert _texts([_movie("The Godfather")], typed) == ["The Godfather"]


@pytest.mark.parametrize("typed", ["godfxtxer", "gfx", "gox", "odgf ather", "", "  ", "!"])
def test_two_typos_a_typo_in_a_short_text_and_an_empty_text_match_nothing(typed: str) -> None:
    assert _texts([_movie("The Godfather")], typed) == []


def test_a_movie_matched_by_two_names_is_suggested_once_by_its_title() -> None:
    movie = Movie(MovieId(194), "Amélie", "Amélie Poulain", year=2001)
    found = suggestions.rank([*suggestions.names(movie), *suggestions.names(movie)], "amel", limit=5)
    assert found == [Suggestion("movie", "Amélie", MovieId(194), 2001)]


def test_people_with_the_same_name_are_suggested_once() -> None:
    assert _texts([_person("Ada Quill", 1), _person("Ada Quill", 2)], "ada") == ["Ada Quill"]


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Spider-Man", "spiderm"), ("The Amazing Spider-Man", "spiderman"), ("Ocean's Eleven", "oceans 11"),
        ("Rocky II", "rocky 2"), ("Rocky II", "rocky two"), ("Creature³", "creature iii"),
        ("The Hangover Part II", "hangover 2"),        ("M*A*S*H", "mash"), ("M*A*S*H", "m.a.s"), ("R.I.P.D.", "ripd"),
        ("夜のバス停で", "バス"), ("$9.99", "$9"), ("Æon Flux", "aeon"),
        ("Fast & Furious", "fast and f"), ("Matrix, The", "the matr"),
    ],
)  # fmt: skip
def test_a_title_is_suggested_in_any_spelling(title: str, typed: str) -> None:
    assert _texts([_movie(title)], typed) == [title]


@pytest.mark.parametrize(
    ("title", "typed"), [("2012", "two"), ("21 Grams", "two"), ("Avatar", "the a"), ("Up", "upon")]
)
def test_other_spellings_match_no_other_title(title: str, typed: str) -> None:
    assert _texts([_movie(title)], typed) == []


def test_two_movies_with_the_same_title_are_both_suggested() -> None:
    assert _texts([_movie("Heat", movie=1), _movie("Heat", movie=2)], "heat") == ["Heat", "Heat"]


def test_a_person_has_the_weight_of_the_best_billing_in_the_movie() -> None:
    cast = (CastMember("Ada Quill", order=3), CastMember("Emi Sato", order=1), CastMember("?", order=2))
    movie = Movie(MovieId(1), "X", cast=cast, directors=("Ada Quill",), writers=("Bo",), popularity=12.0)
    weights = {name.text: name.weight for name in suggestions.names(movie) if name.kind == "person"}
    assert weights == {"Ada Quill": 12.0, "Bo": 6.0, "Emi Sato": 6.0}


def test_the_starts_of_a_name_are_distinguished_from_its_later_words() -> None:
    title = _movie("The Dark Knight")
    assert suggestions.starts(title) == ["the dark knight", "dark knight", "darkknight"]
    assert suggestions.later_starts(title) == ["knight"]
    assert suggestions.starts(_person("ada quill")) == ["ada quill", "quill"]
    assert suggestions.later_starts(_person("ada quill")) == []


@given(st.text(max_size=30), st.integers(0, 4))
def test_any_text_can_be_ranked(typed: str, limit: int) -> None:
    found = [_movie("The Godfather"), _person("Ada Quill")]
    assert len(_texts(found, typed, limit)) <= limit


@given(st.text(alphabet="abcd", min_size=4, max_size=8), st.integers(0, 6), st.sampled_from("abcd"))
def test_any_single_changed_letter_is_tolerated(title: str, place: int, letter: str) -> None:
    place %= len(title)
    typed = title[:place] + letter + title[place + 1 :]
    assert _texts([_movie(title)], typed) == [title]
