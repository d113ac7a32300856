"""Access to a remote folder with fsspec."""

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
"""S3's connect and read timeouts in seconds."""
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "file": {"auto_mkdir": True},
    "s3": {
        "use_listings_cache": False,
        "config_kwargs": {
            "connect_timeout": CONNECT_TIMEOUT,
            "read_timeout": READ_TIMEOUT,
            "retries": {"max_attempts": 1},
        },
    },
}
"""Options of file systems by protocol, in addition to fsspec's own settings (`FSSPEC_S3_ENDPOINT_URL`, …)."""
FAILURES = {
    "botocore.exceptions": ("BotoCoreError", "ClientError"),
    "aiohttp.client_exceptions": ("ClientError",),
    "gcsfs.retry": ("HttpError",),
    "google.auth.exceptions": ("GoogleAuthError",),
    "azure.core.exceptions": ("AzureError",),
}
"""Exceptions other than `OSError` that fsspec's libraries raise if a server is unreachable."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in a listing."""

    size: int
    at: float
    """Time of writing, in seconds since 1970."""


class StorageClient:
    """A client for a URL. Every call raises `ModelMissing` if the server is unreachable or the file is missing."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._opening = threading.Lock()
        self._opened: tuple[int, AbstractFileSystem, str] | None = None

    def read(self, name: str) -> bytes:
        """Return a file's content."""
        with self._reached() as (files, root):
            return bytes(files.cat_file(f"{root}/{name}"))

    def read_or_none(self, name: str) -> bytes | None:
        """Return a file's content, or None if only the file is missing."""
        with self._reached() as (files, root):
            try:
                return bytes(files.cat_file(f"{root}/{name}"))
            except FileNotFoundError:
                _check_bucket(files, root)
                return None

    def write(self, name: str, content: bytes) -> None:
        """Write a small file in one request."""
        with self._reached() as (files, root):
            files.pipe_file(f"{root}/{name}", content)

    def send(self, path: Path, name: str) -> None:
        """Upload a local file."""
        with self._reached() as (files, root):
            files.put_file(str(path), f"{root}/{name}")

    def fetch(self, name: str, path: Path) -> None:
        """Download a file."""
        with self._reached() as (files, root):
            files.get_file(f"{root}/{name}", str(path))

    def remove(self, name: str) -> None:
        """Delete a file."""
        with self._reached() as (files, root):
            files.rm_file(f"{root}/{name}")

    def remove_folder(self, name: str) -> None:
        """Delete a folder with its contents."""
        with self._reached() as (files, root):
            files.rm(f"{root}/{name}", recursive=True)

    def listed(self, folder: str = "") -> dict[str, Stored]:
        """Return all files below a folder by their path below the URL; empty if the folder does not exist."""
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
            raise ModelMissing(f"{self.url}: unreachable, or the file is missing ({error!r})") from error

    def _open(self) -> tuple[AbstractFileSystem, str]:
        """Return the file system and the path in it, opened once per process: connections do not survive a fork."""
        with self._opening:
            if self._opened is None or self._opened[0] != os.getpid():
                from fsspec.core import url_to_fs  # noqa: PLC0415 - slow to import, and needed for remote storage only

                files, root = url_to_fs(self.url, **OPTIONS.get(self.url.partition(":")[0], {}))
                if hasattr(files, "retries"):
                    files.retries = 1
                self._opened = os.getpid(), files, root.rstrip("/")
            return self._opened[1:]


def _check_bucket(files: AbstractFileSystem, root: str) -> None:
    """Raise `ModelMissing` if the bucket does not exist: a missing pointer in an existing bucket is no error."""
    bucket = root.partition("/")[0]
    if bucket and not files.exists(bucket):
        raise ModelMissing(f"the bucket {bucket} does not exist; check its name")


def _written_at(about: Mapping[str, Any]) -> float:
    """Return when a file was written, in seconds since 1970; now if the file system does not tell."""
    at = about.get("LastModified") or about.get("mtime") or about.get("created") or about.get("updated")
    return at.timestamp() if isinstance(at, datetime) else float(at) if isinstance(at, int | float) else time.time()


def _failures() -> tuple[type[BaseException], ...]:
    """Return the exceptions of the loaded libraries. Only evaluated when an exception is raised."""
    found = [
        getattr(module, name)
        for module_name, names in FAILURES.items()
        if (module := sys.modules.get(module_name)) is not None
        for name in names
    ]
    return (OSError, ImportError, ValueError, *found)
