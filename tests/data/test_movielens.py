"""The bridge from MovieLens to TMDB."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import DataError
from data import movielens


def links(folder: Path, *rows: str, header: str = "movieId,imdbId,tmdbId") -> Path:
    (folder / movielens.LINKS).write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return folder


def test_films_are_found_by_their_movielens_id(tmp_path: Path) -> None:
    found = movielens.read_links(links(tmp_path, "1,0114709,862", "2,0113497,8844"))
    assert found.tmdb_ids == {1: 862, 2: 8844}


def test_a_film_without_a_tmdb_id_is_counted_and_two_films_may_share_one(tmp_path: Path) -> None:
    found = movielens.read_links(links(tmp_path, "1,0114709,862", "2,0113497,", "3,0113228,862"))
    assert found.tmdb_ids == {1: 862, 3: 862}
    assert (found.without_tmdb, found.skipped) == (1, ())


@pytest.mark.parametrize(
    ("row", "column"),
    [("x,1,2", "movieId"), (",1,2", "movieId"), ("2,1,y", "tmdbId"), ("2,1,0", "tmdbId"), ("1,1,2", "movieId")],
)
def test_a_bad_row_is_named_and_skipped(tmp_path: Path, row: str, column: str) -> None:
    found = movielens.read_links(links(tmp_path, "1,0114709,862", row))
    assert found.tmdb_ids == {1: 862}
    assert [(skipped.row, skipped.column) for skipped in found.skipped] == [(3, column)]


def test_a_file_without_tmdb_ids_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"links.csv, row 1, column 'tmdbId': the column is missing"):
        movielens.read_links(links(tmp_path, "1,0114709", header="movieId,imdbId"))


@pytest.mark.data
def test_the_real_links_lead_to_tmdb(real_data: Path) -> None:
    found = movielens.read_links(real_data / "movielens" / "ml-latest-small")
    assert (found.tmdb_ids[1], len(found.tmdb_ids), found.without_tmdb, found.skipped) == (862, 9734, 8, ())
