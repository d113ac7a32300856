"""The tables that Letterboxd imports."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.diary.lists import ListDetails
from data.exports import letterboxd_files
from data.exports.letterboxd_files import COLUMNS, MAX_BYTES, MAX_ROWS, FormRow, ListFile

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=30)


def test_files_have_at_most_the_rows_that_letterboxd_accepts() -> None:
    rows = [FormRow(number, None, "Film", 2000, stars=4) for number in range(1, MAX_ROWS + 2)]
    with zipfile.ZipFile(io.BytesIO(letterboxd_files.archive(rows, rows, []))) as packed:
        names = packed.namelist()
        sizes = [len(list(csv.DictReader(io.StringIO(packed.read(name).decode())))) for name in names]
    assert names == ["letterboxd-import-1.csv", "letterboxd-import-2.csv", "watchlist.csv", "watchlist-2.csv"]
    assert sizes == [MAX_ROWS, 1, MAX_ROWS, 1]


def test_files_have_at_most_the_bytes_that_letterboxd_accepts() -> None:
    rows = [FormRow(1, None, "Film", 2000, review="ü" * 2_000)] * 600
    with zipfile.ZipFile(io.BytesIO(letterboxd_files.archive(rows, [], []))) as packed:
        sizes = [each.file_size for each in packed.infolist() if each.filename.startswith("letterboxd")]
    assert len(sizes) == 3
    assert max(sizes) <= MAX_BYTES


@given(st.lists(st.tuples(*[CELL] * len(COLUMNS)), max_size=5))
def test_any_text_is_read_back(rows: list[tuple[str, ...]]) -> None:
    (table,) = letterboxd_files.tables(COLUMNS, rows)
    assert [tuple(row) for row in csv.reader(io.StringIO(table, newline=""))] == [COLUMNS, *rows]


def test_watchings_and_lists_are_written_in_letterboxds_forms() -> None:
    row = FormRow(949, 113277, "Heat", 1995, ("Michael Mann",), 4.5, date(2020, 5, 16), rewatch=True, tags="rain")
    made = ListFile(ListDetails(name="Rain", description="Wet"), datetime(2024, 2, 1, tzinfo=UTC), [(row, "First")])
    with zipfile.ZipFile(io.BytesIO(letterboxd_files.archive([row], [], [made]))) as packed:
        form, listed = packed.read("letterboxd-import-1.csv").decode(), packed.read("lists/list-1.csv").decode()
    assert form.splitlines()[1] == "949,tt0113277,Heat,1995,Michael Mann,4.5,2020-05-16,true,rain,"
    assert listed.splitlines() == [
        "Letterboxd list export v7",
        "Date,Name,Tags,URL,Description",
        "2024-02-01,Rain,,,Wet",
        "",
        "Position,Name,Year,URL,Description",
        "1,Heat,1995,https://www.themoviedb.org/movie/949,First",
    ]
