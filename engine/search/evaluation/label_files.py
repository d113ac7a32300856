"""Files of labelled requests in TSV or JSON lines; errors are reported by row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.errors import DataError
from core.evaluation import LabelledRequest, labelled

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 20_000
COLUMNS = ("text", "query_type", "pieces")
"""Columns that are read; others, such as `split`, which is derived from the text, are ignored."""
MAX_FAULTS = 50
"""Maximum number of errors that are listed; the rest are counted."""


@dataclass(frozen=True, slots=True)
class LabelFile:
    """The content of a file."""

    requests: tuple[LabelledRequest, ...]
    faults: tuple[str, ...]
    """Errors of invalid rows, each with what was expected."""


def read(content: bytes, *, name: str) -> LabelFile:
    """Read a file: JSON lines if it begins with a brace, otherwise tab-separated values with a header.

    Raises:
        DataError: the file as a whole is invalid.
    """
    if len(content) > MAX_BYTES:
        raise DataError(f"expected at most {MAX_BYTES // 1024:,} kB, got {len(content) // 1024:,}", file=name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError("expected UTF-8", file=name) from None
    rows = _json_rows(text) if text.lstrip().startswith("{") else _tab_rows(text, name)
    return _collect(rows, name)


def _collect(rows: Iterator[tuple[int, Mapping[str, Any] | str]], name: str) -> LabelFile:
    found: dict[str, LabelledRequest] = {}
    faults: list[str] = []
    for number, row in rows:
        if number > MAX_ROWS:
            raise DataError(f"expected at most {MAX_ROWS:,} rows", file=name)
        try:
            request = _request(row)
        except ValueError as error:
            faults.append(f"{name}, row {number}: {error}")
        else:
            found[request.text] = request
    more = len(faults) - MAX_FAULTS
    listed = [*faults[:MAX_FAULTS], f"and {more:,} more"] if more > 0 else faults
    return LabelFile(tuple(found.values()), tuple(listed))


def _request(row: Mapping[str, Any] | str) -> LabelledRequest:
    if isinstance(row, str):
        raise ValueError(row)
    values = {column: row.get(column, "") for column in COLUMNS}
    wrong = [column for column, value in values.items() if not isinstance(value, str)]
    if wrong:
        raise ValueError(f"{wrong[0]}: expected text")
    return replace(labelled(values["text"], values["query_type"] or "wish", values["pieces"]), source="file")


def _tab_rows(text: str, name: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """Yield the rows of a tab-separated file with their line numbers, skipping blank lines and comments."""
    lines = text.splitlines()
    header = lines[0].split("\t") if lines else []
    if "text" not in header or "pieces" not in header:
        raise DataError("expected a header with the columns text and pieces, separated by tabs", file=name, row=1)
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if not line.strip() or line.startswith("#"):
            continue
        if len(cells) != len(header):
            yield number, f"expected {len(header)} columns, got {len(cells)}"
        else:
            yield number, dict(zip(header, cells, strict=True))


def _json_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        yield number, row if isinstance(row, dict) else "expected a JSON object with text, query_type and pieces"
