"""The reader as a whole: query types, merging, removed pieces and remaining text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.understanding import Piece, PieceKind, QueryType, Understanding
from engine.search.understanding import reader
from tests import video_shop
from tests.video_shop import VERA, keys, only, read, vocabulary

MEMORY = (
    "I remember a movie from the 90s with Vera Santori, I saw it on tv, where a ghost keeps a scary house "
    "and a funny western is on, trying to recall the title"
)


@pytest.mark.parametrize(
    "text",
    [
        "something scary", "horror", "a comedy from the 90s", "recommend a good drama", "short western", "pixar movie",
        "what should i watch, something funny", "comedy with a dog", "movies under 90 minutes", "based on a true story",
    ],
)  # fmt: skip
def test_texts_asking_for_a_kind_of_movie_are_requests(text: str) -> None:
    found = read(text)
    assert found.query_type is QueryType.WISH
    assert found.pieces


@pytest.mark.parametrize(
    "text",
    [
        "a man is haunted by a ghost in an old house",
        "two friends walk across a warm country and find a letter",
        "a family loses its ship in the war and waits for a letter from the front that never comes",
        "xyzzy",
        "",
    ],
)
def test_descriptions_of_a_plot_are_not_requests(text: str) -> None:
    found = read(text)
    assert (found.query_type, found.remainder) == (QueryType.DESCRIPTION, text)


def test_only_years_people_titles_and_genres_of_descriptions_are_read() -> None:
    found = read("what is the comedy where a painter meets a scary ghost in 1994 and Vera Santori plays his sad sister")
    assert found.query_type is QueryType.DESCRIPTION
    assert [piece.kind for piece in found.pieces] == [PieceKind.GENRE, PieceKind.YEARS, PieceKind.PERSON]


def test_only_years_people_and_titles_of_memories_are_read() -> None:
    found = read(MEMORY)
    assert found.query_type is QueryType.MEMORY
    assert [piece.key for piece in found.pieces] == ["years:1990-1999", f"person:{VERA}"]
    assert found.remainder == MEMORY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("comedy or drama", ["genre:Comedy|Drama"]),
        ("a comedy or a drama", ["genre:Comedy|Drama"]),
        ("horror/western", ["genre:Horror|Western"]),
        ("french or japanese movies", ["language:fr|ja"]),
        ("scary or funny movie", ["mood:scary|funny"]),
        ("a comedy, a drama", ["genre:Comedy", "genre:Drama"]),
        ("comedy and drama", ["genre:Comedy", "genre:Drama"]),
        ("horror horror movie", ["genre:Horror"]),
        ("drama from the 80s or 90s", ["genre:Drama", "years:1980-1999"]),
        ("drama after 1980 and before 1990", ["genre:Drama", "years:1981-1989"]),
        ("drama from 1985 or 1987", ["genre:Drama", "years:1985-1987"]),
    ],
)
def test_related_pieces_are_merged(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


def test_alternatives_have_one_label_and_position() -> None:
    text = "a comedy or a drama"
    piece = only(text, PieceKind.GENRE)
    assert (piece.label, text[piece.start : piece.end]) == ("Comedy or Drama", "comedy or a drama")


@pytest.mark.parametrize(
    ("text", "remainder"),
    [
        ("a comedy from the 90s", ""),
        ("please recommend a comedy with a clumsy dog", "clumsy dog"),
        ("comedy about a horror writer", "horror writer"),
        ("zombie movies", "zombie"),
        ("rom com", ""),
        ("i want to watch something funny tonight", ""),
        ('movies with "killer bees"', "killer bees"),
        ('comedy with "killer bees" in a town', "killer bees in a town"),
    ],
)
def test_the_remaining_text_has_no_words_of_asking(text: str, remainder: str) -> None:
    assert read(text).remainder == remainder


def test_a_quoted_request_is_not_a_request() -> None:
    assert keys('movies with "horror"') == ["phrase:horror"]


@pytest.mark.parametrize("text", ["star wars like movies", "movies like the unknown reel"])
def test_a_comparison_with_an_unknown_movie_is_matched(text: str) -> None:
    assert PieceKind.MOOD not in {piece.kind for piece in read(text).pieces}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("something scarry", ["mood:scary"]),
        ("romntic comdy", ["genre:romantic comedy"]),
        ("hilarius western", ["mood:funny", "genre:Western"]),
        ("documentry", ["genre:Documentary"]),
        ("thriler movies", ["genre:Thriller"]),
        ("comedys", ["genre:Comedy"]),
    ],
)
def test_typos_in_words_of_the_tables_are_corrected(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


def test_a_piece_with_a_typo_is_less_certain() -> None:
    wrong, right = (only(f"something {word}", PieceKind.MOOD).confidence for word in ("scarry", "scary"))
    assert wrong < right == 1.0


def test_words_of_a_foreign_text_are_not_corrected_to_english() -> None:
    assert keys("una comedia de la drema") == ["genre:Comedy"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("película de terror de los años 90", ["genre:Horror", "years:1990-1999"]),
        ("comédie française des années 80", ["genre:Comedy", "language:fr", "years:1980-1989"]),
        ("lustiger film aus den 90ern", ["mood:funny", "years:1990-1999"]),
        ("film dell'orrore", ["genre:Horror"]),
        ("filme de terror dos anos 80", ["genre:Horror", "years:1980-1989"]),
        ("90年代の怖い映画", ["years:1990-1999", "mood:scary"]),
    ],
)
def test_requests_in_other_languages_are_read(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


def test_a_literal_text_is_matched_as_typed() -> None:
    assert read("scary comedy", literal=True) == Understanding("scary comedy", remainder="scary comedy")


def test_a_removed_piece_is_neither_understood_nor_matched() -> None:
    found = read("a comedy from the 90s with a dog", drop=("genre:Comedy",))
    assert [piece.key for piece in found.pieces] == ["years:1990-1999"]
    assert (found.dropped, found.remainder) == (("genre:Comedy",), "dog")


def test_the_words_of_the_only_piece_are_matched_if_it_is_removed() -> None:
    found = read("horror", drop=("genre:Horror",))
    assert (found.pieces, found.remainder) == ((), "horror")


def test_an_unknown_key_removes_nothing() -> None:
    assert read("a comedy from the 90s", drop=("genre:Western",)) == read("a comedy from the 90s")


def test_a_title_can_be_removed() -> None:
    key = f"title:{video_shop.QUIET_ORCHARD}"
    assert key not in [piece.key for piece in read("quiet orchard", drop=(key,)).pieces]


@pytest.mark.parametrize("text", ["comedy \ud800", "\ud83d", "\ud800 \udfff"])
def test_lone_surrogates_are_dropped(text: str) -> None:
    read(text).query.encode()


def test_pieces_of_another_reader_are_assembled_with_the_remaining_text() -> None:
    text = "please something with ghosts, funny"
    piece = Piece(PieceKind.MOOD, "funny", "Funny", 30, 35)
    found = reader.assemble(text, [piece], vocabulary=vocabulary())
    assert (found.query_type, found.pieces, found.remainder) == (QueryType.WISH, (piece,), "ghosts")


def test_the_first_of_overlapping_pieces_of_another_reader_counts() -> None:
    whole, part = Piece(PieceKind.MOOD, "date-night", "", 0, 10), Piece(PieceKind.MOOD, "dark", "", 5, 10)
    assert reader.assemble("date night", [part, whole], vocabulary=vocabulary()).pieces == (whole,)


WORDS = st.sampled_from(
    "a comedy horror no not but or and from the 90s 1994 before like copper lantern star harbour with Vera Santori "
    'by tarrow under 100 minutes " , - -western second gloria fenn movies best french 怖い 映画 みたいな じゃない '
    "d'horreur İ ß ﬁ é İstanbul date night the guy sequel to last about free violence años I remember".split(" ")
)
ANY_TEXT = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=14).map(" ".join))


@given(ANY_TEXT)
def test_any_text_is_read_and_its_pieces_are_inside_it(text: str) -> None:
    found = read(text)
    for piece in found.pieces:
        assert 0 <= piece.start < piece.end <= len(found.query)
        assert 0 < piece.confidence <= 1
        assert piece.value
        assert piece.label


@given(ANY_TEXT)
def test_the_remainder_is_never_longer_than_the_text(text: str) -> None:
    assert len(read(text).remainder) <= len(text)


@given(ANY_TEXT)
def test_no_two_pieces_have_the_same_key(text: str) -> None:
    found = keys(text)
    assert len(set(found)) == len(found)


@given(ANY_TEXT)
def test_removing_every_piece_leaves_none(text: str) -> None:
    dropped: tuple[str, ...] = ()
    found = read(text)
    while found.pieces:  # removing a title reveals the alternative reading as a request
        more = tuple(piece.key for piece in found.pieces)
        assert not set(more) & set(dropped)
        dropped += more
        found = read(text, drop=dropped)
    assert found.pieces == ()


@given(ANY_TEXT)
def test_reading_is_deterministic(text: str) -> None:
    assert read(text) == read(text)
