"""The background thread of a run: renews the lease, records progress and detects reasons to stop."""

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
"""Called if work does not stop, with the reason to stop and the place in the code where it hangs."""


class Heartbeat:
    """Runs a background thread while its block executes.

    Args:
        limit: time limit of the work.
        parent: id of the process that must stay alive; None if there is no such process.
        stuck: called if the work does not stop when requested.
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
        self._finished = threading.Event()
        self._started = time.monotonic()
        self._notified: float | None = None
        self._unreachable = False
        self._worker = threading.get_ident()
        self._thread = threading.Thread(target=self._run, name=f"heartbeat of {held.name}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._finished.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._finished.wait(self._rhythm.write):
            try:
                continues = self._work.write()
                self._unreachable = False
            except StoreUnavailable as error:
                self._log_outage(error)
                continues = True
            self._check_stop(self._reason(continues=continues))

    def _log_outage(self, error: StoreUnavailable) -> None:
        if not self._unreachable:
            log.warning(
                "progress of %s is not recorded until the database is reachable again: %s", self._held.name, error
            )
        self._unreachable = True

    def _reason(self, *, continues: bool) -> Stop | None:
        # The run continues without the database: afterwards its lease shows whether another process took over.
        if self._held.keep() is Hold.LOST:
            return Stop(
                Outcome.ABANDONED, "another process took over the lease of this job because this run seemed dead"
            )
        if self._parent is not None and os.getppid() != self._parent:
            return Stop(Outcome.ABANDONED, "the scheduler that started this run has died")
        if not continues:
            return Stop(Outcome.CANCELLED, "cancelled by an administrator")
        if time.monotonic() - self._started > self._limit.total_seconds():
            return Stop(Outcome.FAILED, f"exceeded its time limit ({self._limit}) and was stopped")
        return None

    def _check_stop(self, reason: Stop | None) -> None:
        if reason is not None:
            self._work.stop(reason)
        if self._work.stopped is None:
            return
        if self._notified is None:
            self._notified = time.monotonic()
            self._work.say(f"stopping: {self._work.stopped.words}")
        elif time.monotonic() - self._notified > self._rhythm.stop:
            self._stuck(self._work.stopped, self._place())

    def _place(self) -> str:
        """Return the stack of the work as text."""
        frame = sys._current_frames().get(self._worker)
        return "".join(traceback.format_stack(frame)) if frame else ""
