"""MovieLens tags: those of its users, and the tag genome if a release contains it. Read as streams.

The files are never loaded completely: ml-32m has two million tags, ml-25m a genome of eighteen million rows.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TypeVar

from core import texts
from core.errors import DataError
from core.types import MovieId
from data.catalogues import movielens
from data.catalogues.datasets.streams import Losses
from data.catalogues.report import SkippedRow
from data.files import cells
from data.files.cells import CellError

TAGS, GENOME_TAGS, GENOME_SCORES = "tags.csv", "genome-tags.csv", "genome-scores.csv"
RELEASES = ("ml-32m", "ml-latest", "ml-25m", "ml-20m", "ml-latest-small")
"""Release folders, largest first: tags are read from the first one that has them, and so is the genome."""
LEAST_RELEVANCE = 0.8
"""Minimum relevance of genome tags: a movie of ml-25m has 16 such tags of 1,128 on average."""
MOST = 40
"""Maximum tags per movie, from users and from the genome each."""
LONGEST = 40
"""Maximum length of a tag; longer ones are remarks or file names."""
LONGEST_CELL = 100_000
"""Maximum length of a cell: a longer one has an unclosed quotation mark."""
COPIES = frozenset("bd blu bluray br clv dvd dvds dvdrip vhs betamax netflix queue library owned imdb".split())
"""Words of tags about somebody's copy or list instead of the movie: `In Netflix queue`, `imdb top 250`."""
REMEMBERED = 100_000
"""Number of cached normalised tags; thousands of movies share the same string."""
_ESCAPED = re.compile("[\udc80-\udcff]")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tagged:
    """Tags by movie.

    Attributes:
        tags: by TMDB id; lower case, without duplicates, most used first, then those of the genome by relevance.
        files: the files read, for display: `ml-latest-small/tags.csv`.
        skipped: the first invalid rows.
        lost: the number of invalid rows.
    """

    tags: Mapping[MovieId, tuple[str, ...]]
    files: tuple[str, ...]
    skipped: tuple[SkippedRow, ...] = ()
    lost: int = 0

    def report(self) -> str:
        """Return the number of movies with tags, and the first invalid rows."""
        more = self.lost - len(self.skipped)
        rows = [*map(str, self.skipped), *([f"... and {more:,} more row{'s' * (more > 1)}"] if more else [])]
        lost = f", {self.lost:,} row{'s' * (self.lost > 1)} skipped" if self.lost else ""
        return "\n  ".join((f"tags: {len(self.tags):,} movies from {', '.join(self.files)}{lost}", *rows))


def files(folders: Iterable[Path]) -> tuple[Path, ...]:
    """Return the tag files of the releases in some folders: none, `tags.csv`, or also the two of the genome."""
    releases = [folder / name for folder in folders for name in RELEASES]
    releases = sorted(releases, key=lambda release: RELEASES.index(release.name))
    told = next((release for release in releases if _has(release, TAGS)), None)
    genome = next((release for release in releases if _has(release, GENOME_TAGS, GENOME_SCORES)), None)
    return (
        *((told / TAGS,) if told is not None else ()),
        *((genome / GENOME_TAGS, genome / GENOME_SCORES) if genome is not None else ()),
    )


def fingerprint(found: Sequence[Path]) -> str:
    """Identify the files by release, name and size: another release or a longer file has another fingerprint."""
    return ", ".join(f"{path.parent.name}/{path.name} {path.stat().st_size}" for path in found)


def read(found: Sequence[Path], wanted: Collection[int]) -> Tagged:
    """Read tags and genome from the files found by `files`.

    Args:
        wanted: TMDB ids of the movies whose tags to keep.

    Raises:
        DataError: a file cannot be read.
    """
    losses = Losses()
    parts = [
        (_used if path.name == TAGS else _relevant)(path, _links(path.parent, wanted), losses)
        for path in found
        if path.name != GENOME_TAGS
    ]
    tags = {movie: tuple(dict.fromkeys(chain(*(part.get(movie, ()) for part in parts)))) for movie in chain(*parts)}
    names = tuple(f"{path.parent.name}/{path.name}" for path in found if path.name != GENOME_TAGS)
    return Tagged(tags, names, tuple(losses.first), losses.count)


def normalised(tag: str) -> str:
    """Return a tag in lower case on one line; empty if it says nothing about a movie."""
    plain = cells.clean(tag).lower()
    words = texts.words(plain)
    return plain if words and len(plain) <= LONGEST and COPIES.isdisjoint(words) else ""


def _has(release: Path, *names: str) -> bool:
    return all((release / name).is_file() for name in (*names, movielens.LINKS))


def _links(release: Path, wanted: Collection[int]) -> dict[int, MovieId]:
    """Return the mapping from MovieLens id to TMDB id for the wanted movies."""
    links = movielens.read_links(release).tmdb_ids
    return {movie: tmdb for movie, tmdb in links.items() if tmdb in wanted}


def _used(path: Path, links: Mapping[int, MovieId], losses: Losses) -> dict[MovieId, list[str]]:
    """Return the user tags of each movie, most used first, ties in alphabetical order."""
    counts: defaultdict[MovieId, Counter[str]] = defaultdict(Counter)
    plain = lru_cache(REMEMBERED)(normalised)
    for movie, tag in _rows(path, ("movieId", "tag"), _tag, losses):
        if movie in links and (own := plain(tag)):
            counts[links[movie]][own] += 1
    return {movie: _most(own) for movie, own in counts.items()}


def _most(counts: Mapping[str, float]) -> list[str]:
    """Return the most used tags first; spellings that fold alike count as one tag."""
    best = sorted(counts, key=lambda tag: (-counts[tag], tag))
    return list({texts.fold(tag): tag for tag in reversed(best)}.values())[::-1][:MOST]


def _relevant(path: Path, links: Mapping[int, MovieId], losses: Losses) -> dict[MovieId, list[str]]:
    """Return the relevant genome tags of each movie, most relevant first."""
    names = dict(_rows(path.with_name(GENOME_TAGS), ("tagId", "tag"), _tag, losses))
    scores: defaultdict[MovieId, dict[str, float]] = defaultdict(dict)
    for movie, tag, relevance in _rows(path, ("movieId", "tagId", "relevance"), _score, losses):
        if relevance >= LEAST_RELEVANCE and movie in links and (plain := normalised(names.get(tag, ""))):
            scores[links[movie]][plain] = max(relevance, scores[links[movie]].get(plain, 0.0))
    return {movie: _most(own) for movie, own in scores.items()}


def _rows(
    path: Path, columns: Sequence[str], parse: Callable[[Sequence[str], Sequence[str]], T], losses: Losses
) -> Iterator[T]:
    """Yield the rows of a file one at a time; invalid ones are counted and skipped."""
    for number, row in _lines(path, columns):
        try:
            yield parse(row, columns)
        except CellError as bad:
            losses.add(path.name, number, bad)


def _lines(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    number = 1
    try:
        # Invalid UTF-8 is passed on to its row, so that only this row is lost.
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            csv.field_size_limit(LONGEST_CELL)  # other readers in this process set other limits
            reader = csv.reader(file)
            header = [name.strip() for name in next(reader, [])]
            _check(header, columns, path)
            places = [header.index(name) for name in columns]
            for number, line in enumerate(reader, start=2):
                if line:
                    yield number, [line[place] if place < len(line) else "" for place in places]
    except (csv.Error, OSError) as error:
        raise DataError(f"cannot be read: {error}", file=path.name, row=number + 1) from None


def _check(header: Sequence[str], columns: Iterable[str], path: Path) -> None:
    missing = next((name for name in columns if name not in header), None)
    if missing is not None:
        found = ", ".join(header) or "none"
        raise DataError(f"the column is missing; found: {found}", file=path.name, row=1, column=missing)


def _tag(row: Sequence[str], columns: Sequence[str]) -> tuple[int, str]:
    if not row[1].strip():
        raise CellError(columns[1], "expected a tag, got nothing")
    if _ESCAPED.search(row[1]):
        raise CellError(columns[1], "not UTF-8")
    return _id(row[0], columns[0]), row[1]


def _score(row: Sequence[str], columns: Sequence[str]) -> tuple[int, int, float]:
    try:
        relevance = float(row[2])
    except ValueError:
        relevance = -1.0
    if not 0 <= relevance <= 1:
        raise CellError(columns[2], f"expected a number from 0 to 1, got {cells.shorten(row[2])}")
    return _id(row[0], columns[0]), _id(row[1], columns[1]), relevance


def _id(value: str, column: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise CellError(column, f"expected a whole number, got {cells.shorten(value)}") from None
