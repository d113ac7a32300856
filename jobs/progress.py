"""The progress of a run: log lines, steps and figures are collected and recorded once a second."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.errors import Cancelled, StoreUnavailable
from core.jobs.runs import LONGEST_LOG, Outcome, Run
from core.jobs.work import SilentWatch
from core.settings import redaction
from data.database.stores.jobs import JobStore
from engine.clock import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a run has to stop early."""

    outcome: Outcome
    words: str


class Watch(Protocol):
    """An additional observer, such as the progress bar of the command line."""

    def say(self, sentence: str) -> None:
        """Report a sentence."""
        ...

    def step(self, name: str, done: int, total: int) -> None:
        """Report a step."""
        ...


@dataclass
class _Pending:
    """Progress that is not recorded yet."""

    share: float | None = None
    doing: str | None = None
    figures: dict[str, Any] | None = None
    lines: str = ""


class RunProgress:
    """Implements `core.jobs.runs.Work`. The work never waits for the database: another thread calls `write`."""

    def __init__(self, run: Run, jobs: JobStore, *, clock: Clock, watch: Watch | None = None) -> None:
        self._run, self._jobs, self._clock, self._watch = run, jobs, clock, watch or SilentWatch()
        self._lock = threading.Lock()
        self._pending = _Pending()
        self.stopped: Stop | None = None

    def say(self, sentence: str) -> None:
        """Add a line to the run's log."""
        log.info("%s: %s", self._run.job, sentence)
        self._watch.say(sentence)
        with self._lock:
            self._pending.doing = redaction.scrub(sentence)
            self._pending.lines += f"{self._clock():%H:%M:%S} {self._pending.doing}\n"

    def step(self, name: str, done: int, total: int) -> None:
        """Report a step. This also cancels work that never calls `check`, unless the step has just been completed."""
        self._watch.step(name, done, total)
        with self._lock:
            self._pending.doing = f"{name}: {done:,} of {total:,}"
            self._pending.share = min(1.0, done / total) if total > 0 else None
        if done < total:
            self.check()

    def note(self, figures: Mapping[str, Any]) -> None:
        """Record figures."""
        with self._lock:
            self._pending.figures = {**(self._pending.figures or {}), **figures}

    def check(self) -> None:
        """Raise `Cancelled` if the run has to stop."""
        if self.stopped is not None:
            raise Cancelled(self.stopped.words)

    def stop(self, why: Stop) -> None:
        """Request the work to stop at its next step; the first reason wins. Lock-free, as signal handlers call it."""
        self.stopped = self.stopped or why

    def write(self) -> bool:
        """Record pending progress; return whether to continue, see `JobStore.progress`. Raises `StoreUnavailable`."""
        with self._lock:
            pending, self._pending = self._pending, _Pending()
        try:
            return self._jobs.progress(
                self._run.id,
                share=pending.share,
                doing=pending.doing,
                figures=pending.figures,
                lines=pending.lines,
            )
        except StoreUnavailable:
            self._put_back(pending)
            raise

    def _put_back(self, pending: _Pending) -> None:
        """Keep progress for the next attempt, merged with newer progress."""
        with self._lock:
            now = self._pending
            self._pending = _Pending(
                share=pending.share if now.share is None else now.share,
                doing=pending.doing if now.doing is None else now.doing,
                figures={**(pending.figures or {}), **(now.figures or {})} or None,
                lines=(pending.lines + now.lines)[-LONGEST_LOG:],
            )
