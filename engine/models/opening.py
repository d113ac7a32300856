"""Which shelf a setting means."""

from __future__ import annotations

from pathlib import Path

from engine.models.local_shelf import LocalShelf
from engine.models.remote_shelf import RemoteShelf
from engine.models.shelves import Shelf

FOLDER, CACHE = "models", "models-cache"
LOCAL = ("file://", "local://")


def shelf(url: str, *, home: Path) -> Shelf:
    """The shelf of a URL or a path; below the home where nothing is set."""
    for scheme in LOCAL:
        url = url.removeprefix(scheme)
    if "://" in url:
        return RemoteShelf(url, home / CACHE)
    return LocalShelf(Path(url) if url else home / FOLDER)
