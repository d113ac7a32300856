"""Series and the numbers of their parts."""

from __future__ import annotations

import pytest

from core.understanding import PieceKind, QueryType
from tests.video_shop import DROWNED_MOON, HARBOUR_HOME, PAPER_CROWN, STAR_HARBOUR, keys, only, read


@pytest.mark.parametrize(
    ("text", "movie"),
    [
        ("Star Harbour, the second one", DROWNED_MOON),
        ("star harbour second part", DROWNED_MOON),
        ("star harbour 2 with the frozen moon", DROWNED_MOON),
        ("star harbour two please", DROWNED_MOON),
        ("part 2 of star harbour", DROWNED_MOON),
        ("the third one of the star harbour series", HARBOUR_HOME),
        ("the one after Star Harbour", DROWNED_MOON),
        ("the sequel to Star Harbour", DROWNED_MOON),
        ("the Star Harbour sequel", DROWNED_MOON),
        ("original star harbour", STAR_HARBOUR),
        ("the second duke ambrose star harbour", DROWNED_MOON),
        ("the third gloria fenn", PAPER_CROWN),
    ],
)
def test_parts_of_a_series_are_numbered_in_many_ways(text: str, movie: int) -> None:
    assert only(text, PieceKind.PART).movies == (movie,)


@pytest.mark.parametrize("text", ["the star harbour one", "one of the star harbour movies"])
def test_one_is_not_a_number(text: str) -> None:
    assert PieceKind.PART not in {piece.kind for piece in read(text).pieces}


def test_the_number_of_a_part_is_not_the_beginning_of_a_length() -> None:
    assert "part:star harbour 2" not in keys("star harbour 2 hours")


def test_a_part_is_requested() -> None:
    assert read("Star Harbour, the second one").query_type is QueryType.WISH
