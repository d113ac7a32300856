"""Marquee's own catalogue formats: JSON Lines and CSV, both described in `docs/data.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from core.types import Movie
from data.catalogues.report import Catalogue, CatalogueSource, SkippedRow
from data.files import cells, csv_tables, rows, text_files
from data.files.cells import CellError, Row

NAME = "own catalogue"
JSON_LINES = "films.jsonl"
TABLE = "films.csv"

FIELDS = tuple(field.name for field in fields(Movie))
REQUIRED = ("id", "title")
LISTS = tuple("genres keywords directors writers composers spoken_languages countries companies tags".split())
WHOLE = ("id", "year", "runtime", "vote_count")
SEPARATOR = "|"
"""Separator of list items in a CSV cell."""
EXPECTED: Mapping[str, str] = {
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "string": "text",
    "tuple": "a list",
    "list": "a list",
    "dataclass": "an object",
    "date": "a date as YYYY-MM-DD",
    "bool": "true or false",
}
"""What a field should contain, by the beginning of the type of the validation error."""
CODE = 2
"""Letters of a language code."""
PLAYS = " = "
"""Separator of name and character in the `cast` cell of a CSV file."""


def find(folder: Path) -> Path | None:
    """Return the catalogue file in a folder; JSON Lines takes precedence, since it has more detail."""
    return next((path for name in (JSON_LINES, TABLE) if (path := folder / name).exists()), None)


def read(path: Path, *, name: str = NAME, reason: str = "") -> Catalogue:
    """Read `films.jsonl` or `films.csv`, depending on the suffix.

    Raises:
        DataError: the file cannot be read.
    """
    content, numbered, lost = _table(path) if path.suffix == ".csv" else _lines(path)
    movies, skipped = rows.collect(numbered, _movie, file=path.name, key="id")
    every = sorted((*lost, *skipped), key=lambda row: row.row)
    rows.require(movies, every, file=path.name)
    source = CatalogueSource(name, path.parent, text_files.fingerprint(content), reason)
    return Catalogue(tuple(movies.values()), source, tuple(every))


def _lines(path: Path) -> tuple[bytes, Iterator[tuple[int, Any]], tuple[SkippedRow, ...]]:
    content = text_files.load(path)
    text = text_files.decode(content, path, locate=lambda prefix: (prefix.count("\n") + 1, ""))
    numbered = ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())
    return content, numbered, ()


def _table(path: Path) -> tuple[bytes, Iterator[tuple[int, Any]], tuple[SkippedRow, ...]]:
    table = csv_tables.read(path, required=REQUIRED)
    return table.content, iter(table.rows), table.skipped


def _movie(row: str | Row) -> tuple[int, Movie]:
    record = _object(row) if isinstance(row, str) else _cells(row)
    unknown = next((name for name in record if name not in FIELDS), None)
    if unknown is not None:
        raise CellError(unknown, f"no such field; a movie has {', '.join(FIELDS)}")
    if "translations" in record:
        record["translations"] = _translations(record["translations"])
    cast = record.get("cast")
    if isinstance(cast, list):
        record["cast"] = [_billed(member, position) for position, member in enumerate(cast)]
    movie = _validate(_with_year(record))
    return movie.id, movie


def _object(line: str) -> dict[str, Any]:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise CellError("", f"invalid JSON at character {error.pos}: {error.msg}") from None
    if not isinstance(record, dict):
        raise CellError("", f"expected a JSON object, got {cells.shorten(line)}")
    return {name: _plain(name, value) for name, value in record.items() if value is not None}


def _plain(name: str, value: object) -> object:
    """Return a value as a careful writer would have written it: programs write 862 as 862.0, and null for nothing."""
    if isinstance(value, float) and name in (*WHOLE, "order") and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {own: _plain(own, item) for own, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_plain(name, item) for item in value if item is not None]
    return value


def _cells(row: Row) -> dict[str, Any]:
    """Read the cells of a CSV row, without blank ones."""
    return {name: _cell(row, name) for name, value in row.items() if value.strip()}


def _cell(row: Row, name: str) -> object:
    if name in LISTS:
        return _items(row[name])
    if name == "cast":
        return [_cast_member(item) for item in _items(row[name])]
    if name in WHOLE:
        return cells.read(row, name, cells.whole)
    if name == "adult":
        return cells.read(row, name, cells.truth)
    if name in ("vote_average", "popularity"):
        return cells.read(row, name, cells.number)
    return row[name].strip()


def _items(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(SEPARATOR) if item.strip()]


def _cast_member(item: str) -> dict[str, str]:
    name, _, character = item.partition(PLAYS)
    return {"name": name.strip(), "character": character.strip()}


def _billed(member: object, position: int) -> object:
    """Add `order`, the position in the list, to a cast member without one."""
    return {"order": position, **member} if isinstance(member, dict) else member


def _translations(given: object) -> list[dict[str, object]]:
    """Convert `{"es": {"title": …, "overview": …}}` to a list of translations."""
    if not isinstance(given, dict):
        raise CellError("translations", 'expected an object by language, {"es": {"title": "…", "overview": "…"}}')
    for code, one in given.items():
        if not (len(code) == CODE and code.isascii() and code.isalpha() and code.islower()):
            raise CellError("translations", f"expected ISO 639-1 codes such as es, got {cells.shorten(code)}")
        if not isinstance(one, dict) or not set(one) <= {"title", "overview"}:
            raise CellError("translations", f"{code}: expected an object with a title, an overview or both")
    return [{"language": code, **one} for code, one in given.items()]


def _with_year(record: Mapping[str, Any]) -> dict[str, Any]:
    """Derive a missing year from the date."""
    released = record.get("release_date")
    if "year" in record or not isinstance(released, str) or not released[:4].isdigit():
        return dict(record)
    return {**record, "year": int(released[:4])}


@cache
def _adapter() -> TypeAdapter[Movie]:
    return TypeAdapter(Movie)


def _validate(record: Mapping[str, Any]) -> Movie:
    released = record.get("release_date")
    try:
        if isinstance(released, str):  # pydantic would accept timestamps as dates
            cells.read({"release_date": released}, "release_date", cells.day)
        return _adapter().validate_json(orjson.dumps(record), strict=True)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        raise _fault(fault["loc"], _words(fault["type"], fault["msg"], fault["input"])) from None
    except (TypeError, orjson.JSONEncodeError):  # an integer of more than 64 bits
        raise CellError("", "a number is too large") from None


def _words(kind: str, message: str, found: object) -> str:
    """Return the message of a validation error in plain words."""
    expected = next((words for part, words in EXPECTED.items() if kind.startswith(part)), None)
    if kind == "missing":
        return "is required"
    if expected is None:
        return message.removeprefix("Value error, ")
    return f"expected {expected}, got {cells.shorten(found) if isinstance(found, str) else repr(found)[:40]}"


def _fault(place: tuple[int | str, ...], message: str) -> CellError:
    if not place:
        return rows.refusal(message)
    return CellError(str(place[0]), ": ".join((*(str(part) for part in place[1:]), message)))
