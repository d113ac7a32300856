"""Checks of folders and files: the home folder, its disk, and who can read the secrets."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.config import Settings, variable
from data.database.inspection import report
from engine.accounts.credentials import signing_keys
from engine.diagnosis.findings import Finding, error, ok, warning

HOME, DISK, PRIVATE = "home folder", "disk space", "private files"
MB, GB = 10**6, 10**9
MARGIN = 500 * MB
"""Space that a rebuild takes besides its index: exported encoders, vectors and downloads of a small catalogue."""
FULL = 100 * MB
"""Free space below which the database cannot be relied on: SQLite needs some for its log."""


@dataclass(frozen=True, slots=True)
class Folder:
    """What is known of a folder."""

    path: Path
    exists: bool
    is_folder: bool = True
    writable: bool = True
    is_own: bool = True
    """Whether it belongs to the user that this command runs as."""


@dataclass(frozen=True, slots=True)
class PrivateFile:
    """A file that only its owner may read."""

    path: Path
    mode: int
    """Its permission bits."""
    is_own: bool


def home(settings: Settings) -> list[Finding]:
    """Check the home folder."""
    return [judge_home(_folder(settings.home), written=settings.database_url is None)]


def judge_home(folder: Folder, *, written: bool) -> Finding:
    """Return the finding about the home folder.

    Args:
        folder: the folder.
        written: whether servers write to it too, rather than only builds.
    """
    path, name = folder.path, variable("home")
    if not folder.exists:
        return warning(HOME, f"{path} does not exist", "`marquee run` or `marquee index` creates it")
    if not folder.is_folder:
        return error(HOME, f"{path} is not a folder", f"set {name} to a folder")
    if not folder.writable and written:
        return error(HOME, f"{path} is not writable", f"run `chown -R $(id -u) {path}`, or set another {name}")
    if not folder.writable:
        return warning(HOME, f"{path} is read-only: servers work, builds do not", "run builds and jobs where it is not")
    if not folder.is_own:
        return warning(HOME, f"{path} belongs to another user", "run this command as that user, as servers and jobs do")
    return ok(HOME, f"{path} is writable")


def disk(settings: Settings) -> list[Finding]:
    """Check the free space on the disk of the home folder."""
    place = next(path for path in (settings.home, *settings.home.absolute().parents) if path.exists())
    needed = MARGIN + sum(_size(settings.home / name) for name in ("index", "models"))
    if settings.database_url is None:
        needed += _size(settings.state)  # erasing data rewrites the whole file
    return [judge_space(settings.home, free=shutil.disk_usage(place).free, needed=needed)]


def judge_space(path: Path, *, free: int, needed: int) -> Finding:
    """Return the finding about free space; `needed` is what a rebuild takes. Both in bytes."""
    found = f"{free / GB:.1f} GB free for {path}; a rebuild needs about {needed / GB:.1f} GB"
    advice = f"free some space (`du -sh {path}/*`), or set {variable('home')} to a folder on a larger disk"
    if free < FULL:
        return error(DISK, found, advice)
    return warning(DISK, found, advice) if free < needed else ok(DISK, found)


def private(settings: Settings) -> list[Finding]:
    """Check who can read the key and the database file."""
    database = report.sqlite_file(settings.database)
    names = [database.with_name(database.name + end) for end in ("", "-wal", "-shm")] if database else []
    return judge_private([_private(path) for path in (settings.state / signing_keys.FILE, *names) if path.is_file()])


def judge_private(files: Sequence[PrivateFile]) -> list[Finding]:
    """Return the findings about files that nobody else may read."""
    found = [
        warning(PRIVATE, f"{file.path} can be read by others (mode {file.mode:o})", f"run `chmod 600 {file.path}`")
        for file in files
        if file.mode & signing_keys.OTHERS
    ]
    found += [
        warning(PRIVATE, f"{file.path} belongs to another user", f"run `chown $(id -u) {file.path}`")
        for file in files
        if not file.is_own
    ]
    return found or [ok(PRIVATE, "key and database file can only be read by their owner")]


def _folder(path: Path) -> Folder:
    if not path.exists():
        return Folder(path, exists=False)
    is_own = path.stat().st_uid == os.geteuid()
    return Folder(path, True, path.is_dir(), _is_writable(path), is_own)


def _is_writable(folder: Path) -> bool:
    """Return whether a file without a name, which leaves nothing behind, can be created and written."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0")
            file.flush()
    except OSError:
        return False
    return True


def _private(path: Path) -> PrivateFile:
    facts = path.stat()
    return PrivateFile(path, facts.st_mode & 0o777, facts.st_uid == os.geteuid())


def _size(folder: Path) -> int:
    return sum(_sizes(folder)) if folder.is_dir() else 0


def _sizes(folder: Path) -> Iterator[int]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path.stat().st_size
