"""Judged pairs of similar movies."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.similar import pairs
from core.types import Movie, MovieId

MOVIES = [
    Movie(MovieId(1), "Comet", year=2000),
    Movie(MovieId(2), "Moon", year=1990),
    Movie(MovieId(3), "Moon", year=2010),
]
HEAD = "title_1\tyear_1\ttitle_2\tyear_2\trating\n"


def test_pairs_are_read_in_both_directions_by_title_and_year(tmp_path: Path) -> None:
    file = tmp_path / "ratings.tsv"
    file.write_text(
        f"{HEAD}comet\t2001\tMoon\t1990\tOK\nComet\t2000\tmoon\t2010\tNOT_OK\nComet\t1950\tMoon\t1990\tOK\n"
    )
    found = {one.movie: (one.alike, one.unlike) for one in pairs.read(file, MOVIES)}
    assert found == {1: ((2,), (3,)), 2: ((1,), ()), 3: ((), (1,))}


@pytest.mark.parametrize("content", [None, "title_1\tyear_1\n"])
def test_an_unusable_file_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ratings.tsv"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SystemExit, match=r"ratings\.tsv.*rating"):
        pairs.read(file, MOVIES)
