"""Creates the storage that a setting names."""

from __future__ import annotations

from pathlib import Path

from engine.registry.storage.base import Storage
from engine.registry.storage.local import LocalStorage
from engine.registry.storage.remote import RemoteStorage

FOLDER, CACHE = "models", "models-cache"
LOCAL = ("file://", "local://")


def storage(url: str, *, home: Path) -> Storage:
    """Return the storage of a URL or a path; below the home folder if none is set."""
    for scheme in LOCAL:
        url = url.removeprefix(scheme)
    if "://" in url:
        return RemoteStorage(url, home / CACHE)
    return LocalStorage(Path(url) if url else home / FOLDER)
