"""The load of this machine, and the processor time of a process. Linux only."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

STAT = Path("/proc/stat")
QUIET = 0.9
"""The share of idle processor time on a quiet machine."""
LOOK = 1.0
"""Seconds over which it is measured."""
PATIENCE = 60.0
"""Seconds after which the measurement starts even on a busy machine."""
TICKS = os.sysconf("SC_CLK_TCK")


def wait_until_quiet(patience: float = PATIENCE) -> float:
    """Wait until nothing else runs, but at most `patience` seconds.

    Returns:
        The load of the last minute (`os.getloadavg`).
    """
    limit = time.monotonic() + patience
    while _idle_share() < QUIET and time.monotonic() < limit:
        pass
    return round(os.getloadavg()[0], 2)


def processor_seconds(processes: Iterable[int]) -> float:
    """Return the processor time of processes so far, in seconds."""
    return sum(_ticks(process) for process in processes) / TICKS


def _idle_share() -> float:
    before = _times()
    time.sleep(LOOK)
    spent = [after - earlier for earlier, after in zip(before, _times(), strict=True)]
    return (spent[3] + spent[4]) / max(1, sum(spent))  # idle and iowait


def _times() -> list[int]:
    return [int(field) for field in STAT.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
