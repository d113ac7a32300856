"""Which shelf a setting means."""

from __future__ import annotations

from pathlib import Path

from engine.registry.storage.base import Shelf
from engine.registry.storage.local import LocalShelf
from engine.registry.storage.remote import RemoteShelf

FOLDER, CACHE = "models", "models-cache"
LOCAL = ("file://", "local://")


def shelf(url: str, *, home: Path) -> Shelf:
    """The shelf of a URL or a path; below the home where nothing is set."""
    for scheme in LOCAL:
        url = url.removeprefix(scheme)
    if "://" in url:
        return RemoteShelf(url, home / CACHE)
    return LocalShelf(Path(url) if url else home / FOLDER)
