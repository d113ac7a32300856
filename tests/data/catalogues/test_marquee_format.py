"""Marquee's own formats: JSON Lines and CSV."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DataError
from core.types import FIRST_YEAR, LAST_YEAR, MAX_COUNT, MAX_ID, CastMember, Movie, MovieId, Translation
from data.catalogues import marquee_format
from tests.data import json_lines

TEXT = st.text(max_size=40)
NAMES = st.lists(TEXT, max_size=4).map(tuple)
MEMBERS = st.builds(CastMember, name=TEXT, character=TEXT, order=st.integers(0, 500))
TOLD = st.builds(Translation, language=st.sampled_from(["es", "fr", "ja"]), title=TEXT.filter(str.strip), overview=TEXT)
MOVIES = st.builds(
    Movie,
    id=st.integers(1, MAX_ID).map(MovieId),
    title=TEXT.filter(str.strip),
    original_title=TEXT,
    release_date=st.none() | st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)),
    year=st.none() | st.integers(FIRST_YEAR, LAST_YEAR),
    overview=TEXT,
    tagline=TEXT,
    genres=NAMES,
    keywords=NAMES,
    cast=st.lists(MEMBERS, max_size=3).map(tuple),
    directors=NAMES,
    writers=NAMES,
    language=TEXT,
    spoken_languages=NAMES,
    countries=NAMES,
    companies=NAMES,
    runtime=st.none() | st.integers(1, 10_000),
    vote_count=st.integers(0, MAX_COUNT),
    vote_average=st.none() | st.floats(0, 10),
    popularity=st.floats(0, MAX_COUNT),
    collection=TEXT,
    poster=TEXT,
    translations=st.lists(TOLD, max_size=2, unique_by=lambda told: told.language).map(tuple),
)


@given(st.lists(MOVIES, min_size=1, max_size=4, unique_by=lambda movie: movie.id))
def test_any_movie_survives_json_lines(movies: list[Movie]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / marquee_format.JSON_LINES
        json_lines.write(movies, path)
        catalogue = marquee_format.read(path)
    assert catalogue.movies == tuple(map(_with_year, movies))
    assert not catalogue.skipped


def _with_year(movie: Movie) -> Movie:
    return replace(movie, year=movie.release_date.year) if movie.release_date and movie.year is None else movie


def lines(folder: Path, *written: str) -> Path:
    path = folder / marquee_format.JSON_LINES
    path.write_text("\n".join(written), encoding="utf-8")
    return path


def table(folder: Path, *written: str) -> Path:
    path = folder / marquee_format.TABLE
    path.write_text("\n".join(written), encoding="utf-8")
    return path


def test_a_line_requires_only_id_and_title(tmp_path: Path) -> None:
    catalogue = marquee_format.read(lines(tmp_path, '{"id": 1, "title": "Metropolis"}'))
    assert catalogue.movies == (Movie(MovieId(1), "Metropolis"),)
    assert catalogue.source.name == "own catalogue"
    assert catalogue.source.folder == tmp_path


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    assert len(marquee_format.read(lines(tmp_path, '\ufeff{"id": 1, "title": "Metropolis"}')).movies) == 1


def test_the_year_is_derived_from_the_date_and_the_billing_from_the_order_of_the_cast(tmp_path: Path) -> None:
    cast = '[{"name": "Brigitte Helm", "character": "Maria"}, {"name": "Alfred Abel"}]'
    written = f'{{"id": 19, "title": "Metropolis", "release_date": "1927-02-06", "cast": {cast}}}'
    (movie,) = marquee_format.read(lines(tmp_path, written)).movies
    assert (movie.release_date, movie.year) == (date(1927, 2, 6), 1927)
    assert movie.cast == (CastMember("Brigitte Helm", "Maria", 0), CastMember("Alfred Abel", "", 1))


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ('{"id": 2, ', "", "invalid JSON at character"),
        ("[1, 2]", "", "expected a JSON object"),
        ('{"title": "A"}', "id", "required"),
        ('{"id": 2}', "title", "required"),
        ('{"id": "2", "title": "A"}', "id", "expected a whole number, got '2'"),
        ('{"id": 0, "title": "A"}', "id", "expected a positive number"),
        ('{"id": 1, "title": "A"}', "id", "duplicate id 1, already in row 1"),
        ('{"id": 2, "title": "A", "genre": ["Drama"]}', "genre", "no such field; a movie has id, title"),
        ('{"id": 2, "title": "A", "genres": "Drama"}', "genres", "expected a list, got 'Drama'"),
        ('{"id": 2, "title": "A", "cast": ["Brigitte Helm"]}', "cast", "0: expected an object"),
        ('{"id": 2, "title": "A", "cast": [{"name": 3}]}', "cast", "0: name: expected text, got 3"),
        ('{"id": 2, "title": "A", "cast": "Brigitte Helm"}', "cast", "expected a list"),
        ('{"id": 2, "title": "A", "release_date": "1927"}', "release_date", "YYYY-MM-DD"),
        ('{"id": 2, "title": "A", "release_date": "86400"}', "release_date", "YYYY-MM-DD, got '86400'"),
        ('{"id": 2, "title": "A", "release_date": 1927}', "release_date", "expected a date as YYYY-MM-DD, got 1927"),
        ('{"id": 2, "title": "A", "runtime": 0}', "runtime", "above 0"),
        ('{"id": 2, "title": "A", "runtime": 1e9}', "runtime", "expected minutes above 0"),
        ('{"id": 2, "title": "A", "runtime": 81.5}', "runtime", "expected a whole number, got 81.5"),
        ('{"id": 2.5, "title": "A"}', "id", "expected a whole number, got 2.5"),
        ('{"id": 1e300, "title": "A"}', "", "a number is too large"),
        ('{"id": 9223372036854775808, "title": "A"}', "id", "expected a positive number up to"),
        ('{"id": 2, "title": null}', "title", "is required"),
        ('{"id": 2, "title": ["A"]}', "title", "expected text, got ['A']"),
        ('{"id": 2, "title": "A", "year": 99999999}', "year", "expected a year from 1870 to 2100"),
        ('{"id": 2, "title": "A", "year": 0}', "year", "expected a year from 1870 to 2100"),
        ('{"id": 2, "title": "A", "release_date": "9999-01-01"}', "release_date", "expected a year from 1870 to 2100"),
        ('{"id": 2, "title": "A", "vote_count": -1}', "vote_count", "expected 0 to"),
        ('{"id": 2, "title": "A", "vote_count": 9e12}', "vote_count", "expected 0 to"),
        ('{"id": 2, "title": "A", "vote_average": 11}', "vote_average", "expected 0 to 10"),
        ('{"id": 2, "title": "A", "vote_average": "9"}', "vote_average", "expected a number, got '9'"),
        ('{"id": 2, "title": "A", "popularity": NaN}', "", "invalid JSON"),
    ],
)
def test_an_invalid_line_is_reported_and_skipped(tmp_path: Path, line: str, column: str, reason: str) -> None:
    catalogue = marquee_format.read(lines(tmp_path, '{"id": 1, "title": "Metropolis"}', "", line))
    assert [movie.id for movie in catalogue.movies] == [1]
    (skipped,) = catalogue.skipped
    assert (skipped.file, skipped.row, skipped.column) == ("films.jsonl", 3, column)
    assert reason in skipped.reason


def test_whole_numbers_written_as_floats_and_null_for_nothing_are_read_like_blank_cells(tmp_path: Path) -> None:
    """As pandas writes them."""
    first = '{"id": 862.0, "title": "Lantern Street", "runtime": 81.0, "vote_count": 5415.0, "vote_average": 7.7}'
    nulls = (
        '{"id": 864, "title": "Null Tagline", "release_date": null, "tagline": null, "runtime": null, "genres": null}'
    )
    cast = (
        '{"id": 865, "title": "C", "cast": [{"name": "A", "character": null, "order": 1.0}, null], "keywords": [null]}'
    )
    catalogue = marquee_format.read(lines(tmp_path, first, nulls, cast))
    assert catalogue.skipped == ()
    assert catalogue.movies == (
        Movie(MovieId(862), "Lantern Street", runtime=81, vote_count=5415, vote_average=7.7),
        Movie(MovieId(864), "Null Tagline"),
        Movie(MovieId(865), "C", cast=(CastMember("A", "", 1),)),
    )


def test_the_report_counts_all_skipped_rows_and_lists_the_first(tmp_path: Path) -> None:
    report = marquee_format.read(lines(tmp_path, '{"id": 1, "title": "Metropolis"}', *["oops"] * 12)).report()
    assert report.startswith("own catalogue: 1 movie, 12 rows skipped\n")
    assert "films.jsonl, row 2: invalid JSON" in report
    assert report.endswith("... and 2 more rows")


def test_json_lines_in_another_encoding_are_refused_by_row(tmp_path: Path) -> None:
    path = tmp_path / marquee_format.JSON_LINES
    path.write_bytes(b'{"id": 1, "title": "A"}\n{"id": 2, "title": "Am\xe9lie"}')
    with pytest.raises(DataError, match=r"row 2: not UTF-8 \(byte 0xe9\)"):
        marquee_format.read(path)


def test_a_file_without_a_valid_line_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"films.jsonl, row 1: none of 1 rows is valid; the first: invalid JSON"):
        marquee_format.read(lines(tmp_path, "{"))


def test_a_table_is_read_with_lists_and_cast(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "id,title,release_date,genres,cast,directors,runtime,vote_average,vote_count",
        "19,Metropolis,1927-02-06,Drama| Science Fiction,Brigitte Helm = Maria|Alfred Abel,Fritz Lang,153.0,8.1,2500",
        "20,M,,,,,,,",
    )
    metropolis, m = marquee_format.read(path).movies
    assert metropolis.genres == ("Drama", "Science Fiction")
    assert metropolis.cast == (CastMember("Brigitte Helm", "Maria", 0), CastMember("Alfred Abel", "", 1))
    assert (metropolis.year, metropolis.runtime, metropolis.vote_average) == (1927, 153, 8.1)
    assert m == Movie(MovieId(20), "M")


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("x,A,,", "id", "expected a whole number, got 'x'"),
        ("2,,,", "title", "required"),
        ("2,A,soon,", "release_date", "YYYY-MM-DD"),
        ("2,A,,high", "vote_average", "expected a number"),
        ("2,A,,,,", "", "expected 4 cells, found 6"),
        ("1,A,,", "id", "duplicate id 1, already in row 2"),
    ],
)
def test_an_invalid_row_of_a_table_is_reported_and_skipped(tmp_path: Path, row: str, column: str, reason: str) -> None:
    catalogue = marquee_format.read(table(tmp_path, "id,title,release_date,vote_average", "1,Metropolis,,", row))
    assert [movie.id for movie in catalogue.movies] == [1]
    (skipped,) = catalogue.skipped
    assert (skipped.file, skipped.row, skipped.column) == ("films.csv", 3, column)
    assert reason in skipped.reason


def test_a_table_without_titles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"films.csv, row 1, column 'title': the column is missing; found: id, name"):
        marquee_format.read(table(tmp_path, "id,name", "1,Metropolis"))


def test_an_unknown_column_is_rejected_row_by_row(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"row 2, column 'genre': none of 1 rows is valid; the first: no such field"):
        marquee_format.read(table(tmp_path, "id,title,genre", "1,Metropolis,Drama"))


def test_json_lines_take_precedence_over_a_table(tmp_path: Path) -> None:
    assert marquee_format.find(tmp_path) is None
    path = table(tmp_path, "id,title", "1,A")
    assert marquee_format.find(tmp_path) == path
    path = lines(tmp_path, '{"id": 1, "title": "A"}')
    assert marquee_format.find(tmp_path) == path


def test_titles_and_overviews_in_other_languages_are_read(tmp_path: Path) -> None:
    told = '{"es": {"title": "Tiburón", "overview": "Muerde."}, "fr": {"title": "R"}}'
    written = f'{{"id": 1, "title": "Hai", "translations": {told}}}'
    (movie,) = marquee_format.read(lines(tmp_path, written)).movies
    assert movie.translations == (Translation("es", "Tiburón", "Muerde."), Translation("fr", "R"))
    assert movie.titles == ("Hai", "Tiburón", "R")
    assert (movie.told_in("es").title, movie.told_in("es").overview) == ("Tiburón", "Muerde.")
    assert movie.told_in("de") is movie


@pytest.mark.parametrize(
    ("translations", "reason"),
    [
        ('["es"]', "expected an object by language"),
        ('{"spanish": {"title": "x"}}', "expected ISO 639-1 codes such as es, got"),
        ('{"ES": {"title": "x"}}', "expected ISO 639-1 codes such as es, got"),
        ('{"es": "Tiburón"}', "es: expected an object with a title, an overview or both"),
        ('{"es": {"titel": "x"}}', "es: expected an object with a title, an overview or both"),
        ('{"es": {"title": 3}}', "expected text, got 3"),
        ('{"es": {}}', "es has neither title nor overview"),
    ],
)
def test_an_invalid_translation_is_reported_with_its_row_and_column(
    tmp_path: Path, translations: str, reason: str
) -> None:
    good = '{"id": 2, "title": "Good"}'
    catalogue = marquee_format.read(
        lines(tmp_path, f'{{"id": 1, "title": "Hai", "translations": {translations}}}', good)
    )
    (skipped,) = catalogue.skipped
    assert (skipped.row, skipped.column) == (1, "translations")
    assert reason in skipped.reason
