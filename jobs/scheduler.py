"""The process that holds the clock: one of all, the others wait. It begins runs, sees how they end, and takes over.

step:  settle what ended  ->  hold the lease?  ->  runs of the dead  ->  wishes  ->  new ratings  ->  what is due
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
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
from jobs.leases import Frozen, HeldLease, Hold, Intervals, new_token, recent
from jobs.run import Order, Site, lease
from jobs.timetable import Timetable
from jobs.workers import EXIT_BUSY, Launched, Launcher

RECENT = 50
"""Runs that are looked through for the one of a process."""
COUNT_EVERY = timedelta(minutes=15)
"""How often new ratings are counted."""
REST = timedelta(days=1)
"""How long new ratings wait after a training that came to nothing."""
SURVIVED = (MarqueeError, OSError, MemoryError, RuntimeError, ValueError, LookupError)
"""What the world, its libraries and the database may raise; anything else is a fault of ours, and `marquee run` begins
the clock anew."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

log = logging.getLogger(__name__)

Tell = Callable[[Run, Settings], None]


@dataclass
class _Under:
    """A run under way."""

    order: Order
    launched: Launched
    queued: int | None = None
    """The run that somebody asked for, where this was begun for it."""


@dataclass(frozen=True)
class _Retry:
    """A wish whose process ended before the run began."""

    attempt: int
    since: datetime = LONG_AGO
    pause: timedelta = timedelta(0)


class Scheduler:
    """Runs the jobs of the catalogue, if no other process does.

    Args:
        make_context: makes what a run works with, in the process of the run.
        launcher: how runs are begun; a process each.
        clock: the time; tests let it fly, call `step` themselves, and use `workers.here`.
        tell: called with every run that ended for good, apart from the loop.
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
        self._frozen = Frozen(stores.leases, self.holder, clock=clock, rhythm=self._site.rhythm)
        self._timetable: Timetable | None = None
        self._under: dict[str, _Under] = {}
        self._counted = self._searched = self._stepped = LONG_AGO
        self._waiting_for = ""
        self._trouble = ""
        self._waiting: set[str] = set()
        self._retries: dict[int, _Retry] = {}
        self._seen_to: dict[str, int] = {}  # runs that were cut off and need nothing more: one a job
        self._telling: list[threading.Thread] = []

    @property
    def holds(self) -> bool:
        """Whether this process runs the jobs."""
        return self._timetable is not None

    def run(self, stop: threading.Event, *, alive: Callable[[], bool] = lambda: True) -> None:
        """Step until told to stop, or until whoever this runs beside is gone; then give everything back."""
        try:
            while not stop.is_set() and alive():
                self.step()
                stop.wait(self._site.rhythm.poll)
        finally:
            self.close()

    def step(self) -> None:
        """Do what is to be done now. Nothing is while the database is away; whatever breaks, the next step comes."""
        try:
            self._step()
        except SURVIVED as error:  # one fault must not stop every job
            self._in_trouble(error)
        else:
            if self._trouble:
                log.info("the clock goes on")
            self._trouble = ""

    def _step(self) -> None:
        self._settle_what_ended()
        if self._timetable is None:
            self._timetable = self._taken_over()
        elif (hold := self._lease.keep()) is Hold.LOST:
            self._stand_down()
        elif hold is Hold.UNKNOWN:
            raise StoreUnavailable("the database does not answer, so the clock cannot be held")
        if self._timetable is not None:
            self._run_jobs(self._timetable)
            self._settle_what_ended()

    def _in_trouble(self, error: Exception) -> None:
        """Say so once, however many steps it lasts."""
        kind = type(error).__name__
        if kind != self._trouble and isinstance(error, StoreUnavailable):
            log.warning("the clock stands still: %s", error)
        elif kind != self._trouble:
            log.error("a step of the clock broke off; the next one tries again", exc_info=error)
        self._trouble = kind

    def close(self) -> None:
        """Let another process have the clock at once, and tell runs to stop; the next one runs them again."""
        self._lease.give_back()
        for under in self._under.values():
            under.launched.stop()
        self._wait_for_runs()
        for name in list(self._under):
            self._cut(self._under.pop(name))
        if self._timetable is not None:
            self._timetable.stop()
        self._timetable = None
        for thread in self._telling:
            thread.join(notifications.SECONDS)

    def _taken_over(self) -> Timetable | None:
        """Take the clock, if nobody alive has it."""
        if not self._lease.acquire():
            self._say_who_has_it()
            return None
        log.info("this process (%s) runs the jobs now", self.holder)
        self._waiting_for = ""
        schedule = Timetable(self._site.settings.database)
        with ExitStack() as undo:
            undo.callback(schedule.stop)  # where one of these fails: the next step opens another
            schedule.start()
            schedule.follow(self._jobs, now=self._site.clock())
            self._recover(schedule)
            self._begin(schedule)
            undo.pop_all()
        return schedule

    def _say_who_has_it(self) -> None:
        found = self._site.stores.leases.get(LEASE)
        holder = found.holder if found else ""
        if found is not None and self._frozen.cleared(found):
            return  # the next step takes it
        if holder and holder != self._waiting_for:
            log.info("jobs are run by %s; this process waits, and takes over when that one ends", holder)
            self._waiting_for = holder

    def _stand_down(self) -> None:
        """Another process took this one for dead. Runs under way go on: each has a lease of its own."""
        log.error("another process took the clock over; this one waits")
        if self._timetable is not None:
            self._timetable.stop()
        self._timetable = None

    def _recover(self, schedule: Timetable) -> None:
        """Run again what the process before cut off when it ended."""
        for run in self._cut_off(schedule):
            self._seen_to[run.job] = run.id
            if self._may_try(run.attempt):
                log.info("%s was cut off when the process before ended, and runs again", run.job)
                schedule.again(run.job, at=self._site.clock(), attempt=run.attempt, parameters=run.parameters)

    def _find_lost(self, schedule: Timetable) -> None:
        """Run again what ended as cut off after this process took over: a run may notice late that it is alone."""
        at, rhythm = self._site.clock(), self._site.rhythm
        if recent(self._searched, at, timedelta(seconds=rhythm.beat)):
            return
        self._searched = at
        # A process that ends in order waits for its runs, and writes down the next try of each itself.
        in_order = timedelta(seconds=rhythm.stop + rhythm.beat)
        for run in self._cut_off(schedule):
            if run.ended_at is None or not recent(run.ended_at, at, in_order):
                log.error("run %d of %s was cut off: whoever began it is dead", run.id, run.job)
                self._resume(run, schedule)

    def _cut_off(self, schedule: Timetable) -> list[Run]:
        """The latest run of each job, where it was cut off and nobody has seen to it."""
        jobs = self._site.stores.jobs
        busy = {run.job for run in jobs.live()} | set(self._under)
        latest = [jobs.last(job.name) for job in self._jobs if job.name not in busy]
        cut = [run for run in latest if run is not None and run.outcome is Outcome.ABANDONED]
        return [run for run in cut if self._seen_to.get(run.job) != run.id and not schedule.waits(run.job)]

    def _resume(self, dead: Run, schedule: Timetable) -> None:
        """Tell of a run whose process died, and run it again."""
        self._seen_to[dead.job] = dead.id
        self._notify(dead)
        if self._may_try(dead.attempt):
            at, attempt = self._site.clock(), dead.attempt + 1
            schedule.again(dead.job, at=at, attempt=attempt, parameters=dead.parameters)

    def _begin(self, schedule: Timetable) -> None:
        """Run at once what a new site should not wait for."""
        for job in self._jobs:
            if job.at_once and not self._site.stores.jobs.runs(job.name, limit=1) and not schedule.waits(job.name):
                schedule.again(job.name, at=self._site.clock(), attempt=1, parameters={})

    def _run_jobs(self, schedule: Timetable) -> None:
        self._mind_the_time(schedule)
        self._end_dead_runs(schedule)
        self._find_lost(schedule)
        self._launch_queued()
        self._train_early()
        schedule.step(self._site.clock(), self._fire)

    def _mind_the_time(self, schedule: Timetable) -> None:
        """Bring the times back where the clock was ahead and was set right."""
        before, self._stepped = self._stepped, self._site.clock()
        if self._stepped < before - timedelta(seconds=self._site.rhythm.lease):
            log.warning("the clock of this machine was set back by %s", before - self._stepped)
            schedule.follow(self._jobs, now=self._stepped)

    def _end_dead_runs(self, schedule: Timetable) -> None:
        """End the runs whose process is dead, and run them again."""
        ours = {under.launched.holder for under in self._under.values()}
        for run in self._site.stores.jobs.live():
            if run.outcome is Outcome.RUNNING and run.holder not in ours and not self._lives(run.job, run.holder):
                for dead in self._site.stores.jobs.abandon(holder=run.holder, at=self._site.clock()):
                    log.error("run %d of %s was cut off: %s is dead", dead.id, dead.job, dead.holder)
                    self._resume(dead, schedule)

    def _launch_queued(self) -> None:
        queued_runs, at = self._site.stores.jobs.queued(), self._site.clock()
        self._retries = {each.id: self._retries[each.id] for each in queued_runs if each.id in self._retries}
        for queued in queued_runs:
            tried = self._retries.get(queued.id, _Retry(1))
            job = job_catalogue.find(queued.job, self._jobs)
            if job is None:
                log.error("somebody asked for %r, and there is no such job", queued.job)
                self._site.stores.jobs.cancel(queued.id, at=at)
            elif (
                not recent(tried.since, at, tried.pause)
                and queued.job not in self._under
                and not self._lives(queued.job)
            ):
                self._launch(Order(job, dict(queued.parameters), attempt=tried.attempt), queued=queued.id)

    def _train_early(self) -> None:
        """Train before the week is over where enough was rated since the last time."""
        at, job = self._site.clock(), job_catalogue.find(RETRAIN, self._jobs)
        if job is None or recent(self._counted, at, COUNT_EVERY):
            return
        self._counted = at
        if job.name in self._under or self._lives(job.name) or self._rests(at):
            return
        ended = [self._site.stores.jobs.last(job.name, outcome=done) for done in (Outcome.DONE, Outcome.REJECTED)]
        times = [run.started_at for run in ended if run and run.started_at and run.started_at <= at]
        since = max(times, default=LONG_AGO)
        ratings = self._site.stores.diaries.count_ratings(since=since)
        if ratings >= self._site.settings.retrain_ratings:
            log.info("%d ratings came since the last training: a new one begins", ratings)
            self._launch(Order(job))

    def _rests(self, at: datetime) -> bool:
        """Whether the last training came to nothing, not long ago."""
        last = self._site.stores.jobs.last(RETRAIN)
        if last is None or last.outcome in (Outcome.DONE, Outcome.REJECTED):
            return False
        return last.ended_at is not None and recent(last.ended_at, at, REST)

    def _fire(self, name: str, how: Mapping[str, Any]) -> bool:
        """Begin what is due. What is running already counts for the clock; a retry waits for its end."""
        job = job_catalogue.find(name, self._jobs)
        if job is not None and (name in self._under or self._lives(name)):
            self._say_it_runs(name, waits=bool(how))
            return not how
        if job is not None:
            self._launch(Order(job, **how))
        return True

    def _say_it_runs(self, name: str, *, waits: bool) -> None:
        """Once, however long a try has to wait."""
        if not waits:
            log.warning("%s is due and is running already: left out this time", name)
        elif name not in self._waiting:
            log.warning("%s is due and is running already: waits for its end", name)
            self._waiting.add(name)

    def _launch(self, order: Order, *, queued: int | None = None) -> None:
        try:
            launched = self._launcher(order, self._site)
        except SURVIVED as error:  # no memory, no process: it counts as a try, and the clock goes on
            log.error("no process could be made for %s", order.job.name, exc_info=error)
            launched = workers.not_begun(order)
        self._waiting.discard(order.job.name)
        self._under[order.job.name] = _Under(order, launched, queued)

    def _lives(self, job: str, holder: str = "") -> bool:
        """Whether some process (this one) holds the lease of a job."""
        found = self._site.stores.leases.get(lease(job))
        if found is None or found.until <= self._site.clock() or holder not in ("", found.holder):
            return False
        return not self._frozen.cleared(found)

    def _settle_what_ended(self) -> None:
        for name, under in list(self._under.items()):
            code = under.launched.ended()
            if code is not None:
                self._settle(under, code)
                del self._under[name]

    def _settle(self, under: _Under, code: int) -> None:
        run = self._run_of(under)
        if run is None:
            self._never_began(under, code)
        else:
            self._conclude(run)

    def _never_began(self, under: _Under, code: int) -> None:
        """Try again, a few times, what ended before it had a row. One that runs elsewhere is no fault."""
        order = under.order
        log.warning("%s was not begun (code %d)", order.job.name, code)
        if code in (0, EXIT_BUSY) or self._timetable is None:
            return
        if not self._may_try(order.attempt):
            self._give_up(order, code)
        elif under.queued is None:
            attempt = order.attempt + 1
            self._again(order.job.name, self._timetable, attempt=attempt, parameters=order.parameters)
        else:
            pause = timetable.pause(order.attempt + 1, first=self._site.rhythm.retry)
            self._retries[under.queued] = _Retry(order.attempt + 1, self._site.clock(), pause)

    def _give_up(self, order: Order, code: int) -> None:
        """Write down as failed what could not even begin, with the wish for it, and tell."""
        jobs, name, at = self._site.stores.jobs, order.job.name, self._site.clock()
        try:
            run = jobs.start(name, holder=self.holder, at=at, parameters=order.parameters, attempt=order.attempt)
        except Busy as busy:
            log.warning("%s", busy)
            return
        error = f"its process ended before the run began, {order.attempt} times, at last with code {code}; see the log"
        jobs.finish(run.id, outcome=Outcome.FAILED, at=at, error=error)
        self._notify(jobs.get(run.id))

    def _run_of(self, under: _Under) -> Run | None:
        """The run of a process that ended; one that it did not end was cut off."""
        runs, holder = self._site.stores.jobs, under.launched.holder
        cut = runs.abandon(holder=holder, at=self._site.clock())
        if cut:
            log.error("run %d of %s was cut off: its process is dead", cut[0].id, cut[0].job)
            return cut[0]
        return next((run for run in runs.runs(under.order.job.name, limit=RECENT) if run.holder == holder), None)

    def _conclude(self, run: Run) -> None:
        """Try again what failed, a few times; tell of everything else."""
        if self._timetable is not None:
            self._seen_to[run.job] = run.id
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
        """Tell, beside the loop: a slow mail server must not cost the lease."""
        thread = threading.Thread(target=self._tell, args=(run, self._site.settings), daemon=True)
        thread.start()
        self._telling = [other for other in self._telling if other.is_alive()] + [thread]

    def _wait_for_runs(self) -> None:
        give_up = time.monotonic() + self._site.rhythm.stop
        while any(under.launched.ended() is None for under in self._under.values()) and time.monotonic() < give_up:
            time.sleep(min(0.1, self._site.rhythm.poll))

    def _cut(self, under: _Under) -> None:
        """A run that ends because this process does: the next one takes it up at once, and it counts as the same."""
        under.launched.kill()
        try:
            run = self._run_of(under)
            if run is not None and run.outcome is Outcome.ABANDONED and self._timetable is not None:
                at = self._site.clock()
                self._timetable.again(run.job, at=at, attempt=run.attempt, parameters=run.parameters)
        except StoreUnavailable as error:
            log.warning("%s is taken up later: %s", under.order.job.name, error)
