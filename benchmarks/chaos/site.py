"""A site of several processes that can be stopped and killed: servers, database, search engine."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import server, workplace
from core.config import Settings

ROOT = Path(__file__).parents[2]
POSTGRES = ROOT / "deploy" / "postgres-for-tests.sh"
ES_SCRIPT = "MARQUEE_TEST_ES_SCRIPT"
"""The variable with a script that starts, kills and stops an Elasticsearch, as for the tests."""
CLOCK_SOURCE = ROOT / "deploy" / "shift-clock.c"
WORKERS = 2
NODES = 3


@dataclass(frozen=True)
class Site:
    """A running site.

    Attributes:
        name: engine, database and number of server processes.
        settings: the settings of all its processes.
        port: the port of the website.
        pid: the main process of the server.
        postgres: the folder of the PostgreSQL server; None with SQLite.
        elastic: the folder of the Elasticsearch nodes; None with the embedded engine.
        clock: the file with the shift of the server's clock; None if it cannot be changed.
    """

    name: str
    settings: Settings
    port: int
    pid: int
    postgres: Path | None = None
    elastic: Path | None = None
    clock: Path | None = None

    def workers(self) -> list[int]:
        """Return the ids of the processes that serve."""
        found = subprocess.run(["pgrep", "-P", str(self.pid)], capture_output=True, text=True, check=True)
        return sorted(map(int, found.stdout.split()))

    def database_processes(self) -> list[int]:
        """Return the ids of PostgreSQL's processes."""
        assert self.postgres is not None
        main = int((self.postgres / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        children = subprocess.run(["pgrep", "-P", str(main)], capture_output=True, text=True, check=True)
        return [main, *map(int, children.stdout.split())]

    def node(self, number: int) -> int:
        """Return the process group of an Elasticsearch node."""
        assert self.elastic is not None
        return int((self.elastic / f"node{number}" / "pid").read_text(encoding="utf-8"))

    def marquee(self, *arguments: str, file_size: int | None = None) -> subprocess.Popen[bytes]:
        """Start a command of this site; `file_size` limits its files in bytes, like a full disk."""
        limit = f"ulimit -f {file_size // 1024}; trap '' XFSZ; " if file_size is not None else ""
        command = ["bash", "-c", f'{limit}exec "$0" "$@"', *server.COMMAND[:-1], *arguments]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=workplace.environment(self.settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@dataclass
class Parts:
    """What a site consists of besides its settings: servers it uses, and the number of its own processes."""

    updates: dict[str, object] = field(default_factory=dict)
    postgres: Path | None = None
    elastic: Path | None = None
    clock: Path | None = None
    workers: int = WORKERS


@contextmanager
def small() -> Iterator[Site]:
    """Run a site with SQLite and the embedded engine."""
    with _running("embedded, SQLite, two server processes", Parts()) as site:
        yield site


@contextmanager
def single() -> Iterator[Site]:
    """Run a site with one server process, as by default."""
    with _running("embedded, SQLite, one server process", Parts(workers=1)) as site:
        yield site


@contextmanager
def clocked() -> Iterator[Site]:
    """Run a small site whose server sees a wall clock that can be changed. Needs a C compiler."""
    with tempfile.TemporaryDirectory(prefix="marquee-chaos-clock-") as folder:
        clock = Path(folder) / "clock"
        clock.write_bytes(struct.pack("q", 0))
        library = clock.with_suffix(".so")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, CLOCK_SOURCE, "-ldl"], check=True)
        with _running("embedded, SQLite, two server processes, changed clock", Parts(clock=clock)) as site:
            yield site


@contextmanager
def grown() -> Iterator[Site]:
    """Run a site with PostgreSQL and three nodes of Elasticsearch."""
    script = os.environ.get(ES_SCRIPT)
    if not script:
        raise SystemExit(f"set {ES_SCRIPT} to a script that starts an Elasticsearch, or use --only small")
    with ExitStack() as stack:
        postgres, url = stack.enter_context(_postgres())
        elastic, port = stack.enter_context(_elastic(script))
        hosts = tuple(f"http://127.0.0.1:{port + node}" for node in range(NODES))
        updates = {"database_url": url, "elasticsearch_url": hosts, "elasticsearch_replicas": 1}
        with _running("Elasticsearch, PostgreSQL, two server processes", Parts(updates, postgres, elastic)) as site:
            yield site


@contextmanager
def _running(name: str, parts: Parts) -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="marquee-chaos-") as home:
        values = {"home": home, "offline": True, "demo": False, "workers": parts.workers, "drain_seconds": 1.0}
        settings = Settings.model_validate({**values, **parts.updates})
        for command in ("index", "train"):
            site = Site(name, settings, 0, 0)
            if site.marquee(command).wait():
                raise SystemExit(f"`marquee {command}` failed")
        with server.running(settings, extra=_clock_of(parts.clock)) as running:
            _wait_for_workers(running.pid, parts.workers)
            yield Site(name, settings, running.port, running.pid, parts.postgres, parts.elastic, parts.clock)


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
    site = Site("", Settings(), 0, pid)
    end = time.monotonic() + server.START_LIMIT
    while time.monotonic() < end:
        before = sum(map(_ticks, site.workers()))
        time.sleep(1.0)
        if len(site.workers()) == count and sum(map(_ticks, site.workers())) - before < 10:
            return


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@contextmanager
def _postgres() -> Iterator[tuple[Path, str]]:
    folder = Path(tempfile.mkdtemp(prefix="marquee-chaos-postgres-"))
    folder.chmod(0o755)
    place = folder / "server"
    subprocess.run([POSTGRES, "start", place], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield place, (place / "url").read_text(encoding="utf-8").strip()
    finally:
        subprocess.run([POSTGRES, "stop", place], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        folder.rmdir()


@contextmanager
def _elastic(script: str) -> Iterator[tuple[Path, int]]:
    home = Path(tempfile.mkdtemp(prefix="marquee-chaos-elastic-"))
    home.chmod(0o755)
    port = _free_ports()
    start = [script, "start", "--nodes", str(NODES), "--heap", "256m", "--port", str(port), "--home", str(home)]
    try:
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL)
        yield home, port
    finally:
        for node in range(NODES):
            pid = home / f"node{node}" / "pid"
            if pid.exists():
                _continue(int(pid.read_text(encoding="utf-8")))
        subprocess.run([script, "stop", "--home", str(home)], check=False, stdout=subprocess.DEVNULL)


def _continue(group: int) -> None:
    try:
        os.killpg(group, signal.SIGCONT)
    except ProcessLookupError:
        return


def _free_ports() -> int:
    """Return the first of three free ports, with the transport ports 100 above them free too."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port < 65_000 and all(_is_free(port + offset) for offset in (*range(NODES), *range(100, 100 + NODES))):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
