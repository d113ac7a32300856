"""Single cells, and the claims of the documentation about them."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import CastMember, Movie, MovieId
from data.catalogues import marquee_format
from data.files import cells
from tests.data import json_lines

DOCUMENTATION = (Path(__file__).parents[3] / "docs" / "data.md").read_text(encoding="utf-8")


@given(st.text())
def test_a_cleaned_text_is_one_line_and_cleaning_again_changes_nothing(text: str) -> None:
    cleaned = cells.clean(text)
    assert not re.search(r"[\n\r\t\u00a0\u200b\ufeff\u2028]", cleaned)
    assert [letter for letter in cleaned if letter.isalnum()] == [letter for letter in text if letter.isalnum()]


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_whole_numbers_are_read_with_and_without_a_decimal_point(number: int) -> None:
    assert cells.whole(f" {number} ") == cells.whole(f"{number}.0") == number


@pytest.mark.parametrize("written", ["1.5", "1e3", "one", "0x10", "1 000", "9" * 16])
def test_other_values_are_not_whole_numbers(written: str) -> None:
    with pytest.raises(ValueError, match="a whole number"):
        cells.whole(written)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_as_written(number: float) -> None:
    assert cells.number(repr(number)) == number


@given(st.dates(min_value=date(1000, 1, 1)))
def test_dates_are_read_as_written(day: date) -> None:
    assert cells.day(day.isoformat()) == day


@pytest.mark.parametrize("written", ["19270206", "1927-W05-7", "1927", "1927-13-01", "0", "1927-02-06T00:00:00"])
def test_other_formats_of_dates_are_rejected(written: str) -> None:
    with pytest.raises(ValueError, match="a date as YYYY-MM-DD"):
        cells.day(written)


def test_a_blank_value_of_any_type_is_unknown() -> None:
    assert (cells.whole(" "), cells.number(""), cells.day("  ")) == (None, None, None)


def test_a_long_value_is_shortened_in_a_message() -> None:
    assert cells.shorten("x" * 1000) == repr("x" * 37 + "...")


def test_every_field_of_a_movie_is_documented() -> None:
    form = DOCUMENTATION.partition("## Marquee's own forms")[2].partition("## Faults")[0]
    documented = set(
        re.findall(r"`(\w+)`", "\n".join(line.split("|")[1] for line in form.splitlines() if "|" in line[:1]))
    )
    assert documented == {field.name for field in fields(Movie)}


@pytest.mark.parametrize(("kind", "name"), [("json", marquee_format.JSON_LINES), ("csv", marquee_format.TABLE)])
def test_the_examples_of_the_documentation_load(tmp_path: Path, kind: str, name: str) -> None:
    example = DOCUMENTATION.partition(f"```{kind}\n")[2].partition("```")[0]
    (tmp_path / name).write_text(example, encoding="utf-8")
    catalogue = marquee_format.read(tmp_path / name)
    assert catalogue.skipped == ()
    assert catalogue.movies[0].cast[0] == CastMember("Brigitte Helm", "Maria", 0)
    assert (catalogue.movies[0].year, catalogue.movies[0].language) == (1927, "de")


def test_json_lines_are_written_in_utf_8_one_movie_per_line(tmp_path: Path) -> None:
    path = tmp_path / marquee_format.JSON_LINES
    json_lines.write([Movie(MovieId(1), "Amélie\n2")], path)
    (line,) = path.read_bytes().splitlines()
    assert json.loads(line.decode("utf-8"))["title"] == "Amélie\n2"
