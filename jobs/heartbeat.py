"""The thread beside a run: it renews the lease, writes progress down, and notices when the run has to stop."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import timedelta

from core.errors import StoreUnavailable
from core.jobs.runs import Outcome
from jobs.leases import HeldLease, Hold, Intervals
from jobs.progress import RunProgress, Stop

log = logging.getLogger(__name__)

Stuck = Callable[[Stop, str], None]
"""Called where work does not stop, with the reason to stop and the place in the code where it hangs."""


class Heartbeat:
    """Beats while its block runs.

    Args:
        limit: how long the work may take.
        parent: the process without which this one has no business, None for one of its own.
        stuck: what to do with work that was told to stop and does not.
    """

    def __init__(
        self,
        work: RunProgress,
        held: HeldLease,
        *,
        rhythm: Intervals,
        limit: timedelta,
        parent: int | None = None,
        stuck: Stuck,
    ) -> None:
        self._work, self._held, self._rhythm = work, held, rhythm
        self._limit, self._parent, self._stuck = limit, parent, stuck
        self._over = threading.Event()
        self._began = time.monotonic()
        self._notify: float | None = None
        self._away = False
        self._worker = threading.get_ident()
        self._thread = threading.Thread(target=self._run, name=f"pulse of {held.name}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._rhythm.write):
            try:
                goes_on = self._work.write()
                self._away = False
            except StoreUnavailable as error:
                self._say_once(error)
                goes_on = True
            self._look(self._reason(goes_on=goes_on))

    def _say_once(self, error: StoreUnavailable) -> None:
        if not self._away:
            log.warning("progress of %s is not written down until the database is back: %s", self._held.name, error)
        self._away = True

    def _reason(self, *, goes_on: bool) -> Stop | None:
        # Without the database a run goes on: when that is back, its lease says whether it was taken for dead.
        if self._held.keep() is Hold.LOST:
            return Stop(Outcome.ABANDONED, "another process has the lease of this job: it took this run for dead")
        if self._parent is not None and os.getppid() != self._parent:
            return Stop(Outcome.ABANDONED, "the scheduler that began this run has died")
        if not goes_on:
            return Stop(Outcome.CANCELLED, "it was cancelled by an administrator")
        if time.monotonic() - self._began > self._limit.total_seconds():
            return Stop(Outcome.FAILED, f"it took longer than it may ({self._limit}), and was stopped")
        return None

    def _look(self, reason: Stop | None) -> None:
        if reason is not None:
            self._work.stop(reason)
        if self._work.stopped is None:
            return
        if self._notify is None:
            self._notify = time.monotonic()
            self._work.say(f"stopping: {self._work.stopped.words}")
        elif time.monotonic() - self._notify > self._rhythm.stop:
            self._stuck(self._work.stopped, self._place())

    def _place(self) -> str:
        """Where the work is now."""
        frame = sys._current_frames().get(self._worker)
        return "".join(traceback.format_stack(frame)) if frame else ""
