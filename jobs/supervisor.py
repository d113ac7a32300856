"""The small process between the website and the scheduler: it starts `marquee jobs run` and restarts it if it dies.

It waits until the website responds, because starting both at once on a small machine would delay visitors. It ends on
request or when the website has exited, after the scheduler has shut down. It loads nothing else.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from core import log_lines

log = logging.getLogger(__name__)

Begin = Callable[[], "subprocess.Popen[bytes]"]


@dataclass(frozen=True, slots=True)
class Pace:
    """Intervals in seconds."""

    look: float = 0.5
    """How often the processes are checked."""
    first: float = 1.0
    """Pause before the first restart; doubled each time."""
    longest: float = 300.0
    steady: float = 600.0
    """A process that ran longer than this is restarted after the first pause again."""
    patience: float = 60.0
    """Time to wait for the website's first response; after it, the command is started anyway."""
    settled: float = 5.0
    """Pause after the first response, while the website prints its last lines."""
    answer: float = 5.0
    """Time limit of one response."""
    end: float = 60.0
    """How long the scheduler may take to shut down."""

    def pause(self, deaths: int) -> float:
        """Return how long to wait after this many deaths in a row."""
        return min(self.longest, self.first * 2.0 ** min(deaths - 1, 32))


def main() -> None:
    """`… WEBSITE URL FORM COMMAND…`: keep the command running while the website, the parent of this process, is alive.

    `URL` is an address of the website that responds once it serves, `FORM` that of log lines.
    """
    website, url, form, command = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]
    logging.basicConfig(level="INFO", handlers=[log_lines.handler(form)])
    stop = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)

    def begin() -> subprocess.Popen[bytes]:
        # `--beside` makes the scheduler exit with this process, even if this one is killed.
        return subprocess.Popen([*command, "--beside", str(os.getpid())], stdin=subprocess.DEVNULL)  # noqa: S603

    def wanted() -> bool:
        return not stop.is_set() and os.getppid() == website

    await_answer(url, wanted=wanted, wait=stop.wait)
    keep(begin, wanted=wanted, wait=stop.wait)


def await_answer(
    url: str, *, wanted: Callable[[], bool], wait: Callable[[float], object], pace: Pace | None = None
) -> None:
    """Wait until `url` responds with any status, for at most `pace.patience` seconds, and only while `wanted()`."""
    pace = pace or Pace()
    end = time.monotonic() + pace.patience
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # local addresses need no proxy
    while wanted() and time.monotonic() < end:
        try:
            opener.open(url, timeout=pace.answer).close()
        except urllib.error.HTTPError:
            break
        except OSError:
            wait(pace.look)
        else:
            break
    wait(pace.settled)


def keep(
    begin: Begin, *, wanted: Callable[[], bool], wait: Callable[[float], object], pace: Pace | None = None
) -> None:
    """Start a process, and restart it after growing pauses if it dies, until it is not wanted or exits with 0."""
    pace, deaths = pace or Pace(), 0
    while wanted():
        started = time.monotonic()
        code = _run_once(begin, wanted, wait, pace)
        if code in (None, 0):
            return
        deaths = 1 if time.monotonic() - started > pace.steady else deaths + 1
        pause = pace.pause(deaths)
        log.error("the scheduler process died (%s); restarting in %g s", code, pause)
        again = time.monotonic() + pause
        while wanted() and time.monotonic() < again:
            wait(min(pace.look, pause))


def _run_once(
    begin: Begin, wanted: Callable[[], bool], wait: Callable[[float], object], pace: Pace
) -> int | str | None:
    """Run the process until it ends; return its exit code or the error, or None if it was stopped on request."""
    try:
        process = begin()
    except OSError as error:
        return str(error)
    while process.poll() is None:
        if not wanted():
            _terminate(process, pace)
            return None
        wait(pace.look)
    return process.returncode


def _terminate(process: subprocess.Popen[bytes], pace: Pace) -> None:
    process.terminate()
    try:
        process.wait(timeout=pace.end)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
