"""The supervisor of the scheduler next to the website."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from jobs import supervisor
from jobs.supervisor import Pace
from tests.jobs.worlds import until

QUICK = Pace(look=0.02, first=0.02, longest=0.1, end=5.0)


class Begun:
    """Starts processes with the given commands in turn, repeating the last one."""

    def __init__(self, *programs: str) -> None:
        self._programs = programs
        self.processes: list[subprocess.Popen[bytes]] = []

    def __call__(self) -> subprocess.Popen[bytes]:
        program = self._programs[min(len(self.processes), len(self._programs) - 1)]
        if not program:
            self._programs = self._programs[1:]
            raise OSError(12, "Cannot allocate memory")
        self.processes.append(subprocess.Popen([sys.executable, "-c", program]))
        return self.processes[-1]


def test_a_process_that_dies_is_restarted_and_ends_on_request() -> None:
    begun, stop = (
        Begun("raise SystemExit(3)", "import os; os.abort()", "import time; time.sleep(600)"),
        threading.Event(),
    )
    thread = _kept(begun, stop)
    until(lambda: len(begun.processes) == 3)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert [process.returncode for process in begun.processes] == [3, -6, -15]


def test_a_process_that_exits_with_0_is_not_restarted() -> None:
    begun = Begun("raise SystemExit(3)", "pass", "raise SystemExit(3)")
    _kept(begun, threading.Event()).join(10)
    assert [process.returncode for process in begun.processes] == [3, 0]


def test_a_process_that_cannot_be_started_is_started_later() -> None:
    begun = Begun("", "pass")
    _kept(begun, threading.Event()).join(10)
    assert [process.returncode for process in begun.processes] == [0]


def test_pauses_grow_up_to_a_maximum() -> None:
    assert [Pace().pause(deaths) for deaths in (1, 2, 3, 9, 10, 10_000)] == [1, 2, 4, 256, 300, 300]


def test_a_process_that_does_not_terminate_is_killed() -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x', flush=True); time.sleep(600)"
    )
    begun, stop = Begun(stubborn), threading.Event()
    thread = _kept(begun, stop, pace=Pace(look=0.02, end=0.5))
    until(lambda: begun.processes and _ignores_terms(begun.processes[0].pid))
    stop.set()
    thread.join(10)
    assert [process.returncode for process in begun.processes] == [-9]


def _kept(
    begin: Callable[[], subprocess.Popen[bytes]], stop: threading.Event, *, pace: Pace = QUICK
) -> threading.Thread:
    def run() -> None:
        supervisor.keep(begin, wanted=lambda: not stop.is_set(), wait=stop.wait, pace=pace)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _ignores_terms(process: int) -> bool:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    ignored = next(line for line in status.splitlines() if line.startswith("SigIgn"))
    return bool(int(ignored.split()[1], 16) & 1 << 14)


@pytest.mark.parametrize("status", [200, 503])
def test_it_waits_until_the_website_answers_whatever_it_says(status: int) -> None:
    class Website(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    asked: list[str] = []
    with HTTPServer(("127.0.0.1", 0), Website) as server:  # connections wait until they are handled
        thread = _waiting(f"http://127.0.0.1:{server.server_port}/health/live")
        thread.join(0.3)
        assert thread.is_alive()
        server.handle_request()
    thread.join(10)
    assert not thread.is_alive()
    assert asked == ["/health/live"]


def test_it_waits_for_a_website_that_does_not_listen_yet_but_not_for_ever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    thread = _waiting(url, Pace(look=0.02, patience=0.5, settled=0))
    thread.join(0.2)
    assert thread.is_alive()
    thread.join(10)
    assert not thread.is_alive()


def test_it_does_not_wait_for_a_website_that_is_gone() -> None:
    supervisor.await_answer("http://127.0.0.1:9/", wanted=lambda: False, wait=lambda _: None)


def _waiting(url: str, pace: Pace | None = None) -> threading.Thread:
    pace = pace or Pace(look=0.02, settled=0)
    thread = threading.Thread(
        target=lambda: supervisor.await_answer(url, wanted=lambda: True, wait=time.sleep, pace=pace)
    )
    thread.start()
    return thread
