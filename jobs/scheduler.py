"""The scheduler: one process is active, the others wait. It starts runs, handles their outcomes, and takes over.

step:  settle ended runs  ->  hold the lease?  ->  dead runs  ->  queued runs  ->  new ratings  ->  due jobs
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.config import Settings
from core.errors import Busy, MarqueeError, StoreUnavailable
from core.jobs import job_catalogue
from core.jobs.job_catalogue import JOBS, RETRAIN, Job
from core.jobs.runs import Outcome, Run
from data.database import Stores
from engine.clock import Clock, now
from engine.job_context import ContextFactory
from engine.operations import LEASE
from jobs import leases, notifications, timetable, workers
from jobs.leases import FarLeases, HeldLease, Hold, Intervals, new_token, recent
from jobs.run import Order, Site, lease
from jobs.timetable import Timetable
from jobs.workers import EXIT_BUSY, Launched, Launcher

RECENT = 50
"""Number of runs searched for the run of a process."""
COUNT_EVERY = timedelta(minutes=15)
"""How often new ratings are counted."""
REST = timedelta(days=1)
"""How long new ratings do not start a training run after one has failed."""
SURVIVED = (MarqueeError, OSError, MemoryError, RuntimeError, ValueError, LookupError)
"""Errors that the environment, libraries and the database may raise. Any other is a bug: the process dies, and
`marquee run` restarts it."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

log = logging.getLogger(__name__)

Tell = Callable[[Run, Settings], None]


@dataclass
class _Active:
    """An active run."""

    order: Order
    launched: Launched
    queued: int | None = None
    """Id of the queued run that it was started for."""


@dataclass(frozen=True)
class _Retry:
    """A queued run whose process ended before the run started."""

    attempt: int
    since: datetime = LONG_AGO
    pause: timedelta = timedelta(0)


class Scheduler:
    """Runs the jobs of the catalogue unless another process does.

    Args:
        make_context: creates the job context in the process of the run.
        launcher: starts runs, by default each in its own process.
        clock: the time; tests advance it, call `step` themselves, and use `workers.here`.
        tell: called with every run in its final state, in a separate thread.
    """

    def __init__(
        self,
        settings: Settings,
        stores: Stores,
        make_context: ContextFactory,
        *,
        jobs: tuple[Job, ...] = JOBS,
        clock: Clock = now,
        rhythm: Intervals | None = None,
        launcher: Launcher = workers.apart,
        tell: Tell = notifications.tell,
    ) -> None:
        self._site = Site(settings, stores, make_context, clock, rhythm or Intervals())
        self._jobs, self._launcher, self._tell = jobs, launcher, tell
        self.holder = leases.holder(new_token())
        self._lease = HeldLease(stores.leases, LEASE, self.holder, clock=clock, rhythm=self._site.rhythm)
        self._far_leases = FarLeases(stores.leases, self.holder, clock=clock, rhythm=self._site.rhythm)
        self._timetable: Timetable | None = None
        self._active: dict[str, _Active] = {}
        self._counted = self._searched = self._stepped = LONG_AGO
        self._waiting_for = ""
        self._failure = ""
        self._waiting: set[str] = set()
        self._retries: dict[int, _Retry] = {}
        self._handled: dict[str, int] = {}  # the last interrupted run of each job that was dealt with
        self._notifiers: list[threading.Thread] = []

    @property
    def holds(self) -> bool:
        """Whether this process is the active scheduler."""
        return self._timetable is not None

    def run(self, stop: threading.Event, *, alive: Callable[[], bool] = lambda: True) -> None:
        """Step until `stop` is set or `alive` returns false; then release everything."""
        try:
            while not stop.is_set() and alive():
                self.step()
                stop.wait(self._site.rhythm.poll)
        finally:
            self.close()

    def step(self) -> None:
        """Do what is due now; nothing while the database is unreachable. An error does not prevent the next step."""
        try:
            self._step()
        except SURVIVED as error:  # an error must not stop all jobs
            self._log_failure(error)
        else:
            if self._failure:
                log.info("the scheduler has resumed")
            self._failure = ""

    def _step(self) -> None:
        self._settle_ended()
        if self._timetable is None:
            self._timetable = self._take_over()
        elif (hold := self._lease.keep()) is Hold.LOST:
            self._step_back()
        elif hold is Hold.UNKNOWN:
            raise StoreUnavailable("the database is unreachable, so the scheduler lease cannot be renewed")
        if self._timetable is not None:
            self._run_due(self._timetable)
            self._settle_ended()

    def _log_failure(self, error: Exception) -> None:
        """Log a failure once, however many steps it lasts."""
        kind = type(error).__name__
        if kind != self._failure and isinstance(error, StoreUnavailable):
            log.warning("the scheduler is paused: %s", error)
        elif kind != self._failure:
            log.error("a step of the scheduler failed; the next one tries again", exc_info=error)
        self._failure = kind

    def close(self) -> None:
        """Release the lease, and stop active runs; the next scheduler runs them again."""
        self._lease.give_back()
        for active in self._active.values():
            active.launched.stop()
        self._wait_for_runs()
        for name in list(self._active):
            self._interrupt(self._active.pop(name))
        self._timetable = None
        for thread in self._notifiers:
            thread.join(notifications.SECONDS)

    def _take_over(self) -> Timetable | None:
        """Become the active scheduler if no live process is."""
        if not self._lease.acquire():
            self._log_holder()
            return None
        log.info("this process (%s) is now the active scheduler", self.holder)
        self._waiting_for = ""
        schedule = Timetable(self._site.stores, self._jobs)
        schedule.follow(now=self._site.clock())  # if one of these fails, the next step does all again
        self._recover(schedule)
        self._begin(schedule)
        return schedule

    def _log_holder(self) -> None:
        found = self._site.stores.leases.get(LEASE)
        holder = found.holder if found else ""
        if found is not None and self._far_leases.cleared(found):
            return  # the next step acquires it
        if holder and holder != self._waiting_for:
            log.info("%s is the active scheduler; this process waits to take over", holder)
            self._waiting_for = holder

    def _step_back(self) -> None:
        """Step back because another process took over. Active runs continue: each has its own lease."""
        log.error("another process became the active scheduler; this one waits")
        self._timetable = None

    def _recover(self, schedule: Timetable) -> None:
        """Rerun what was interrupted when the previous scheduler ended."""
        for run in self._interrupted(schedule):
            self._handled[run.job] = run.id
            if self._may_try(run.attempt):
                log.info("%s was interrupted when the previous scheduler ended; running it again", run.job)
                schedule.again(run.job, at=self._site.clock(), attempt=run.attempt, parameters=run.parameters)

    def _find_lost(self, schedule: Timetable) -> None:
        """Rerun runs that ended as interrupted after this process took over: a run may detect a dead scheduler late."""
        at, rhythm = self._site.clock(), self._site.rhythm
        if recent(self._searched, at, timedelta(seconds=rhythm.beat)):
            return
        self._searched = at
        # A scheduler that shuts down cleanly waits for its runs and schedules their retries itself.
        in_order = timedelta(seconds=rhythm.stop + rhythm.beat)
        for run in self._interrupted(schedule):
            if run.ended_at is None or not recent(run.ended_at, at, in_order):
                log.error("run %d of %s was interrupted: the scheduler that started it is dead", run.id, run.job)
                self._resume(run, schedule)

    def _interrupted(self, schedule: Timetable) -> list[Run]:
        """Return the latest run of each job if it was interrupted and not dealt with yet."""
        jobs = self._site.stores.jobs
        busy = {run.job for run in jobs.live()} | set(self._active)
        latest = [jobs.last(job.name) for job in self._jobs if job.name not in busy]
        interrupted = [run for run in latest if run is not None and run.outcome is Outcome.ABANDONED]
        return [run for run in interrupted if self._handled.get(run.job) != run.id and not schedule.waits(run.job)]

    def _resume(self, dead: Run, schedule: Timetable) -> None:
        """Send a notification about a run whose process died, and run it again."""
        self._handled[dead.job] = dead.id
        self._notify(dead)
        if self._may_try(dead.attempt):
            at, attempt = self._site.clock(), dead.attempt + 1
            schedule.again(dead.job, at=at, attempt=attempt, parameters=dead.parameters)

    def _begin(self, schedule: Timetable) -> None:
        """Start the jobs that a new site should run immediately."""
        for job in self._jobs:
            if job.at_once and not self._site.stores.jobs.runs(job.name, limit=1) and not schedule.waits(job.name):
                schedule.again(job.name, at=self._site.clock(), attempt=1, parameters={})

    def _run_due(self, schedule: Timetable) -> None:
        self._check_clock(schedule)
        self._end_dead_runs(schedule)
        self._find_lost(schedule)
        self._launch_queued()
        self._train_early()
        schedule.step(self._site.clock(), self._fire)

    def _check_clock(self, schedule: Timetable) -> None:
        """Correct due times after the clock was ahead and has been set back."""
        before, self._stepped = self._stepped, self._site.clock()
        if self._stepped < before - timedelta(seconds=self._site.rhythm.lease):
            log.warning("the system clock was set back by %s", before - self._stepped)
            schedule.follow(now=self._stepped)

    def _end_dead_runs(self, schedule: Timetable) -> None:
        """Finish runs whose process is dead, and run them again."""
        ours = {active.launched.holder for active in self._active.values()}
        for run in self._site.stores.jobs.live():
            if run.outcome is Outcome.RUNNING and run.holder not in ours and not self._is_alive(run.job, run.holder):
                for dead in self._site.stores.jobs.abandon(holder=run.holder, at=self._site.clock()):
                    log.error("run %d of %s was interrupted: %s is dead", dead.id, dead.job, dead.holder)
                    self._resume(dead, schedule)

    def _launch_queued(self) -> None:
        queued_runs, at = self._site.stores.jobs.queued(), self._site.clock()
        self._retries = {each.id: self._retries[each.id] for each in queued_runs if each.id in self._retries}
        for queued in queued_runs:
            tried = self._retries.get(queued.id, _Retry(1))
            job = job_catalogue.find(queued.job, self._jobs)
            if job is None:
                log.error("queued run of unknown job %r was cancelled", queued.job)
                self._site.stores.jobs.cancel(queued.id, at=at)
            elif (
                not recent(tried.since, at, tried.pause)
                and queued.job not in self._active
                and not self._is_alive(queued.job)
            ):
                self._launch(Order(job, dict(queued.parameters), attempt=tried.attempt), queued=queued.id)

    def _train_early(self) -> None:
        """Start a training run before the weekly one if there are enough new ratings."""
        at, job = self._site.clock(), job_catalogue.find(RETRAIN, self._jobs)
        if job is None or recent(self._counted, at, COUNT_EVERY):
            return
        self._counted = at
        if job.name in self._active or self._is_alive(job.name) or self._failed_recently(at):
            return
        ended = [self._site.stores.jobs.last(job.name, outcome=done) for done in (Outcome.DONE, Outcome.REJECTED)]
        times = [run.started_at for run in ended if run and run.started_at and run.started_at <= at]
        since = max(times, default=LONG_AGO)
        ratings = self._site.stores.diaries.count_ratings(since=since)
        if ratings >= self._site.settings.retrain_ratings:
            log.info("starting a training run: %d ratings since the last one", ratings)
            self._launch(Order(job))

    def _failed_recently(self, at: datetime) -> bool:
        """Whether the last training run failed recently."""
        last = self._site.stores.jobs.last(RETRAIN)
        if last is None or last.outcome in (Outcome.DONE, Outcome.REJECTED):
            return False
        return last.ended_at is not None and recent(last.ended_at, at, REST)

    def _fire(self, name: str, how: Mapping[str, Any]) -> bool:
        """Start a due job. If it is running already, a regular run is skipped and a retry waits."""
        job = job_catalogue.find(name, self._jobs)
        if job is not None and (name in self._active or self._is_alive(name)):
            self._log_already_running(name, waits=bool(how))
            return not how
        if job is not None:
            self._launch(Order(job, **how))
        return True

    def _log_already_running(self, name: str, *, waits: bool) -> None:
        """Log this only once, however long a retry has to wait."""
        if not waits:
            log.warning("%s is due but already running: skipped", name)
        elif name not in self._waiting:
            log.warning("%s is due but already running: waiting for it", name)
            self._waiting.add(name)

    def _launch(self, order: Order, *, queued: int | None = None) -> None:
        try:
            launched = self._launcher(order, self._site)
        except SURVIVED as error:  # no memory, no process: counts as an attempt, and the scheduler continues
            log.error("no process could be started for %s", order.job.name, exc_info=error)
            launched = workers.not_started(order)
        self._waiting.discard(order.job.name)
        self._active[order.job.name] = _Active(order, launched, queued)

    def _is_alive(self, job: str, holder: str = "") -> bool:
        """Whether a live process (this one included) holds the lease of a job."""
        found = self._site.stores.leases.get(lease(job))
        if found is None or found.until <= self._site.clock() or holder not in ("", found.holder):
            return False
        return not self._far_leases.cleared(found)

    def _settle_ended(self) -> None:
        for name, active in list(self._active.items()):
            code = active.launched.ended()
            if code is not None:
                self._settle(active, code)
                del self._active[name]

    def _settle(self, active: _Active, code: int) -> None:
        run = self._run_of(active)
        if run is None:
            self._handle_not_started(active, code)
        else:
            self._conclude(run)

    def _handle_not_started(self, active: _Active, code: int) -> None:
        """Retry a few times what ended before it had a row, unless it runs elsewhere."""
        order = active.order
        log.warning("%s was not started (exit code %d)", order.job.name, code)
        if code in (0, EXIT_BUSY) or self._timetable is None:
            return
        if not self._may_try(order.attempt):
            self._give_up(order, code)
        elif active.queued is None:
            attempt = order.attempt + 1
            self._again(order.job.name, self._timetable, attempt=attempt, parameters=order.parameters)
        else:
            pause = timetable.pause(order.attempt + 1, first=self._site.rhythm.retry)
            self._retries[active.queued] = _Retry(order.attempt + 1, self._site.clock(), pause)

    def _give_up(self, order: Order, code: int) -> None:
        """Record a run that could not be started as failed, and send a notification."""
        jobs, name, at = self._site.stores.jobs, order.job.name, self._site.clock()
        try:
            run = jobs.start(name, holder=self.holder, at=at, parameters=order.parameters, attempt=order.attempt)
        except Busy as busy:
            log.warning("%s", busy)
            return
        error = f"its process ended before the run started, {order.attempt} times, last with code {code}; see the log"
        jobs.finish(run.id, outcome=Outcome.FAILED, at=at, error=error)
        self._notify(jobs.get(run.id))

    def _run_of(self, active: _Active) -> Run | None:
        """Return the run of a process that ended; if the run is still active, it was interrupted."""
        runs, holder = self._site.stores.jobs, active.launched.holder
        interrupted = runs.abandon(holder=holder, at=self._site.clock())
        if interrupted:
            log.error("run %d of %s was interrupted: its process is dead", interrupted[0].id, interrupted[0].job)
            return interrupted[0]
        return next((run for run in runs.runs(active.order.job.name, limit=RECENT) if run.holder == holder), None)

    def _conclude(self, run: Run) -> None:
        """Retry a failed run a few times; send notifications about all others."""
        if self._timetable is not None:
            self._handled[run.job] = run.id
        failed = run.outcome in (Outcome.FAILED, Outcome.ABANDONED)
        if failed and self._may_try(run.attempt) and self._timetable is not None:
            self._again(run.job, self._timetable, attempt=run.attempt + 1, parameters=run.parameters)
        else:
            self._notify(run)

    def _again(self, name: str, schedule: Timetable, *, attempt: int, parameters: Mapping[str, Any]) -> None:
        at = self._site.clock() + timetable.pause(attempt, first=self._site.rhythm.retry)
        log.info("%s runs again at %s (attempt %d)", name, at.isoformat(timespec="seconds"), attempt)
        schedule.again(name, at=at, attempt=attempt, parameters=parameters)

    def _may_try(self, attempt: int) -> bool:
        return attempt <= self._site.settings.job_retries

    def _notify(self, run: Run) -> None:
        """Send the notification in another thread: a slow mail server must not cost the lease."""
        thread = threading.Thread(target=self._tell, args=(run, self._site.settings), daemon=True)
        thread.start()
        self._notifiers = [other for other in self._notifiers if other.is_alive()] + [thread]

    def _wait_for_runs(self) -> None:
        give_up = time.monotonic() + self._site.rhythm.stop
        while any(active.launched.ended() is None for active in self._active.values()) and time.monotonic() < give_up:
            time.sleep(min(0.1, self._site.rhythm.poll))

    def _interrupt(self, active: _Active) -> None:
        """Kill a run because this process ends; the next scheduler runs it again, as the same attempt."""
        active.launched.kill()
        try:
            run = self._run_of(active)
            if run is not None and run.outcome is Outcome.ABANDONED and self._timetable is not None:
                at = self._site.clock()
                self._timetable.again(run.job, at=at, attempt=run.attempt, parameters=run.parameters)
        except StoreUnavailable as error:
            log.warning("%s will be recovered later: %s", active.order.job.name, error)
