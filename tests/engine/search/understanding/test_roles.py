"""People identified by a movie or a character."""

from __future__ import annotations

import dataclasses

import pytest

from core.types import CastMember
from core.understanding import PieceKind
from engine.search.understanding import reader, tables
from engine.search.understanding.vocabulary import Vocabulary
from indexer.names import gazetteer_builder
from indexer.names.gazetteer import Gazetteer, NamedMovie, NamedPerson
from tests import video_shop
from tests.video_shop import COPPER_LANTERN, DUKE, LAST_MUSKET, LINA, REX, TARROW, VERA, keys, only, read


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
        ("who did the music for Copper Lantern, more of that", "Olo Brandt", ""),
        ("whoever scored Copper Lantern", "Olo Brandt", ""),
        ("who directed Quiet Orchard", TARROW, "director"),
        ("written by the same person as Copper Lantern", "Wanda Kell", ""),
        ("the guy behind Quiet Orchard", TARROW, "director"),
        ("directed by the actress from Copper Lantern", LINA, "director"),
        ("her from Copper Lantern", LINA, "actor"),
        ("the girl out of Copper Lantern", LINA, "actor"),
        ("the same actress as in Copper Lantern", LINA, "actor"),
        ("the bad guy in Star Harbour", REX, "actor"),
        ("the kid from Date Night", REX, "actor"),
        ("the guy who voiced Tobin Reed", REX, "actor"),
        ("the actor of Tobin Reed", REX, "actor"),
        ("Tobin Reed from Star Harbour in other movies", REX, "actor"),
        ("the guy from Copper Lantern and The Last Musket", DUKE, "actor"),
        ("the woman from Star Harbour and Quiet Orchard", VERA, "actor"),
    ],
)
def test_roles_are_read_in_any_word_order(text: str, name: str, role: str) -> None:
    piece = only(text, PieceKind.ROLE)
    assert (piece.value, piece.role) == (name, role)
    assert piece.movies


@pytest.mark.parametrize(
    "text",
    [
        "a boy frees his father from the western", "family guy", "the director loses her actor", "an action director",
        "a girl and her mother in paris", "he takes her from date night to the harbour", "the third one of the stars",
        "the guy from", "the director of the", "who directed", "who did the music for", "the actor of", "her from",
    ],
)  # fmt: skip
def test_characters_of_a_plot_are_not_roles(text: str) -> None:
    assert PieceKind.ROLE not in {piece.kind for piece in read(text).pieces}


@pytest.mark.parametrize(("votes", "kinds"), [(20, set()), (90_000, {PieceKind.ROLE})])
def test_one_word_before_guy_is_a_character_only_in_a_well_known_movie(votes: int, kinds: set[PieceKind]) -> None:
    bald = CastMember(name="Dan Walker", character="Bald", order=0)
    movie = dataclasses.replace(video_shop.MOVIES[-1], cast=(bald,), vote_count=votes)
    names = gazetteer_builder.build((*video_shop.MOVIES[:-1], movie))
    found = reader.read("movies with the bald guy", vocabulary=Vocabulary(tables.load(), names))
    assert {piece.kind for piece in found.pieces} == kinds


def test_other_pieces_next_to_a_role_are_read() -> None:
    assert keys("horror by the director of Quiet Orchard") == ["genre:Horror", f"role:{TARROW}"]


@pytest.mark.parametrize("text", ["score by Olo Brandt", "music by olo brandt"])
def test_composers_are_found_by_movie(text: str) -> None:
    piece = only(text, PieceKind.PERSON)
    assert (piece.value, piece.role) == ("Olo Brandt", "")


@pytest.mark.parametrize("word", ["early", "young"])
def test_early_and_late_before_a_name_limit_the_years(word: str) -> None:
    found = keys(f"{word} Milo Tarrow movies")
    assert f"person:{TARROW}" in found
    years = only(f"{word} Milo Tarrow movies", PieceKind.YEARS)
    assert years.value.startswith("-")
    assert int(years.value[1:]) < 1994


def test_a_short_career_has_no_early_years() -> None:
    assert PieceKind.YEARS not in {piece.kind for piece in read("early Odile Marchetti").pieces}


def test_a_person_shared_by_two_movies_is_found_in_others() -> None:
    assert only("the guy from Copper Lantern and The Last Musket", PieceKind.ROLE).movies == (
        COPPER_LANTERN,
        LAST_MUSKET,
    )


def test_a_lead_of_unknown_gender_may_be_either() -> None:
    movie = NamedMovie(
        1, "Amber Gate", "", 1990, 0.9, ((VERA, "", "Nell"), ("Somebody Else", "", "Tom")), (), "", 0, 90
    )  # fmt: skip
    known = dataclasses.replace(movie, id=2, title="Tin Bridge", leads=(("Somebody Else", "male", "Jim"),))
    names = Gazetteer(movies=(movie, known), people={"vera santori": NamedPerson(VERA, 1.0, 1.0, 0.0)})
    found = reader.read("the actress from Amber Gate", vocabulary=Vocabulary(tables.load(), names))
    assert [piece.value for piece in found.pieces] == [VERA]


@pytest.mark.parametrize("text", ["Milo Tarrow when he was young", "Milo Tarrow movies early in his career"])
def test_a_phrase_after_a_name_limits_the_years_too(text: str) -> None:
    assert only(text, PieceKind.YEARS).value == only("early Milo Tarrow movies", PieceKind.YEARS).value


@pytest.mark.parametrize(("text", "years"), [("Milo Tarrow before Quiet Orchard", "-1993"),
                                             ("Milo Tarrow after Quiet Orchard", "1995-")])  # fmt: skip
def test_a_movie_title_next_to_a_name_limits_the_years(text: str, years: str) -> None:
    assert only(text, PieceKind.YEARS).value == years
