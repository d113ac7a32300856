"""Runs of jobs: the contract of `JobStore`."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import Busy, NotFound
from core.jobs.runs import LONGEST_LOG, Outcome, Run
from core.users import User, UserId
from data import database
from data.database import Stores
from tests.data.database.servers import MINUTE, NOW

JOB, OTHER = "retrain", "trending"
ENDED = [outcome for outcome in Outcome if outcome.ended]


def _started(stores: Stores, job: str = JOB, *, holder: str = "here:1:a") -> Run:
    return stores.jobs.start(job, holder=holder, at=NOW)


def _ended(stores: Stores, outcome: Outcome = Outcome.DONE, job: str = JOB, *, minutes: int = 0) -> Run:
    run = _started(stores, job)
    assert stores.jobs.finish(run.id, outcome=outcome, at=NOW + minutes * MINUTE)
    return stores.jobs.get(run.id)


def test_a_queued_run_waits_and_is_started_with_its_parameters(stores: Stores, ann: User) -> None:
    queued = stores.jobs.enqueue(JOB, parameters={"factors": 64, "names": ["a"]}, by=ann.id, at=NOW)
    assert (queued.outcome, queued.queued_by, queued.holder) == (Outcome.QUEUED, ann.id, "")
    assert list(stores.jobs.queued()) == list(stores.jobs.live()) == [queued]
    run = stores.jobs.start(JOB, holder="here:1:a", at=NOW + MINUTE, parameters={"factors": 8}, attempt=2)
    assert (run.id, run.outcome, run.holder, run.attempt) == (queued.id, Outcome.RUNNING, "here:1:a", 2)
    assert (run.queued_at, run.started_at, run.queued_by) == (NOW, NOW + MINUTE, ann.id)
    assert run.parameters == {"factors": 64, "names": ["a"]}
    assert (list(stores.jobs.queued()), list(stores.jobs.live())) == ([], [run])


def test_a_run_can_start_without_being_queued(stores: Stores) -> None:
    run = stores.jobs.start(JOB, holder="here:1:a", at=NOW, parameters={"factors": 8})
    assert run == stores.jobs.get(run.id)
    assert (run.queued_by, run.queued_at, run.parameters, run.progress) == (None, NOW, {"factors": 8}, None)


def test_queued_runs_are_returned_oldest_first(stores: Stores) -> None:
    wishes = [stores.jobs.enqueue(job, parameters={}, by=None, at=NOW) for job in (JOB, OTHER)]
    assert list(stores.jobs.queued()) == wishes


def test_a_queued_or_running_job_is_busy(stores: Stores) -> None:
    queued = stores.jobs.enqueue(JOB, parameters={}, by=None, at=NOW)
    with pytest.raises(Busy, match=rf"^retrain is already queued \(run {queued.id}\)"):
        stores.jobs.enqueue(JOB, parameters={}, by=None, at=NOW)
    _started(stores)
    with pytest.raises(Busy, match=rf"^retrain is already running \(run {queued.id}\)"):
        stores.jobs.enqueue(JOB, parameters={}, by=None, at=NOW)
    with pytest.raises(Busy, match=rf"^retrain is already running \(run {queued.id}\)"):
        _started(stores)
    assert _started(stores, OTHER).job == OTHER


@pytest.mark.parametrize("outcome", ENDED)
def test_a_job_can_be_queued_again_after_it_ended(stores: Stores, outcome: Outcome) -> None:
    first = _ended(stores, outcome)
    assert stores.jobs.enqueue(JOB, parameters={}, by=None, at=NOW).id > first.id


def test_an_unknown_account_cannot_queue_a_run(stores: Stores) -> None:
    with pytest.raises(NotFound, match="no account 999999"):
        stores.jobs.enqueue(JOB, parameters={}, by=UserId(999_999), at=NOW)
    assert list(stores.jobs.live()) == []


def test_progress_is_recorded_merged_and_appended(stores: Stores) -> None:
    run = _started(stores).id
    assert stores.jobs.progress(run, share=0.25, doing="fitting", figures={"loss": [3.0]}, lines="begun\n")
    assert stores.jobs.progress(run, figures={"loss": [3.0, 2.0], "movies": 7}, lines="more\n")
    assert stores.jobs.progress(run)
    found = stores.jobs.get(run)
    assert (found.progress, found.doing, found.log) == (0.25, "fitting", "begun\nmore\n")
    assert found.figures == {"loss": [3.0, 2.0], "movies": 7}


def test_a_log_keeps_its_newest_lines(stores: Stores) -> None:
    run = _started(stores).id
    stores.jobs.progress(run, lines="old" * LONGEST_LOG)
    stores.jobs.progress(run, lines="the end")
    log = stores.jobs.get(run).log
    assert len(log) == LONGEST_LOG
    assert log.endswith("the end")


def test_figures_are_stored_as_plain_json(stores: Stores) -> None:
    run = _started(stores).id
    odd = {
        "a": np.float32(0.5),
        "b": float("nan"),
        "c": {"d": np.arange(2)},
        "e": (1, float("inf")),
        "f": "nul\0 \udc00",
    }
    stores.jobs.progress(run, figures=odd)
    assert stores.jobs.get(run).figures == {"a": 0.5, "b": None, "c": {"d": [0, 1]}, "e": [1, None], "f": "nul ?"}
    with pytest.raises(TypeError, match="g: expected a plain JSON value, got set"):
        stores.jobs.progress(run, figures={"g": {1}})


@pytest.mark.parametrize("outcome", ENDED)
def test_a_run_ends_once(stores: Stores, outcome: Outcome) -> None:
    run = _started(stores).id
    stores.jobs.progress(run, figures={"a": 1})
    assert stores.jobs.finish(run, outcome=outcome, at=NOW + MINUTE, figures={"b": 2}, error="Traceback")
    ended = stores.jobs.get(run)
    assert (ended.outcome, ended.ended_at, ended.error) == (outcome, NOW + MINUTE, "Traceback")
    assert ended.figures == {"a": 1, "b": 2}
    assert not stores.jobs.finish(run, outcome=Outcome.FAILED, at=NOW, figures={"b": 3})
    assert not stores.jobs.progress(run, lines="from the dead")
    assert not stores.jobs.progress(run)
    assert stores.jobs.get(run) == ended


def test_a_run_cannot_end_as_running_and_a_queued_run_cannot_finish(stores: Stores) -> None:
    queued = stores.jobs.enqueue(JOB, parameters={}, by=None, at=NOW)
    assert not stores.jobs.finish(queued.id, outcome=Outcome.DONE, at=NOW)
    with pytest.raises(ValueError, match="expected a final outcome"):
        stores.jobs.finish(queued.id, outcome=Outcome.RUNNING, at=NOW)


def test_a_running_run_learns_of_its_cancellation_at_its_next_step(stores: Stores) -> None:
    run = _started(stores).id
    assert stores.jobs.progress(run)
    assert stores.jobs.cancel(run, at=NOW).outcome is Outcome.RUNNING
    assert not stores.jobs.progress(run)
    assert not stores.jobs.progress(run, share=0.5)
    assert stores.jobs.get(run).progress == 0.5


def test_a_queued_run_is_cancelled_at_once_and_an_ended_run_is_unchanged(stores: Stores) -> None:
    queued = stores.jobs.enqueue(JOB, parameters={}, by=None, at=NOW)
    cancelled = stores.jobs.cancel(queued.id, at=NOW + MINUTE)
    assert (cancelled.outcome, cancelled.ended_at) == (Outcome.CANCELLED, NOW + MINUTE)
    done = _ended(stores)
    assert stores.jobs.cancel(done.id, at=NOW + 9 * MINUTE) == done
    with pytest.raises(NotFound, match="no run 999999"):
        stores.jobs.cancel(999_999, at=NOW)
    with pytest.raises(NotFound, match="no run 999999"):
        stores.jobs.get(999_999)


def test_only_the_runs_of_a_dead_process_are_abandoned(stores: Stores) -> None:
    dead = [_started(stores, job, holder="dead") for job in (JOB, OTHER)]
    alive = _started(stores, "cleanup", holder="alive")
    queued = stores.jobs.enqueue("implicit-feedback", parameters={}, by=None, at=NOW)
    ended = stores.jobs.abandon(holder="dead", at=NOW + MINUTE)
    assert [run.id for run in ended] == [run.id for run in dead]
    assert {(run.outcome, run.ended_at) for run in ended} == {(Outcome.ABANDONED, NOW + MINUTE)}
    assert list(stores.jobs.live()) == [alive, queued]
    assert list(stores.jobs.abandon(holder="dead", at=NOW)) == []


def test_runs_of_one_job_or_all_are_paged_latest_first(stores: Stores) -> None:
    first, other, last = _ended(stores), _ended(stores, job=OTHER), _ended(stores)
    assert list(stores.jobs.runs()) == [last, other, first]
    assert list(stores.jobs.runs(JOB)) == [last, first]
    assert list(stores.jobs.runs(JOB, limit=1)) == [last]
    assert list(stores.jobs.runs(before=last.id, limit=1)) == [other]


def test_the_last_run_is_the_latest_with_that_outcome(stores: Stores) -> None:
    done, failed = _ended(stores), _ended(stores, Outcome.FAILED)
    _started(stores)
    assert stores.jobs.last(JOB) == failed
    assert stores.jobs.last(JOB, outcome=Outcome.DONE) == done
    assert stores.jobs.last(JOB, outcome=Outcome.REJECTED) is None
    assert stores.jobs.last(OTHER) is None


def test_the_latest_outcomes_are_those_of_ended_runs(stores: Stores) -> None:
    _ended(stores, Outcome.FAILED)
    _ended(stores, Outcome.REJECTED, minutes=2)
    _started(stores)
    _started(stores, OTHER)
    assert stores.jobs.latest() == {JOB: (Outcome.REJECTED, NOW + 2 * MINUTE)}


def test_the_connections_of_the_pool_are_counted(stores: Stores) -> None:
    stores.jobs.live()
    counts = database.pooled(stores)
    assert (counts["in_use"], counts["idle"] > 0) == (0, True)


def test_the_next_times_are_read_from_the_schedulers_table_if_it_exists(stores: Stores) -> None:
    assert stores.jobs.upcoming() == {}


def test_purging_deletes_old_ended_runs_but_no_active_ones(stores: Stores) -> None:
    _ended(stores)
    late = _ended(stores, minutes=5)
    live = _started(stores)
    assert stores.jobs.purge(before=NOW + MINUTE) == 1
    assert list(stores.jobs.runs()) == [live, late]
    assert stores.jobs.purge(before=NOW + 99 * MINUTE) == 1
    assert list(stores.jobs.runs()) == [live]


def test_a_run_outlives_the_account_that_queued_it(stores: Stores, ann: User) -> None:
    queued = stores.jobs.enqueue(JOB, parameters={}, by=ann.id, at=NOW)
    stores.accounts.delete(ann.id)
    assert stores.jobs.get(queued.id).queued_by is None
