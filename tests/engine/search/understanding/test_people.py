"""People by name and by movie."""

from __future__ import annotations

import pytest

from core import texts
from core.understanding import PieceKind
from engine.search.understanding import reader, tables
from engine.search.understanding.language import word_lists
from engine.search.understanding.vocabulary import Vocabulary
from indexer.names.gazetteer import Gazetteer, NamedPerson
from tests.video_shop import DUKE, LINA, OKONJO, PETRA, REX, TARROW, VERA, keys, only, read


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("movies with Vera Santori", VERA, "actor"),
        ("starring vera santori", VERA, "actor"),
        ("Vera Santori movies", VERA, ""),
        ("movies directed by Milo Tarrow", TARROW, "director"),
        ("a drama by milo tarrow", TARROW, "director"),
        ("con Vera Santori", VERA, "actor"),
        ("réalisé par Milo Tarrow", TARROW, "director"),
        ("starring santori", VERA, "actor"),
        ("by tarrow", TARROW, "director"),
        ("okonjo movies", OKONJO, "director"),
        ("tarrow western", TARROW, ""),
        ("movies by Milo Tarow", TARROW, "director"),
        ("vera santorri comedies", VERA, ""),
        ("wera santori movies", VERA, ""),
        ("vera the blaze santori", VERA, ""),
        ("odile mar chetti movies", "Odile Marchetti", ""),
        ("Vera Santori's movies", VERA, ""),
    ],
)
def test_people_are_found_in_many_wordings(text: str, name: str, role: str) -> None:
    piece = only(text, PieceKind.PERSON)
    assert (piece.value, piece.role) == (name, role)


def test_a_name_after_and_has_the_role_of_the_name_before() -> None:
    found = [(piece.value, piece.role) for piece in read("movies starring Vera Santori and Duke Ambrose").pieces]
    assert found == [(VERA, "actor"), (DUKE, "actor")]


@pytest.mark.parametrize("text", ["brandvold sisters movies", "movies by the Brandvolds"])
def test_directing_siblings_are_found_together(text: str) -> None:
    piece = only(text, PieceKind.PERSON)
    assert piece.names == (LINA.lower(), PETRA.lower())
    assert piece.role == "director"


@pytest.mark.parametrize(
    "text", ["movies about Vera Santori", "a biography of Vera Santori movie", "the life of Milo Tarrow"]
)
def test_the_subject_of_a_movie_is_not_in_its_cast(text: str) -> None:
    assert PieceKind.PERSON not in {piece.kind for piece in read(text).pieces}


@pytest.mark.parametrize("text", ["comedy with a pilot", "a town without hope", "movies with walk ons"])
def test_everyday_words_are_not_names(text: str) -> None:
    assert PieceKind.PERSON not in {piece.kind for piece in read(text).pieces}


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("the guy from Copper Lantern", DUKE, "actor"),
        ("the woman from Copper Lantern", LINA, "actor"),
        ("movies with the actress from Quiet Orchard", VERA, "actor"),
        ("the director of Quiet Orchard", TARROW, "director"),
        ("the actor who played Tobin Reed", REX, "actor"),
        ("the actress who plays Gloria Fenn", VERA, "actor"),
    ],
)
def test_people_are_found_by_movie_or_character(text: str, name: str, role: str) -> None:
    piece = only(text, PieceKind.ROLE)
    assert (piece.value, piece.role) == (name, role)


def test_a_cast_means_several_people() -> None:
    assert only("movies with the cast of star harbour", PieceKind.ROLE).names == tuple(
        name.lower() for name in (DUKE, VERA, REX)
    )


def test_a_role_has_its_movie_to_exclude() -> None:
    assert only("the guy from Copper Lantern", PieceKind.ROLE).movies


def test_names_joined_by_or_are_one_piece() -> None:
    piece = only("movies with Vera Santori or Duke Ambrose", PieceKind.PERSON)
    assert piece.names == (VERA.lower(), DUKE.lower())


def test_a_genre_next_to_a_name_is_read_too() -> None:
    assert keys("vera santori drama from the 90s") == [f"person:{VERA}", "genre:Drama", "years:1990-1999"]


@pytest.mark.parametrize("text", ["the Brandvold sisters", "brandvold sisters lina and petra", "Brandvolds"])
def test_relatives_are_all_people_with_the_surname(text: str) -> None:
    assert only(text, PieceKind.PERSON).names == ("lina brandvold", "petra brandvold")


def test_nicknames_are_folded_names() -> None:
    for nickname, name in word_lists.NICKNAMES.items():
        assert (texts.fold(nickname), texts.fold(name)) == (nickname, name)


def test_a_writer_s_books_mean_the_writer() -> None:
    writer = NamedPerson("Orla Finch", 3.0, 0.0, 0.0)
    vocabulary = Vocabulary(tables.load(), Gazetteer(people={"orla finch": writer}))
    for text in ("finch adaptations", "movies from orla finch books", "orla finch novels"):
        assert [piece.key for piece in reader.read(text, vocabulary=vocabulary).pieces] == ["person:Orla Finch"]
