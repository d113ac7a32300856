"""`marquee jobs`: running a job, the list and the history, on a real database; and the scheduler process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from core.config import Settings
from core.jobs.job_catalogue import NAMES
from core.jobs.runs import Outcome
from data import database
from data.database import Stores, revisions
from engine.clock import now
from engine.operations import LEASE
from marquee import cli
from marquee.context import Parts
from tests import databases
from tests.data.database.servers import ROOT

Command = Callable[..., Result]
PATIENCE = 60


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, offline=True)


@pytest.fixture
def stores(settings: Settings) -> Iterator[Stores]:
    opened = databases.open_new(settings.database)
    yield opened
    database.close(opened)


@pytest.fixture
def jobs(settings: Settings) -> Command:
    """Runs `marquee jobs …` on the site of the settings."""
    parts = Parts(settings=lambda: settings)
    return lambda *arguments: CliRunner().invoke(cli.main, ("jobs", *arguments), obj=parts)


def test_a_job_runs_immediately_and_prints_its_figures(jobs: Command, stores: Stores) -> None:
    ran = jobs("run", "cleanup")
    assert ran.exit_code == 0, ran.output
    assert "cleanup, run 1: done" in ran.stdout
    assert "  events: 0" in ran.stdout
    assert stores.jobs.get(1).outcome is Outcome.DONE
    assert json.loads(jobs("run", "cleanup", "--json").stdout)["figures"]["sessions"] == 0


def test_a_failed_job_exits_with_1_and_its_last_line(jobs: Command, stores: Stores) -> None:
    ran = jobs("run", "retrain")
    assert ran.exit_code == 1
    assert "retrain, run 1: failed: " in ran.stderr
    assert "IndexMissing" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Traceback" in stores.jobs.get(1).error


def test_parameters_are_parsed_as_json_and_validated_first(jobs: Command, stores: Stores) -> None:
    assert jobs("run", "download-movielens", "--set", "anyway=true").exit_code == 0
    assert dict(stores.jobs.get(1).parameters) == {"anyway": True}
    for given, fault in (("anyway=7", "expected true or false"), ("loud=1", "no such parameter"), ("x", "KEY=VALUE")):
        ended = jobs("run", "download-movielens", "--set", given)
        assert ended.exit_code == 2
        assert fault in ended.stderr
    assert len(stores.jobs.runs()) == 1


def test_parameters_that_a_queued_run_would_drop_are_refused(jobs: Command, stores: Stores) -> None:
    wish = stores.jobs.enqueue("download-movielens", parameters={}, by=None, at=now())
    ended = jobs("run", "download-movielens", "--set", "anyway=true")
    assert ended.exit_code == 1
    assert f"already queued with other parameters (run {wish.id}: without parameters)" in ended.stderr
    assert stores.jobs.get(wish.id).outcome is Outcome.QUEUED
    assert jobs("run", "download-movielens").exit_code == 0
    assert stores.jobs.get(wish.id).outcome is Outcome.DONE
    same = stores.jobs.enqueue("download-movielens", parameters={"anyway": True}, by=None, at=now())
    assert jobs("run", "download-movielens", "--set", "anyway=true").exit_code == 0
    assert stores.jobs.get(same.id).outcome is Outcome.DONE


def test_a_job_that_already_runs_elsewhere_is_reported_with_exit_code_1(jobs: Command, stores: Stores) -> None:
    later = now() + timedelta(days=1)
    assert stores.leases.acquire("job:cleanup", holder="other:1:a", at=now(), until=later)
    ended = jobs("run", "cleanup")
    assert ended.exit_code == 1
    assert "cleanup is already running" in ended.stderr


def test_parameters_need_a_job_whose_name_is_known(jobs: Command) -> None:
    assert jobs("run", "--set", "a=1").exit_code == 2
    assert jobs("run", "dance").exit_code == 2


def test_the_list_shows_schedule_and_latest_outcome_of_each_job(jobs: Command) -> None:
    jobs("run", "cleanup")
    listed = jobs("list")
    assert listed.exit_code == 0
    assert "no scheduler is running" in listed.stderr
    assert [line.split()[0] for line in listed.stdout.splitlines() if not line.startswith(" ")] == list(NAMES)
    assert "last: done at 2" in listed.stdout
    content = json.loads(jobs("list", "--json").stdout)
    assert content["scheduler"] == ""
    assert {row["job"]: row["next"] for row in content["jobs"]}["trending"] == "once a scheduler runs"


def test_the_history_covers_all_jobs_or_one_job(jobs: Command) -> None:
    jobs("run", "cleanup")
    jobs("run", "retrain")
    assert [line.split()[3] for line in jobs("history").stdout.splitlines()] == ["retrain", "cleanup"]
    assert "IndexMissing" in jobs("history", "retrain").stdout
    runs = json.loads(jobs("history", "cleanup", "--json").stdout)["runs"]
    assert [(run["job"], run["outcome"]) for run in runs] == [("cleanup", "done")]
    assert "deleted: 0 events" in runs[0]["log"]


def test_help_does_not_load_what_only_jobs_need() -> None:
    for command in ([], ["run"], ["list"], ["history"]):
        output = CliRunner().invoke(cli.main, ["jobs", *command, "--help"], obj=Parts()).stdout
        assert "marquee jobs" in output
        assert "Example" in output
    program = "import sys, marquee.cli; print([n for n in ('apscheduler', 'sqlalchemy', 'numpy') if n in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_scheduler_runs_until_stopped_and_releases_its_leases(
    settings: Settings, stores: Stores, jobs: Command, ending: signal.Signals
) -> None:
    process = _scheduler(settings)
    _until(lambda: stores.leases.get(LEASE) is not None)
    assert f"scheduler: {os.uname().nodename}:{process.pid}" in jobs("list").stderr
    # The scheduler sets the times only after it has acquired the lease.
    _until(lambda: json.loads(jobs("list", "--json").stdout)["jobs"][0]["next"].endswith("UTC"))
    wish = stores.jobs.enqueue("cleanup", parameters={}, by=None, at=now())
    _until(lambda: stores.jobs.get(wish.id).outcome.ended)
    assert stores.jobs.get(wish.id).outcome is Outcome.DONE
    process.send_signal(ending)
    output = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 0, output
    assert "Traceback" not in output
    assert stores.leases.get(LEASE) is None


@pytest.mark.slow
def test_the_scheduler_exits_with_its_parent_process_even_if_that_is_killed(settings: Settings, stores: Stores) -> None:
    program = (
        "import subprocess, sys, os, time;"
        "subprocess.Popen([sys.executable, '-m', 'marquee', 'jobs', 'run', '--beside', str(os.getpid())]);"
        "time.sleep(600)"
    )
    server = subprocess.Popen([sys.executable, "-c", program], env=_environment(settings), cwd=ROOT)
    held = _until(lambda: stores.leases.get(LEASE))
    server.kill()
    server.wait()
    pid = int(held.holder.split(":")[1])
    _until(lambda: not Path(f"/proc/{pid}").exists())
    assert stores.leases.get(LEASE) is None


def _scheduler(settings: Settings) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "marquee", "jobs", "run"],
        env=_environment(settings),
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


def _environment(settings: Settings) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MARQUEE_", "COV_"))}
    return {**kept, "MARQUEE_HOME": str(settings.home), "MARQUEE_OFFLINE": "1"}


def _until(reached: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := reached():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def test_nothing_starts_on_a_database_that_must_not_be_migrated(jobs: Command, settings: Settings) -> None:
    behind = str(revisions.revisions()[-2])
    database.migrate(settings.database, behind)
    for arguments in ("run", "--no-migrate"), ("run", "cleanup", "--no-migrate"):
        ran = jobs(*arguments)
        assert ran.exit_code == 1
        assert f"is at revision {behind}" in ran.stderr
        assert "run `marquee database migrate`" in ran.stderr
    assert database.current(settings.database) == behind
    assert jobs("run", "cleanup").exit_code == 0, "it migrates unless it is told not to"
