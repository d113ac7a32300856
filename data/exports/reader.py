"""Reading an upload of any supported type, detected by its header."""

from __future__ import annotations

from dataclasses import replace
from typing import IO

from core.errors import DataError
from data.catalogues.report import SkippedRow
from data.exports import archives, blocks, csv_sheets, json_records
from data.exports.entries import MAX_ROWS, Entry, Export, SeriesRow
from data.exports.forms import Form
from data.exports.sites import imdb, letterboxd, letterboxd_form, marquee, movielens, simkl, trakt, tv_time
from data.files.cells import CellError

SOURCES = (letterboxd, imdb, simkl, movielens, tv_time, letterboxd_form)
"""The sites whose exports are tables."""
JSON_SOURCES = (marquee.read, simkl.read, trakt.read)
EXPECTED = (
    "expected Letterboxd's .zip or one of its files (ratings.csv, diary.csv, …), an export of IMDb, Trakt, Simkl, "
    "TV Time or MovieLens, or Marquee's own"
)
MAX_FILE_NAME = 100
SHOWN_COLUMNS = 8
MAX_SHOWN = 200
"""Maximum length of a header in a message."""


def read(content: IO[bytes], *, name: str) -> Export:
    """Read an export of any known site.

    Args:
        content: a file that can be read from its beginning again; it is left open.
        name: the file name on the user's machine; shown in messages, and distinguishes files with equal headers.

    Raises:
        DataError: the file is of another type, or unusable.
    """
    file = _plain(name)
    csv_sheets.check_size(content, file=file)
    if not archives.is_archive(content):
        return _file(content, file=file)
    parts: list[Export] = []
    unusable: list[SkippedRow] = []
    for member, unfolded in archives.files(content, file=file):
        if any(block.strip() for block in blocks.of(unfolded)):
            try:
                parts.append(_file(unfolded, file=member))
            except DataError as error:
                unusable.append(SkippedRow(member, error.row or 1, "", error.reason))
            _bound(parts, file=file)
    if unusable and not parts:
        raise DataError(unusable[0].reason, file=f"{file}: {unusable[0].file}", row=unusable[0].row)
    return _joined(parts, unusable)


def _file(content: IO[bytes], *, file: str) -> Export:
    if not json_records.is_json(content):
        return _table(content, file=file)
    content.seek(0)
    data = json_records.load(content, file=file)
    for read_export in JSON_SOURCES:
        if (export := read_export(data, file=file)) is not None:
            return export
    if data == []:
        return Export(trakt.SOURCE, ())  # an empty file of a backup
    raise DataError(f"{EXPECTED}; found other JSON", file=file)


def _joined(parts: list[Export], unusable: list[SkippedRow]) -> Export:
    """Return the files of an archive as one export."""
    entries: list[Entry] = []
    lists = 0
    for part in parts:
        entries += [entry if entry.list is None else replace(entry, list=entry.list + lists) for entry in part.entries]
        lists += len(part.lists)
    source = parts[0].kind if parts else letterboxd.SOURCE
    return Export(
        f"{letterboxd.SOURCE if source.startswith(letterboxd.SOURCE) else source} archive",
        tuple(entries),
        (*(bad for part in parts for bad in part.bad), *unusable),
        tuple(row for part in parts for row in part.series),
        tuple(details for part in parts for details in part.lists),
    )


def _table(content: IO[bytes], *, file: str) -> Export:
    form, sheet = _form(csv_sheets.read(content, file=file))
    spelt = {heading.lower(): heading for heading in sheet.headings}
    found: list[Entry | SeriesRow] = []
    bad: list[SkippedRow] = []
    for number, row in sheet.rows():
        if isinstance(row, SkippedRow):
            bad.append(row)
            continue
        try:
            found.append(form.parse(row, file, number))
        except CellError as fault:
            bad.append(SkippedRow(file, number, spelt.get(fault.column, fault.column), fault.reason))
    return Export(
        form.kind,
        tuple(row for row in found if isinstance(row, Entry)),
        tuple(sorted((*bad, *sheet.bad()), key=lambda row: row.row)),
        tuple(row for row in found if isinstance(row, SeriesRow)),
        form.lists,
    )


def _form(lines: csv_sheets.Lines) -> tuple[Form, csv_sheets.Sheet]:
    """Return the form of a file and its rows; the first line that a source recognises is the header."""
    sheets = list(csv_sheets.headed(lines))
    for sheet in sheets:
        for source in SOURCES:
            if form := source.recognise(sheet, file=lines.file):
                return form, sheet
    headings = sheets[0].headings[:SHOWN_COLUMNS]
    names = ", ".join(heading for heading in headings if heading)[:MAX_SHOWN] or "none"
    raise DataError(f"{EXPECTED}; found the columns: {names}", file=lines.file, row=1)


def _bound(parts: list[Export], *, file: str) -> None:
    if sum(len(part.entries) + len(part.bad) + len(part.series) for part in parts) > MAX_ROWS:
        raise DataError(f"expected at most {MAX_ROWS:,} rows in total; upload the files one by one", file=file)


def _plain(name: str) -> str:
    """Return the last parts of a path, without characters that could disturb a message."""
    kept = "".join(character for character in name.replace("\\", "/") if character.isprintable())
    return kept.strip().strip("/")[-MAX_FILE_NAME:] or "file"
