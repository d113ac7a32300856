"""The process that builds a draft: who it is, its heartbeat, and whether it still runs."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.errors import MarqueeError

BEAT_SECONDS = 10.0
SILENT_SECONDS = 60.0
"""Seconds without a heartbeat after which a build on another machine counts as dead."""


def identity(now: float | None = None) -> dict[str, Any]:
    """Return what identifies this process, with the time of this sign of life in seconds since 1970."""
    pid = os.getpid()
    alive_at = time.time() if now is None else now
    return {"host": socket.gethostname(), "pid": pid, "born": _born(pid), "alive_at": alive_at}


def is_running(builder: Mapping[str, Any], *, now: float) -> bool:
    """Return whether the process still builds. On this machine, its death is known at once."""
    if not builder:  # written by an older release
        return False
    if builder["host"] == socket.gethostname():
        return bool(builder["born"]) and _born(builder["pid"]) == builder["born"]
    return bool(now - builder["alive_at"] < SILENT_SECONDS)


def is_own(builder: Mapping[str, Any]) -> bool:
    """Return whether it is this process."""
    own = identity()
    return all(builder.get(key) == own[key] for key in ("host", "pid", "born"))


def _born(pid: int) -> str:
    """Return when a process began, in the kernel's units; empty if it does not run. Process numbers are used again."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except FileNotFoundError:
        return "" if Path("/proc").exists() or not _exists(pid) else "unknown"
    except (OSError, IndexError):
        return ""


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


class Heartbeat:
    """Calls `beat` every few seconds in a thread, until it is stopped. Failures are ignored: the next beat may work."""

    def __init__(self, beat: Callable[[], object], *, every: float = BEAT_SECONDS) -> None:
        self._beat, self._every = beat, every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="marquee-build", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait for a beat in progress."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(self._every):
            try:
                self._beat()
            except MarqueeError:
                continue
