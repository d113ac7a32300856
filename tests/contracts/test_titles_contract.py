"""Titles in spellings other than the catalogue's, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.ports import Entry, Match, MovieIndex, Question
from core.types import Movie, MovieId
from tests.contracts import world
from tests.contracts.places import Place

TITLES = (
    ("Boxer IV", "", 1985), ("Boxer V", "", 1990), ("Boxer", "", 1976), ("Creature³", "", 1992),
    ("Creature", "", 1979), ("M*A*S*K", "", 1970), ("Web-Walker", "", 2002), ("夜のバス停で", "", 2003),
    ("Night Ferry", "夜の渡し船と少年", 2001), ("$", "", 1971), ("The Guest", "괴물 손님", 2006),
    ("The Guest", "", 2013), ("Star Boat II: The Wrath of Kim", "", 1982), ("Star Boat", "", 1979),
    ("Søndag", "", 2009), ("दिल की राह", "", 1998), ("Salt & Honey", "", 1995),
)  # fmt: skip
MOVIES = tuple(
    Movie(MovieId(number), title, original, year=year, overview="Nothing is told of it.", popularity=float(number))
    for number, (title, original, year) in enumerate(TITLES, start=1)
)


@pytest.fixture(scope="module")
def titles(find: Callable[[Path], Place], tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovieIndex]:
    """The published index of these movies."""
    place = find(tmp_path_factory.mktemp("titles"))
    store = place.open()
    store.begin(world.info("v1", len(MOVIES)))
    store.fill("v1", [Entry(movie, vector) for movie, vector in zip(MOVIES, world.vectors(), strict=False)])
    store.finish("v1")
    store.publish("v1")
    yield store.open()
    place.remove()


def _named(index: MovieIndex, query: str, *, by: Match) -> set[str]:
    """Return the titles that a query matches in a given way."""
    found = index.candidates(Question(words=query, name=query, depth=1))
    named = {movie for movie, bits in zip(found.ids.tolist(), found.match.tolist(), strict=True) if bits & by}
    return {f"{movie.title} {movie.year}" for movie in MOVIES if movie.id in named}


@pytest.mark.parametrize(
    ("query", "titled"),
    [
        ("boxer 4", "Boxer IV 1985"), ("Boxer Part Five", "Boxer V 1990"), ("creature iii", "Creature³ 1992"),
        ("mask", "M*A*S*K 1970"), ("webwalker", "Web-Walker 2002"), ("夜のバス停で", "夜のバス停で 2003"),
        ("$", "$ 1971"),        ("the guest 2006", "The Guest 2006"), ("The Guest (2013)", "The Guest 2013"),
        ("sondag", "Søndag 2009"),
        ("दिल की राह", "दिल की राह 1998"), ("salt and honey", "Salt & Honey 1995"), ("star boat", "Star Boat 1979"),
        ("괴물 손님", "The Guest 2006"),
    ],
)  # fmt: skip
def test_a_title_matches_in_any_spelling(titles: MovieIndex, query: str, titled: str) -> None:
    assert _named(titles, query, by=Match.TITLE) == {titled}


@pytest.mark.parametrize("query", ["star boat 2", "Star Boat II", "wrath of kim", "star boat two 1982"])
def test_a_part_of_a_title_is_distinguished_from_the_whole(titles: MovieIndex, query: str) -> None:
    assert _named(titles, query, by=Match.TITLE_PART) == {"Star Boat II: The Wrath of Kim 1982"}
    assert "Star Boat II: The Wrath of Kim 1982" not in _named(titles, query, by=Match.TITLE)


@pytest.mark.parametrize(
    ("query", "titled"), [("バス停", "夜のバス停で 2003"), ("渡し船", "Night Ferry 2001"), ("停で夜", "")]
)
def test_a_part_of_a_title_without_spaces_is_found_by_character_bigrams(
    titles: MovieIndex, query: str, titled: str
) -> None:
    assert _named(titles, query, by=Match.TITLE_WORDS) == ({titled} if titled else set())
    if titled:
        assert titles.candidates(Question(words=query, fields=(("title", 1.0),), depth=5)).words.tolist() != []


def test_whole_titles_join_before_more_popular_movies_matched_otherwise(
    find: Callable[[Path], Place], tmp_path: Path
) -> None:
    place = find(tmp_path)
    many = [Movie(MovieId(10 + n), f"Dusk Song {n}", popularity=50.0 + n) for n in range(80)]
    movies = [Movie(MovieId(1), "Dusk", popularity=0.1), *many]
    try:
        store = place.open()
        store.begin(world.info("v1", len(movies)))
        store.fill("v1", [Entry(movie, vector) for movie, vector in zip(movies, world.vectors(), strict=False)])
        store.finish("v1")
        found = store.open("v1").candidates(Question(words="zebra", name="dusk"))
        assert len(found) == 50
        assert found.match.tolist()[0] == Match.TITLE | Match.TITLE_WORDS
        assert found.ids.tolist() == [1, *range(41, 90)]
        assert [one.id for one in store.open("v1").suggest("dusk", limit=3)] == [1, 89, 88]
    finally:
        place.remove()


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("webw", "Web-Walker"), ("mask", "M*A*S*K"), ("バス", "夜のバス停で"), ("creature 3", "Creature³"), ("$", "$"),
        ("the guest 2006", "The Guest"), ("Boxer (1976)", "Boxer"),
        ("boxer 4", "Boxer IV"), ("sønd", "Søndag"), ("salt and h", "Salt & Honey"),
        ("wrath of k", "Star Boat II: The Wrath of Kim"),
    ],
)  # fmt: skip
def test_a_title_is_suggested_while_any_spelling_is_typed(titles: MovieIndex, typed: str, suggested: str) -> None:
    assert titles.suggest(typed, limit=3)[0].text == suggested
