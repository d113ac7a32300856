"""MovieLens 100K: its formats, and damaged files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import movielens100k
from core.errors import DataError

GOOD = "1\t2\t3\t881250949"
MOVIE = "|".join(["1", "Toy Story (1995)", "01-Jan-1995", "", "http://example.org", *"0001110000000000000"])


def write(folder: Path, name: str, *lines: str, end: str = "\n") -> Path:
    (folder / name).write_bytes((end.join(lines) + end).encode("latin-1"))
    return folder


def test_ratings_keep_the_order_of_the_file(tmp_path: Path) -> None:
    found = movielens100k.read_ratings(write(tmp_path, "u.data", "196\t242\t3\t881250949", "22\t377\t1\t878887116"))
    assert (found.users.tolist(), found.movies.tolist()) == ([196, 22], [242, 377])
    assert (found.stars.tolist(), found.times.tolist()) == ([3.0, 1.0], [881250949, 878887116])
    assert (found.stars.dtype, found.users.dtype, len(found)) == (np.float32, np.int64, 2)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_line_ending_and_blank_lines_are_accepted(tmp_path: Path, end: str) -> None:
    found = movielens100k.read_ratings(write(tmp_path, "u.data", GOOD, "", "2\t2\t4\t1", end=end))
    assert (found.stars.tolist(), found.skipped) == ([3.0, 4.0], ())


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("1\t5\t3", "", "expected 4 cells between tabs, got 3"),
        ("1 5 3 881250949", "", "expected 4 cells between tabs, got 1"),
        ("x\t5\t3\t1", "user", "expected a whole number, got 'x'"),
        ("0\t5\t3\t1", "user", "expected a whole number above 0, got '0'"),
        ("1\t\t3\t1", "item", "expected a whole number above 0, got ''"),
        ("1\t5\t6\t1", "rating", "expected whole stars from 1 to 5, got '6'"),
        ("1\t5\t3.5\t1", "rating", "expected a whole number, got '3.5'"),
        ("1\t5\t3\t-1", "timestamp", "expected seconds since 1970, got '-1'"),
        ("1\t2\t4\t2", "item", "user 1 rated movie 2 before"),
    ],
)
def test_a_bad_row_is_named_by_file_row_and_column_and_skipped(
    tmp_path: Path, row: str, column: str, reason: str
) -> None:
    found = movielens100k.read_ratings(write(tmp_path, "u.data", GOOD, row, "3\t3\t3\t3"))
    assert found.users.tolist() == [1, 3]
    assert [(bad.file, bad.row, bad.column, bad.reason) for bad in found.skipped] == [("u.data", 2, column, reason)]


def test_a_file_without_a_usable_row_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"u.data, row 1: none of 2 rows is valid; the first: expected 4 cells"):
        movielens100k.read_ratings(write(tmp_path, "u.data", "nonsense", "more of it"))


def test_an_empty_file_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"u\.data"):
        movielens100k.read_ratings(write(tmp_path, "u.data", ""))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write(tmp_path, "u2.base", GOOD)
    with pytest.raises(DataError, match=r"u2.test: cannot be read: No such file or directory"):
        movielens100k.read_fold(tmp_path, 2)


def test_a_fold_that_does_not_exist_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fold: expected 1 to 5, got 6"):
        movielens100k.read_fold(tmp_path, 6)


def test_a_fold_consists_of_training_and_test_ratings(tmp_path: Path) -> None:
    write(write(tmp_path, "u3.base", GOOD), "u3.test", "7\t8\t5\t1")
    known, asked = movielens100k.read_fold(tmp_path, 3)
    assert (known.users.tolist(), asked.users.tolist()) == ([1], [7])


def test_titles_are_latin_1_and_invalid_ones_are_reported(tmp_path: Path) -> None:
    accented = MOVIE.replace("1|Toy Story", "2|Misérables, Les", 1)
    nameless = MOVIE.replace("1|Toy Story (1995)", "3| ", 1)
    found = movielens100k.read_titles(write(tmp_path, "u.item", MOVIE, accented, nameless, "4|short", MOVIE))
    assert found.titles == {1: "Toy Story (1995)", 2: "Misérables, Les (1995)"}
    assert [(bad.row, bad.column) for bad in found.skipped] == [(3, "title"), (4, ""), (5, "id")]


def test_links_map_to_tmdb_ids_where_there_are_any(tmp_path: Path) -> None:
    header = "item_id,title,movieId,tmdbId,in_tmdb5000"
    rows = ("1,Toy Story (1995),1,862,True", "3,Nothing,,,False", "4,Bad,4,-2,True", "x,Bad,5,3,True")
    found = movielens100k.read_links(write(tmp_path, "item_to_tmdb.csv", header, *rows))
    assert found.tmdb_ids == {1: 862}
    assert [(bad.row, bad.column) for bad in found.skipped] == [(4, "tmdbId"), (5, "item_id")]


def test_links_without_their_columns_are_rejected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="column 'tmdbId': the column is missing"):
        movielens100k.read_links(write(tmp_path, "item_to_tmdb.csv", "item_id,title", "1,Toy Story"))


@pytest.mark.data
def test_the_real_files_are_read_completely(real_data: Path) -> None:
    folder = real_data / "movielens" / "ml-100k"
    everything = movielens100k.read_ratings(folder)
    assert (len(everything), len(np.unique(everything.users)), everything.skipped) == (100_000, 943, ())
    for fold in movielens100k.FOLDS:
        known, asked = movielens100k.read_fold(folder, fold)
        assert (len(known), len(asked), known.skipped, asked.skipped) == (80_000, 20_000, (), ())
        assert not set(zip(known.users, known.movies, strict=True)) & set(zip(asked.users, asked.movies, strict=True))
    titles = movielens100k.read_titles(folder)
    assert (len(titles.titles), titles.titles[1], titles.skipped) == (1682, "Toy Story (1995)", ())
    links = movielens100k.read_links(folder)
    assert (links.tmdb_ids[1], links.skipped) == (862, ())
