"""Large tables, read row by row: plain, gzipped or zipped."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

from core.errors import DataError
from core.types import Movie
from data.catalogues.report import SHOWN_ROWS, Catalogue, CatalogueSource, SkippedRow
from data.files.cells import CellError, Row

LONGEST_CELL = 2_000_000
"""Maximum length of a cell: a longer one has an unclosed quotation mark."""
PACKED = ("", ".gz", ".zip")
"""Suffixes added to a file's name."""
_SAMPLE = 1_000_000
_FAULTS = (csv.Error, OSError, EOFError, zipfile.BadZipFile, UnicodeError)

T = TypeVar("T")


def find(folder: Path, pattern: str) -> Path | None:
    """Return the first file of a name or pattern, packed or not."""
    return next((path for suffix in PACKED for path in sorted(folder.glob(pattern + suffix)) if path.is_file()), None)


def rows(path: Path, *, required: Collection[str], quoted: bool = True) -> Iterator[tuple[int, Row | CellError]]:
    """Yield number and cells of each row; rows are numbered as in a spreadsheet.

    Args:
        quoted: whether it is CSV; otherwise tab-separated, where a quotation mark is a letter like others.

    Raises:
        DataError: the file cannot be read, or a column is missing.
    """
    number = 0
    try:
        with _text(path) as text:
            csv.field_size_limit(LONGEST_CELL)  # other readers in this process set other limits
            reader = csv.reader(text) if quoted else csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
            header = [name.strip() for name in next(reader, [])]
            _check(header, required, path)
            for number, line in enumerate(reader, start=2):
                if len(line) == len(header):
                    yield number, dict(zip(header, line, strict=True))
                elif line:
                    found = f"expected {len(header)} cells, found {len(line)}"
                    yield number, CellError("", f"{found}: a delimiter or a quotation mark is misplaced")
    except _FAULTS as error:
        raise DataError(f"cannot be read: {error}", file=path.name, row=number + 1) from None


class Losses:
    """Counts invalid rows and keeps the first ones."""

    def __init__(self) -> None:
        self.first: list[SkippedRow] = []
        self.count = 0

    def add(self, file: str, row: int, bad: CellError) -> None:
        """Record a row."""
        self.count += 1
        if len(self.first) < SHOWN_ROWS:
            self.first.append(SkippedRow(file, row, bad.column, bad.reason))


def parsed(
    path: Path, found: Iterable[tuple[int, Row | CellError]], parse: Callable[[Row], T | None], losses: Losses
) -> Iterator[T]:
    """Yield what `parse` makes of each row, without those of which it makes nothing; invalid rows are counted."""
    for number, row in found:
        try:
            if isinstance(row, CellError):
                raise row
            value = parse(row)
        except CellError as bad:
            losses.add(path.name, number, bad)
        else:
            if value is not None:
                yield value


def catalogue(name: str, files: Iterable[Path], movies: Iterable[Movie], losses: Losses, *, reason: str) -> Catalogue:
    """Return the catalogue of streamed movies; the first movie of an id counts.

    Raises:
        DataError: there is none.
    """
    paths = tuple(files)
    known: dict[int, Movie] = {}
    twice = 0
    for movie in movies:
        twice += movie.id in known
        known.setdefault(movie.id, movie)
    if not known:
        first = f"; the first bad row: {losses.first[0]}" if losses.first else ""
        raise DataError(f"no valid row{first}", file=str(paths[0]))
    source = CatalogueSource(name, paths[0].parent, fingerprint(paths), reason)
    notes = (f"movies that occur more than once, of which the first counts: {twice:,}",) if twice else ()
    return Catalogue(tuple(known.values()), source, tuple(losses.first), notes, lost=losses.count)


def fingerprint(paths: Iterable[Path]) -> str:
    """Return a SHA-256 of names, sizes, and the first and last megabyte: large files are not read twice."""
    total = hashlib.sha256()
    for path in paths:
        size = path.stat().st_size
        total.update(f"{path.name} {size}\n".encode())
        with path.open("rb") as file:
            total.update(file.read(_SAMPLE))
            file.seek(max(0, size - _SAMPLE))
            total.update(file.read(_SAMPLE))
    return total.hexdigest()


@contextmanager
def _text(path: Path) -> Iterator[IO[str]]:
    with _unpacked(path) as content, io.TextIOWrapper(content, "utf-8-sig", errors="replace", newline="") as text:
        yield text


@contextmanager
def _unpacked(path: Path) -> Iterator[IO[bytes]]:
    if path.suffix == ".gz":
        with gzip.open(path) as content:
            yield content  # type: ignore[misc]
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(_member(archive, path)) as content:
            yield content
    else:
        with path.open("rb") as content:
            yield content


def _member(archive: zipfile.ZipFile, path: Path) -> str:
    """Return the member that the archive is named after, or its only one."""
    names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX/")]
    named = [name for name in names if Path(name).name == path.stem]
    if not named and len(names) != 1:
        raise DataError(f"expected an archive of {path.stem} alone, found {len(names)} files", file=path.name)
    return (named or names)[0]


def _check(header: Collection[str], required: Collection[str], path: Path) -> None:
    missing = next((name for name in required if name not in header), None)
    if missing is not None:
        found = ", ".join(list(header)[:40]) or "none"
        raise DataError(f"the column is missing; found: {found}", file=path.name, row=1, column=missing)
