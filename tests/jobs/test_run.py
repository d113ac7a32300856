"""A run of a job from its row to its outcome, in this process and with real databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.errors import Busy, Cancelled, StoreUnavailable
from core.jobs.runs import Outcome, Run
from data.database import Stores
from engine.clock import now
from jobs import run
from jobs.leases import HeldLease
from jobs.progress import RunProgress, Stop
from jobs.run import Order, Site
from tests.jobs import worlds
from tests.jobs.worlds import QUICK, job, until


def test_a_successful_run_has_a_row_with_times_figures_and_a_log(site: Site) -> None:
    ended = run.run(Order(job(worlds.good), {"factors": 8}), site)
    assert ended.outcome is Outcome.DONE
    assert ended.started_at is not None
    assert ended.ended_at is not None
    assert ended.started_at <= ended.ended_at
    assert ended.figures == {
        "so far": 1,
        "given": {"factors": 8},
        "after": {"ndcg@10": 0.3},
        "before": {"ndcg@10": 0.2},
    }
    assert ended.log.endswith("begun\n")
    assert (ended.progress, ended.doing) == (1.0, "counting: 2 of 2")
    assert ended.error == ""


def test_a_rejected_result_is_an_outcome_with_its_reason(site: Site) -> None:
    ended = run.run(Order(job(worlds.rejecting)), site)
    assert ended.outcome is Outcome.REJECTED
    assert ended.figures["rejected"] == "worse than what is published"
    assert ended.error == ""


def test_a_failure_is_an_outcome_with_its_traceback(site: Site) -> None:
    ended = run.run(Order(job(worlds.failing)), site)
    assert ended.outcome is Outcome.FAILED
    assert 'raise ZeroDivisionError("no way around' in ended.error
    assert ended.error.splitlines()[-1].startswith("ZeroDivisionError: no way around")
    assert site.stores.leases.get("job:trending") is None


def test_a_queued_run_is_started_with_its_parameters(site: Site) -> None:
    queued = site.stores.jobs.enqueue("trending", parameters={"days": 3}, by=None, at=now())
    ended = run.run(Order(job(worlds.good)), site)
    assert ended.id == queued.id
    assert ended.figures["given"] == {"days": 3}
    assert site.stores.jobs.queued() == []


def test_a_running_job_is_not_started_again(site: Site) -> None:
    held = HeldLease(site.stores.leases, "job:trending", "elsewhere:1:a", clock=now, rhythm=QUICK)
    assert held.acquire()
    with pytest.raises(Busy, match="is already running"):
        run.run(Order(job(worlds.good)), site)
    held.give_back()
    assert run.run(Order(job(worlds.good)), site).outcome is Outcome.DONE
    assert worlds.noted(site.settings) == ["good"]


def test_two_threads_that_start_it_at_once_run_it_once(site: Site) -> None:
    results: list[str] = []

    def begin() -> None:
        try:
            results.append(run.run(Order(job(worlds.waiting)), site).outcome)
        except Busy:
            results.append("busy")
            (site.settings.home / "go").touch()

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(worlds.PATIENCE)
    assert sorted(results) == ["busy", Outcome.DONE]
    assert worlds.noted(site.settings) == ["waiting", "over"]


def test_test_jobs_detect_concurrent_runs(site: Site) -> None:
    """Concurrent runs of one job would go unnoticed in the other tests without this check."""
    with Running(site, Order(job(worlds.waiting))), Running(site, Order(job(worlds.waiting, name="cleanup"))):
        until(lambda: "clash" in worlds.noted(site.settings))
        (site.settings.home / "go").touch()


def test_a_run_of_a_dead_process_does_not_block_a_new_one(site: Site) -> None:
    left = site.stores.jobs.start("trending", holder="dead:1:a", at=now())
    assert run.run(Order(job(worlds.good)), site).outcome is Outcome.DONE
    assert site.stores.jobs.get(left.id).outcome is Outcome.ABANDONED


def test_progress_can_be_read_while_it_runs(site: Site) -> None:
    with Running(site, Order(job(worlds.waiting))) as begun:
        seen = until(lambda: _live(site.stores, "waited"))
        assert (seen.doing, dict(seen.figures)) == ("waiting for a file", {"waited": True})
        assert "waiting for a file" in seen.log
        (site.settings.home / "go").touch()
    assert begun.ended.outcome is Outcome.DONE


def test_a_run_stops_on_request(site: Site) -> None:
    with Running(site, Order(job(worlds.waiting))) as begun:
        live = until(lambda: _live(site.stores, "waited"))
        site.stores.jobs.cancel(live.id, at=now())
    assert begun.ended.outcome is Outcome.CANCELLED
    assert begun.ended.error == "cancelled by an administrator"
    assert "over" not in worlds.noted(site.settings)


def test_a_run_over_its_time_limit_is_stopped_and_fails(site: Site) -> None:
    ended = run.run(Order(job(worlds.waiting, limit=0.2)), site)
    assert ended.outcome is Outcome.FAILED
    assert "exceeded its time limit" in ended.error
    assert "stopping: exceeded its time limit" in ended.log


def test_a_run_that_lost_its_lease_ends_without_changing_the_row(site: Site) -> None:
    order = Order(job(worlds.waiting))
    with Running(site, order) as begun:
        until(lambda: _live(site.stores, "waited"))
        site.stores.leases.release("job:trending", holder=order.holder)
        far = now() + timedelta(hours=1)
        assert site.stores.leases.acquire("job:trending", holder="other:1:a", at=now(), until=far)
        site.stores.jobs.abandon(holder=order.holder, at=now())
    assert begun.ended.outcome is Outcome.ABANDONED
    lease = site.stores.leases.get("job:trending")
    assert lease is not None
    assert lease.holder == "other:1:a"


@pytest.mark.parametrize("taken", [False, True])
def test_a_run_continues_while_the_database_is_unreachable_unless_it_was_abandoned_meanwhile(
    site: Site, taken: bool, caplog: pytest.LogCaptureFixture
) -> None:
    line, order = worlds.Line(), Order(job(worlds.waiting))
    hasty = replace(site, stores=line.to(site.stores), rhythm=replace(QUICK, lease=0.5, beat=0.1))
    with Running(hasty, order) as begun:
        until(lambda: _live(site.stores, "waited"))
        line.cut = True
        until(lambda: (lease := site.stores.leases.get("job:trending")) is None or lease.until < now())
        if taken:
            assert site.stores.leases.acquire(
                "job:trending", holder="b:1:a", at=now(), until=now() + timedelta(hours=1)
            )
        line.cut = False
        if taken:
            until(lambda: begun.over)  # detected by its heartbeat
        (site.settings.home / "go").touch()
    assert begun.ended.outcome is (Outcome.ABANDONED if taken else Outcome.DONE)
    said = [record.message for record in caplog.records if "is not recorded" in record.message]
    assert len(said) == 1, "logged once, however long the outage lasts"


def test_the_lease_is_renewed_while_it_runs(site: Site) -> None:
    with Running(site, Order(job(worlds.waiting))):
        until(lambda: _live(site.stores, "waited"))
        first = site.stores.leases.get("job:trending")
        assert first is not None
        late = first.until + timedelta(seconds=QUICK.lease)
        until(lambda: (lease := site.stores.leases.get("job:trending")) is not None and lease.until > late)
        (site.settings.home / "go").touch()


def test_a_run_whose_parent_has_exited_stops(site: Site) -> None:
    ended = run.run(Order(job(worlds.waiting), parent=1), site)
    assert ended.outcome is Outcome.ABANDONED
    assert "has died" in ended.error


def test_stopped_work_counts_as_stopped_whatever_error_it_raises(site: Site) -> None:
    ended = run.run(Order(job(worlds.stubborn, limit=0.1)), site)
    assert "exceeded its time limit" in ended.error


def test_steps_cancel_work_that_never_checks_but_not_after_the_last_step(site: Site) -> None:
    row = site.stores.jobs.start("trending", holder="here:1:a", at=now())
    work = RunProgress(row, site.stores.jobs, clock=now)
    work.stop(Stop(Outcome.CANCELLED, "enough"))
    work.step("writing", 2, 2)
    with pytest.raises(Cancelled, match="enough"):
        work.step("writing", 1, 2)


def test_progress_that_could_not_be_recorded_is_recorded_later_in_order(site: Site) -> None:
    row = site.stores.jobs.start("trending", holder="here:1:a", at=now())
    flaky = _Flaky(site.stores.jobs, failures=1)
    work = RunProgress(row, flaky, clock=now)  # type: ignore[arg-type]
    work.say("one")
    work.note({"a": 1, "b": 1})
    with pytest.raises(StoreUnavailable):
        work.write()
    work.say("two")
    work.note({"b": 2})
    assert work.write()
    kept = site.stores.jobs.get(row.id)
    assert [line.split()[-1] for line in kept.log.splitlines()] == ["one", "two"]
    assert kept.figures == {"a": 1, "b": 2}


def test_a_short_database_outage_does_not_lose_the_outcome(site: Site) -> None:
    class Stays(_Flaky):
        def finish(self, *arguments: Any, **more: Any) -> Any:
            return self._call("finish", *arguments, **more)

    flaky = Stays(site.stores.jobs, failures=2)
    stores = _with_jobs(site.stores, flaky)
    ended = run.run(Order(job(worlds.good)), replace(site, stores=stores))
    assert ended.outcome is Outcome.DONE
    assert flaky.failures == 0


class _Flaky:
    """A run store whose progress writes fail a few times."""

    def __init__(self, jobs: Any, *, failures: int) -> None:
        self._jobs, self.failures = jobs, failures

    def __getattr__(self, name: str) -> Any:
        return getattr(self._jobs, name)

    def progress(self, *arguments: Any, **more: Any) -> Any:
        return self._call("progress", *arguments, **more)

    def _call(self, name: str, *arguments: Any, **more: Any) -> Any:
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable("away")
        return getattr(self._jobs, name)(*arguments, **more)


def _with_jobs(stores: Stores, jobs: Any) -> Stores:
    names = {name: getattr(stores, name) for name in stores.__slots__}
    return Stores(**{**names, "jobs": jobs})


class Running:
    """A run in its own thread, joined at the end."""

    def __init__(self, site: Site, order: Order) -> None:
        self.ended: Run
        self._thread = threading.Thread(target=self._run, args=(site, order))

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return not self._thread.is_alive()

    def __enter__(self) -> Running:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(worlds.PATIENCE)
        assert self.over

    def _run(self, site: Site, order: Order) -> None:
        self.ended = run.run(order, site)


def _live(stores: Stores, figure: str) -> Run | None:
    return next((found for found in stores.jobs.live() if figure in found.figures), None)
