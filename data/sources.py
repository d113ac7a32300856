"""Where the catalogue comes from: a named folder, an earlier download, a download now, else the sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core import config
from core.errors import DataError
from data import kaggle, own, tmdb
from data.report import Catalogue, Progress, quiet

SAMPLE_NAME = "sample catalogue"
SAMPLE = Path(__file__).parent / "sample" / own.JSON_LINES
TMDB_FOLDER = "tmdb5000"

Fetch = Callable[[Path], None]
"""Downloads the TMDB 5000 pair into a folder, or raises `DataError`."""


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


def open_folder(folder: Path) -> Catalogue:
    """Read the catalogue that lies in a folder: the TMDB pair, there or in `tmdb5000/`, or Marquee's own form."""
    variable = config.variable("data_dir")
    reason = f"{variable} is set"
    if not folder.is_dir():
        raise DataError(f"{variable} names no folder; correct it or unset it", file=str(folder))
    pair = next((place for place in (folder, folder / TMDB_FOLDER) if tmdb.present(place)), None)
    if pair is not None:
        return tmdb.read(pair, reason=reason)
    path = own.find(folder)
    if path is not None:
        return own.read(path, reason=reason)
    expected = f"{tmdb.MOVIES} and {tmdb.CREDITS} (there or in {TMDB_FOLDER}/), {own.JSON_LINES} or {own.TABLE}"
    raise DataError(f"{variable} leads to no catalogue: expected {expected}", file=str(folder))


def downloads(settings: config.Settings) -> Path:
    """The folder that downloads are kept in."""
    return settings.home / "downloads"


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
    catalogue = own.read(path, name=SAMPLE_NAME)
    films, variable = len(catalogue.movies), config.variable("data_dir")
    reason = f"{why}: showing the sample catalogue of {films} films; set {variable} to a folder with your own data"
    progress(reason)
    return replace(catalogue, source=replace(catalogue.source, reason=reason))
