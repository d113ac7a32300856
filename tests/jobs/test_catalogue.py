"""The table: complete, in step with its words, and each line good for APScheduler's store."""

from __future__ import annotations

import pickle
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.jobs import ABOUT, CADENCE, JobName
from jobs import backoff, catalogue
from jobs.catalogue import DAY, HOUR, MINUTE, TABLE, Job
from tests.data.database.servers import ROOT

SATURDAY = datetime(2026, 11, 21, 12, 7, tzinfo=UTC)
SPANS = {"every 15 minutes": 15 * MINUTE, "nightly": DAY, "daily": DAY, "weekly": 7 * DAY}
every = pytest.mark.parametrize("job", TABLE, ids=lambda job: str(job.name))


def test_every_job_has_one_line_and_one_description() -> None:
    assert sorted(job.name for job in TABLE) == sorted(JobName)
    assert set(ABOUT) == set(CADENCE) == set(JobName)


@every
def test_the_words_and_the_trigger_say_the_same(job: Job) -> None:
    first = job.trigger.get_next_fire_time(None, SATURDAY)
    second = job.trigger.get_next_fire_time(first, first)
    span = SPANS[re.split(r",", CADENCE[JobName(job.name)])[0]]
    jitter = timedelta(seconds=job.trigger.jitter)
    assert abs((second - first) - span) <= jitter
    if CADENCE[JobName(job.name)].startswith("nightly"):
        assert first.hour < 6


@every
def test_jitter_spreads_and_is_short_against_the_span(job: Job) -> None:
    times = {job.trigger.get_next_fire_time(None, SATURDAY) for _ in range(20)}
    assert len(times) > 1
    assert timedelta() < max(times) - min(times) < HOUR + MINUTE


@every
def test_every_run_has_a_limit_and_may_be_late(job: Job) -> None:
    assert MINUTE <= job.limit <= DAY
    assert job.grace >= 15 * MINUTE


@every
def test_every_line_travels_to_another_process(job: Job) -> None:
    again = pickle.loads(pickle.dumps(job))  # noqa: S301 - made on the line itself
    assert (again.name, again.function, repr(again.trigger)) == (job.name, job.function, repr(job.trigger))


@every
def test_what_a_job_calls_is_there(job: Job) -> None:
    """The functions import what they call when they run; a name that does not exist would fail at night."""
    source = Path(str(job.function.__code__.co_filename)).read_text(encoding="utf-8")  # type: ignore[attr-defined]
    module, function = re.findall(r"return (\w+)\.(\w+)\(|= (\w+)\.run\(", source)[0][:2] or ("", "")
    import_line = re.search(rf"from (engine[\w.]*) import .*\b{module or 'retraining'}\b", source)
    assert import_line is not None
    path = ROOT / import_line[1].replace(".", "/") / (module or "retraining")
    file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
    assert re.search(rf"\b{function or 'run'}\b", file.read_text(encoding="utf-8"))


def test_the_documentation_names_every_job_with_its_times() -> None:
    text = (ROOT / "docs" / "jobs.md").read_text(encoding="utf-8")
    for job in TABLE:
        assert re.search(rf"^\| `{job.name}` \| {re.escape(CADENCE[JobName(job.name)])}", text, re.M), job.name


def test_pauses_double_up_to_an_hour_and_never_line_up() -> None:
    pauses = [backoff.pause(attempt, first=60) for attempt in (2, 3, 4)]
    for pause, expected in zip(pauses, (60, 120, 240), strict=True):
        assert 0.75 * expected <= pause.total_seconds() <= 1.25 * expected
    assert backoff.pause(10_000, first=60) <= 1.25 * backoff.LONGEST
    assert len({backoff.pause(2, first=60) for _ in range(10)}) > 1


def test_a_name_is_found_in_the_table() -> None:
    found = catalogue.find("retrain")
    assert found is not None
    assert found.name == JobName.RETRAIN
    assert catalogue.find("dance") is None
