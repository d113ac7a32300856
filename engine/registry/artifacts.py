"""The files of a version: the model's arrays, the demo users, the holdout model, and a manifest with checksums."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import ModelMissing
from engine.recommender import model as models
from engine.recommender.model import Recommender
from engine.training import demo_users
from engine.training.demo_users import DemoUsers

MANIFEST = "manifest.json"
HOLDOUT = "twin"
"""Subfolder with the holdout model: the same configuration fitted on the training part, for later comparisons."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model with its manifest and its demo users."""

    model: Recommender
    manifest: Mapping[str, Any]
    demo_users: DemoUsers


def write(
    folder: Path,
    model: Recommender,
    manifest: Mapping[str, Any],
    *,
    known: DemoUsers,
    holdout_model: Recommender | None,
) -> None:
    """Write a version into an empty folder; it is on disk when this returns."""
    models.save(model, folder)
    demo_users.save(known, folder)
    if holdout_model is not None:
        (folder / HOLDOUT).mkdir()
        models.save(holdout_model, folder / HOLDOUT)
    own = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    content = {
        **manifest,
        "version": model.version,
        "files": {name: checksum(path) for name, path in own.items()},
        "sizes": {name: path.stat().st_size for name, path in own.items()},
    }
    (folder / MANIFEST).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    for path in (*own.values(), folder / MANIFEST, *((folder / HOLDOUT,) if holdout_model is not None else ()), folder):
        settle(path)


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock on a file, created if missing; the lock ends with the process that holds it.

    Raises:
        BlockingIOError: another process holds the lock, and `wait` is false.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def settle(path: Path) -> None:
    """Flush a file or folder to disk, so that after a power cut no name points to missing data."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def parse(content: bytes, *, where: str) -> Mapping[str, Any]:
    """Parse a manifest. Raises `ModelMissing`."""
    try:
        manifest = json.loads(content)
    except ValueError as error:
        raise ModelMissing(f"{where}: no readable {MANIFEST} ({error}); train again") from error
    if not isinstance(manifest, dict):
        raise ModelMissing(f"{where}: {MANIFEST} is not a JSON object; train again")
    return manifest


def names(manifest: Mapping[str, Any], part: str = "") -> list[str]:
    """Return the files of a part that the manifest lists: of the model itself, or of its holdout model."""
    listed = manifest.get("files", {})
    return sorted(name for name in listed if name.rpartition("/")[0] == part)


def check(folder: Path, manifest: Mapping[str, Any], part: str = "") -> None:
    """Compare all files of a part with their checksums; `folder` is that of the part. Raises `ModelMissing`."""
    wanted = {name.rpartition("/")[2]: manifest["files"][name] for name in names(manifest, part)}
    least = (*models.FILES, demo_users.FILE) if part == "" else models.FILES
    for name in {**dict.fromkeys(least), **wanted}:
        if not wanted.get(name) or wanted[name] != checksum(folder / name):
            raise ModelMissing(f"{folder / name}: missing or damaged (wrong checksum); train again")


def read(folder: Path, manifest: Mapping[str, Any]) -> Loaded:
    """Read a verified version. Raises `ModelMissing`."""
    users = demo_users.load(folder)
    return Loaded(replace(models.load(folder), user_neighbours=users.neighbours()), manifest, users)


def checksum(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; empty if the file cannot be read."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return ""
