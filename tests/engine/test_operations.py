"""Jobs for administrators, on a real database: queued runs, leases, the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import Busy, InvalidRequest, NotFound, SchedulerAway
from core.jobs.job_catalogue import JOBS, RETRAIN, Job
from core.jobs.runs import Outcome
from core.users import Preferences, User
from data import database
from data.database import Stores
from engine.operations import LEASE, Operations, parameters
from tests import databases

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class House:
    """A database, an administrator, and a fixed clock."""

    stores: Stores
    grace: User
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.operations = Operations(self.stores, clock=lambda: self.now)

    def scheduler_lives(self, *, seconds: float = 20) -> None:
        """Hold the scheduler's lease for some time."""
        until = self.now + timedelta(seconds=seconds)
        assert self.stores.leases.acquire(LEASE, holder="here:7:abc", at=self.now, until=until)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    stores = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    grace = stores.accounts.create("Grace", password_hash="x", preferences=Preferences(), at=NOW)
    yield House(stores, grace)
    database.close(stores)


def test_a_queued_run_records_its_user_and_is_audited(house: House) -> None:
    house.scheduler_lives()
    run = house.operations.enqueue("retrain", parameters={"factors": 32}, by=house.grace)
    assert (run.outcome, run.queued_by, dict(run.parameters)) == (Outcome.QUEUED, house.grace.id, {"factors": 32})
    assert [one.id for one in house.operations.live()] == [run.id]
    (act,) = house.operations.audit_log()
    assert (act.action, act.subject, act.by) == ("run", "retrain", house.grace.id)
    assert act.details == {"run": run.id, "parameters": {"factors": 32}}
    assert house.operations.names([house.grace.id]) == {house.grace.id: "Grace"}


def test_settings_provide_default_parameters(house: House) -> None:
    plain = house.operations.parameters("retrain")["model"].default
    ours = replace(house.operations, usual={RETRAIN: {"model": "ease"}})
    assert ours.parameters("retrain")["model"].default == "ease" != plain
    assert ours.parameters("retrain")["factors"] == house.operations.parameters("retrain")["factors"]
    assert ours.parameters("cleanup") == house.operations.parameters("cleanup")


def test_without_a_scheduler_nothing_is_queued(house: House) -> None:
    with pytest.raises(SchedulerAway, match="marquee jobs run"):
        house.operations.enqueue("trending", parameters={}, by=house.grace)
    house.scheduler_lives(seconds=20)
    assert house.operations.scheduler() == "here:7"
    house.now += timedelta(seconds=20)
    assert house.operations.scheduler() == ""
    with pytest.raises(SchedulerAway):
        house.operations.enqueue("trending", parameters={}, by=house.grace)
    assert (list(house.operations.runs()), list(house.operations.audit_log())) == ([], [])


def test_a_job_is_not_queued_twice(house: House) -> None:
    house.scheduler_lives()
    house.operations.enqueue("implicit-feedback", parameters={}, by=house.grace)
    with pytest.raises(Busy):
        house.operations.enqueue("implicit-feedback", parameters={}, by=house.grace)
    house.operations.enqueue("cleanup", parameters={}, by=house.grace)
    assert len(house.operations.audit_log()) == 2


@pytest.mark.parametrize(
    ("job", "parameters", "field"),
    [
        ("retrain", {"factors": 1}, "factors"),
        ("retrain", {"shape": 1}, "shape"),
        ("cleanup", {"factors": 32}, "factors"),
    ],
)
def test_invalid_jobs_and_parameters_are_named(
    house: House, job: str, parameters: dict[str, object], field: str
) -> None:
    house.scheduler_lives()
    with pytest.raises(InvalidRequest) as caught:
        house.operations.enqueue(job, parameters=parameters, by=house.grace)
    assert list(caught.value.fields) == [field]
    with pytest.raises(NotFound, match="no job is called"):
        house.operations.enqueue("sing", parameters={}, by=house.grace)
    assert not house.operations.live()


def test_a_run_that_has_ended_is_not_cancelled_again(house: House) -> None:
    house.scheduler_lives()
    run = house.operations.enqueue("implicit-feedback", parameters={}, by=house.grace)
    assert house.operations.cancel(run.id, by=house.grace).outcome is Outcome.CANCELLED
    assert house.operations.cancel(run.id, by=house.grace).outcome is Outcome.CANCELLED
    assert [act.action for act in house.operations.audit_log()] == ["cancel", "run"]
    with pytest.raises(NotFound):
        house.operations.cancel(99, by=house.grace)


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_lists_its_parameters(job: Job) -> None:
    for name, parameter in parameters(job).items():
        assert name == parameter.name
        assert parameter.meaning
        assert parameter.fault(parameter.default) == ""
