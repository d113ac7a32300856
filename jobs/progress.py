"""The run as its work sees it: sentences, steps and figures are gathered here and written down once a second."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.errors import Cancelled, StoreUnavailable
from core.jobs.runs import LONGEST_LOG, Outcome, Run
from data.database.stores.jobs import JobStore
from engine.clock import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a run has to end before its end."""

    outcome: Outcome
    words: str


class Watch(Protocol):
    """Who else watches, such as the command line's bars."""

    def say(self, sentence: str) -> None:
        """A sentence."""
        ...

    def step(self, name: str, done: int, total: int) -> None:
        """A step."""
        ...


class Nobody:
    """Nobody else watches."""

    def say(self, sentence: str) -> None:
        """Not heard."""

    def step(self, name: str, done: int, total: int) -> None:
        """Not seen."""


@dataclass
class _Pending:
    """What is not written down yet."""

    share: float | None = None
    doing: str | None = None
    figures: dict[str, Any] | None = None
    lines: str = ""


class RunProgress:
    """See `core.jobs.runs.Work`. The work never waits for the database here: `write` is called from another thread."""

    def __init__(self, run: Run, jobs: JobStore, *, clock: Clock, watch: Watch | None = None) -> None:
        self._run, self._jobs, self._clock, self._watch = run, jobs, clock, watch or Nobody()
        self._lock = threading.Lock()
        self._pending = _Pending()
        self.stopped: Stop | None = None

    def say(self, sentence: str) -> None:
        """A line of the run's log."""
        log.info("%s: %s", self._run.job, sentence)
        self._watch.say(sentence)
        with self._lock:
            self._pending.lines += f"{self._clock():%H:%M:%S} {sentence}\n"
            self._pending.doing = sentence

    def step(self, name: str, done: int, total: int) -> None:
        """How far a step is. Stops work that calls nothing else, too, but not where the step has just been finished."""
        self._watch.step(name, done, total)
        with self._lock:
            self._pending.doing = f"{name}: {done:,} of {total:,}"
            self._pending.share = min(1.0, done / total) if total > 0 else None
        if done < total:
            self.check()

    def note(self, figures: Mapping[str, Any]) -> None:
        """Figures so far."""
        with self._lock:
            self._pending.figures = {**(self._pending.figures or {}), **figures}

    def check(self) -> None:
        """Raises `Cancelled` once the run has to stop."""
        if self.stopped is not None:
            raise Cancelled(self.stopped.words)

    def stop(self, why: Stop) -> None:
        """Let the work end at its next step; the first reason counts. May be called in a signal handler: no lock."""
        self.stopped = self.stopped or why

    def write(self) -> bool:
        """Write down what came since; whether to go on, see `JobStore.progress`. Raises `StoreUnavailable`."""
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
        """For the next time; what came meanwhile is newer."""
        with self._lock:
            now = self._pending
            self._pending = _Pending(
                share=pending.share if now.share is None else now.share,
                doing=pending.doing if now.doing is None else now.doing,
                figures={**(pending.figures or {}), **(now.figures or {})} or None,
                lines=(pending.lines + now.lines)[-LONGEST_LOG:],
            )
