"""Pairs of movies that people judged to be similar or not.

A file of tab-separated values with the columns `title_1`, `year_1`, `title_2`, `year_2` and `rating`, which is `OK` or
`NOT_OK`, such as `ratings.tsv` of MoreLikeThis (github.com/la-samsung-poland/more-like-this-dataset, CC BY-NC-ND 4.0),
in which people judged whether one movie is a good recommendation for who liked the other.
"""

from __future__ import annotations

import csv
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core import texts
from core.types import Movie

COLUMNS = ("title_1", "year_1", "title_2", "year_2", "rating")
ALIKE = "OK"


@dataclass(frozen=True, slots=True)
class Judged:
    """The movies that people judged to be similar to a movie, and not to be, by id."""

    movie: int
    alike: tuple[int, ...]
    unlike: tuple[int, ...]

    @property
    def tuning(self) -> bool:
        """Whether it belongs to the half that weights are tuned on; figures are reported on the other half."""
        return zlib.crc32(str(self.movie).encode()) % 2 == 0


def read(file: Path, movies: Sequence[Movie]) -> list[Judged]:
    """Return the judged pairs of movies that the catalogue has, in both directions, by movie.

    Raises:
        SystemExit: the file is missing, or lacks a column.
    """
    if not file.is_file():
        raise SystemExit(f"{file}: no such file; it should have the columns {', '.join(COLUMNS)}, separated by tabs")
    with file.open(encoding="utf-8", newline="") as opened:
        table = csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)
        if missing := set(COLUMNS) - set(table.fieldnames or ()):
            raise SystemExit(f"{file}: the columns {', '.join(sorted(missing))} are missing")
        return list(_judged(table, _by_title(movies)))


def _judged(rows: Iterable[Mapping[str, str]], known: Mapping[str, Sequence[Movie]]) -> Iterable[Judged]:
    found: dict[int, dict[bool, list[int]]] = defaultdict(lambda: {True: [], False: []})
    for row in rows:
        one, other = (_find(known, row[f"title_{number}"], row[f"year_{number}"]) for number in (1, 2))
        if one is not None and other is not None and one != other:
            for movie, with_ in ((one, other), (other, one)):
                found[movie][row["rating"] == ALIKE].append(with_)
    for movie, judged in sorted(found.items()):
        yield Judged(movie, tuple(sorted(judged[True])), tuple(sorted(judged[False])))


def _by_title(movies: Sequence[Movie]) -> dict[str, list[Movie]]:
    known: dict[str, list[Movie]] = defaultdict(list)
    for movie in movies:
        for title in {texts.fold(movie.title), texts.fold(movie.original_title)}:
            known[title].append(movie)
    return known


def _find(known: Mapping[str, Sequence[Movie]], title: str, year: str) -> int | None:
    """Return the movie with a title from that year, or the year before or after; None if there are several."""
    near = {movie.id for movie in known.get(texts.fold(title), ()) if movie.year and abs(movie.year - int(year)) <= 1}
    return near.pop() if len(near) == 1 else None
