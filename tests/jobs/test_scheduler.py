"""The scheduler in one process with a fast clock: due jobs, misfires, retries, queued runs, early training, leases."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from core.config import Settings
from core.jobs.job_catalogue import Job, Schedule
from core.jobs.runs import JobTime, Outcome
from core.types import MovieId
from core.users import Preferences
from data.database import Stores
from engine.clock import Clock
from engine.operations import LEASE
from jobs import workers
from jobs.run import Order, Site
from jobs.scheduler import Scheduler
from jobs.timetable import Timetable
from jobs.workers import Launched, Launcher
from tests.jobs import worlds
from tests.jobs.worlds import QUICK, job

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SUNDAYS = Schedule("weekly", minute="0", hour="0", day_of_week="sun")
"""Not within days of the Monday on which the tests start."""


@dataclass
class World:
    """A site with a clock controlled by the test."""

    settings: Settings
    stores: Stores
    at: datetime = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    told: list[tuple[str, Outcome]] = field(default_factory=list)

    def clock(self) -> datetime:
        """Return the time."""
        return self.at

    def scheduler(
        self,
        *jobs: Job,
        settings: Settings | None = None,
        launcher: Launcher = workers.here,
        clock: Clock | None = None,
    ) -> Scheduler:
        """A scheduler that runs jobs in this process."""
        return Scheduler(
            settings or self.settings,
            self.stores,
            worlds.context,
            jobs=jobs or (job(worlds.good),),
            clock=clock or self.clock,
            rhythm=QUICK,
            launcher=launcher,
            tell=lambda run, _settings: self.told.append((run.job, run.outcome)),
        )

    def advance(self, scheduler: Scheduler, span: timedelta, *, steps: int = 1) -> None:
        """Advance the time in equal steps."""
        for _ in range(steps):
            self.at += span / steps
            scheduler.step()

    def outcomes(self, name: str = "trending") -> list[Outcome]:
        """Return the outcomes of a job's runs, oldest first."""
        return [run.outcome for run in reversed(self.stores.jobs.runs(name, limit=1000))]


@pytest.fixture
def world(settings: Settings, stores: Stores) -> World:
    return World(settings, stores)


def test_a_job_runs_at_its_time_and_not_before(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    world.advance(scheduler, timedelta(minutes=29))
    assert world.outcomes() == []
    world.advance(scheduler, timedelta(minutes=1))
    assert world.outcomes() == [Outcome.DONE]
    world.advance(scheduler, 5 * HOUR, steps=10)
    assert world.outcomes() == [Outcome.DONE] * 6


@pytest.mark.slow
def test_every_run_of_a_week_starts_at_its_hour(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    world.advance(scheduler, 7 * DAY, steps=7 * 24)
    assert world.outcomes() == [Outcome.DONE] * 7 * 24
    hours = [run.started_at for run in world.stores.jobs.runs("trending", limit=1000)]
    assert all(hour is not None and hour.minute == 30 for hour in hours)


def test_a_new_site_immediately_runs_jobs_that_visitors_see(world: World) -> None:
    at_once = replace(job(worlds.good), at_once=True)
    scheduler = world.scheduler(at_once)
    scheduler.step()
    world.advance(scheduler, timedelta(minutes=1), steps=4)
    assert world.outcomes() == [Outcome.DONE]
    scheduler.close()
    again = world.scheduler(at_once)
    again.step()
    world.advance(again, timedelta(minutes=1), steps=4)
    assert world.outcomes() == [Outcome.DONE], "it has run before and waits for its regular time"


def test_missed_runs_are_made_up_for_by_one_run(world: World) -> None:
    scheduler = world.scheduler(job(worlds.good, grace=2 * 86_400))
    scheduler.step()
    scheduler.close()
    world.at += 1 * DAY
    again = world.scheduler(job(worlds.good, grace=2 * 86_400))
    again.step()
    world.advance(again, timedelta(minutes=2), steps=4)
    assert world.outcomes() == [Outcome.DONE]
    world.advance(again, HOUR)
    assert world.outcomes() == [Outcome.DONE] * 2


def test_a_run_past_its_grace_period_waits_for_the_next_time(world: World) -> None:
    scheduler = world.scheduler(job(worlds.good, grace=600))
    scheduler.step()
    scheduler.close()
    world.at += DAY + timedelta(minutes=15)
    again = world.scheduler(job(worlds.good, grace=600))
    again.step()
    assert world.outcomes() == []
    world.advance(again, timedelta(minutes=20))
    assert world.outcomes() == [Outcome.DONE]


def test_a_restart_keeps_due_times(world: World) -> None:
    scheduler = world.scheduler(job(worlds.good), job(worlds.good, name="cleanup"))
    scheduler.step()
    before = world.stores.jobs.upcoming()
    assert set(before) == {"trending", "cleanup"}
    scheduler.close()
    world.at += timedelta(minutes=10)
    again = world.scheduler(job(worlds.good), job(worlds.good, name="cleanup"))
    again.step()
    assert world.stores.jobs.upcoming() == before


def test_times_copied_from_the_former_table_are_kept(world: World) -> None:
    soon = world.at + timedelta(minutes=7)
    regular = JobTime("trending", "trending", soon, schedule="", grace=HOUR)
    retry = JobTime("again:cleanup", "cleanup", soon, schedule="", grace=DAY, attempt=2, parameters={"days": 3})
    world.stores.job_times.change(put=[regular, retry])
    scheduler = world.scheduler(job(worlds.good), job(worlds.good, name="cleanup"))
    scheduler.step()
    assert world.stores.jobs.upcoming() == {"trending": soon, "cleanup": soon}
    world.advance(scheduler, timedelta(minutes=7))
    assert world.outcomes() == [Outcome.DONE]
    run = world.stores.jobs.runs("cleanup")[0]
    assert (run.attempt, dict(run.parameters)) == (2, {"days": 3})
    assert world.stores.jobs.upcoming()["cleanup"] > soon, "the retry is removed"


def test_a_time_of_another_schedule_is_computed_again(world: World) -> None:
    late = JobTime("trending", "trending", world.at + 9 * DAY, schedule="<weekly>", grace=HOUR)
    world.stores.job_times.change(put=[late])
    world.scheduler(job(worlds.good)).step()
    assert world.stores.jobs.upcoming() == {"trending": world.at + timedelta(minutes=30)}


def test_a_job_removed_from_the_catalogue_is_removed_from_the_timetable(world: World) -> None:
    scheduler = world.scheduler(job(worlds.good), job(worlds.good, name="cleanup"))
    scheduler.step()
    scheduler.close()
    world.scheduler(job(worlds.good)).step()
    assert set(world.stores.jobs.upcoming()) == {"trending"}


def test_a_failed_run_is_retried_later_and_then_notified(world: World) -> None:
    scheduler = world.scheduler(job(worlds.failing))
    scheduler.step()
    world.advance(scheduler, timedelta(minutes=30))
    assert world.outcomes() == [Outcome.FAILED]
    assert world.told == []
    scheduler.step()
    assert world.outcomes() == [Outcome.FAILED], "the pause is not over"
    waits = world.stores.jobs.upcoming()["trending"] - world.at
    assert timedelta(0) < waits <= timedelta(seconds=1), "the retry comes before the next regular time"
    world.advance(scheduler, timedelta(seconds=1))
    assert world.outcomes() == [Outcome.FAILED] * 2
    assert [run.attempt for run in world.stores.jobs.runs("trending")] == [2, 1]
    scheduler.close()
    assert world.told == [("trending", Outcome.FAILED)]
    assert world.stores.jobs.upcoming()["trending"] > world.at, "no retry is scheduled any more"


def test_a_retry_survives_a_restart(world: World) -> None:
    scheduler = world.scheduler(job(worlds.failing))
    scheduler.step()
    world.advance(scheduler, timedelta(minutes=30))
    scheduler.close()
    again = world.scheduler(job(worlds.good))
    again.step()
    world.advance(again, timedelta(seconds=1))
    assert world.outcomes() == [Outcome.FAILED, Outcome.DONE]


def test_a_rejection_is_notified_and_not_retried(world: World) -> None:
    scheduler = world.scheduler(job(worlds.rejecting, name="retrain"))
    scheduler.step()
    world.advance(scheduler, timedelta(minutes=45), steps=10)
    scheduler.close()
    assert world.outcomes("retrain") == [Outcome.REJECTED]
    assert world.told == [("retrain", Outcome.REJECTED)]


def test_a_queued_run_is_started_at_once_with_its_parameters(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    queued = world.stores.jobs.enqueue("trending", parameters={"days": 2}, by=None, at=world.at)
    scheduler.step()
    run = world.stores.jobs.get(queued.id)
    assert (run.outcome, run.figures["given"]) == (Outcome.DONE, {"days": 2})


def test_a_queued_run_of_an_unknown_job_is_cancelled(world: World) -> None:
    scheduler = world.scheduler()
    queued = world.stores.jobs.enqueue("dance", parameters={}, by=None, at=world.at)
    scheduler.step()
    assert world.stores.jobs.get(queued.id).outcome is Outcome.CANCELLED


def test_a_job_running_elsewhere_is_skipped(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    until = world.at + 40 * timedelta(minutes=1)
    assert world.stores.leases.acquire("job:trending", holder="other:1:a", at=world.at, until=until)
    world.stores.jobs.start("trending", holder="other:1:a", at=world.at)
    world.advance(scheduler, timedelta(minutes=31))
    assert world.outcomes() == [Outcome.RUNNING]


def test_the_run_of_a_dead_process_is_abandoned_notified_and_repeated(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    lapses = world.at + timedelta(seconds=20)
    assert world.stores.leases.acquire("job:trending", holder="dead:1:a", at=world.at, until=lapses)
    world.stores.jobs.start("trending", holder="dead:1:a", at=world.at, parameters={"days": 4})
    world.advance(scheduler, timedelta(seconds=19))
    assert world.outcomes() == [Outcome.RUNNING]
    world.advance(scheduler, timedelta(seconds=2))
    scheduler.step()
    latest = world.stores.jobs.runs("trending")[0]
    assert world.outcomes() == [Outcome.ABANDONED, Outcome.DONE]
    assert (latest.attempt, latest.figures["given"]) == (2, {"days": 4})
    scheduler.close()
    assert ("trending", Outcome.ABANDONED) in world.told


def test_a_run_interrupted_at_shutdown_is_repeated_by_the_next_scheduler(world: World) -> None:
    run = world.stores.jobs.start("trending", holder="old:1:a", at=world.at)
    world.stores.jobs.abandon(holder="old:1:a", at=world.at)
    scheduler = world.scheduler()
    scheduler.step()
    assert world.outcomes() == [Outcome.ABANDONED, Outcome.DONE]
    assert world.stores.jobs.runs("trending")[0].attempt == run.attempt


def test_a_repeatedly_interrupted_run_is_not_repeated(world: World) -> None:
    world.stores.jobs.start("trending", holder="old:1:a", at=world.at, attempt=3)
    world.stores.jobs.abandon(holder="old:1:a", at=world.at)
    world.scheduler().step()
    assert world.outcomes() == [Outcome.ABANDONED]


def test_a_run_abandoned_after_its_scheduler_ended_is_notified_and_repeated(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    _abandon_late(world)
    world.advance(scheduler, timedelta(seconds=6), steps=12)
    assert world.outcomes() == [Outcome.ABANDONED, Outcome.DONE]
    assert world.stores.jobs.runs("trending")[0].attempt == 2
    scheduler.close()
    assert world.told == [("trending", Outcome.ABANDONED), ("trending", Outcome.DONE)]


def test_a_run_abandoned_for_the_last_time_is_notified_once_and_not_repeated(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    _abandon_late(world, attempt=2)
    world.advance(scheduler, timedelta(seconds=20), steps=40)
    scheduler.close()
    assert world.outcomes() == [Outcome.ABANDONED]
    assert world.told == [("trending", Outcome.ABANDONED)]
    again = world.scheduler()
    again.step()
    world.advance(again, timedelta(seconds=20), steps=40)
    again.close()
    assert world.told == [("trending", Outcome.ABANDONED)], "the next scheduler does not notify again"


def test_a_scheduler_that_shuts_down_cleanly_schedules_the_retry_itself(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    _abandon_late(world)
    scheduler.step()
    Timetable(world.stores, ()).again("trending", at=world.at, attempt=1, parameters={})
    world.advance(scheduler, timedelta(seconds=20), steps=40)
    scheduler.close()
    assert world.outcomes() == [Outcome.ABANDONED, Outcome.DONE]
    assert world.stores.jobs.runs("trending")[0].attempt == 1
    assert ("trending", Outcome.ABANDONED) not in world.told


def test_a_second_scheduler_waits_and_takes_over_when_the_lease_expires(world: World) -> None:
    first, second = world.scheduler(), world.scheduler()
    first.step()
    second.step()
    assert (first.holds, second.holds) == (True, False)
    for _ in range(10):  # both are alive, and the lease is renewed
        world.at += timedelta(seconds=QUICK.beat)
        first.step()
        second.step()
    assert (first.holds, second.holds) == (True, False)
    world.at += timedelta(seconds=QUICK.lease + 0.1)
    second.step()
    assert second.holds
    first.step()
    assert not first.holds, "it was considered dead, and steps back before doing anything"
    world.advance(second, timedelta(minutes=30))
    first.step()
    assert world.outcomes() == [Outcome.DONE]


def test_a_scheduler_that_ends_releases_its_lease_at_once(world: World) -> None:
    first, second = world.scheduler(), world.scheduler()
    first.step()
    first.close()
    assert world.stores.leases.get(LEASE) is None
    second.step()
    assert second.holds


def test_a_long_database_outage_is_logged_once_and_loses_no_lease(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="jobs")
    line = worlds.Line()
    scheduler = replace(world, stores=line.to(world.stores)).scheduler(clock=world.clock)
    scheduler.step()
    caplog.clear()
    line.cut = True
    world.advance(scheduler, timedelta(minutes=31), steps=300)
    line.cut = False
    scheduler.step()
    assert scheduler.holds
    assert world.outcomes() == [Outcome.DONE], "the run that was due meanwhile"
    clock = [(record.levelname, record.message) for record in caplog.records if record.name == "jobs.scheduler"]
    assert [level for level, _ in clock] == ["WARNING", "INFO"]
    assert clock[0][1].startswith("the scheduler is paused: ")
    assert clock[1][1] == "the scheduler has resumed"


def test_a_waiting_retry_is_logged_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    scheduler = world.scheduler(job(worlds.failing))
    scheduler.step()
    world.advance(scheduler, timedelta(minutes=30))
    assert world.stores.leases.acquire(
        "job:trending", holder="o:1:a", at=world.at, until=world.at + QUICK.lease * SECOND
    )
    world.stores.jobs.start("trending", holder="o:1:a", at=world.at)
    world.advance(scheduler, timedelta(seconds=1.9), steps=19)
    assert caplog.text.count("waiting for it") == 1


@pytest.mark.slow
def test_of_two_schedulers_with_different_clocks_one_is_active(world: World) -> None:
    behind = timedelta(0)
    set_back = world.scheduler(clock=lambda: world.at - behind)
    other = world.scheduler()
    set_back.step()
    other.step()
    assert (set_back.holds, other.holds) == (True, False)
    behind = timedelta(minutes=10)
    holding = []
    for _ in range(200):
        world.at += timedelta(seconds=QUICK.beat)
        set_back.step()
        other.step()
        holding.append((set_back.holds, other.holds))
    assert holding.count((True, True)) <= 1, "detected at the next renewal"
    assert set(holding[20:]) == {(False, True)}, "and they do not take it from each other"


def test_traces_of_a_clock_a_year_ahead_are_repaired(world: World) -> None:
    right, world.at = world.at, world.at + 365 * DAY
    dead = world.scheduler(job(worlds.failing))
    dead.step()
    world.advance(dead, timedelta(minutes=30))
    ahead = world.at + timedelta(seconds=QUICK.lease)
    assert world.stores.leases.acquire("job:trending", holder="dead:1:a", at=world.at, until=ahead)
    world.stores.jobs.start("trending", holder="dead:1:a", at=world.at)
    world.at = right
    scheduler = world.scheduler()
    world.advance(scheduler, timedelta(seconds=1))
    assert not scheduler.holds, "this clock may be the wrong one"
    world.advance(scheduler, timedelta(seconds=19), steps=38)
    assert scheduler.holds
    assert world.outcomes() == [Outcome.FAILED, Outcome.ABANDONED, Outcome.DONE]
    world.advance(scheduler, 2 * HOUR, steps=24)
    assert world.outcomes()[3:] == [Outcome.DONE] * 2


def test_due_times_are_corrected_when_the_clock_is_set_back(world: World) -> None:
    world.at += 365 * DAY
    scheduler = world.scheduler()
    scheduler.step()
    world.advance(scheduler, timedelta(minutes=30))
    assert world.outcomes() == [Outcome.DONE]
    world.at -= 365 * DAY - timedelta(minutes=5)
    scheduler.step()
    world.advance(scheduler, HOUR, steps=12)
    assert world.outcomes() == [Outcome.DONE] * 2


def test_a_time_within_the_jitter_of_its_trigger_is_kept(world: World) -> None:
    jittery = replace(job(worlds.good), schedule=Schedule("every hour", minute="0", jitter=timedelta(minutes=10)))
    for _ in range(20):
        first, second = world.scheduler(jittery), world.scheduler(jittery)
        first.step()
        before = world.stores.jobs.upcoming()
        first.close()
        second.step()
        assert world.stores.jobs.upcoming() == before
        second.close()


def test_enough_new_ratings_start_training_early_once(world: World) -> None:
    settings = world.settings.model_copy(update={"retrain_ratings": 3})
    weekly = replace(job(worlds.good, name="retrain"), schedule=SUNDAYS)
    scheduler = world.scheduler(weekly, settings=settings)
    user = world.stores.accounts.create("Ann", password_hash="x", preferences=Preferences(), at=world.at)

    def rate(*movies: int) -> None:
        world.stores.diaries.rate(user.id, dict.fromkeys(map(MovieId, movies), 4.0), at=world.at)

    rate(1, 2)
    world.advance(scheduler, HOUR, steps=6)
    assert world.outcomes("retrain") == []
    rate(3)
    world.advance(scheduler, timedelta(minutes=15))
    assert world.outcomes("retrain") == [Outcome.DONE]
    world.at += timedelta(minutes=1)
    rate(4, 5)
    world.advance(scheduler, 2 * HOUR, steps=10)
    assert world.outcomes("retrain") == [Outcome.DONE]
    rate(6)
    world.advance(scheduler, timedelta(minutes=5))
    assert world.outcomes("retrain") == [Outcome.DONE], "counted at most every 15 minutes"
    world.advance(scheduler, timedelta(minutes=15))
    assert world.outcomes("retrain") == [Outcome.DONE] * 2


def test_new_ratings_do_not_repeatedly_start_training_that_just_failed(world: World) -> None:
    settings = world.settings.model_copy(update={"retrain_ratings": 1, "job_retries": 0})
    weekly = replace(job(worlds.failing, name="retrain"), schedule=SUNDAYS)
    scheduler = world.scheduler(weekly, settings=settings)
    user = world.stores.accounts.create("Ann", password_hash="x", preferences=Preferences(), at=world.at)
    world.stores.diaries.rate(user.id, {MovieId(1): 4.0}, at=world.at)
    world.advance(scheduler, 20 * HOUR, steps=60)
    assert world.outcomes("retrain") == [Outcome.FAILED]
    world.advance(scheduler, 8 * HOUR, steps=24)
    assert world.outcomes("retrain") == [Outcome.FAILED] * 2


@pytest.mark.parametrize("wished", [True, False])
def test_a_run_that_cannot_start_is_retried_then_fails_and_is_notified(world: World, wished: bool) -> None:
    launched = []

    def dying(order: Order, site: Site) -> Launched:
        launched.append(site.clock())
        return workers.not_started(order)

    scheduler = world.scheduler(launcher=dying)
    scheduler.step()
    if wished:
        world.stores.jobs.enqueue("trending", parameters={"days": 2}, by=None, at=world.at)
    else:
        world.at += timedelta(minutes=30)
    world.advance(scheduler, timedelta(seconds=20), steps=200)
    scheduler.close()
    assert len(launched) == 2, "once, and MARQUEE_JOB_RETRIES times again"
    assert launched[1] - launched[0] >= timedelta(seconds=QUICK.retry / 2)
    (run,) = world.stores.jobs.runs("trending")
    assert (run.outcome, run.attempt, dict(run.parameters)) == (Outcome.FAILED, 2, {"days": 2} if wished else {})
    assert "before the run started, 2 times, last with code 8" in run.error
    assert world.told == [("trending", Outcome.FAILED)]


def test_a_process_that_cannot_be_started_now_is_started_later(world: World) -> None:
    left = [OSError(12, "Cannot allocate memory")]

    def poor(order: Order, site: Site) -> Launched:
        if left:
            raise left.pop()
        return workers.here(order, site)

    scheduler = world.scheduler(launcher=poor)
    scheduler.step()
    world.advance(scheduler, timedelta(minutes=30))
    world.advance(scheduler, timedelta(seconds=2), steps=20)
    assert world.outcomes() == [Outcome.DONE]
    assert world.stores.jobs.runs("trending")[0].attempt == 2


def test_a_failing_step_is_logged_once_and_the_next_step_continues(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    with monkeypatch.context() as patched:
        patched.setattr(Timetable, "step", lambda *_: {}["what is not there"])
        world.advance(scheduler, timedelta(minutes=30), steps=10)
    assert [record.message for record in caplog.records if record.exc_info] == [
        "a step of the scheduler failed; the next one tries again"
    ]
    scheduler.step()
    assert world.outcomes() == [Outcome.DONE]


def test_a_schedule_row_removed_by_another_process_is_ignored(world: World) -> None:
    def taking(order: Order, site: Site) -> Launched:
        world.stores.job_times.change(remove=["again:trending"])
        return workers.here(order, site)

    Timetable(world.stores, ()).again("trending", at=world.at, attempt=2, parameters={})
    scheduler = world.scheduler(launcher=taking)
    scheduler.step()
    world.advance(scheduler, timedelta(seconds=4), steps=4)
    assert world.outcomes() == [Outcome.DONE]


def _abandon_late(world: World, *, attempt: int = 1) -> None:
    """Abandon the run of another process, which detects late that its scheduler is dead."""
    run = world.stores.jobs.start("trending", holder="old:1:a", at=world.at, attempt=attempt)
    world.stores.jobs.finish(run.id, outcome=Outcome.ABANDONED, at=world.at, error="the scheduler has died")
