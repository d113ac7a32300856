"""The real web server in its own process, and its memory."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks import workplace
from core.config import Settings

HOST = "127.0.0.1"
ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-c", "from marquee.cli import main; main()", "serve")
START_LIMIT = 60.0
"""Seconds within which the server must respond."""
STOP_LIMIT = 20.0
PAUSE = 0.1
SHOWN = 2_000
"""Characters shown of the last output of a failed server."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running `marquee serve`."""

    port: int
    pid: int
    """The id of the main process; the workers are its children."""
    started_s: float
    """Seconds from the command to the first response."""


@contextlib.contextmanager
def running(settings: Settings, *, extra: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Serve on a free port of this machine until the context ends; `extra` are further variables of the process."""
    port = _free_port()
    own = settings.model_copy(update={"host": HOST, "port": port, "log_level": "WARNING", "rate_limits": False})
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            COMMAND,
            cwd=ROOT,
            env={**workplace.environment(own), **(extra or {})},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            _wait(process, port, said)
            yield Server(port, process.pid, round(time.perf_counter() - started, 2))
        finally:
            _stop(process)


def memory_mb(pid: int) -> dict[str, float]:
    """Return the memory of a process and its children in MB: PSS (shared pages count once), RSS, and anonymous.

    The first two contain the mapped files of an index, as far as they were read; the system drops them when it needs
    memory.
    """
    sums = {"Pss": 0, "Rss": 0, "Anonymous": 0}
    for one in family(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
            name, value = line.split(":")
            if name in sums:
                sums[name] += int(value.split()[0])
    return {f"{name.lower()}_mb": round(kilobytes / 1000, 1) for name, kilobytes in sums.items()}


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    children: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        children += map(int, (thread / "children").read_text(encoding="ascii").split())
    return [pid, *(one for child in children for one in family(child))]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, said: IO[bytes]) -> None:
    limit = time.monotonic() + START_LIMIT
    while not is_ready(port):
        if process.poll() is not None or time.monotonic() > limit:
            said.seek(0)
            words = said.read().decode(errors="replace")[-SHOWN:]
            raise SystemExit(
                f"the server did not respond within {START_LIMIT:.0f} s (status {process.poll()}):\n{words}"
            )
        time.sleep(PAUSE)


def is_ready(port: int) -> bool:
    """Return whether a server on this port says that it is ready."""
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
