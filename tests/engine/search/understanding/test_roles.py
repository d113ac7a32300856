"""People told by a movie or a character, in whatever order a text says it."""

from __future__ import annotations

import pytest

from core.understanding import PieceKind
from tests.video_shop import DUKE, LINA, REX, TARROW, VERA, keys, only, read


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Copper Lantern's actress", LINA, "actor"),
        ("the Copper Lantern guy in other things", DUKE, "actor"),
        ("copper lantern actor movies", DUKE, "actor"),
        ("Copper Lantern's leading man", DUKE, "actor"),
        ("the woman who played Ada in Quiet Orchard", VERA, "actor"),
        ("whoever directed Quiet Orchard", TARROW, "director"),
        ("the man who made Quiet Orchard", TARROW, "director"),
        ("the same director as Quiet Orchard", TARROW, "director"),
        ("the writer of Copper Lantern", "Wanda Kell", ""),
        ("the composer of Copper Lantern", "Olo Brandt", ""),
        ("the director of the original Quiet Orchard", TARROW, "director"),
        ("my son loves Tobin Reed, what else has that actor been in", REX, "actor"),
        ("the quiet orchard director", TARROW, "director"),
    ],
)
def test_somebody_is_told_in_any_order(text: str, name: str, role: str) -> None:
    piece = only(text, PieceKind.ROLE)
    assert (piece.value, piece.role) == (name, role)
    assert piece.movies


@pytest.mark.parametrize(
    "text",
    [
        "a boy frees his father from the western", "family guy", "the director loses her actor", "an action director",
        "a girl and her mother in paris",
    ],
)  # fmt: skip
def test_people_of_a_story_are_no_roles(text: str) -> None:
    assert PieceKind.ROLE not in {piece.kind for piece in read(text).pieces}


def test_other_wishes_beside_a_role_are_read() -> None:
    assert keys("horror by the director of Quiet Orchard") == ["genre:Horror", f"role:{TARROW}"]


@pytest.mark.parametrize("text", ["score by Olo Brandt", "music by olo brandt"])
def test_whoever_wrote_the_music_is_somebody_of_the_movie(text: str) -> None:
    piece = only(text, PieceKind.PERSON)
    assert (piece.value, piece.role) == ("Olo Brandt", "")


@pytest.mark.parametrize("word", ["early", "young"])
def test_a_word_for_a_time_before_a_name_is_that_part_of_the_work(word: str) -> None:
    said = keys(f"{word} Milo Tarrow movies")
    assert f"person:{TARROW}" in said
    years = only(f"{word} Milo Tarrow movies", PieceKind.YEARS)
    assert years.value.startswith("-")
    assert int(years.value[1:]) < 1994


def test_who_has_few_years_of_work_has_no_early_ones() -> None:
    assert PieceKind.YEARS not in {piece.kind for piece in read("early Odile Marchetti").pieces}
