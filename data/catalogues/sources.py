"""Where the catalogue comes from: a named folder, an earlier download, a download now, else the sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core import config
from core.errors import DataError
from data.catalogues import download, kaggle, marquee_format, movielens_tags, tmdb
from data.catalogues.report import Catalogue, CatalogueSource, Progress, quiet
from data.files import text_files

SAMPLE_NAME = "sample catalogue"
SAMPLE = Path(__file__).parents[1] / "sample" / marquee_format.JSON_LINES
TMDB_FOLDER = "tmdb5000"

Fetch = Callable[[Path], None]
"""Downloads the TMDB 5000 pair into a folder, or raises `DataError`."""
FetchRatings = Callable[[Path], Path]
"""Downloads MovieLens below a folder and gives its own, or raises `DataError`."""


def load(
    settings: config.Settings, *, progress: Progress = quiet, fetch: Fetch = kaggle.fetch, sample: Path = SAMPLE
) -> Catalogue:
    """Load the catalogue that the settings lead to; its source says in words which one that is and why.

    Args:
        progress: told in sentences what is going on.
        fetch: downloads the TMDB pair.
        sample: the JSON Lines file that serves when nothing else is at hand.

    Raises:
        DataError: `MARQUEE_DATA_DIR` is set but unusable, or a file is broken. Never falls back silently.
    """
    if settings.data_dir is not None:
        progress(f"reading the catalogue in {settings.data_dir}")
        return open_folder(settings.data_dir)
    folder = downloads(settings) / TMDB_FOLDER
    if tmdb.present(folder):
        progress(f"reading {tmdb.NAME}, downloaded earlier")
        return tmdb.read(folder, reason="downloaded earlier")
    reason = _download(settings, folder, progress=progress, fetch=fetch)
    if reason:
        return _sample(sample, reason, progress=progress)
    return tmdb.read(folder, reason="downloaded from Kaggle")


def ratings(
    settings: config.Settings, *, progress: Progress = quiet, fetch: FetchRatings = download.movielens
) -> Path | None:
    """Find the folder of MovieLens' ratings and links, downloading it beside a catalogue that was downloaded.

    Searches need no ratings: where they cannot be had, that is said and None is given.

    Args:
        progress: told in sentences what is going on.
        fetch: downloads MovieLens below a folder and gives its own, or raises `DataError`.
    """
    found = next((home / download.MOVIELENS for home in _homes(settings) if (home / download.MOVIELENS).is_dir()), None)
    if found or settings.offline or not tmdb.present(downloads(settings) / TMDB_FOLDER):
        return found
    progress("downloading MovieLens from GroupLens")
    try:
        return fetch(downloads(settings))
    except DataError as error:
        progress(f"no ratings: {error}")
        return None


def tags(settings: config.Settings) -> tuple[Path, ...]:
    """The files with MovieLens' tags that lie where its ratings are looked for; none where there are none."""
    return movielens_tags.files(_homes(settings))


def peek(settings: config.Settings) -> CatalogueSource | None:
    """What `load` would read from disk, by the hash of its files, without parsing them; None if it would download.

    Raises:
        DataError: `MARQUEE_DATA_DIR` is set but unusable.
    """
    if settings.data_dir is not None:
        return _source(*_find(settings.data_dir))
    folder = downloads(settings) / TMDB_FOLDER
    return _source(tmdb.NAME, _pair(folder)) if tmdb.present(folder) else None


def open_folder(folder: Path) -> Catalogue:
    """Read the catalogue that lies in a folder: the TMDB pair, there or in `tmdb5000/`, or Marquee's own form."""
    reason = f"{config.variable('data_dir')} is set"
    name, files = _find(folder)
    return (
        tmdb.read(files[0].parent, reason=reason) if name == tmdb.NAME else marquee_format.read(files[0], reason=reason)
    )


def downloads(settings: config.Settings) -> Path:
    """The folder that downloads are kept in."""
    return settings.home / "downloads"


def _homes(settings: config.Settings) -> list[Path]:
    """The folders that hold MovieLens' releases."""
    return [settings.data_dir / "movielens", settings.data_dir] if settings.data_dir else [downloads(settings)]


def _find(folder: Path) -> tuple[str, tuple[Path, ...]]:
    """The name and the files of the catalogue in a folder that was set."""
    variable = config.variable("data_dir")
    if not folder.is_dir():
        raise DataError(f"{variable} names no folder; correct it or unset it", file=str(folder))
    pair = next((place for place in (folder, folder / TMDB_FOLDER) if tmdb.present(place)), None)
    if pair is not None:
        return tmdb.NAME, _pair(pair)
    path = marquee_format.find(folder)
    if path is not None:
        return marquee_format.NAME, (path,)
    both = f"{tmdb.MOVIES} and {tmdb.CREDITS} (there or in {TMDB_FOLDER}/)"
    expected = f"{both}, {marquee_format.JSON_LINES} or {marquee_format.TABLE}"
    raise DataError(f"{variable} leads to no catalogue: expected {expected}", file=str(folder))


def _pair(folder: Path) -> tuple[Path, ...]:
    return folder / tmdb.MOVIES, folder / tmdb.CREDITS


def _source(name: str, files: tuple[Path, ...]) -> CatalogueSource:
    return CatalogueSource(name, files[0].parent, text_files.fingerprint(*(text_files.load(path) for path in files)))


def _download(settings: config.Settings, folder: Path, *, progress: Progress, fetch: Fetch) -> str:
    """Try to download; gives why it was not done, or nothing."""
    if settings.offline:
        return f"{config.variable('offline')} is set"
    progress(f"downloading {tmdb.NAME} from Kaggle")
    try:
        fetch(folder)
    except DataError as error:
        return str(error)
    return ""


def _sample(path: Path, why: str, *, progress: Progress) -> Catalogue:
    catalogue = marquee_format.read(path, name=SAMPLE_NAME)
    movies, variable = len(catalogue.movies), config.variable("data_dir")
    reason = f"{why}: showing the sample catalogue of {movies} films; set {variable} to a folder with your own data"
    progress(reason)
    return replace(catalogue, source=replace(catalogue.source, reason=reason))
