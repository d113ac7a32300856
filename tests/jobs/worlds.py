"""Jobs that succeed, fail, hang and wait as they are told, for processes of their own and for this one."""

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
"""Seconds for tests."""
LATE = replace(QUICK, stop=3.0)
"""Runs that hang for longer than a dead scheduler keeps the clock, as the default has it."""
HOURLY = Schedule("every hour", minute="0")
PATIENCE = 60.0
"""Seconds until a test gives up; this machine may be busy with others."""


def good(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Come to a good end, and leave a line in the diary of runs."""
    _note(context.settings, "good")
    work.say("begun")
    work.step("counting", 1, 2)
    work.note({"so far": 1})
    work.step("counting", 2, 2)
    return Result({"given": dict(parameters), "after": {"ndcg@10": 0.3}, "before": {"ndcg@10": 0.2}})


def rejecting(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Come to its end with something that is not good enough."""
    return Result({"after": {"ndcg@10": 0.1}, "before": {"ndcg@10": 0.2}}, rejected="worse than what is published")


def failing(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Fail."""
    _note(context.settings, "failing")
    raise ZeroDivisionError("no way around smtp://ann:secret@host")


def hanging(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Never look up."""
    _note(context.settings, "hanging")
    while True:
        time.sleep(0.1)


def waiting(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Go on until the file `go` is there, and look up in between; note a clash with another that runs meanwhile."""
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
    """Break in another way when told to stop."""
    while True:
        time.sleep(0.02)
        try:
            work.check()
        except Exception as error:
            raise ValueError("something else") from error


def job(function: JobFunction, *, name: str = "trending", limit: float = 60.0, grace: float = 7_200) -> Job:
    """A row of a catalogue, due at every full hour; the function is one of this module."""
    path = f"{__name__}:{function.__name__}"  # type: ignore[attr-defined]
    limit_, grace_ = timedelta(seconds=limit), timedelta(seconds=grace)
    return Job(name, "waits and fails as it is told", HOURLY, path, limit_, grace_)


def context(settings: Settings, stores: Stores, clock: Clock) -> JobContext:
    """What these jobs work with: no index and no models."""
    return JobContext(settings, stores, _nothing, _nothing, clock)


def _nothing() -> Any:
    raise AssertionError("these jobs need no index and no models")


@dataclass
class Line:
    """What a database is reached by: cut, and mended."""

    cut: bool = False

    def to(self, stores: Stores) -> Stores:
        """These stores, whose runs and leases cannot be reached while it is cut."""
        kept = {name: getattr(stores, name) for name in stores.__slots__}
        return Stores(**{**kept, "jobs": _Behind(self, stores.jobs), "leases": _Behind(self, stores.leases)})


class _Behind:
    """A store at the end of a line."""

    def __init__(self, line: Line, store: object) -> None:
        self._line, self._store = line, store

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **more: Any) -> Any:
            if self._line.cut:
                raise StoreUnavailable("the line is cut")
            return getattr(self._store, name)(*arguments, **more)

        return call


def noted(settings: Settings) -> list[str]:
    """What ran, in order."""
    file = settings.home / "noted"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def until(reached: Any, *, seconds: float = PATIENCE) -> Any:
    """Wait for something to become true; gives it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = reached()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """The system's own lock: it goes with the process that has it, however that ends, and knows nothing of leases."""
    with Path(settings.home / "alone").open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _note(settings, "clash")
        yield


def _note(settings: Settings, word: str) -> None:
    with Path(settings.home / "noted").open("a", encoding="utf-8") as file:
        file.write(word + "\n")
