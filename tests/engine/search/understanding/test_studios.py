"""Studios, by the names of the catalogue's companies."""

from __future__ import annotations

import pytest

from core.understanding import PieceKind
from indexer.names.companies import by_beginning, by_name
from tests.video_shop import keys, only, read


@pytest.mark.parametrize(
    "text",
    [
        "zelkova pictures", "Zelkova Pictures comedies", "movies by zelkova pictures", "zelkova studios drama",
        "the company zelkova", "zelkova movies", "zelkova western",
    ],
)  # fmt: skip
def test_a_company_with_several_movies_is_found_by_name(text: str) -> None:
    piece = only(text, PieceKind.STUDIO)
    assert (piece.value, piece.label, piece.names) == ("zelkova", "Zelkova", ("zelkova pictures",))


def test_other_pieces_next_to_a_studio_are_read() -> None:
    assert keys("zelkova pictures comedy from the 90s") == ["studio:zelkova", "genre:Comedy", "years:1990-1999"]


@pytest.mark.parametrize(
    "text", ["a professor at zelkova university meets a ghost", "pictures of a town", "original film"]
)
def test_the_words_of_its_name_in_a_story_are_not_a_studio(text: str) -> None:
    assert PieceKind.STUDIO not in {piece.kind for piece in read(text).pieces}


def test_a_company_is_found_by_the_first_rare_words_of_its_name() -> None:
    companies = {"rko radio pictures": (5, 1933, 1950), "red film": (9, 1990, 2000)}
    known = by_name(companies)
    assert by_beginning(companies, known=known)["rko"].names == ("rko radio pictures",)
    assert "red" not in by_beginning(companies, known=known)


def test_studios_in_the_tables_take_precedence() -> None:
    assert keys("pixar movies") == ["studio:pixar"]
