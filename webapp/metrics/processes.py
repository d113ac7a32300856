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

LOCK = "lock"


@dataclass
class SharedFolder:
    """The folder with the files of a server's workers, in `MARQUEE_HOME`. The lock ends with the last process."""

    path: Path
    _lock: int

    @classmethod
    def create(cls, home: Path) -> SharedFolder:
        """Return an empty folder, and remove those of servers that have ended. To be called before the fork."""
        parent = home / "metrics"
        parent.mkdir(parents=True, exist_ok=True)
        for folder in parent.iterdir():
            _remove_unused(folder)
        path = Path(tempfile.mkdtemp(dir=parent))
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
        lock = os.open(folder / LOCK, os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
        finally:
            os.close(lock)
