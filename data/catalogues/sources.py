"""The catalogue's source: a configured folder, an earlier download, a new download, or else the sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from core import config
from core.errors import DataError
from data.catalogues import download, kaggle, marquee_format, movielens_layouts, movielens_tags, tmdb
from data.catalogues.datasets import imdb, movies_dataset, streams, tmdb_export
from data.catalogues.report import Catalogue, CatalogueSource, Progress, quiet
from data.files import text_files

SAMPLE_NAME = "sample catalogue"
SAMPLE = Path(__file__).parents[1] / "sample" / marquee_format.JSON_LINES
TMDB_FOLDER = "tmdb5000"

DATASETS: Mapping[str, tuple[Callable[[Path], tuple[Path, ...]], Callable[..., Catalogue]]] = {
    module.NAME: (module.find, module.read) for module in (tmdb_export, movies_dataset, imdb)
}
"""How to find and read the catalogues of others, which are recognised by their files, by name."""

Fetch = Callable[[Path], None]
"""Downloads the TMDB 5000 files into a folder, or raises `DataError`."""
FetchRatings = Callable[[Path], Path]
"""Downloads MovieLens into a folder and returns the subfolder, or raises `DataError`."""


def load(
    settings: config.Settings, *, progress: Progress = quiet, fetch: Fetch = kaggle.fetch, sample: Path = SAMPLE
) -> Catalogue:
    """Load the catalogue selected by the settings; its source states which one it is and why.

    Args:
        progress: called with sentences about the current step.
        fetch: downloads the TMDB files.
        sample: the JSON Lines file used if there is no other source.

    Raises:
        DataError: `MARQUEE_DATA_DIR` is set but unusable, or a file is broken. There is no silent fallback.
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
    """Return the folder or archive with MovieLens' ratings, downloading it if the catalogue was downloaded too.

    Search works without ratings: if they are unavailable, this is reported and None is returned.

    Args:
        progress: called with sentences about the current step.
        fetch: downloads MovieLens into a folder and returns the subfolder, or raises `DataError`.
    """
    found = _release(settings, progress)
    if found or settings.offline or not tmdb.present(downloads(settings) / TMDB_FOLDER):
        return found
    progress("downloading MovieLens from GroupLens")
    try:
        return fetch(downloads(settings))
    except DataError as error:
        progress(f"no ratings: {error}")
        return None


def _release(settings: config.Settings, progress: Progress) -> Path | None:
    """Return the largest release of MovieLens that can be linked to the catalogue; say which others were found."""
    homes = _homes(settings)
    releases = movielens_layouts.find(homes)
    if releases and numbered_by_imdb(settings):
        progress("MovieLens' ratings are not used: they are linked to TMDB, and this catalogue has IMDb's ids")
        return None
    for release in releases:
        try:
            movielens_layouts.with_links(release)
        except DataError as error:
            progress(f"ratings that are not used: {error}")
            continue
        others = ", ".join(other.path.name for other in releases if other is not release)
        if others:
            progress(f"ratings of MovieLens: {release.path.name}, the largest; not used: {others}")
        return release.path
    return next((home / download.MOVIELENS for home in homes if (home / download.MOVIELENS).is_dir()), None)


def numbered_by_imdb(settings: config.Settings) -> bool:
    """Whether the configured catalogue consists of IMDb's own files."""
    if settings.data_dir is None:
        return False
    try:
        return _find(settings.data_dir)[0] == imdb.NAME
    except DataError:
        return False


def tags(settings: config.Settings) -> tuple[Path, ...]:
    """Return the MovieLens tag files in the folders that are searched for ratings, if any."""
    return () if numbered_by_imdb(settings) else movielens_tags.files(_homes(settings))


def peek(settings: config.Settings) -> CatalogueSource | None:
    """Return the source that `load` would read from disk, without parsing it; None if it would download.

    Raises:
        DataError: `MARQUEE_DATA_DIR` is set but unusable.
    """
    if settings.data_dir is not None:
        return _source(*_find(settings.data_dir))
    folder = downloads(settings) / TMDB_FOLDER
    return _source(tmdb.NAME, _pair(folder)) if tmdb.present(folder) else None


def open_folder(folder: Path) -> Catalogue:
    """Read the catalogue in a folder: TMDB 5000, there or in `tmdb5000/`, Marquee's own format, or a known dataset."""
    reason = f"{config.variable('data_dir')} is set"
    name, files = _find(folder)
    if name in DATASETS:
        return DATASETS[name][1](files, reason=reason)
    return (
        tmdb.read(files[0].parent, reason=reason) if name == tmdb.NAME else marquee_format.read(files[0], reason=reason)
    )


def own_files(folder: Path) -> tuple[Path, ...]:
    """Return the files of the catalogue in a configured folder. Raises `DataError` if it contains none."""
    return _find(folder)[1]


def downloads(settings: config.Settings) -> Path:
    """Return the folder for downloads."""
    return settings.home / "downloads"


def _homes(settings: config.Settings) -> list[Path]:
    """Return the folders that contain MovieLens releases."""
    return [settings.data_dir / "movielens", settings.data_dir] if settings.data_dir else [downloads(settings)]


def _find(folder: Path) -> tuple[str, tuple[Path, ...]]:
    """Return name and files of the catalogue in a configured folder."""
    variable = config.variable("data_dir")
    if not folder.is_dir():
        raise DataError(f"{variable} is not a folder; correct it or unset it", file=str(folder))
    pair = next((place for place in (folder, folder / TMDB_FOLDER) if tmdb.present(place)), None)
    if pair is not None:
        return tmdb.NAME, _pair(pair)
    path = marquee_format.find(folder)
    if path is not None:
        return marquee_format.NAME, (path,)
    for name, (find, _) in DATASETS.items():
        if files := find(folder):
            return name, files
    both = f"{tmdb.MOVIES} and {tmdb.CREDITS} (there or in {TMDB_FOLDER}/)"
    others = f"{movies_dataset.MOVIES}, {imdb.BASICS} or {tmdb_export.FILE}, also as .gz or .zip"
    expected = f"{both}, {marquee_format.JSON_LINES}, {marquee_format.TABLE}, {others}"
    raise DataError(f"{variable} contains no catalogue: expected {expected}", file=str(folder))


def _pair(folder: Path) -> tuple[Path, ...]:
    return folder / tmdb.MOVIES, folder / tmdb.CREDITS


def _source(name: str, files: tuple[Path, ...]) -> CatalogueSource:
    if name in DATASETS:
        return CatalogueSource(name, files[0].parent, streams.fingerprint(files))
    return CatalogueSource(name, files[0].parent, text_files.fingerprint(*(text_files.load(path) for path in files)))


def _download(settings: config.Settings, folder: Path, *, progress: Progress, fetch: Fetch) -> str:
    """Try to download; return why it was not possible, or an empty string."""
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
    reason = f"{why}: showing the sample catalogue of {movies} movies; set {variable} to a folder with your own data"
    progress(reason)
    return replace(catalogue, source=replace(catalogue.source, reason=reason))
