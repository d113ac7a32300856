"""The small process between the website and its clock: it begins `marquee jobs run`, and anew where that dies.

It ends when it is told to, or when the website is gone, and lets the clock end in order first. It loads nothing else.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from core import log_lines

log = logging.getLogger(__name__)

Begin = Callable[[], "subprocess.Popen[bytes]"]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds."""

    look: float = 0.5
    """How often it looks whether everybody is there."""
    first: float = 1.0
    """The pause before the clock is begun a second time; doubled each time."""
    longest: float = 300.0
    steady: float = 600.0
    """What lived longer than this begins with the first pause again."""
    end: float = 60.0
    """How long the clock may take to end in order."""

    def pause(self, deaths: int) -> float:
        """How long to wait after so many deaths in a row."""
        return min(self.longest, self.first * 2.0 ** min(deaths - 1, 32))


def main() -> None:
    """`… WEBSITE COMMAND…`: keep the command alive, for as long as the website, which began this process, lives."""
    logging.basicConfig(level="INFO", handlers=[log_lines.handler()])
    website, command = int(sys.argv[1]), sys.argv[2:]
    stop = threading.Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)

    def begin() -> subprocess.Popen[bytes]:
        # The clock ends with this process, however that ends.
        return subprocess.Popen([*command, "--beside", str(os.getpid())], stdin=subprocess.DEVNULL)  # noqa: S603

    keep(begin, wanted=lambda: not stop.is_set() and os.getppid() == website, wait=stop.wait)


def keep(
    begin: Begin, *, wanted: Callable[[], bool], wait: Callable[[float], object], pace: Pace | None = None
) -> None:
    """Begin a process, and begin it anew after growing pauses where it dies; until it is not wanted, or ends well."""
    pace, deaths = pace or Pace(), 0
    while wanted():
        began = time.monotonic()
        code = _lived(begin, wanted, wait, pace)
        if code in (None, 0):
            return
        deaths = 1 if time.monotonic() - began > pace.steady else deaths + 1
        pause = pace.pause(deaths)
        log.error("the process that runs jobs died (%s); it is begun anew in %g s", code, pause)
        again = time.monotonic() + pause
        while wanted() and time.monotonic() < again:
            wait(min(pace.look, pause))


def _lived(begin: Begin, wanted: Callable[[], bool], wait: Callable[[float], object], pace: Pace) -> int | str | None:
    """One life, from beginning to end: why it ended, and None where it was told to."""
    try:
        process = begin()
    except OSError as error:
        return str(error)
    while process.poll() is None:
        if not wanted():
            _end(process, pace)
            return None
        wait(pace.look)
    return process.returncode


def _end(process: subprocess.Popen[bytes], pace: Pace) -> None:
    process.terminate()
    try:
        process.wait(timeout=pace.end)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
