"""Reading an upload of any supported type, detected by its header."""

from __future__ import annotations

from typing import IO

from core.errors import DataError
from data.catalogues.report import SkippedRow
from data.exports import archives, blocks, csv_sheets, imdb, letterboxd
from data.exports.entries import MAX_ROWS, Entry, Export
from data.exports.forms import Form
from data.files.cells import CellError

SOURCES = (letterboxd, imdb)
EXPECTED = "expected Letterboxd's ratings.csv, diary.csv, watchlist.csv or .zip, or IMDb's ratings.csv or watchlist.csv"
MAX_FILE_NAME = 100
SHOWN_COLUMNS = 8
MAX_SHOWN = 200
"""Maximum length of a header in a message."""


def read(content: IO[bytes], *, name: str) -> Export:
    """Read a Letterboxd or IMDb export.

    Args:
        content: a file that can be read from its beginning again; it is left open.
        name: the file name on the user's machine; shown in messages, and distinguishes files with equal headers.

    Raises:
        DataError: the file is of another type, or unusable.
    """
    file = _plain(name)
    csv_sheets.check_size(content, file=file)
    if not archives.is_archive(content):
        return _table(content, file=file)
    parts = []
    for member, unfolded in archives.files(content, file=file):
        if any(block.strip() for block in blocks.of(unfolded)):
            parts.append(_table(unfolded, file=member))
            _bound(parts, file=file)
    return Export(
        f"{letterboxd.SOURCE} archive",
        tuple(entry for part in parts for entry in part.entries),
        tuple(bad for part in parts for bad in part.bad),
    )


def _table(content: IO[bytes], *, file: str) -> Export:
    form, sheet = _form(csv_sheets.read(content, file=file))
    spelt = {heading.lower(): heading for heading in sheet.headings}
    entries: list[Entry] = []
    bad: list[SkippedRow] = []
    for number, row in sheet.rows():
        if isinstance(row, SkippedRow):
            bad.append(row)
            continue
        try:
            entries.append(form.parse(row, file, number))
        except CellError as fault:
            bad.append(SkippedRow(file, number, spelt[fault.column], fault.reason))
    return Export(form.kind, tuple(entries), tuple(sorted((*bad, *sheet.bad()), key=lambda row: row.row)))


def _form(lines: csv_sheets.Lines) -> tuple[Form, csv_sheets.Sheet]:
    """Return the form of a file and its rows; the first line that a source recognises is the header."""
    sheets = list(csv_sheets.headed(lines))
    for sheet in sheets:
        for source in SOURCES:
            if form := source.recognise(sheet.columns, file=lines.file, head=sheet.head()):
                return form, sheet
    headings = sheets[0].headings[:SHOWN_COLUMNS]
    names = ", ".join(heading for heading in headings if heading)[:MAX_SHOWN] or "none"
    raise DataError(f"{EXPECTED}; found the columns: {names}", file=lines.file, row=1)


def _bound(parts: list[Export], *, file: str) -> None:
    if sum(len(part.entries) + len(part.bad) for part in parts) > MAX_ROWS:
        raise DataError(f"expected at most {MAX_ROWS:,} rows in total; upload the files one by one", file=file)


def _plain(name: str) -> str:
    """Return the last parts of a path, without characters that could disturb a message."""
    kept = "".join(character for character in name.replace("\\", "/") if character.isprintable())
    return kept.strip().strip("/")[-MAX_FILE_NAME:] or "file"
