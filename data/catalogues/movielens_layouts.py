"""The releases of MovieLens, told by their files: 100K, 1M and 10M without links, all later ones with them; zipped too.

| release | ratings | movies | ids of TMDB |
|---|---|---|---|
| 100K | `u.data` | `u.item` | titles, by a later release |
| 1M, 10M | `ratings.dat` | `movies.dat` | `links.csv` of a later release, which numbers movies alike |
| 20M, 25M, 32M, latest, small | `ratings.csv` | `movies.csv` | its own `links.csv` |
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from core import texts
from core.errors import DataError

LINKS, MOVIES = "links.csv", "movies.csv"
COLUMNS = ("userId", "movieId", "rating", "timestamp")
ASIDE = ".before"
"""Suffix of a release that is being replaced."""
_ITEM_LINKS = "item_to_tmdb.csv"
"""A table of 100K's movies and their TMDB ids, which may lie beside its files."""

Place = Path | zipfile.Path
"""A folder, or one in an archive."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The form of a release's ratings."""

    ratings: str
    movies: str
    delimiter: str
    headed: bool
    encoding: str
    own_numbers: bool = False
    """Whether its movies have numbers of their own instead of those of all later releases."""


LAYOUTS = (
    Layout("ratings.csv", MOVIES, ",", headed=True, encoding="utf-8-sig"),
    Layout("ratings.dat", "movies.dat", "::", headed=False, encoding="latin-1"),
    Layout("u.data", "u.item", "\t", headed=False, encoding="latin-1", own_numbers=True),
)
_TITLE_DELIMITER = {"movies.dat": "::", "u.item": "|"}


@dataclass(frozen=True, slots=True)
class Release:
    """A release on disk."""

    path: Path
    """The folder or the archive."""
    place: Place
    """Where its files are."""
    layout: Layout
    size: int
    """Bytes of its ratings, uncompressed: the larger release has more."""


def find(folders: Iterable[Path]) -> list[Release]:
    """Return the releases in some folders, one level deep, largest first."""
    inside = [path for folder in folders if folder.is_dir() for path in (folder, *sorted(folder.iterdir()))]
    unpacked = {path.name for path in inside if path.is_dir()}
    paths = [path for path in inside if path.suffix != ASIDE and not (path.suffix == ".zip" and path.stem in unpacked)]
    found = {path: release for path in paths if (release := recognise(path)) is not None}
    return sorted(found.values(), key=lambda release: -release.size)


def recognise(path: Path) -> Release | None:
    """Return the release in a folder or an archive, or None."""
    for place in _places(path):
        for layout in LAYOUTS:
            if (place / layout.ratings).is_file() and (layout is not LAYOUTS[0] or _is_movielens(place)):
                return Release(path, place, layout, _size(place / layout.ratings))
    return None


def lines(release: Release) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the ratings with their numbers, cells in the order of `COLUMNS`, without empty lines.

    Raises:
        DataError: the file cannot be read, or a column is missing.
    """
    file, number = release.place / release.layout.ratings, 0
    try:
        with file.open("rb") as content, _text(content, release.layout.encoding) as text:
            rows = _split(text, release.layout.delimiter)
            places = _columns(next(rows, []), file.name) if release.layout.headed else [0, 1, 2, 3]
            for number, row in enumerate(rows, start=2 if release.layout.headed else 1):
                if row and row != [""]:
                    yield number, [row[place] if place < len(row) else "" for place in places]
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8: {error.reason}; save the file as UTF-8", file=file.name, row=number + 1) from None
    except (csv.Error, OSError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"cannot be read: {error}", file=file.name, row=number + 1) from None


def with_links(release: Release) -> Place:
    """Return where `links.csv` for a release's movies is: its own, or that of a later release beside it.

    Raises:
        DataError: there is none.
    """
    if (release.place / _ITEM_LINKS).is_file():
        return release.place
    beside = [release.place] if not release.layout.own_numbers else []
    beside += [place for path in sorted(release.path.parent.iterdir()) for place in _places(path)]
    found = next((place for place in beside if (place / LINKS).is_file()), None)
    if found is None:
        raise DataError(
            f"this release has no {LINKS}, which maps movies to TMDB; put a later release of MovieLens "
            "(for example ml-latest-small) into the same folder",
            file=release.path.name,
        )
    return found


def own_numbers(release: Release, linked: Place) -> Mapping[int, int]:
    """Return the number in all later releases for each movie of 100K, matched by title and year.

    Args:
        linked: where `movies.csv` of a later release is.
    """
    later = _by_key(linked / MOVIES)
    early = _by_key(release.place / release.layout.movies)
    return {number: later[key] for key, number in early.items() if key in later}


def item_links(release: Release) -> Mapping[int, int] | None:
    """Return the TMDB id of each movie of 100K from a table beside it; None if there is none."""
    file = release.place / _ITEM_LINKS
    if not file.is_file():
        return None
    with file.open("rb") as content, _text(content, "utf-8-sig") as text:
        rows = [(row.get("item_id") or "", (row.get("tmdbId") or "").partition(".")[0]) for row in csv.DictReader(text)]
    return {int(item): int(tmdb) for item, tmdb in rows if item.isdecimal() and tmdb.isdecimal() and int(tmdb) > 0}


def _places(path: Path) -> list[Place]:
    """Return the folders that may contain a release's files: the path, or the top of an archive and its folders."""
    if path.is_dir():
        return [path]
    if path.suffix != ".zip":
        return []
    try:
        top = zipfile.Path(path)
        return [top, *(inner for inner in top.iterdir() if inner.is_dir())]
    except (OSError, zipfile.BadZipFile):
        return []


def _is_movielens(place: Place) -> bool:
    """Whether ratings.csv is MovieLens': other data sets have a file of this name too."""
    try:
        with (place / LAYOUTS[0].ratings).open("rb") as content, _text(content, "utf-8-sig") as text:
            return set(COLUMNS[:3]) <= {name.strip() for name in text.readline(1_000).split(",")}
    except (OSError, UnicodeDecodeError, zipfile.BadZipFile):
        return False


def _size(file: Place) -> int:
    return file.stat().st_size if isinstance(file, Path) else file.root.getinfo(file.at).file_size


def _text(content: IO[bytes], encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(content, encoding, newline="")


def _split(text: io.TextIOWrapper, delimiter: str) -> Iterator[list[str]]:
    if len(delimiter) == 1:
        yield from csv.reader(text, delimiter=delimiter)
    else:
        for line in text:
            yield line.rstrip("\r\n").split(delimiter)


def _columns(header: Sequence[str], file: str) -> list[int]:
    names = [name.strip() for name in header]
    missing = next((name for name in COLUMNS if name not in names), None)
    if missing is not None:
        raise DataError(f"the column is missing; found: {', '.join(names) or 'none'}", file=file, row=1, column=missing)
    return [names.index(name) for name in COLUMNS]


def _titles(file: Place) -> Iterator[tuple[int, str]]:
    """Yield number and title of each movie, `Toy Story (1995)`, whatever the layout."""
    if not file.is_file():
        return
    delimiter = _TITLE_DELIMITER.get(file.name, ",")
    encoding = "utf-8-sig" if file.name == MOVIES else "latin-1"
    with file.open("rb") as content, _text(content, encoding) as text:
        for row in _split(text, delimiter):
            if len(row) > 1 and row[0].isdecimal():
                yield int(row[0]), row[1]


def _by_key(file: Place) -> dict[str, int]:
    """Return the number of each title with its year, without those of two movies."""
    titles = [(key, number) for number, title in _titles(file) if (key := _key(title))]
    times = Counter(key for key, _ in titles)
    return {key: number for key, number in titles if times[key] == 1}


def _key(title: str) -> str:
    """Return a title with its year, without what releases spell differently (`Matrix, The (1999)`)."""
    name, _, year = title.rstrip().rstrip(")").rpartition("(")
    folded = texts.fold(texts.upright(name.partition(" (")[0]))
    return f"{folded} {year}" if folded and year.isdecimal() else ""
