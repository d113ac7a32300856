"""Titles, series and their parts."""

from __future__ import annotations

import pytest

from core.understanding import PieceKind, QueryType
from tests import video_shop
from tests.video_shop import COPPER_LANTERN, QUIET_ORCHARD, keys, only, read


@pytest.mark.parametrize(
    "text",
    [
        "movies like Copper Lantern", "something like copper lantern", "similar to Copper Lantern",
        "copper lantern but funny",
        'movies like "Copper Lantern"', "i loved copper lantern", "like copper lantern",
        "películas como Copper Lantern",
        "films comme Copper Lantern", "filme wie copper lantern", "film come Copper Lantern",
        "copper lanternみたいな映画",
    ],
)  # fmt: skip
def test_a_movie_to_resemble_can_be_given_in_many_ways(text: str) -> None:
    assert only(text, PieceKind.LIKE).movies == (video_shop.COPPER_LANTERN,)


@pytest.mark.parametrize(
    "text",
    [
        "movies like Copper Lantern and Quiet Orchard", "like copper lantern, quiet orchard",
        "copper lantern meets quiet orchard",
        "like Copper Lantern or Quiet Orchard", "Copper Lantern x Quiet Orchard",
        "between Copper Lantern and Quiet Orchard",
    ],
)  # fmt: skip
def test_there_can_be_two_movies_to_resemble(text: str) -> None:
    assert keys(text) == [f"like:{video_shop.COPPER_LANTERN}", f"like:{video_shop.QUIET_ORCHARD}"]


def test_a_request_may_follow_the_movie_to_resemble() -> None:
    assert keys("Copper Lantern but funny and from the 90s") == [
        f"like:{video_shop.COPPER_LANTERN}",
        "mood:funny",
        "years:1990-1999",
    ]


def test_a_series_to_resemble_is_excluded_from_the_results() -> None:
    assert only("movies like gloria fenn", PieceKind.LIKE).names == ("gloria fenn",)
    assert only("movies like copper lantern", PieceKind.LIKE).names == ()


def test_a_series_may_precede_but() -> None:
    assert keys("gloria fenn but funny") == [f"like:{video_shop.BRASS_CLOCK}", "mood:funny"]


def test_a_genre_before_but_is_not_a_title() -> None:
    assert keys("western but not scary") == ["genre:Western", "not-mood:scary"]


def test_an_original_title_in_another_script_is_a_title() -> None:
    assert only("夜の灯台みたいな映画", PieceKind.LIKE).movies == (video_shop.NIGHT_LIGHTHOUSE,)


@pytest.mark.parametrize("text", ["Quiet Orchard", "quiet orchard", "QUIET ORCHARD!", "quiet orchard 1994"])
def test_a_text_that_is_a_title_is_read_as_that_title(text: str) -> None:
    found = read(text)
    assert (found.query_type, found.pieces[0].movies[0]) == (QueryType.TITLE, video_shop.QUIET_ORCHARD)
    assert found.remainder == text


@pytest.mark.parametrize(("text", "wish"), [("date night", "mood:date-night"), ("Western", "genre:Western")])
def test_a_title_that_is_also_a_request_offers_the_other_reading(text: str, wish: str) -> None:
    found = read(text)
    assert found.query_type is QueryType.TITLE
    assert found.other is not None
    other = read(text, drop=found.other.drop)
    assert (other.query_type, [piece.key for piece in other.pieces]) == (QueryType.WISH, [wish])


def test_a_table_word_similar_to_a_title_is_a_request() -> None:
    assert keys("westerns") == ["genre:Western"]


def test_a_title_without_another_meaning_offers_no_other_reading() -> None:
    assert read("Quiet Orchard").other is None


def test_a_part_of_a_title_is_not_a_request() -> None:
    assert read("old pier").query_type is not QueryType.WISH


@pytest.mark.parametrize("text", ["star harbour movies", "the star harbour series", "star harbour films"])
def test_a_series_is_requested_with_a_word_such_as_movies(text: str) -> None:
    assert only(text, PieceKind.COLLECTION).movies[:3] == (
        video_shop.STAR_HARBOUR,
        video_shop.DROWNED_MOON,
        video_shop.HARBOUR_HOME,
    )


def test_a_series_is_found_by_its_hero() -> None:
    assert only("gloria fenn movies", PieceKind.COLLECTION).movies == (
        video_shop.BRASS_CLOCK,
        video_shop.VELVET_KEY,
        video_shop.PAPER_CROWN,
        video_shop.GLASS_ROSE,
    )


@pytest.mark.parametrize(
    ("text", "movie"),
    [
        ("second star harbour", video_shop.DROWNED_MOON),
        ("the 2nd star harbour movie", video_shop.DROWNED_MOON),
        ("star harbour part 2", video_shop.DROWNED_MOON),
        ("star harbour three", video_shop.HARBOUR_HOME),
        ("third gloria fenn", video_shop.PAPER_CROWN),
        ("the last gloria fenn", video_shop.GLASS_ROSE),
        ("sequel to Star Harbour", video_shop.DROWNED_MOON),
        ("the sequel to paper crown", video_shop.GLASS_ROSE),
    ],
)
def test_a_part_of_a_series_is_found_by_its_number(text: str, movie: int) -> None:
    assert only(text, PieceKind.PART).movies == (movie,)


def test_a_number_beyond_the_series_is_not_a_part() -> None:
    assert [piece.kind for piece in read("star harbour 9").pieces] != [PieceKind.PART]


@pytest.mark.parametrize(
    ("text", "movie"),
    [
        ("the movie called Quiet Orchard", QUIET_ORCHARD),
        ("what is that film called Quiet Orchad", QUIET_ORCHARD),
        ("a romance titled Quiet Orchard", QUIET_ORCHARD),
        ("that film Copper Lantern please", COPPER_LANTERN),
        ("something like a western, no, Copper Lantern", COPPER_LANTERN),
        ("Copper Lantern, the duke ambrose one", COPPER_LANTERN),
        ("quiet orchad milo tarrow", QUIET_ORCHARD),
    ],
)
def test_a_title_with_words_of_asking_around_it_is_a_title(text: str, movie: int) -> None:
    understood = read(text)
    assert understood.query_type is QueryType.TITLE
    assert understood.pieces[0].movies[0] == movie


@pytest.mark.parametrize("text", ["a western movie", "movie comedy", "quiet orchard vera santori's enemy"])
def test_a_title_with_other_words_around_it_is_not_a_title(text: str) -> None:
    assert read(text).query_type is not QueryType.TITLE


@pytest.mark.parametrize(
    "text",
    ["Copper Lantern style movies", "copper lantern-like films", "a bit like Copper Lantern", "Copper Lantern vibes"],
)
def test_comparisons_are_read_in_more_wordings(text: str) -> None:
    assert keys(text) == [f"like:{COPPER_LANTERN}"]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("movies like Copper Lantern but older", "-{before}"),
        ("something like Copper Lantern, just a bit newer", "{after}-"),
    ],
)
def test_older_and_newer_are_relative_to_the_movie_s_year(text: str, years: str) -> None:
    movie = next(movie for movie in video_shop.MOVIES if movie.title == "Copper Lantern")
    assert movie.year is not None
    wanted = years.format(before=movie.year - 1, after=movie.year + 1)
    assert [piece.value for piece in read(text).pieces if piece.kind is PieceKind.YEARS] == [wanted]
    assert read(text).remainder == ""
