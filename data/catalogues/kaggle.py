"""TMDB 5000 from Kaggle, via kagglehub, which resumes, verifies and shows its own progress bar."""

from __future__ import annotations

import queue
import shutil
import threading
import zipfile
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from core.errors import DataError
from data.catalogues import download, tmdb

DATASET = "tmdb/tmdb-movie-metadata"
ADDRESS = "https://www.kaggle.com"
PROBE_SECONDS = 3.0
"""Time-out of the network check, including name resolution, before the sample catalogue is used."""

Download = Callable[[str], str]
"""Takes the name of a data set and returns the folder with its files."""


def fetch(folder: Path, *, address: str = ADDRESS, get: Download | None = None) -> None:
    """Download the TMDB 5000 files into `folder`, which is created atomically once both files have been read.

    Raises:
        DataError: no network, no response from Kaggle, unreadable files, or a disk that cannot be written.
    """
    if not reachable(address):
        raise DataError("no network")
    pair = Path((get or _kagglehub)(DATASET))
    tmdb.read(pair)
    beside = folder.with_name(f"{folder.name}.copying")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        for name in (tmdb.MOVIES, tmdb.CREDITS):
            shutil.copyfile(pair / name, beside / name)
        beside.replace(folder)
    except OSError as error:
        raise download.refused(folder.parent, error) from error


def reachable(address: str, *, seconds: float = PROBE_SECONDS) -> bool:
    """Whether a web server responds in time. Uses a thread, since name resolution has no time-out."""
    answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_answers(address, seconds)), daemon=True).start()
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        return False


def _answers(address: str, seconds: float) -> bool:
    import requests  # noqa: PLC0415  only downloads pay for it

    try:
        status = requests.head(address, timeout=seconds).status_code
    except requests.RequestException:
        return False
    return status < HTTPStatus.INTERNAL_SERVER_ERROR


def _kagglehub(dataset: str) -> str:
    import kagglehub  # noqa: PLC0415  a second that only this download pays
    from kagglehub import exceptions as kaggle  # noqa: PLC0415

    try:
        return str(kagglehub.dataset_download(dataset))
    except (
        OSError, ValueError, zipfile.BadZipFile, kaggle.BackendError, kaggle.CredentialError, kaggle.NotFoundError,
        kaggle.DataCorruptionError, kaggle.KaggleEnvironmentError, kaggle.UnauthenticatedError,
    ) as error:  # fmt: skip
        first = str(error).strip().partition("\n")[0]
        raise DataError(f"Kaggle does not provide the data set {dataset}: {first}") from error
