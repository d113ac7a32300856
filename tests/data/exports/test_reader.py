"""Exports as written by the two sites and as modified by spreadsheets."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.diary.lists import ListDetails
from core.errors import DataError
from core.users import MarkKind
from data.exports import blocks, entries, reader
from data.exports.entries import Export, SeriesRow

RATINGS = "Date,Name,Year,Letterboxd URI,Rating"
WATCHLIST = "Date,Name,Year,Letterboxd URI"
DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date"
IMDB = (
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,"
    "Num Votes,Release Date,Directors"
)
IMDB_LIST = (
    "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,"
    "Genres,Num Votes,Release Date,Directors,Your Rating,Date Rated"
)
REVIEWS = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date"
SIMKL = "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB"
TV_TIME = (
    "type,user_id,created_at,updated_at,entity_type,movie_name,series_name,season_number,episode_number,release_date"
)
MOVIELENS = "movie_id,imdb_id,tmdb_id,rating,average_rating,title"
HEAT = "2020-05-17,Heat,1995,https://boxd.it/2a9q,4.5"


def read(header: str, *rows: str, name: str = "export.csv", end: str = "\n") -> Export:
    return reader.read(io.BytesIO((end.join((header, *rows)) + end).encode()), name=name)


def imdb(
    const: str = "tt0113277", rating: str = "9", title: str = "Heat", kind: str = "Movie", year: str = "1995"
) -> str:
    return f'{const},{rating},2020-05-17,{title},{title},https://www.imdb.com,{kind},8.3,170,{year},"Crime, Drama",1,,M'


def test_letterboxds_ratings_are_read() -> None:
    export = read(RATINGS, HEAT)
    assert export.kind == "Letterboxd ratings"
    (entry,) = export.entries
    assert (entry.title, entry.year, entry.stars, entry.mark, entry.on) == ("Heat", 1995, 4.5, None, date(2020, 5, 17))


def test_letterboxds_diary_marks_movies_as_watched_on_a_day() -> None:
    export = read(DIARY, "2020-06-01,Heat,1995,uri,4,Yes,noir,2020-05-30", "2020-06-02,Jaws,1975,uri,,,,2020-06-02")
    assert export.kind == "Letterboxd diary"
    assert [(e.title, e.stars, e.mark, e.on) for e in export.entries] == [
        ("Heat", 4.0, MarkKind.WATCHED, date(2020, 5, 30)),
        ("Jaws", None, MarkKind.WATCHED, date(2020, 6, 2)),
    ]


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("watchlist.csv", MarkKind.WATCHLIST),
        ("watchlist-ada-2020.csv", MarkKind.WATCHLIST),
        ("some.csv", MarkKind.WATCHLIST),
        ("watched.csv", MarkKind.WATCHED),
        (r"C:\likes\films.csv", MarkKind.FAVOURITE),
    ],
)
def test_lists_with_equal_headers_are_distinguished_by_their_names(name: str, mark: MarkKind) -> None:
    assert read(WATCHLIST, "2020-05-17,Heat,1995,uri", name=name).entries[0].mark is mark


def test_imdbs_ratings_are_converted_to_half_stars_with_ids() -> None:
    export = read(IMDB, imdb(rating="9"), imdb("tt10872600", "1", "Spider-Man: No Way Home", year="2021"))
    assert export.kind == "IMDb ratings"
    assert [(e.imdb, e.stars, e.year) for e in export.entries] == [(113277, 4.5, 1995), (10872600, 0.5, 2021)]
    assert export.entries[0].original_title == "Heat"


def test_imdbs_watchlist_is_a_watchlist_even_with_ratings() -> None:
    export = read(
        IMDB_LIST, "1,tt0113277,2020-05-17,2020-05-17,,Heat,Heat,u,Movie,8.3,170,1995,Crime,1,1995-12-15,M,9,"
    )
    assert export.kind == "IMDb watchlist"
    assert [(e.imdb, e.mark, e.stars, e.on) for e in export.entries] == [
        (113277, MarkKind.WATCHLIST, None, date(2020, 5, 17))
    ]


@pytest.mark.parametrize("kind", ["Video Game", "musicVideo"])
def test_titles_that_are_not_movies_are_reported(kind: str) -> None:
    export = read(IMDB, imdb(), imdb(kind=kind))
    assert len(export.entries) == 1
    assert [str(bad) for bad in export.bad] == [
        f"export.csv, row 3, column 'Title Type': expected a movie, got '{kind}'"
    ]


@pytest.mark.parametrize(
    ("kind", "title", "series", "episodes"),
    [
        ("TV Series", "Fargo", "Fargo", 0),
        ("TV Mini Series", "Fargo", "Fargo", 0),
        ("tvSeries", "Fargo", "Fargo", 0),
        ("TV Episode", "Fargo: Aporia", "Fargo", 1),
        ("tvEpisode", "Fargo: Aporia", "Fargo", 1),
    ],
)
def test_series_and_episodes_are_named_as_such(kind: str, title: str, series: str, episodes: int) -> None:
    export = read(IMDB, imdb(title="Fargo"), imdb(title=title, kind=kind))
    assert len(export.entries) == 1
    assert export.bad == ()
    assert export.series == (SeriesRow("export.csv", 3, series, episodes),)


@pytest.mark.parametrize("kind", ["Movie", "movie", "TV Movie", "Short", "Video", "TV Special", ""])
def test_all_types_of_movies_are_accepted(kind: str) -> None:
    assert read(IMDB, imdb(kind=kind)).bad == ()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("2020-05-17,Heat,1995,uri,4.7", "column 'Rating': expected half stars from 0.5 to 5.0, got '4.7'"),
        ("2020-05-17,Heat,1995,uri,11", "column 'Rating': expected half stars from 0.5 to 5.0, got '11'"),
        ("2020-05-17,Heat,1995,uri,good", "column 'Rating': expected a number, got 'good'"),
        ("2020-05-17,Heat,1995,uri,", "column 'Rating': expected stars, got nothing"),
        ("2020-05-17,Heat,95,uri,4", "column 'Year': expected a year from 1870 to 2100, got '95'"),
        ("2020-05-17, ,1995,uri,4", "column 'Name': expected a title, got nothing"),
        ("2020-05-17,Good, Bad,1995,uri,4", ": expected 5 cells, found 6: a comma or a quotation mark is misplaced"),
        ('2020-05-17,"Heat"x,1995,uri,4', ": a quotation mark is misplaced"),
    ],
)
def test_an_invalid_row_is_reported_and_the_others_are_read(row: str, fault: str) -> None:
    export = read(RATINGS, HEAT, row, HEAT)
    assert [entry.row for entry in export.entries] == [2, 4]
    (bad,) = export.bad
    assert str(bad) == f"export.csv, row 3{', ' if fault.startswith('column') else ''}{fault}"


@pytest.mark.parametrize(
    ("const", "rating"), [("0113277", "9"), ("tt", "9"), ("tt0113277", ""), ("tt0113277", "0"), ("tt0113277", "9.5")]
)
def test_an_invalid_row_of_imdb_is_reported(const: str, rating: str) -> None:
    assert [bad.row for bad in read(IMDB, imdb(const, rating)).bad] == [2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_files_saved_by_any_program_are_read(encoding: str) -> None:
    content = f"{RATINGS}\r\n2020-05-17,Amélie,2001,uri,5\r\n".encode(encoding)
    assert reader.read(io.BytesIO(content), name="r.csv").entries[0].title == "Amélie"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_by_its_header_whatever_the_titles_are(encoding: str) -> None:
    content = f"{RATINGS}\n2020-05-17,夜のバス停で,2003,uri,4.5\n".encode(encoding)
    (entry,) = reader.read(io.BytesIO(content), name="r.csv").entries
    assert (entry.title, entry.stars) == ("夜のバス停で", 4.5)


@pytest.mark.parametrize(
    ("written", "on"),
    [
        ("2020-05-17", date(2020, 5, 17)),
        ("2020-05-17T20:15:00Z", date(2020, 5, 17)),
        ("17.05.2020", date(2020, 5, 17)),
        ("17/05/2020", date(2020, 5, 17)),
        ("05/17/2020", date(2020, 5, 17)),
        ("Sun May 17 00:00:00 2020", date(2020, 5, 17)),
        ("17 May 2020", date(2020, 5, 17)),
        ("03/04/2020", None),
        ("31.02.2020", None),
        ("17 Mai 2020", None),
        ("yesterday", None),
    ],
)
def test_an_unreadable_or_ambiguous_date_costs_the_date_but_not_the_stars(written: str, on: date | None) -> None:
    (entry,) = read(RATINGS, f"{written},Heat,1995,uri,4").entries
    assert (entry.stars, entry.on) == (4.0, on)


def test_a_table_of_a_locale_with_decimal_commas_is_read() -> None:
    export = read("Date;Name;Year;Letterboxd URI;Rating", "02.01.2024;Heat;1995;uri;4,5", "03.01.2024;Jaws;1975;uri;4")
    assert [(entry.stars, entry.on) for entry in export.entries] == [
        (4.5, date(2024, 1, 2)),
        (4.0, date(2024, 1, 3)),
    ]


@pytest.mark.parametrize("above", ["sep=,", "sep=;", '"sep=;"', "My ratings, of 2020, exported", "Exported by X\n"])
def test_lines_above_the_header_are_ignored(above: str) -> None:
    delimiter = ";" if ";" in above else ","
    content = f"{above}\n" + f"{RATINGS}\n{HEAT}\n".replace(",", delimiter)
    (entry,) = reader.read(io.BytesIO(content.encode()), name="r.csv").entries
    assert (entry.row, entry.stars) == (content.count("\n"), 4.5)


LIST_OF_2016 = (
    '"position","const","created","modified","description","Title","Title type","Directors","You rated","IMDb Rating",'
    '"Runtime (mins)","Year","Genres","Num. Votes","Release Date (month/day/year)","URL"'
)


def _of_2016(points: str, number: str = "1") -> str:
    return (
        f'"{number}","tt0113277","Sat Dec 31 00:00:00 2016","","","Heat","Feature Film","Michael Mann","{points}",'
        '"8.3","170","1995","crime","80000","1995-12-15","http://www.imdb.com/title/tt0113277/"'
    )


def test_imdbs_ratings_of_2016_are_ratings_although_they_are_numbered_like_a_list() -> None:
    export = read(LIST_OF_2016, _of_2016("9"), _of_2016("8"))
    assert export.kind == "IMDb ratings"
    assert [(entry.stars, entry.mark, entry.on) for entry in export.entries] == [
        (4.5, None, date(2016, 12, 31)),
        (4.0, None, date(2016, 12, 31)),
    ]


@pytest.mark.parametrize(("rows", "name"), [(["9", ""], "export.csv"), (["9"], "WATCHLIST.csv"), ([""], "x.csv")])
def test_imdbs_list_of_2016_is_a_list_if_not_all_is_rated_or_its_name_says_so(rows: list[str], name: str) -> None:
    export = read(LIST_OF_2016, *map(_of_2016, rows), name=name)
    assert export.kind == "IMDb watchlist"
    assert all(entry.mark is MarkKind.WATCHLIST and entry.stars is None for entry in export.entries)


def test_a_converted_imdb_file_with_empty_columns_is_read_as_ratings() -> None:
    """Converters write all columns of a list, but fill only some of them."""
    export = read(IMDB_LIST, ",tt0113277,,,,Heat,,,,,,1995,,,,,9,", ",,,,,Jaws,,,,,,1975,,,,,8,")
    assert export.kind == "IMDb ratings"
    assert [(entry.title, entry.imdb, entry.stars, entry.on) for entry in export.entries] == [
        ("Heat", 113277, 4.5, None),
        ("Jaws", None, 4.0, None),
    ]


def test_ids_and_ratings_alone_are_imdbs_ratings() -> None:
    (entry,) = read("const,your rating", "tt0113277,9").entries
    assert (entry.title, entry.imdb, entry.stars) == ("tt0113277", 113277, 4.5)


FORM = "tmdbID,imdbID,Title,Year,Rating10,WatchedDate,Rewatch,Tags,Review"


def test_the_form_that_letterboxd_imports_is_read_with_its_ids() -> None:
    export = read(
        FORM, "949,tt0113277,Heat,1995,9,2024-01-02,false,,Good", ",,Jaws,1975,,2024-01-03,,,", "578,,,,7,,,,"
    )
    assert (export.kind, export.bad) == ("Letterboxd import form", ())
    assert [(entry.title, entry.tmdb, entry.imdb, entry.stars, entry.mark) for entry in export.entries] == [
        ("Heat", 949, 113277, 4.5, MarkKind.WATCHED),
        ("Jaws", None, None, None, MarkKind.WATCHED),
        ("TMDB 578", 578, None, 3.5, MarkKind.WATCHED),
    ]
    (wanted,) = read("imdbID,Title,Year", "tt0113277,Heat,1995").entries
    assert wanted.mark is MarkKind.WATCHLIST


@pytest.mark.parametrize("row", [",,,1995,9,,,,", "x,,Heat,1995,9,,,,", "0,,Heat,1995,9,,,,", ",,Heat,1995,11,,,,"])
def test_an_invalid_row_of_the_form_is_reported(row: str) -> None:
    assert [bad.row for bad in read(FORM, row).bad] == [2]


def test_a_letterboxd_list_is_read_below_the_table_that_describes_it() -> None:
    lines = (
        "Date,Name,Tags,URL,Description",
        "2024-02-01,Rainy days,,https://boxd.it/l,For rain",
        "",
        "Position,Name,Year,URL,Description",
        "1,Heat,1995,https://boxd.it/x,",
        "2,Jaws,1975,https://boxd.it/y,",
    )
    export = read("Letterboxd list export v7", *lines)
    assert (export.kind, export.bad) == ("Letterboxd list", ())
    assert [(entry.row, entry.title, entry.mark, entry.list) for entry in export.entries] == [
        (6, "Heat", None, 0),
        (7, "Jaws", None, 0),
    ]
    assert export.lists == (ListDetails(name="Rainy days", description="For rain"),)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_are_read(end: str) -> None:
    assert [e.row for e in read(RATINGS, HEAT, "", HEAT, end=end).entries] == [2, 4]


def test_cells_may_contain_commas_quotation_marks_and_line_breaks() -> None:
    text = '2020-05-17,"The Good, the Bad\nand the ""Ugly""",1966,uri,5'
    first, second = read(RATINGS, text, HEAT).entries
    assert first.title == 'The Good, the Bad and the "Ugly"'
    assert (first.row, second.row) == (2, 3)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_of_spreadsheets_are_read(delimiter: str) -> None:
    content = f"{RATINGS}\n{HEAT}\n".replace(",", delimiter).encode()
    assert reader.read(io.BytesIO(content), name="r.csv").entries[0].title == "Heat"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n", "the file is empty"),
        (b"a,b\n1,2\n", "found the columns: a, b"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "expected Letterboxd's .zip"),
        (f'{RATINGS}\n2020-05-17,"Heat,1995,uri,4\n'.encode(), "row 2: unclosed quotation mark"),
        (b"x" * (entries.MAX_BYTES + 1), "at most 32 MB, got 32.0 MB"),
        (b'{"a": 1}', "found other JSON"),
        (b"[1, 2]", "found other JSON"),
        (b'{"a": ', "not readable as JSON"),
        (b"[" * 100_000, "not readable as JSON"),
        (b'{"format": "marquee-export-9"}', "expected the format marquee-export-1"),
    ],
)
def test_a_file_that_is_not_an_export_is_rejected_with_what_was_expected(content: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        reader.read(io.BytesIO(content), name="mine.csv")


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(DataError, match="at most 100,000 rows"):
        read(WATCHLIST, *["2020-05-17,Heat,1995,uri"] * 100_001)
    assert len(read(WATCHLIST, *["2020-05-17,Heat,1995,uri"] * 100_000).entries) == 100_000


def test_a_file_name_cannot_disturb_a_message() -> None:
    with pytest.raises(DataError) as caught:
        reader.read(io.BytesIO(b"a\n1\n"), name="x\n\x1b[31m" + "y" * 500)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@given(st.binary(max_size=400))
def test_any_content_is_read_or_rejected_with_a_message(content: bytes) -> None:
    with suppress(DataError):
        reader.read(io.BytesIO(content), name="any")


CELL = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["2020-05-17", "1995", "4.5", "tt1", "9", ""]
)


@given(
    st.sampled_from([RATINGS, WATCHLIST, DIARY, REVIEWS, IMDB, IMDB_LIST, SIMKL, TV_TIME, MOVIELENS]),
    st.lists(st.lists(CELL, max_size=19), max_size=6),
)
def test_every_row_with_a_value_is_an_entry_or_reported(header: str, rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header.split(","))
    writer.writerows(rows)
    export = reader.read(io.BytesIO(text.getvalue().encode()), name="x.csv")
    valued = [number for number, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)]
    found = [one.row for part in (export.entries, export.bad, export.series) for one in part]
    assert sorted(found) == valued


TITLE = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1).filter(str.strip)


@given(st.lists(st.tuples(TITLE, st.integers(1, 10)), min_size=1, max_size=5))
def test_written_exports_are_read_back(rows: list[tuple[str, int]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(RATINGS.split(","))
    writer.writerows(["2020-05-17", title, "1995", "uri", f"{points / 2:g}"] for title, points in rows)
    export = reader.read(io.BytesIO(text.getvalue().encode()), name="x.csv")
    assert [(entry.title, entry.stars) for entry in export.entries] == [
        (" ".join(title.split()), points / 2) for title, points in rows if len(title) <= 500
    ]


class CountedFile(io.BytesIO):
    """A file that notes the largest part that was read at once."""

    largest = 0

    def read(self, size: int | None = -1) -> bytes:
        """Read some bytes."""
        found = super().read(size)
        self.largest = max(self.largest, len(found))
        return found

    def read1(self, size: int | None = -1) -> bytes:
        """Read some bytes."""
        found = super().read1(-1 if size is None else size)
        self.largest = max(self.largest, len(found))
        return found


def test_a_large_upload_is_read_in_blocks_and_left_open() -> None:
    with CountedFile(f"{RATINGS}\n".encode() + f"{HEAT}\n".encode() * 30_000) as upload:
        assert len(reader.read(upload, name="ratings.csv").entries) == 30_000
        assert 0 < upload.largest <= blocks.BLOCK < blocks.size(upload)


def test_a_file_that_is_rejected_half_way_is_left_open() -> None:
    with io.BytesIO(f'{RATINGS}\n{HEAT}\n"2020-05-17,Heat'.encode()) as upload:
        with pytest.raises(DataError, match="unclosed quotation mark"):
            reader.read(upload, name="ratings.csv")
        assert not upload.closed
