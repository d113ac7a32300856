"""One run of a job, from its row to its outcome, in this process and on real databases."""

from __future__ import annotations

import threading
import time
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


def test_a_good_run_is_a_row_with_times_figures_and_a_log(site: Site) -> None:
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


def test_what_was_made_and_is_not_good_enough_is_an_outcome_with_its_reason(site: Site) -> None:
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


def test_a_wish_is_taken_up_with_its_parameters(site: Site) -> None:
    queued = site.stores.jobs.enqueue("trending", parameters={"days": 3}, by=None, at=now())
    ended = run.run(Order(job(worlds.good)), site)
    assert ended.id == queued.id
    assert ended.figures["given"] == {"days": 3}
    assert site.stores.jobs.queued() == []


def test_one_that_runs_is_not_run_a_second_time(site: Site) -> None:
    held = HeldLease(site.stores.leases, "job:trending", "elsewhere:1:a", clock=now, rhythm=QUICK)
    assert held.acquire()
    with pytest.raises(Busy, match="is already running"):
        run.run(Order(job(worlds.good)), site)
    held.give_back()
    assert run.run(Order(job(worlds.good)), site).outcome is Outcome.DONE
    assert worlds.noted(site.settings) == ["good"]


def test_two_threads_that_begin_at_once_run_it_once(site: Site) -> None:
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


def test_runs_of_the_tests_notice_another_at_the_same_time(site: Site) -> None:
    """Two jobs may run at once; tests that let one job do so by mistake fail by this note."""
    with Running(site, Order(job(worlds.waiting))), Running(site, Order(job(worlds.waiting, name="cleanup"))):
        until(lambda: "clash" in worlds.noted(site.settings))
        (site.settings.home / "go").touch()


def test_a_run_that_a_dead_process_left_does_not_stand_in_the_way(site: Site) -> None:
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


def test_a_run_stops_when_somebody_asks_for_it(site: Site) -> None:
    with Running(site, Order(job(worlds.waiting))) as begun:
        live = until(lambda: _live(site.stores, "waited"))
        site.stores.jobs.cancel(live.id, at=now())
    assert begun.ended.outcome is Outcome.CANCELLED
    assert begun.ended.error == "cancelled by an administrator"
    assert "over" not in worlds.noted(site.settings)


def test_a_run_that_takes_too_long_is_stopped_and_has_failed(site: Site) -> None:
    ended = run.run(Order(job(worlds.waiting, limit=0.2)), site)
    assert ended.outcome is Outcome.FAILED
    assert "exceeded its time limit" in ended.error
    assert "stopping: it took longer" in ended.log


def test_a_run_that_lost_its_lease_ends_and_changes_nothing_of_the_row(site: Site) -> None:
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
def test_a_run_goes_on_while_the_database_is_away_unless_somebody_took_it_for_dead_meanwhile(
    site: Site, taken: bool, caplog: pytest.LogCaptureFixture
) -> None:
    line, order = worlds.Line(), Order(job(worlds.waiting))
    with Running(replace(site, stores=line.to(site.stores)), order) as begun:
        until(lambda: _live(site.stores, "waited"))
        line.cut = True
        time.sleep(1.5 * QUICK.lease)
        if taken:
            assert site.stores.leases.acquire(
                "job:trending", holder="b:1:a", at=now(), until=now() + timedelta(hours=1)
            )
        line.cut = False
        if taken:
            until(lambda: begun.over)  # it notices by itself
        (site.settings.home / "go").touch()
    assert begun.ended.outcome is (Outcome.ABANDONED if taken else Outcome.DONE)
    said = [record.message for record in caplog.records if "is not written down" in record.message]
    assert len(said) == 1, "once, however long it lasts"


def test_the_lease_is_renewed_for_as_long_as_it_runs(site: Site) -> None:
    with Running(site, Order(job(worlds.waiting))):
        until(lambda: _live(site.stores, "waited"))
        first = site.stores.leases.get("job:trending")
        assert first is not None
        late = first.until + timedelta(seconds=QUICK.lease)
        until(lambda: (lease := site.stores.leases.get("job:trending")) is not None and lease.until > late)
        (site.settings.home / "go").touch()


def test_one_whose_parent_is_gone_stops(site: Site) -> None:
    ended = run.run(Order(job(worlds.waiting), parent=1), site)
    assert ended.outcome is Outcome.ABANDONED
    assert "has died" in ended.error


def test_work_that_is_stopped_counts_as_stopped_whatever_it_raises_on_its_way_out(site: Site) -> None:
    ended = run.run(Order(job(worlds.stubborn, limit=0.1)), site)
    assert "exceeded its time limit" in ended.error


def test_steps_stop_work_that_calls_nothing_else_but_never_after_the_last(site: Site) -> None:
    row = site.stores.jobs.start("trending", holder="here:1:a", at=now())
    work = RunProgress(row, site.stores.jobs, clock=now)
    work.stop(Stop(Outcome.CANCELLED, "enough"))
    work.step("writing", 2, 2)
    with pytest.raises(Cancelled, match="enough"):
        work.step("writing", 1, 2)


def test_what_could_not_be_written_is_written_later_and_in_order(site: Site) -> None:
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


def test_a_database_that_is_away_for_a_moment_does_not_cost_the_outcome(site: Site) -> None:
    class Stays(_Flaky):
        def finish(self, *arguments: Any, **more: Any) -> Any:
            return self._call("finish", *arguments, **more)

    flaky = Stays(site.stores.jobs, failures=2)
    stores = _with_jobs(site.stores, flaky)
    ended = run.run(Order(job(worlds.good)), replace(site, stores=stores))
    assert ended.outcome is Outcome.DONE
    assert flaky.failures == 0


class _Flaky:
    """A store of runs whose writes of progress fail a few times."""

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
    """A run in a thread of its own, waited for in the end."""

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
