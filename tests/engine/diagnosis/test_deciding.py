"""What is concluded from facts, without asking anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.jobs.job_catalogue import JOBS
from core.jobs.runs import Outcome
from core.recommendations.models import ModelVersion
from core.recommendations.models import Status as ModelStatus
from data.database.inspection.report import DatabaseState
from engine.diagnosis import clocks, databases, files, jobs, models, search_engine
from engine.diagnosis.files import GB, MB, Folder, PrivateFile
from engine.diagnosis.findings import Status
from engine.diagnosis.jobs import JobState
from indexer import schema
from indexer.elastic.cluster.inspection import ClusterState
from tests.indexer.elastic.conftest import describe

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
PLACE = Path("/srv/marquee")
KNOWN = (None, "0001", "0002", "0003")


def state(revision: str | None, network: str = "") -> DatabaseState:
    return DatabaseState("SQLite", "/srv/people.sqlite", revision, KNOWN, network)


@pytest.mark.parametrize(
    ("folder", "written", "status", "advice"),
    [
        (Folder(PLACE, exists=True), True, Status.OK, ""),
        (Folder(PLACE, exists=False), True, Status.WARNING, "marquee index"),
        (Folder(PLACE, exists=True, is_folder=False), True, Status.ERROR, "MARQUEE_HOME"),
        (Folder(PLACE, exists=True, writable=False), True, Status.ERROR, "chown -R $(id -u) /srv/marquee"),
        (Folder(PLACE, exists=True, writable=False), False, Status.WARNING, "builds and jobs"),
        (Folder(PLACE, exists=True, is_own=False), True, Status.WARNING, "as that user"),
    ],
)
def test_the_home_folder_must_be_writable(folder: Folder, written: bool, status: Status, advice: str) -> None:
    found = files.judge_home(folder, written=written)
    assert found.status is status
    assert advice in found.advice


@pytest.mark.parametrize(
    ("free", "status"), [(0, Status.ERROR), (99 * MB, Status.ERROR), (GB, Status.WARNING), (3 * GB, Status.OK)]
)
def test_a_disk_without_space_for_a_rebuild_is_reported(free: int, status: Status) -> None:
    found = files.judge_space(PLACE, free=free, needed=2 * GB)
    assert found.status is status
    assert "a rebuild needs about 2.0 GB" in found.finding
    assert ("MARQUEE_HOME" in found.advice) is (status is not Status.OK)


def test_files_that_others_can_read_are_reported_one_by_one() -> None:
    key, database = PrivateFile(PLACE / "secret.key", 0o640, True), PrivateFile(PLACE / "people.sqlite", 0o600, False)
    found = files.judge_private([key, database])
    assert [finding.advice for finding in found] == [
        "run `chmod 600 /srv/marquee/secret.key`",
        "run `chown $(id -u) /srv/marquee/people.sqlite`",
    ]
    assert files.judge_private([PrivateFile(PLACE / "secret.key", 0o600, True)])[0].status is Status.OK


@pytest.mark.parametrize(
    ("revision", "migrates", "status", "words"),
    [
        ("0003", True, Status.OK, "at revision 0003"),
        ("0001", True, Status.WARNING, "behind by 2: revision 0001, expected 0003"),
        ("0001", False, Status.ERROR, "behind by 2"),
        (None, True, Status.WARNING, "no tables"),
        ("9999", True, Status.ERROR, "ahead: revision 9999"),
    ],
)
def test_the_revision_must_be_that_of_the_code(
    revision: str | None, migrates: bool, status: Status, words: str
) -> None:
    (found,) = databases.judge(state(revision), migrates=migrates)
    assert found.status is status
    assert words in found.finding
    assert ("`marquee database migrate`" in found.advice) is (revision in (None, "0001"))


def test_sqlite_on_a_network_file_system_is_an_error() -> None:
    _, found = databases.judge(state("0003", "nfs4"), migrates=True)
    assert found.status is Status.ERROR
    assert "(nfs4)" in found.finding


@pytest.mark.parametrize(("damage", "status"), [("", Status.OK), ("wrong order", Status.ERROR), (None, Status.WARNING)])
def test_damage_is_an_error_and_an_unfinished_check_a_warning(damage: str | None, status: Status) -> None:
    assert databases.judge_integrity(damage).status is status


def cluster(**facts: object) -> ClusterState:
    usual = {"version": "9.2.0", "health": "green", "nodes": 1, "disk": "green"}
    return ClusterState("https://search:9200", **{**usual, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "statuses", "words"),
    [
        ({}, ["ok", "ok"], ""),
        ({"health": "yellow", "unassigned": 3}, ["ok", "warning"], "MARQUEE_ELASTICSEARCH_REPLICAS=0"),
        ({"health": "yellow", "nodes": 3}, ["ok", "warning"], "GET _cluster/allocation/explain"),
        ({"health": "red"}, ["ok", "error"], "allocation"),
        ({"disk": "red", "disk_symptom": "1 index is read-only"}, ["ok", "ok", "error"], "free disk space"),
        ({"version": "8.19.0"}, ["error", "ok"], "install Elasticsearch 9"),
        ({"health": "", "version": ""}, ["ok"], ""),
    ],
)
def test_a_cluster_is_judged_by_version_health_and_disk(
    facts: dict[str, object], statuses: list[str], words: str
) -> None:
    found = search_engine.judge_cluster(cluster(**facts))
    assert [finding.status for finding in found] == statuses
    assert words in " ".join(finding.advice for finding in found)


def test_an_index_must_have_the_schema_of_the_code_and_all_its_movies() -> None:
    info = describe()
    assert search_engine.judge_index(info, searchable=info.count).status is Status.OK
    object.__setattr__(info, "storage", "vectors hnsw (m=16, ef_construction=200), 2 shards")
    assert info.storage in search_engine.judge_index(info, searchable=info.count).finding
    short = search_engine.judge_index(info, searchable=1)
    assert (short.status, "--rollback" in short.advice) == (Status.ERROR, True)
    old = describe()
    object.__setattr__(old, "schema", schema.REVISION - 1)
    assert "marquee index" in search_engine.judge_index(old, searchable=old.count).advice


def test_a_model_is_judged_by_its_age() -> None:
    assert "marquee train" in models.judge_model(None, at=NOW).advice
    for days, status in (3, Status.OK), (36, Status.WARNING):
        made = ModelVersion("v1", ModelStatus.PUBLISHED, made_at=NOW - timedelta(days=days))
        found = models.judge_model(made, at=NOW)
        assert (found.status, f"it is {days} days old" in found.finding) == (status, True)
    yesterday = ModelVersion("v1", ModelStatus.PUBLISHED, made_at=NOW - timedelta(days=1))
    assert "it is 1 day old" in models.judge_model(yesterday, at=NOW).finding


def ended(outcome: Outcome) -> tuple[Outcome, datetime]:
    return outcome, NOW - timedelta(hours=9)


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        (JobState(JOBS[0]), Status.OK, "last: never ran"),
        (JobState(JOBS[0], ended(Outcome.DONE), NOW + timedelta(hours=1)), Status.OK, "last: done at 2026-12-01 03:00"),
        (JobState(JOBS[0], ended(Outcome.REJECTED)), Status.OK, "rejected"),
        (JobState(JOBS[0], ended(Outcome.FAILED)), Status.WARNING, "failed"),
        (JobState(JOBS[0], ended(Outcome.ABANDONED)), Status.WARNING, "abandoned"),
        (JobState(JOBS[0], None, NOW - timedelta(hours=1)), Status.WARNING, "overdue since 2026-12-01 11:00 UTC"),
        (JobState(JOBS[0], None, NOW - timedelta(hours=1), active=True), Status.OK, "active now"),
    ],
)
def test_a_job_is_judged_by_its_latest_run_and_its_next_time(state: JobState, status: Status, words: str) -> None:
    found = jobs.judge_job(state, at=NOW)
    assert found.status is status
    assert words in found.finding
    assert ("`marquee jobs " in found.advice) is (status is Status.WARNING)


def test_the_holder_of_the_lease_is_named() -> None:
    assert "web-1:4711" in jobs.judge_scheduler("web-1:4711").finding
    assert "`marquee jobs run`" in jobs.judge_scheduler("").advice


@pytest.mark.parametrize(
    ("seconds", "status", "words"),
    [
        (4.9, Status.OK, "4.9 s ahead of"),
        (-4.9, Status.OK, "4.9 s behind"),
        (6, Status.WARNING, "6.0 s ahead of"),
        (-6, Status.WARNING, "6.0 s behind"),
    ],
)
def test_clocks_may_differ_by_five_seconds(seconds: float, status: Status, words: str) -> None:
    found = clocks.judge_clock("the database", timedelta(seconds=seconds))
    assert found.status is status
    assert words in found.finding


def test_the_time_that_a_call_takes_is_not_a_difference_of_clocks() -> None:
    times = iter([NOW, NOW + timedelta(seconds=20)])
    (found,) = clocks.clock("the database", lambda: NOW + timedelta(seconds=10), lambda: next(times))
    assert found.status is Status.OK
    assert clocks.clock("Elasticsearch", lambda: None, lambda: NOW)[0].status is Status.OK
