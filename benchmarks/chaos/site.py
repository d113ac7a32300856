"""A site of several processes that can be stopped and killed: servers, database, search engine."""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks import server, workplace
from benchmarks.chaos.clients import Address
from core.config import Settings

CLOCK_SOURCE = server.ROOT / "deploy" / "shift-clock.c"
WORKERS = 2


class Part(Protocol):
    """A server that a site consists of."""

    @property
    def pid(self) -> int:
        """Return its first process; the others are its descendants."""

    def start(self) -> None:
        """Start it, and wait until it can be used."""

    def kill(self) -> None:
        """Kill it, as a crash would."""


@dataclass(frozen=True)
class Site:
    """A running site.

    Attributes:
        name: engine, database and number of server processes.
        settings: the settings of all its processes.
        address: where clients reach it.
        pid: the main process of its only server.
        clock: the file with the shift of the server's clock; None if it cannot be changed.
        parts: what can be killed and hang of a site of several servers.
    """

    name: str
    settings: Settings
    address: Address
    pid: int = 0
    clock: Path | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)

    def workers(self) -> list[int]:
        """Return the ids of the processes that serve."""
        found = subprocess.run(["pgrep", "-P", str(self.pid)], capture_output=True, text=True, check=True)
        return sorted(map(int, found.stdout.split()))

    def marquee(self, *arguments: str, file_size: int | None = None) -> subprocess.Popen[bytes]:
        """Start a command of this site; see `marquee`."""
        return marquee(self.settings, *arguments, file_size=file_size)


@contextmanager
def small() -> Iterator[Site]:
    """Run a site with SQLite and the embedded engine."""
    with _running("embedded, SQLite, two server processes") as site:
        yield site


@contextmanager
def single() -> Iterator[Site]:
    """Run a site with one server process, as by default."""
    with _running("embedded, SQLite, one server process", workers=1) as site:
        yield site


@contextmanager
def clocked() -> Iterator[Site]:
    """Run a small site whose server sees a wall clock that can be changed. Needs a C compiler."""
    with tempfile.TemporaryDirectory(prefix="marquee-chaos-clock-") as folder:
        clock = Path(folder) / "clock"
        clock.write_bytes(struct.pack("q", 0))
        library = clock.with_suffix(".so")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, CLOCK_SOURCE, "-ldl"], check=True)
        with _running("embedded, SQLite, two server processes, changed clock", clock=clock) as site:
            yield site


@contextmanager
def _running(name: str, *, clock: Path | None = None, workers: int = WORKERS) -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="marquee-chaos-") as home:
        values = {"home": home, "offline": True, "demo": False, "workers": workers, "drain_seconds": 1.0}
        settings = Settings.model_validate(values)
        prepare(settings, "index", "train")
        with server.running(settings, extra=_clock_of(clock)) as running:
            _wait_for_workers(running.pid, workers)
            yield Site(name, settings, Address(running.port), running.pid, clock)


def prepare(settings: Settings, *commands: str) -> None:
    """Run commands that a site needs before it can serve."""
    for command in commands:
        if marquee(settings, command).wait():
            raise SystemExit(f"`marquee {command}` failed")


def marquee(settings: Settings, *arguments: str, file_size: int | None = None) -> subprocess.Popen[bytes]:
    """Start a command; `file_size` limits its files in bytes, like a full disk."""
    limit = f"ulimit -f {file_size // 1024}; trap '' XFSZ; " if file_size is not None else ""
    command = ["bash", "-c", f'{limit}exec "$0" "$@"', *server.COMMAND[:-1], *arguments]
    return subprocess.Popen(
        command,
        cwd=server.ROOT,
        env=workplace.environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _clock_of(file: Path | None) -> dict[str, str]:
    """Return the variables with which a process reads its clock's shift from a file."""
    if file is None:
        return {}
    return {
        "LD_PRELOAD": str(file.with_suffix(".so")),
        "CLOCK_FILE": str(file),
        "CLOCK_SINCE": str(sys.maxsize),  # the times of files stay as they are
    }


def _wait_for_workers(pid: int, count: int) -> None:
    """Wait until all processes of the server use little processor time: they have loaded everything."""
    site = Site("", Settings(), Address(0), pid)
    end = time.monotonic() + server.START_LIMIT
    while time.monotonic() < end:
        before = sum(map(_ticks, site.workers()))
        time.sleep(1.0)
        if len(site.workers()) == count and sum(map(_ticks, site.workers())) - before < 10:
            return


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
