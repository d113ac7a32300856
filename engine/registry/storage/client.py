"""A folder of files far away, as fsspec reaches it; what fails there is told in words."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ModelMissing

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

CONNECT_TIMEOUT, READ_TIMEOUT = 5, 20
"""Seconds that S3 may take to accept a connection, and between two portions of an answer."""
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "s3": {
        "use_listings_cache": False,
        "config_kwargs": {
            "connect_timeout": CONNECT_TIMEOUT,
            "read_timeout": READ_TIMEOUT,
            "retries": {"max_attempts": 1},
        },
    }
}
"""What file systems are opened with, by protocol, besides fsspec's own settings (`FSSPEC_S3_ENDPOINT_URL`, …)."""
FAILURES = {
    "botocore.exceptions": ("BotoCoreError", "ClientError"),
    "aiohttp.client_exceptions": ("ClientError",),
    "gcsfs.retry": ("HttpError",),
    "google.auth.exceptions": ("GoogleAuthError",),
    "azure.core.exceptions": ("AzureError",),
}
"""What the libraries below fsspec raise besides `OSError` when a place cannot be reached."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a listing says of one file."""

    size: int
    at: float
    """When it was written, in seconds since 1970."""


class StorageClient:
    """One URL. Every call raises `ModelMissing` where the place cannot be reached or lacks the file."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._opening = threading.Lock()
        self._opened: tuple[int, AbstractFileSystem, str] | None = None

    def read(self, name: str) -> bytes:
        """A file's content."""
        with self._reached() as (files, root):
            return bytes(files.cat_file(f"{root}/{name}"))

    def read_or_none(self, name: str) -> bytes | None:
        """A file's content, or None where the place is there and the file is not."""
        with self._reached() as (files, root):
            try:
                return bytes(files.cat_file(f"{root}/{name}"))
            except FileNotFoundError:
                _check_bucket(files, root)
                return None

    def write(self, name: str, content: bytes) -> None:
        """Put a small file, in one request."""
        with self._reached() as (files, root):
            files.pipe_file(f"{root}/{name}", content)

    def send(self, path: Path, name: str) -> None:
        """Put a file of this machine."""
        with self._reached() as (files, root):
            files.put_file(str(path), f"{root}/{name}")

    def fetch(self, name: str, path: Path) -> None:
        """Get a file to this machine."""
        with self._reached() as (files, root):
            files.get_file(f"{root}/{name}", str(path))

    def remove(self, name: str) -> None:
        """Delete one file."""
        with self._reached() as (files, root):
            files.rm_file(f"{root}/{name}")

    def remove_folder(self, name: str) -> None:
        """Delete a folder with all that is in it."""
        with self._reached() as (files, root):
            files.rm(f"{root}/{name}", recursive=True)

    def listed(self, folder: str = "") -> dict[str, Stored]:
        """Every file below a folder, by its name below the URL; none where the folder is not there."""
        with self._reached() as (files, root):
            files.invalidate_cache()
            try:
                found = files.find(f"{root}/{folder}".rstrip("/"), detail=True)
            except FileNotFoundError:
                return {}
        return {
            path.removeprefix(root).lstrip("/"): Stored(int(about["size"]), _written_at(about))
            for path, about in found.items()
        }

    @contextlib.contextmanager
    def _reached(self) -> Iterator[tuple[AbstractFileSystem, str]]:
        try:
            yield self._open()
        except _failures() as error:
            raise ModelMissing(f"{self.url}: cannot be reached or lacks what was asked for ({error!r})") from error

    def _open(self) -> tuple[AbstractFileSystem, str]:
        """The file system and the path below it, once in each process: connections do not survive a fork."""
        with self._opening:
            if self._opened is None or self._opened[0] != os.getpid():
                from fsspec.core import url_to_fs  # noqa: PLC0415 - only who uses it pays for it

                files, root = url_to_fs(self.url, **OPTIONS.get(self.url.partition(":")[0], {}))
                if hasattr(files, "retries"):
                    files.retries = 1
                self._opened = os.getpid(), files, root.rstrip("/")
            return self._opened[1:]


def _check_bucket(files: AbstractFileSystem, root: str) -> None:
    """An empty place has no pointer yet; a bucket that is gone is a failure."""
    bucket = root.partition("/")[0]
    if bucket and not files.exists(bucket):
        raise ModelMissing(f"there is no bucket {bucket}; was it deleted, or is its name misspelt?")


def _written_at(about: Mapping[str, Any]) -> float:
    """When a file was written, in seconds since 1970; now where the file system does not say."""
    at = about.get("LastModified") or about.get("mtime") or about.get("created") or about.get("updated")
    return at.timestamp() if isinstance(at, datetime) else float(at) if isinstance(at, int | float) else time.time()


def _failures() -> tuple[type[BaseException], ...]:
    """What the libraries that are loaded by now raise. Asked only when something was raised."""
    found = [
        getattr(module, name)
        for module_name, names in FAILURES.items()
        if (module := sys.modules.get(module_name)) is not None
        for name in names
    ]
    return (OSError, ImportError, ValueError, *found)
