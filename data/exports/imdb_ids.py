"""Which IMDb ids belong to which movies: MovieLens links if available, and an id map in the catalogue's folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from core.config import Settings
from core.errors import DataError
from core.types import MovieId
from data.catalogues import movielens, movielens_layouts, sources

ID_MAP = "id_map.csv"
MAX_LINKS = 500_000
"""Maximum pairs; the largest release of MovieLens has 87,000."""


@dataclass(frozen=True, slots=True)
class IdMap:
    """Pairs of IMDb ids and movies. Maps may disagree, and an id may lead to movies that the catalogue lacks."""

    movies: Mapping[int, tuple[MovieId, ...]] = field(default_factory=dict)
    """IMDb number to TMDB ids, those of the first map first."""
    ids: Mapping[MovieId, frozenset[int]] = field(default_factory=dict)
    """TMDB id to IMDb numbers."""
    movielens: Mapping[int, MovieId] = field(default_factory=dict)
    """MovieLens id to TMDB id."""

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, MovieId]], movielens: Mapping[int, MovieId] | None = None) -> IdMap:
        """Return the map of some pairs, IMDb number and TMDB id, without those above `MAX_LINKS`."""
        movies: dict[int, tuple[MovieId, ...]] = {}
        ids: dict[MovieId, frozenset[int]] = {}
        for imdb, tmdb in islice(pairs, MAX_LINKS):
            if tmdb not in (known := movies.get(imdb, ())):
                movies[imdb] = (*known, tmdb)
                ids[tmdb] = ids.get(tmdb, frozenset()) | {imdb}
        return cls(movies, ids, movielens if movielens is not None else {})

    def contradict(self, imdb: int, movie: MovieId) -> bool:
        """Whether the IMDb ids of a movie are known and this one is not among them."""
        return movie in self.ids and imdb not in self.ids[movie]


def read(settings: Settings) -> IdMap:
    """Return all available pairs, without downloading; empty if there are none."""
    if sources.numbered_by_imdb(settings):
        return IdMap(_Same(), {})
    folder = sources.ratings(settings, fetch=_refuse_download)
    paths: list[movielens_layouts.Place] = [_links(folder)] if folder else []
    if settings.data_dir:
        paths += [settings.data_dir / ID_MAP, settings.data_dir / sources.TMDB_FOLDER / ID_MAP]
    movielens: dict[int, MovieId] = {}
    return IdMap.of((pair for path in paths for pair in _pairs(path, movielens)), movielens)


class _Same(Mapping[int, tuple[MovieId, ...]]):
    """The map of a catalogue whose ids are IMDb's numbers."""

    def __getitem__(self, imdb: int) -> tuple[MovieId, ...]:
        return (MovieId(imdb),)

    def __iter__(self) -> Iterator[int]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _links(folder: Path) -> movielens_layouts.Place:
    """Return the table of a release's links, which may be in an archive or belong to a later release."""
    release = movielens_layouts.recognise(folder)
    return (movielens_layouts.with_links(release) if release else folder) / movielens.LINKS


def _refuse_download(folder: Path) -> Path:
    raise DataError("a request never downloads", file=str(folder))


def _pairs(path: movielens_layouts.Place, numbers: dict[int, MovieId]) -> Iterator[tuple[int, MovieId]]:
    """Yield the pairs of a table with `imdbId,tmdbId` or `imdb_id,tmdb_id`; add its MovieLens ids to `numbers`.

    Incomplete rows are skipped.
    """
    if not path.is_file():
        return
    with path.open("rb") as content, io.TextIOWrapper(content, "utf-8-sig", errors="replace", newline="") as lines:
        for row in csv.DictReader(lines):
            imdb = _whole(row.get("imdbId") or row.get("imdb_id") or "")
            tmdb = _whole(row.get("tmdbId") or row.get("tmdb_id") or "")
            own = _whole(row.get("movieId") or row.get("movielens_id") or "")
            if tmdb and own is not None and len(numbers) < MAX_LINKS:
                numbers.setdefault(own, MovieId(tmdb))
            if tmdb and imdb is not None:
                yield imdb, MovieId(tmdb)


def _whole(text: str) -> int | None:
    digits = text.removeprefix("tt").partition(".")[0]
    return int(digits) if digits.isascii() and digits.isdigit() else None
