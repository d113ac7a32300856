"""The clock in one process, flying: what is due, misfires, retries, wishes, early trainings, and who has the clock."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from core.config import Settings
from core.jobs.job_catalogue import Job, Schedule
from core.jobs.runs import Outcome
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
"""Not within days of the Monday on which the world begins."""


@dataclass
class World:
    """A site whose time goes as fast as a test likes."""

    settings: Settings
    stores: Stores
    at: datetime = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    told: list[tuple[str, Outcome]] = field(default_factory=list)

    def clock(self) -> datetime:
        """The time."""
        return self.at

    def scheduler(
        self,
        *jobs: Job,
        settings: Settings | None = None,
        launcher: Launcher = workers.here,
        clock: Clock | None = None,
    ) -> Scheduler:
        """One that runs jobs in this process, at once."""
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

    def pass_(self, scheduler: Scheduler, span: timedelta, *, steps: int = 1) -> None:
        """Let time pass, in equal steps."""
        for _ in range(steps):
            self.at += span / steps
            scheduler.step()

    def outcomes(self, name: str = "trending") -> list[Outcome]:
        """How the runs of a job ended, the oldest first."""
        return [run.outcome for run in reversed(self.stores.jobs.runs(name, limit=1000))]


@pytest.fixture
def world(settings: Settings, stores: Stores) -> World:
    return World(settings, stores)


def test_a_job_runs_at_its_time_and_not_before(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    world.pass_(scheduler, timedelta(minutes=29))
    assert world.outcomes() == []
    world.pass_(scheduler, timedelta(minutes=1))
    assert world.outcomes() == [Outcome.DONE]
    world.pass_(scheduler, 5 * HOUR, steps=10)
    assert world.outcomes() == [Outcome.DONE] * 6


def test_a_week_passes_in_seconds_with_every_run_at_its_hour(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    world.pass_(scheduler, 7 * DAY, steps=7 * 24)
    assert world.outcomes() == [Outcome.DONE] * 7 * 24
    hours = [run.started_at for run in world.stores.jobs.runs("trending", limit=1000)]
    assert all(hour is not None and hour.minute == 30 for hour in hours)


def test_a_new_site_does_not_wait_for_what_its_visitors_see(world: World) -> None:
    at_once = replace(job(worlds.good), at_once=True)
    scheduler = world.scheduler(at_once)
    scheduler.step()
    world.pass_(scheduler, timedelta(minutes=1), steps=4)
    assert world.outcomes() == [Outcome.DONE]
    scheduler.close()
    again = world.scheduler(at_once)
    again.step()
    world.pass_(again, timedelta(minutes=1), steps=4)
    assert world.outcomes() == [Outcome.DONE], "it has run before, and waits for its time"


def test_what_was_missed_is_made_up_for_once(world: World) -> None:
    scheduler = world.scheduler(job(worlds.good, grace=2 * 86_400))
    scheduler.step()
    scheduler.close()
    world.at += 1 * DAY
    again = world.scheduler(job(worlds.good, grace=2 * 86_400))
    again.step()
    world.pass_(again, timedelta(minutes=2), steps=4)
    assert world.outcomes() == [Outcome.DONE]
    world.pass_(again, HOUR)
    assert world.outcomes() == [Outcome.DONE] * 2


def test_what_is_too_late_waits_for_its_next_time(world: World) -> None:
    scheduler = world.scheduler(job(worlds.good, grace=600))
    scheduler.step()
    scheduler.close()
    world.at += DAY + timedelta(minutes=15)
    again = world.scheduler(job(worlds.good, grace=600))
    again.step()
    assert world.outcomes() == []
    world.pass_(again, timedelta(minutes=20))
    assert world.outcomes() == [Outcome.DONE]


def test_a_restart_forgets_nothing(world: World) -> None:
    scheduler = world.scheduler(job(worlds.good), job(worlds.good, name="cleanup"))
    scheduler.step()
    before = world.stores.jobs.upcoming()
    assert set(before) == {"trending", "cleanup"}
    scheduler.close()
    world.at += timedelta(minutes=10)
    again = world.scheduler(job(worlds.good), job(worlds.good, name="cleanup"))
    again.step()
    assert world.stores.jobs.upcoming() == before


def test_a_job_that_is_no_longer_in_the_catalogue_is_forgotten(world: World) -> None:
    scheduler = world.scheduler(job(worlds.good), job(worlds.good, name="cleanup"))
    scheduler.step()
    scheduler.close()
    world.scheduler(job(worlds.good)).step()
    assert set(world.stores.jobs.upcoming()) == {"trending"}


def test_a_failed_run_is_tried_again_later_and_then_told_of(world: World) -> None:
    scheduler = world.scheduler(job(worlds.failing))
    scheduler.step()
    world.pass_(scheduler, timedelta(minutes=30))
    assert world.outcomes() == [Outcome.FAILED]
    assert world.told == []
    scheduler.step()
    assert world.outcomes() == [Outcome.FAILED], "the pause is not over"
    waits = world.stores.jobs.upcoming()["trending"] - world.at
    assert timedelta(0) < waits <= timedelta(seconds=1), "the next try comes before the next time of the schedule"
    world.pass_(scheduler, timedelta(seconds=1))
    assert world.outcomes() == [Outcome.FAILED] * 2
    assert [run.attempt for run in world.stores.jobs.runs("trending")] == [2, 1]
    scheduler.close()
    assert world.told == [("trending", Outcome.FAILED)]
    assert world.stores.jobs.upcoming()["trending"] > world.at, "no try waits any more"


def test_a_retry_survives_a_restart(world: World) -> None:
    scheduler = world.scheduler(job(worlds.failing))
    scheduler.step()
    world.pass_(scheduler, timedelta(minutes=30))
    scheduler.close()
    again = world.scheduler(job(worlds.good))
    again.step()
    world.pass_(again, timedelta(seconds=1))
    assert world.outcomes() == [Outcome.FAILED, Outcome.DONE]


def test_a_rejection_is_told_of_and_not_tried_again(world: World) -> None:
    scheduler = world.scheduler(job(worlds.rejecting, name="retrain"))
    scheduler.step()
    world.pass_(scheduler, timedelta(minutes=45), steps=10)
    scheduler.close()
    assert world.outcomes("retrain") == [Outcome.REJECTED]
    assert world.told == [("retrain", Outcome.REJECTED)]


def test_a_wish_is_fulfilled_at_once_with_its_parameters(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    queued = world.stores.jobs.enqueue("trending", parameters={"days": 2}, by=None, at=world.at)
    scheduler.step()
    run = world.stores.jobs.get(queued.id)
    assert (run.outcome, run.figures["given"]) == (Outcome.DONE, {"days": 2})


def test_a_wish_for_a_job_that_does_not_exist_is_ended(world: World) -> None:
    scheduler = world.scheduler()
    queued = world.stores.jobs.enqueue("dance", parameters={}, by=None, at=world.at)
    scheduler.step()
    assert world.stores.jobs.get(queued.id).outcome is Outcome.CANCELLED


def test_what_runs_elsewhere_is_left_out_by_the_clock(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    until = world.at + 40 * timedelta(minutes=1)
    assert world.stores.leases.acquire("job:trending", holder="other:1:a", at=world.at, until=until)
    world.stores.jobs.start("trending", holder="other:1:a", at=world.at)
    world.pass_(scheduler, timedelta(minutes=31))
    assert world.outcomes() == [Outcome.RUNNING]


def test_the_run_of_a_dead_process_is_abandoned_told_of_and_run_again(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    lapses = world.at + timedelta(seconds=20)
    assert world.stores.leases.acquire("job:trending", holder="dead:1:a", at=world.at, until=lapses)
    world.stores.jobs.start("trending", holder="dead:1:a", at=world.at, parameters={"days": 4})
    world.pass_(scheduler, timedelta(seconds=19))
    assert world.outcomes() == [Outcome.RUNNING]
    world.pass_(scheduler, timedelta(seconds=2))
    scheduler.step()
    latest = world.stores.jobs.runs("trending")[0]
    assert world.outcomes() == [Outcome.ABANDONED, Outcome.DONE]
    assert (latest.attempt, latest.figures["given"]) == (2, {"days": 4})
    scheduler.close()
    assert ("trending", Outcome.ABANDONED) in world.told


def test_a_run_that_was_cut_when_a_process_ended_is_run_again_by_the_next(world: World) -> None:
    run = world.stores.jobs.start("trending", holder="old:1:a", at=world.at)
    world.stores.jobs.abandon(holder="old:1:a", at=world.at)
    scheduler = world.scheduler()
    scheduler.step()
    assert world.outcomes() == [Outcome.ABANDONED, Outcome.DONE]
    assert world.stores.jobs.runs("trending")[0].attempt == run.attempt


def test_what_was_cut_again_and_again_is_left_alone(world: World) -> None:
    world.stores.jobs.start("trending", holder="old:1:a", at=world.at, attempt=3)
    world.stores.jobs.abandon(holder="old:1:a", at=world.at)
    world.scheduler().step()
    assert world.outcomes() == [Outcome.ABANDONED]


def test_a_run_that_ends_as_cut_off_later_than_its_scheduler_is_told_of_and_run_again(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    _ends_as_cut_off(world)
    world.pass_(scheduler, timedelta(seconds=6), steps=12)
    assert world.outcomes() == [Outcome.ABANDONED, Outcome.DONE]
    assert world.stores.jobs.runs("trending")[0].attempt == 2
    scheduler.close()
    assert world.told == [("trending", Outcome.ABANDONED), ("trending", Outcome.DONE)]


def test_one_that_was_cut_off_for_the_last_time_is_told_of_once_and_not_run_again(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    _ends_as_cut_off(world, attempt=2)
    world.pass_(scheduler, timedelta(seconds=20), steps=40)
    scheduler.close()
    assert world.outcomes() == [Outcome.ABANDONED]
    assert world.told == [("trending", Outcome.ABANDONED)]
    again = world.scheduler()
    again.step()
    world.pass_(again, timedelta(seconds=20), steps=40)
    again.close()
    assert world.told == [("trending", Outcome.ABANDONED)], "the next one does not tell of it again"


def test_a_process_that_ends_in_order_writes_down_the_next_try_itself(world: World) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    _ends_as_cut_off(world)
    scheduler.step()
    ending = Timetable(world.settings.database)
    ending.start()
    ending.again("trending", at=world.at, attempt=1, parameters={})
    ending.stop()
    world.pass_(scheduler, timedelta(seconds=20), steps=40)
    scheduler.close()
    assert world.outcomes() == [Outcome.ABANDONED, Outcome.DONE]
    assert world.stores.jobs.runs("trending")[0].attempt == 1
    assert ("trending", Outcome.ABANDONED) not in world.told


def test_a_second_scheduler_waits_and_takes_over_when_the_lease_lapses(world: World) -> None:
    first, second = world.scheduler(), world.scheduler()
    first.step()
    second.step()
    assert (first.holds, second.holds) == (True, False)
    for _ in range(10):  # both live, and the lease is renewed
        world.at += timedelta(seconds=QUICK.beat)
        first.step()
        second.step()
    assert (first.holds, second.holds) == (True, False)
    world.at += timedelta(seconds=QUICK.lease + 0.1)
    second.step()
    assert second.holds
    first.step()
    assert not first.holds, "it was taken for dead, and stands down before it does anything"
    world.pass_(second, timedelta(minutes=30))
    first.step()
    assert world.outcomes() == [Outcome.DONE]


def test_a_scheduler_that_ends_gives_the_clock_back_at_once(world: World) -> None:
    first, second = world.scheduler(), world.scheduler()
    first.step()
    first.close()
    assert world.stores.leases.get(LEASE) is None
    second.step()
    assert second.holds


def test_a_database_that_is_away_for_long_is_said_once_and_costs_nobody_the_clock(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="jobs")
    line = worlds.Line()
    scheduler = replace(world, stores=line.to(world.stores)).scheduler(clock=world.clock)
    scheduler.step()
    caplog.clear()
    line.cut = True
    world.pass_(scheduler, timedelta(minutes=31), steps=300)
    line.cut = False
    scheduler.step()
    assert scheduler.holds
    assert world.outcomes() == [Outcome.DONE], "what was due meanwhile"
    clock = [(record.levelname, record.message) for record in caplog.records if record.name == "jobs.scheduler"]
    assert [level for level, _ in clock] == ["WARNING", "INFO"]
    assert clock[0][1].startswith("the scheduler is paused: ")
    assert clock[1][1] == "the scheduler has resumed"


def test_a_try_that_has_to_wait_says_so_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    scheduler = world.scheduler(job(worlds.failing))
    scheduler.step()
    world.pass_(scheduler, timedelta(minutes=30))
    assert world.stores.leases.acquire(
        "job:trending", holder="o:1:a", at=world.at, until=world.at + QUICK.lease * SECOND
    )
    world.stores.jobs.start("trending", holder="o:1:a", at=world.at)
    world.pass_(scheduler, timedelta(seconds=1.9), steps=19)
    assert caplog.text.count("waits for its end") == 1


def test_of_two_schedulers_whose_clocks_differ_one_has_the_clock(world: World) -> None:
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
    assert holding.count((True, True)) <= 1, "noticed at the next beat"
    assert set(holding[20:]) == {(False, True)}, "and they do not take it from each other"


def test_what_a_clock_that_was_a_year_ahead_left_behind_is_mended(world: World) -> None:
    right, world.at = world.at, world.at + 365 * DAY
    dead = world.scheduler(job(worlds.failing))
    dead.step()
    world.pass_(dead, timedelta(minutes=30))
    ahead = world.at + timedelta(seconds=QUICK.lease)
    assert world.stores.leases.acquire("job:trending", holder="dead:1:a", at=world.at, until=ahead)
    world.stores.jobs.start("trending", holder="dead:1:a", at=world.at)
    world.at = right
    scheduler = world.scheduler()
    world.pass_(scheduler, timedelta(seconds=1))
    assert not scheduler.holds, "it may be this clock that is wrong"
    world.pass_(scheduler, timedelta(seconds=19), steps=38)
    assert scheduler.holds
    assert world.outcomes() == [Outcome.FAILED, Outcome.ABANDONED, Outcome.DONE]
    world.pass_(scheduler, 2 * HOUR, steps=24)
    assert world.outcomes()[3:] == [Outcome.DONE] * 2


def test_a_clock_that_is_set_back_while_it_runs_brings_the_times_back(world: World) -> None:
    world.at += 365 * DAY
    scheduler = world.scheduler()
    scheduler.step()
    world.pass_(scheduler, timedelta(minutes=30))
    assert world.outcomes() == [Outcome.DONE]
    world.at -= 365 * DAY - timedelta(minutes=5)
    scheduler.step()
    world.pass_(scheduler, HOUR, steps=12)
    assert world.outcomes() == [Outcome.DONE] * 2


def test_a_time_within_the_jitter_of_its_trigger_stays(world: World) -> None:
    jittery = replace(job(worlds.good), schedule=Schedule("every hour", minute="0", jitter=timedelta(minutes=10)))
    for _ in range(20):
        first, second = world.scheduler(jittery), world.scheduler(jittery)
        first.step()
        before = world.stores.jobs.upcoming()
        first.close()
        second.step()
        assert world.stores.jobs.upcoming() == before
        second.close()


def test_enough_new_ratings_bring_the_training_forward_once(world: World) -> None:
    settings = world.settings.model_copy(update={"retrain_ratings": 3})
    weekly = replace(job(worlds.good, name="retrain"), schedule=SUNDAYS)
    scheduler = world.scheduler(weekly, settings=settings)
    user = world.stores.accounts.create("Ann", password_hash="x", preferences=Preferences(), at=world.at)

    def rate(*movies: int) -> None:
        world.stores.diaries.rate(user.id, dict.fromkeys(map(MovieId, movies), 4.0), at=world.at)

    rate(1, 2)
    world.pass_(scheduler, HOUR, steps=6)
    assert world.outcomes("retrain") == []
    rate(3)
    world.pass_(scheduler, timedelta(minutes=15))
    assert world.outcomes("retrain") == [Outcome.DONE]
    world.at += timedelta(minutes=1)
    rate(4, 5)
    world.pass_(scheduler, 2 * HOUR, steps=10)
    assert world.outcomes("retrain") == [Outcome.DONE]
    rate(6)
    world.pass_(scheduler, timedelta(minutes=5))
    assert world.outcomes("retrain") == [Outcome.DONE], "counted every 15 minutes at most"
    world.pass_(scheduler, timedelta(minutes=15))
    assert world.outcomes("retrain") == [Outcome.DONE] * 2


def test_new_ratings_do_not_begin_a_training_that_just_failed_over_and_over(world: World) -> None:
    settings = world.settings.model_copy(update={"retrain_ratings": 1, "job_retries": 0})
    weekly = replace(job(worlds.failing, name="retrain"), schedule=SUNDAYS)
    scheduler = world.scheduler(weekly, settings=settings)
    user = world.stores.accounts.create("Ann", password_hash="x", preferences=Preferences(), at=world.at)
    world.stores.diaries.rate(user.id, {MovieId(1): 4.0}, at=world.at)
    world.pass_(scheduler, 20 * HOUR, steps=60)
    assert world.outcomes("retrain") == [Outcome.FAILED]
    world.pass_(scheduler, 8 * HOUR, steps=24)
    assert world.outcomes("retrain") == [Outcome.FAILED] * 2


@pytest.mark.parametrize("wished", [True, False])
def test_what_cannot_begin_is_tried_a_few_times_then_has_failed_and_is_told_of(world: World, wished: bool) -> None:
    launched = []

    def dying(order: Order, site: Site) -> Launched:
        launched.append(site.clock())
        return workers.not_begun(order)

    scheduler = world.scheduler(launcher=dying)
    scheduler.step()
    if wished:
        world.stores.jobs.enqueue("trending", parameters={"days": 2}, by=None, at=world.at)
    else:
        world.at += timedelta(minutes=30)
    world.pass_(scheduler, timedelta(seconds=20), steps=200)
    scheduler.close()
    assert len(launched) == 2, "as often as MARQUEE_JOB_RETRIES says, and once"
    assert launched[1] - launched[0] >= timedelta(seconds=QUICK.retry / 2)
    (run,) = world.stores.jobs.runs("trending")
    assert (run.outcome, run.attempt, dict(run.parameters)) == (Outcome.FAILED, 2, {"days": 2} if wished else {})
    assert "before the run started, 2 times, last with code 8" in run.error
    assert world.told == [("trending", Outcome.FAILED)]


def test_a_machine_that_can_make_no_process_now_makes_one_later(world: World) -> None:
    left = [OSError(12, "Cannot allocate memory")]

    def poor(order: Order, site: Site) -> Launched:
        if left:
            raise left.pop()
        return workers.here(order, site)

    scheduler = world.scheduler(launcher=poor)
    scheduler.step()
    world.pass_(scheduler, timedelta(minutes=30))
    world.pass_(scheduler, timedelta(seconds=2), steps=20)
    assert world.outcomes() == [Outcome.DONE]
    assert world.stores.jobs.runs("trending")[0].attempt == 2


def test_what_breaks_a_step_is_said_once_and_the_next_step_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler = world.scheduler()
    scheduler.step()
    with monkeypatch.context() as patched:
        patched.setattr(Timetable, "step", lambda *_: {}["what is not there"])
        world.pass_(scheduler, timedelta(minutes=30), steps=10)
    assert [record.message for record in caplog.records if record.exc_info] == [
        "a step of the scheduler failed; the next one tries again"
    ]
    scheduler.step()
    assert world.outcomes() == [Outcome.DONE]


def test_a_row_of_the_schedule_that_somebody_else_removed_is_done(world: World) -> None:
    def taking(order: Order, site: Site) -> Launched:
        other = Timetable(world.settings.database)
        other.start()
        other._scheduler.remove_job("again:trending")
        other.stop()
        return workers.here(order, site)

    schedule = Timetable(world.settings.database)
    schedule.start()
    schedule.again("trending", at=world.at, attempt=2, parameters={})
    schedule.stop()
    scheduler = world.scheduler(launcher=taking)
    scheduler.step()
    world.pass_(scheduler, timedelta(seconds=4), steps=4)
    assert world.outcomes() == [Outcome.DONE]


def _ends_as_cut_off(world: World, *, attempt: int = 1) -> None:
    """The run of another process notices that it is alone."""
    run = world.stores.jobs.start("trending", holder="old:1:a", at=world.at, attempt=attempt)
    world.stores.jobs.finish(run.id, outcome=Outcome.ABANDONED, at=world.at, error="the scheduler has died")
