"""The mapping from MovieLens to TMDB, and MovieLens ratings."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import DataError
from data.catalogues import movielens


def links(folder: Path, *rows: str, header: str = "movieId,imdbId,tmdbId") -> Path:
    (folder / movielens.LINKS).write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return folder


def test_movies_are_found_by_their_movielens_id(tmp_path: Path) -> None:
    found = movielens.read_links(links(tmp_path, "1,0114709,862", "2,0113497,8844"))
    assert found.tmdb_ids == {1: 862, 2: 8844}


def test_a_movie_without_a_tmdb_id_is_counted_and_two_movies_may_share_one(tmp_path: Path) -> None:
    found = movielens.read_links(links(tmp_path, "1,0114709,862", "2,0113497,", "3,0113228,862"))
    assert found.tmdb_ids == {1: 862, 3: 862}
    assert (found.without_tmdb, found.skipped) == (1, ())


@pytest.mark.parametrize(
    ("row", "column"),
    [("x,1,2", "movieId"), (",1,2", "movieId"), ("2,1,y", "tmdbId"), ("2,1,0", "tmdbId"), ("1,1,2", "movieId")],
)
def test_an_invalid_row_is_reported_and_skipped(tmp_path: Path, row: str, column: str) -> None:
    found = movielens.read_links(links(tmp_path, "1,0114709,862", row))
    assert found.tmdb_ids == {1: 862}
    assert [(skipped.row, skipped.column) for skipped in found.skipped] == [(3, column)]


def test_a_file_without_tmdb_ids_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"links.csv, row 1, column 'tmdbId': the column is missing"):
        movielens.read_links(links(tmp_path, "1,0114709", header="movieId,imdbId"))


@pytest.mark.data
def test_the_real_links_refer_to_tmdb(real_data: Path) -> None:
    found = movielens.read_links(real_data / "movielens" / "ml-latest-small")
    assert (found.tmdb_ids[1], len(found.tmdb_ids), found.without_tmdb, found.skipped) == (862, 9734, 8, ())


def rated(folder: Path, *rows: str, header: str = "userId,movieId,rating,timestamp") -> Path:
    (folder / movielens.RATINGS).write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return links(folder, "1,0114709,862", "2,0113497,8844", "3,0113228,862", "4,0000000,")


def test_ratings_are_of_tmdb_movies_and_ordered_by_user_and_movie(tmp_path: Path) -> None:
    found = movielens.read_ratings(rated(tmp_path, "2,2,3.5,20", "1,2,4.0,11", "1,1,0.5,10"))
    assert found.users.tolist() == [1, 1, 2]
    assert found.movies.tolist() == [862, 8844, 8844]
    assert found.stars.tolist() == [0.5, 4.0, 3.5]
    assert found.times.tolist() == [10, 11, 20]


def test_two_ratings_of_one_tmdb_movie_are_averaged(tmp_path: Path) -> None:
    found = movielens.read_ratings(rated(tmp_path, "1,1,2,10", "1,3,5,30", "2,1,4,20"))
    assert (found.stars.tolist(), found.times.tolist(), found.merged) == ([3.5, 4.0], [30, 20], 1)


def test_ratings_of_movies_without_a_tmdb_id_are_counted(tmp_path: Path) -> None:
    found = movielens.read_ratings(rated(tmp_path, "1,1,2,10", "1,4,5,30", "1,99,5,30"))
    assert (len(found.users), found.unlinked) == (1, 2)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("x,1,4,10", "userId"),
        ("1,,4,10", "movieId"),
        ("1,1,4.2,10", "rating"),
        ("1,1,0,10", "rating"),
        ("1,1,nan,10", "rating"),
        ("1,1,4,soon", "timestamp"),
        ("1,1,4", "timestamp"),
    ],
)
def test_an_invalid_rating_is_reported_and_skipped(tmp_path: Path, row: str, column: str) -> None:
    found = movielens.read_ratings(rated(tmp_path, "1,2,4,10", "", row))
    assert found.movies.tolist() == [8844]
    assert [(skipped.row, skipped.column) for skipped in found.skipped] == [(4, column)]


def test_ratings_without_a_valid_row_are_rejected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"ratings.csv.*no valid row"):
        movielens.read_ratings(rated(tmp_path, "1,1,9,10"))
    with pytest.raises(DataError, match=r"ratings.csv, row 1, column 'rating': the column is missing"):
        movielens.read_ratings(rated(tmp_path, "1,1,10", header="userId,movieId,timestamp"))


@pytest.mark.data
def test_the_real_ratings_refer_to_tmdb(real_data: Path) -> None:
    found = movielens.read_ratings(real_data / "movielens" / "ml-latest-small")
    assert (len(found.users), found.merged, found.unlinked, found.skipped) == (100_822, 1, 13, ())
