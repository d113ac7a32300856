"""Metrics of several worker processes: each writes files of its own, and whichever is asked reads those of all.

A worker has a slot, which its successor takes over together with its files. Counters therefore go on when a worker is
replaced, and there are never more files than workers at the same time.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import multiprocess, values

from core import config
from core.errors import InvalidSettings

LOCK, PREFIX = "lock", "marquee-metrics-"


@dataclass
class SharedFolder:
    """The folder with the files of a server's workers. The lock ends with the last process."""

    path: Path
    _lock: int

    @classmethod
    def create(cls, parent: Path | None = None) -> SharedFolder:
        """Return an empty folder, and remove those of servers that have ended. To be called before the fork.

        Args:
            parent: where it is created; by default, among the temporary files, since a web server's home may be
                read-only.

        Raises:
            InvalidSettings: it cannot be created.
        """
        parent = parent or Path(tempfile.gettempdir())
        try:
            return cls._create(parent)
        except OSError as error:
            raise InvalidSettings(
                f"metrics need temporary files, but {parent} cannot be written: {error.strerror}; "
                "name another folder in TMPDIR, or unset MARQUEE_METRICS_PORT and MARQUEE_METRICS_TOKEN"
            ) from None

    @classmethod
    def _create(cls, parent: Path) -> SharedFolder:
        for folder in parent.glob(f"{PREFIX}*"):
            _remove_unused(folder)
        path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        # Renamed once it is locked: a server that starts at the same time must not find it unlocked.
        lock = os.open(path / "new", os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_SH)
        (path / "new").rename(path / LOCK)
        config.set_variable("PROMETHEUS_MULTIPROC_DIR", str(path))
        return cls(path, lock)

    def join(self, slot: int) -> None:
        """Let the instruments of this process, a worker, write the files of `slot`."""
        values.ValueClass = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]

    def leave(self, slot: int) -> None:
        """Forget the gauges of a worker that has ended; its counters stay."""
        multiprocess.mark_process_dead(slot, str(self.path))  # type: ignore[no-untyped-call]

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path, ignore_errors=True)


def _remove_unused(folder: Path) -> None:
    with suppress(OSError):  # another server holds the lock, or was faster
        if folder.lstat().st_uid != os.getuid():
            return
        lock = os.open(folder / LOCK, os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
        finally:
            os.close(lock)
