"""Of many processes and threads that run a job or take a lease at the same time, exactly one succeeds."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
import pytest

from core.errors import Busy
from core.jobs.runs import Outcome
from core.recommendations.snapshots import ImplicitFeedback
from core.trends import HourTally
from core.users import UserId
from data.database import Stores
from tests.data.database.servers import MINUTE, NOW, ROOT, rows, sign_up

pytestmark = pytest.mark.slow

T = TypeVar("T")
THREADS, PROCESSES, ROUNDS = 16, 8, 12
RIVAL = """
import sys
from datetime import datetime, timedelta, UTC
from core.errors import Busy
from data import database
url, name = sys.stdin.readline().split()
stores = database.open(url)
at = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
print("ready", flush=True)
for line in sys.stdin:
    act, number = line.split()
    try:
        if act == "ask":
            won = bool(stores.jobs.enqueue("job " + number, parameters={}, by=None, at=at).id)
        elif act == "start":
            won = stores.jobs.start("job " + number, holder=name, at=at).holder == name
        else:
            won = stores.leases.acquire("lease " + number, holder=name, at=at, until=at + timedelta(minutes=1))
    except Busy as busy:
        assert "job " + number in str(busy), busy
        won = False
    print(int(won), flush=True)
"""


@pytest.fixture(scope="module")
def rivals(url: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that execute commands from their standard input and report whether they came first."""
    with _rivals(url) as running:
        yield running


@contextmanager
def _rivals(url: str) -> Iterator[list[subprocess.Popen[str]]]:
    command = [sys.executable, "-c", RIVAL]
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, bufsize=1) for _ in range(PROCESSES)
    ]
    for number, process in enumerate(running):
        _tell(process, f"{url} rival-{number}")
    assert [_hear(process) for process in running] == ["ready"] * PROCESSES
    yield running
    for process in running:
        process.communicate()


@pytest.mark.parametrize("act", ["ask", "start", "take"])
def test_of_eight_processes_exactly_one_succeeds_every_time(
    stores: Stores, rivals: list[subprocess.Popen[str]], act: str
) -> None:
    for number in range(ROUNDS):
        for process in rivals:
            _tell(process, f"{act} {number}")
        won = [process for process in rivals if _hear(process) == "1"]
        assert len(won) == 1, number
    kept = [stores.leases.get(f"lease {number}") for number in range(ROUNDS)] if act == "take" else stores.jobs.live()
    assert len(kept) == ROUNDS
    assert all(kept)


def test_of_eight_processes_exactly_one_starts_a_queued_run(
    stores: Stores, rivals: list[subprocess.Popen[str]]
) -> None:
    for number in range(ROUNDS):
        wish = stores.jobs.enqueue(f"job {number}", parameters={"n": number}, by=None, at=NOW)
        for process in rivals:
            _tell(process, f"start {number}")
        assert sum(_hear(process) == "1" for process in rivals) == 1
        assert stores.jobs.get(wish.id).outcome is Outcome.RUNNING
    assert len(stores.jobs.live()) == ROUNDS


@pytest.mark.parametrize("begin", ["ask", "start"])
def test_of_many_threads_exactly_one_succeeds(stores: Stores, url: str, begin: str) -> None:
    def act(thread: int) -> bool:
        try:
            if begin == "ask":
                stores.jobs.enqueue("retrain", parameters={}, by=None, at=NOW)
            else:
                stores.jobs.start("retrain", holder=str(thread), at=NOW)
        except Busy:
            return False
        return True

    assert sum(_at_once(act)) == 1
    assert rows(url, "job_runs") == 1


def test_a_run_ended_by_many_threads_has_one_outcome(stores: Stores) -> None:
    run = stores.jobs.start("retrain", holder="a", at=NOW).id

    def end(thread: int) -> bool:
        if thread % 3 == 0:
            return bool(stores.jobs.abandon(holder="a", at=NOW))
        if thread % 3 == 1:
            stores.jobs.cancel(run, at=NOW)
            return False
        return stores.jobs.finish(run, outcome=Outcome.DONE, at=NOW, figures={"by": thread})

    assert sum(_at_once(end)) == 1
    assert stores.jobs.get(run).outcome.ended


def test_figures_and_lines_of_many_threads_are_all_kept(stores: Stores) -> None:
    run = stores.jobs.start("retrain", holder="a", at=NOW).id
    _at_once(lambda thread: stores.jobs.progress(run, figures={str(thread): thread}, lines=f"{thread}\n"))
    found = stores.jobs.get(run)
    assert found.figures == {str(thread): thread for thread in range(THREADS)}
    assert sorted(map(int, found.log.split())) == list(range(THREADS))


def test_an_expired_lease_is_taken_over_by_one_of_many_threads(stores: Stores) -> None:
    stores.leases.acquire("scheduler", holder="dead", at=NOW, until=NOW + MINUTE)
    late = NOW + 2 * MINUTE
    won = _at_once(lambda thread: stores.leases.acquire("scheduler", holder=str(thread), at=late, until=late + MINUTE))
    lease = stores.leases.get("scheduler")
    assert lease is not None
    assert [thread for thread, taken in enumerate(won) if taken] == [int(lease.holder)]


def test_concurrent_recounts_leave_the_result_of_one(stores: Stores) -> None:
    hours = np.arange(100, dtype=np.int64)

    def recount(thread: int) -> None:
        stores.trends.recount(since=0, tally=HourTally(hours, hours + 1, np.full(100, float(thread)), hours))

    _at_once(recount)
    found = stores.trends.hours(since=0)
    assert (len(found), len(set(found.weights.tolist()))) == (100, 1)


def test_an_account_can_be_deleted_during_concurrent_writes(stores: Stores, url: str) -> None:
    ann = sign_up(stores, "Ann")

    def act(thread: int) -> None:
        if thread == THREADS // 2:
            return stores.accounts.delete(ann.id)
        stores.audit_log.add(by=ann.id, action="look", subject=str(thread), details={}, at=NOW)
        return stores.exposures.add(f"experiment {thread}", {UserId(ann.id): "a"}, at=NOW)

    _at_once(act)
    assert {act.by for act in stores.audit_log.latest()} == {None}
    assert (rows(url, "audit_log"), rows(url, "exposures")) == (THREADS - 1, 0)


def test_replacing_implicit_feedback_while_accounts_are_deleted_does_not_deadlock(stores: Stores, url: str) -> None:
    users = np.array([sign_up(stores, f"Viewer {number}").id for number in range(THREADS)], np.int64)
    ones = np.ones(THREADS, np.int64)

    def act(thread: int) -> None:
        if thread % 2:
            return stores.accounts.delete(UserId(int(users[thread])))
        return stores.implicit_feedback.replace(ImplicitFeedback(users, ones, ones, ones, ones, ones))

    _at_once(act)
    assert rows(url, "implicit_feedback") == rows(url, "users") == THREADS // 2


def _tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _at_once(act: Callable[[int], T]) -> list[T]:
    gate = threading.Barrier(THREADS)

    def run(thread: int) -> T:
        gate.wait()
        return act(thread)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))
