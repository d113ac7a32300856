"""The real web server in its own process, and how much memory it holds."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import workplace
from core.config import Settings

HOST = "127.0.0.1"
ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-c", "from marquee.cli import main; main()", "serve")
START_LIMIT = 60.0
"""Seconds until the server must answer."""
STOP_LIMIT = 20.0
PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Server:
    """A running `marquee serve`."""

    port: int
    pid: int
    """Of the first process; the workers are its children."""
    started_s: float
    """Seconds from the command to the first answer."""


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[Server]:
    """Serve on a free port of this machine, and stop at the end."""
    port = _free_port()
    own = settings.model_copy(update={"host": HOST, "port": port, "log_level": "WARNING"})
    started = time.perf_counter()
    process = subprocess.Popen(
        COMMAND, cwd=ROOT, env=workplace.environment(own), stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait(process, port)
        yield Server(port, process.pid, round(time.perf_counter() - started, 2))
    finally:
        _stop(process)


def memory_mb(pid: int) -> dict[str, float]:
    """Memory of a process and all its children: PSS (pages shared between them count once) and RSS, in MB."""
    sums = {"Pss": 0, "Rss": 0}
    for one in family(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
            name, value = line.split(":")
            if name in sums:
                sums[name] += int(value.split()[0])
    return {f"{name.lower()}_mb": round(kilobytes / 1000, 1) for name, kilobytes in sums.items()}


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    children: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        children += map(int, (thread / "children").read_text(encoding="ascii").split())
    return [pid, *(one for child in children for one in family(child))]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    limit = time.monotonic() + START_LIMIT
    while not _is_ready(port):
        if process.poll() is not None:
            raise SystemExit(f"the server ended with status {process.returncode} before it answered")
        if time.monotonic() > limit:
            raise SystemExit(f"the server did not answer within {START_LIMIT:.0f} s")
        time.sleep(PAUSE)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
