"""Jobs that succeed, fail, hang and wait on demand, in other processes and in this one."""

# ruff: noqa: ARG001 - every job is given the same

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.config import Settings
from core.errors import StoreUnavailable
from core.jobs.job_catalogue import Job, Schedule
from core.jobs.runs import Result, Work
from data.database import Stores
from engine.clock import Clock
from engine.job_context import JobContext, JobFunction
from jobs.leases import Intervals

QUICK = Intervals(lease=2.0, beat=0.4, poll=0.05, write=0.05, retry=0.2, stop=1.0)
"""Intervals for tests, in seconds."""
LATE = replace(QUICK, stop=3.0)
"""Runs may hang for longer than the lease of a dead scheduler lasts, as with the default intervals."""
HOURLY = Schedule("every hour", minute="0")
PATIENCE = 60.0
"""Seconds until a test gives up; the machine may be busy."""


def good(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Succeed and leave a line in the log of runs."""
    _note(context.settings, "good")
    work.say("begun")
    work.step("counting", 1, 2)
    work.note({"so far": 1})
    work.step("counting", 2, 2)
    return Result({"given": dict(parameters), "after": {"ndcg@10": 0.3}, "before": {"ndcg@10": 0.2}})


def rejecting(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Return a rejected result."""
    return Result({"after": {"ndcg@10": 0.1}, "before": {"ndcg@10": 0.2}}, rejected="worse than what is published")


def failing(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Fail."""
    _note(context.settings, "failing")
    raise ZeroDivisionError("no way around smtp://ann:secret@host")


def hanging(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Never check for cancellation."""
    _note(context.settings, "hanging")
    while True:
        time.sleep(0.1)


def waiting(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Wait for the file `go` while checking for cancellation; record a clash with a concurrent run."""
    settings = context.settings
    _note(settings, "waiting")
    work.say("waiting for a file")
    with _alone(settings):
        work.note({"waited": True})
        while not (settings.home / "go").exists():
            work.check()
            time.sleep(0.02)
        _note(settings, "over")
    return Result({"waited": True})


def stubborn(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Raise another error when stopped."""
    while True:
        time.sleep(0.02)
        try:
            work.check()
        except Exception as error:
            raise ValueError("something else") from error


def job(function: JobFunction, *, name: str = "trending", limit: float = 60.0, grace: float = 7_200) -> Job:
    """A catalogue entry, due every full hour; the function is one of this module."""
    path = f"{__name__}:{function.__name__}"  # type: ignore[attr-defined]
    limit_, grace_ = timedelta(seconds=limit), timedelta(seconds=grace)
    return Job(name, "waits and fails as it is told", HOURLY, path, limit_, grace_)


def context(settings: Settings, stores: Stores, clock: Clock) -> JobContext:
    """A job context without index and models."""
    return JobContext(settings, stores, _nothing, _nothing, clock)


def _nothing() -> Any:
    raise AssertionError("these jobs need no index and no models")


@dataclass
class Line:
    """The connection to a database, which can be cut and restored."""

    cut: bool = False

    def to(self, stores: Stores) -> Stores:
        """Return the stores with runs and leases that are unreachable while the connection is cut."""
        kept = {name: getattr(stores, name) for name in stores.__slots__}
        return Stores(**{**kept, "jobs": _Behind(self, stores.jobs), "leases": _Behind(self, stores.leases)})


class _Behind:
    """A store behind the connection."""

    def __init__(self, line: Line, store: object) -> None:
        self._line, self._store = line, store

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **more: Any) -> Any:
            if self._line.cut:
                raise StoreUnavailable("the line is cut")
            return getattr(self._store, name)(*arguments, **more)

        return call


def noted(settings: Settings) -> list[str]:
    """Return what ran, in order."""
    file = settings.home / "noted"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def until(reached: Any, *, seconds: float = PATIENCE) -> Any:
    """Wait until a condition is true; return its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = reached()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Take a system lock, which ends with its process and is independent of leases."""
    with Path(settings.home / "alone").open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _note(settings, "clash")
        yield


def _note(settings: Settings, word: str) -> None:
    with Path(settings.home / "noted").open("a", encoding="utf-8") as file:
        file.write(word + "\n")
