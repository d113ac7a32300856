"""Schedulers and runs as real processes: killed, stopped, hanging, and two at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from core.config import Settings
from core.jobs.runs import Outcome, Run
from data.database import Stores
from engine.clock import now
from engine.operations import LEASE
from tests.data.database.servers import ROOT
from tests.jobs import worlds
from tests.jobs.worlds import until

pytestmark = pytest.mark.slow

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Starts schedulers and stops them at the end."""
    begun: list[subprocess.Popen[str]] = []

    def _start(function: str, *more: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.server", str(settings.home), function, *more],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=(settings.home / f"log-{len(begun)}").open("w", encoding="utf-8"),
            text=True,
        )
        assert process.stdin is not None
        process.stdin.write(settings.database + "\n")
        process.stdin.close()
        begun.append(process)
        return process

    yield _start
    for process in begun:
        process.terminate()
    for process in begun:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
        process.kill()
        process.wait()


def test_a_killed_scheduler_is_taken_over_and_its_interrupted_run_is_repeated(
    settings: Settings, stores: Stores, start: Start
) -> None:
    first = start("waiting")
    until(lambda: _holder(stores) == first.pid)
    second = start("waiting")
    queued = _ask(stores)
    until(lambda: stores.jobs.get(queued.id).figures)
    child = _pid(stores.jobs.get(queued.id).holder)
    first.send_signal(signal.SIGKILL)
    until(lambda: _holder(stores) == second.pid)
    until(lambda: stores.jobs.get(queued.id).outcome is Outcome.ABANDONED)
    again = until(lambda: next((run for run in stores.jobs.live() if run.id != queued.id and run.figures), None))
    until(lambda: not _alive(child))
    (settings.home / "go").touch()
    until(lambda: stores.jobs.get(again.id).outcome is Outcome.DONE)
    assert worlds.noted(settings) == ["waiting", "waiting", "over"]


def test_a_stopped_scheduler_releases_its_lease_and_its_run_is_repeated(
    settings: Settings, stores: Stores, start: Start
) -> None:
    first = start("waiting")
    until(lambda: _holder(stores) == first.pid)
    queued = _ask(stores)
    until(lambda: stores.jobs.get(queued.id).figures)
    second = start("waiting")
    first.terminate()
    until(lambda: _holder(stores) == second.pid)
    assert first.wait(timeout=30) == 0
    cut = stores.jobs.get(queued.id)
    assert (cut.outcome, cut.error) == (
        Outcome.ABANDONED,
        "the scheduler is shutting down; the next one runs this again",
    )
    until(lambda: next((run for run in stores.jobs.live() if run.id != queued.id and run.figures), None))
    (settings.home / "go").touch()
    until(lambda: stores.jobs.last("trending", outcome=Outcome.DONE))


def test_a_run_whose_process_is_killed_is_abandoned_and_repeated(
    settings: Settings, stores: Stores, start: Start
) -> None:
    start("waiting")
    queued = _ask(stores)
    until(lambda: stores.jobs.get(queued.id).figures)
    os.kill(_pid(stores.jobs.get(queued.id).holder), signal.SIGKILL)
    until(lambda: stores.jobs.get(queued.id).outcome is Outcome.ABANDONED)
    until(lambda: next((run for run in stores.jobs.live() if run.id != queued.id and run.figures), None))
    (settings.home / "go").touch()
    again = until(lambda: stores.jobs.last("trending", outcome=Outcome.DONE))
    assert again.attempt == 2


def test_a_run_that_ends_after_another_scheduler_took_over_is_repeated(
    settings: Settings, stores: Stores, start: Start
) -> None:
    first = start("hanging", "60", "LATE")
    until(lambda: _holder(stores) == first.pid)
    queued = _ask(stores)
    until(lambda: stores.jobs.get(queued.id).started_at)
    second = start("hanging", "60", "LATE")
    until(lambda: "this process waits" in (settings.home / "log-1").read_text(encoding="utf-8"))
    first.send_signal(signal.SIGKILL)
    until(lambda: _holder(stores) == second.pid)
    cut = until(lambda: _if_ended(stores, queued))
    assert (cut.outcome, cut.error.split(";")[0]) == (Outcome.ABANDONED, "the scheduler that started this run has died")
    again = until(lambda: next((run for run in stores.jobs.live() if run.id != queued.id), None))
    assert again.attempt == 2


def test_a_hanging_run_is_killed_and_its_stack_is_recorded(stores: Stores, start: Start) -> None:
    start("hanging", "0.5")
    queued = _ask(stores)
    run = until(lambda: _if_ended(stores, queued))
    assert run.outcome is Outcome.FAILED
    assert "exceeded its time limit" in run.error
    assert "did not stop within 1 s" in run.error
    assert "in hanging" in run.error
    until(lambda: (lease := stores.leases.get("job:trending")) is None or lease.holder != run.holder)


def test_a_run_is_cancelled_from_another_process(stores: Stores, start: Start) -> None:
    start("waiting")
    queued = _ask(stores)
    until(lambda: stores.jobs.get(queued.id).figures)
    stores.jobs.cancel(queued.id, at=now())
    assert until(lambda: _if_ended(stores, queued)).outcome is Outcome.CANCELLED


def test_repeatedly_killed_schedulers_never_run_a_job_twice_at_once(
    settings: Settings, stores: Stores, start: Start
) -> None:
    """Every run tries to take a system lock, which is independent of leases, and records if another run has it."""
    _ask(stores)
    for _ in range(3):
        one, other = start("waiting"), start("waiting")
        until(lambda: _holder(stores) in (one.pid, other.pid))  # noqa: B023
        until(lambda: any(run.figures for run in stores.jobs.live()))
        holder = one if _holder(stores) == one.pid else other
        holder.kill()
        time.sleep(0.3)
        (other if holder is one else one).kill()
        until(lambda: stores.jobs.live() == [] or not _alive_runs(stores))
    start("waiting")
    (settings.home / "go").touch()
    until(lambda: stores.jobs.last("trending", outcome=Outcome.DONE) or None)
    noted = worlds.noted(settings)
    assert "clash" not in noted
    assert noted.count("over") == 1
    assert noted[-1] == "over"


def _ask(stores: Stores) -> Run:
    return stores.jobs.enqueue("trending", parameters={}, by=None, at=now())


def _holder(stores: Stores) -> int:
    found = stores.leases.get(LEASE)
    return _pid(found.holder) if found and found.until > now() else 0


def _pid(holder: str) -> int:
    return int(holder.split(":")[1])


def _if_ended(stores: Stores, queued: Run) -> Run | None:
    run = stores.jobs.get(queued.id)
    return run if run.outcome.ended else None


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _alive_runs(stores: Stores) -> list[Run]:
    leases = [stores.leases.get(f"job:{run.job}") for run in stores.jobs.live()]
    return [run for run, lease in zip(stores.jobs.live(), leases, strict=False) if lease and lease.until > now()]
