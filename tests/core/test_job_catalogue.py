"""The job catalogue: each entry is complete, documented, and refers to an existing function and parameters."""

from __future__ import annotations

import inspect
import pickle
import pkgutil
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, get_type_hints

import pytest

from core.jobs import job_catalogue
from core.jobs.job_catalogue import DAY, JOBS, MINUTE, NAMES, Job
from core.jobs.runs import Parameter, Result, Work
from engine.job_context import JobContext
from tests.data.database.servers import ROOT

every = pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)


def test_every_job_has_one_entry_with_a_unique_name() -> None:
    assert len(set(NAMES)) == len(JOBS)
    assert all(job.about and job.schedule.words for job in JOBS)
    assert {job_catalogue.RETRAIN, job_catalogue.EVALUATE_ONLINE} <= set(NAMES)


@every
def test_its_function_exists_with_the_expected_signature(job: Job) -> None:
    function = pkgutil.resolve_name(job.function)
    first, second, parameters, *others = inspect.signature(function).parameters.values()
    hints = get_type_hints(function)
    assert (first.name, hints["context"]) == ("context", JobContext)
    assert (second.name, hints["work"]) == ("work", Work)
    assert (parameters.name, parameters.kind) == ("parameters", inspect.Parameter.KEYWORD_ONLY)
    assert (hints["parameters"], hints["return"]) == (Mapping[str, Any], Result)
    assert all(other.default is not inspect.Parameter.empty for other in others)


@pytest.mark.parametrize("job", [job for job in JOBS if job.parameters], ids=lambda job: job.name)
def test_its_parameters_exist_under_their_names(job: Job) -> None:
    found = pkgutil.resolve_name(job.parameters)
    assert found
    assert all(isinstance(parameter, Parameter) and parameter.name == name for name, parameter in found.items())


def test_a_module_with_parameters_has_them_in_its_entry() -> None:
    for job in JOBS:
        module = pkgutil.resolve_name(job.function.partition(":")[0])
        assert not hasattr(module, "PARAMETERS") or job.parameters, job.name


@every
def test_every_job_has_a_time_limit_and_a_grace_period(job: Job) -> None:
    assert MINUTE <= job.limit <= DAY
    assert job.grace >= 15 * MINUTE


@every
def test_every_entry_can_be_pickled(job: Job) -> None:
    assert pickle.loads(pickle.dumps(job)) == job  # noqa: S301 - made on the line itself


def test_the_documentation_names_every_job_with_its_times() -> None:
    text = (ROOT / "docs" / "jobs.md").read_text(encoding="utf-8")
    for job in JOBS:
        assert re.search(rf"^\| `{job.name}` \| {re.escape(job.schedule.words)}", text, re.M), job.name


def test_an_entry_is_found_by_name() -> None:
    found = job_catalogue.find("retrain")
    assert found is not None
    assert found.name == "retrain"
    assert job_catalogue.find("dance") is None


def test_the_catalogue_and_the_scheduler_import_none_of_the_jobs() -> None:
    modules = [job.function.partition(":")[0] for job in JOBS]
    program = f"import sys, core.jobs.job_catalogue, jobs.process; print([m for m in {modules} if m in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"
