"""Revisions: up, down and up again with data, concurrent openings, and databases of a newer Marquee."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore

from core.errors import NameTaken, NotFound, StoreUnavailable
from core.jobs.runs import Outcome
from core.language.normalization import account_key
from core.types import MovieId
from core.users import Event, EventKind, MarkKind, Preferences, Rating, Scope, User
from data import database
from data.database import Stores, revisions
from data.database.events import partitions
from data.database.schema import metadata
from tests.data.database.servers import (
    MINUTE,
    NOW,
    ROOT,
    fill_credentials,
    fill_watches,
    raw,
    rows,
    say_what_runs_by_the_clock,
    sign_up,
)

pytestmark = pytest.mark.slow

HEAT = MovieId(949)
TIMES = (("trending", NOW + timedelta(hours=1)), ("again:retrain", NOW), ("again:gone", NOW), ("paused", None))
"""Rows of APScheduler's table."""
REVISIONS = revisions.revisions()
NEWEST = REVISIONS[-1]


def test_opening_migrates_an_empty_database_to_the_latest_revision(empty: str) -> None:
    assert database.current(empty) is None
    database.close(database.open(empty))
    assert database.current(empty) == NEWEST


def test_the_migrations_create_the_tables_of_the_schema(empty: str) -> None:
    database.migrate(empty)
    with raw(empty) as connection:
        there = partitions.names(connection)

        def has_counterpart(name: str | None, kind: str, _: object) -> bool:
            return kind != "table" or name not in there

        options = {"compare_type": True, "compare_server_default": True, "include_name": has_counterpart}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_no_constraint_or_index_of_the_schema_is_missing_in_the_migrations(empty: str) -> None:
    database.migrate(empty)
    migrated = _inspected(empty)
    database.migrate(empty, "base")
    with raw(empty) as connection, connection.begin():
        metadata.create_all(connection)
    assert migrated == _inspected(empty)


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_can_be_migrated_to_and_from(empty: str, revision: str | None) -> None:
    for target in ("head", revision or "base", "head", "base", revision or "base", "head"):
        database.migrate(empty, target)
        assert database.current(empty) == {"head": NEWEST, "base": None}.get(target, target)


def test_data_of_older_revisions_survives_downgrade_and_upgrade(empty: str) -> None:
    stores = database.open(empty)
    ann = sign_up(stores)
    _say_something_of_everything(stores)
    diary = stores.diaries.read(ann.id)
    run = stores.jobs.live()[0]
    stores.second_factors.remove_all(ann.id)
    database.close(stores)

    database.migrate(empty, "0006")  # before implicit feedback
    again = database.open(empty)
    assert (again.jobs.get(run.id), len(again.audit_log.latest()), len(again.implicit_feedback.read())) == (run, 1, 0)
    assert (len(again.exposures.read("ranker")), len(again.trends.hours(since=0))) == (1, 1)
    database.close(again)

    database.migrate(empty, "0003")  # before jobs
    again = database.open(empty)
    assert (list(again.jobs.runs()), list(again.audit_log.latest()), len(again.trends.hours(since=0))) == ([], [], 0)
    assert (again.events.count(), again.exposures.read("ranker")) == (1, {})
    database.close(again)

    database.migrate(empty, "0002")  # before events
    again = database.open(empty)
    assert again.diaries.read(ann.id) == diary
    assert again.events.count() == 0
    database.close(again)

    database.migrate(empty, "0001")  # before diaries
    again = database.open(empty)
    assert again.accounts.user(ann.id) == ann
    assert again.accounts.session("s", at=NOW) is not None
    assert again.diaries.read(ann.id).ratings == {}
    again.diaries.rate(ann.id, {HEAT: 2.0}, at=NOW)
    assert again.diaries.read(ann.id).ratings == {HEAT: Rating(HEAT, 2.0, NOW)}
    database.close(again)


def test_accounts_of_an_old_revision_survive_the_upgrade(empty: str) -> None:
    database.migrate(empty, "0001")
    with raw(empty) as connection, connection.begin():
        connection.exec_driver_sql(
            "INSERT INTO viewers (name, folded_name, password_hash, administrator, preferences, revision, created_at)"
            " VALUES ('Ann', 'ann', 'hash', false, '{}', 4, '2026-11-21 12:30:15.123456')"
        )
    stores = database.open(empty)
    found = stores.accounts.find("ann")
    assert found is not None
    assert found[1] == "hash"
    assert stores.diaries.revision(found[0].id) == 4
    database.close(stores)


def test_runs_are_renamed_by_the_glossary_and_back(empty: str) -> None:
    database.migrate(empty, "0008")
    with raw(empty) as connection, connection.begin():
        for job, outcome in (("harvest", "asked"), ("trending", "done")):
            connection.execute(
                sa.text(
                    "INSERT INTO job_runs (job, outcome, asked_at, holder, parameters, attempt, doing, figures, error,"
                    " log, cancel) VALUES (:job, :outcome, '2026-11-21 12:30:15', '', '{}', 1, '', '{}', '', '', false)"
                ),
                {"job": job, "outcome": outcome},
            )
        connection.exec_driver_sql(
            "INSERT INTO events (kind, at, shelf, model, query) VALUES ('click', '2026-11-21 12:30:15', 'home', '', '')"
        )
    stores = database.open(empty)
    assert [(run.job, run.outcome) for run in stores.jobs.queued()] == [("implicit-feedback", Outcome.QUEUED)]
    assert stores.jobs.last("trending") is not None
    kept = stores.events.columns(since=NOW - timedelta(days=99), until=NOW + timedelta(days=99))
    assert kept.lists.tolist() == ["home"]
    database.close(stores)

    database.migrate(empty, "0008")
    with raw(empty) as connection:
        runs = connection.exec_driver_sql("SELECT job, outcome FROM job_runs ORDER BY id").all()
        assert [tuple(run) for run in runs] == [("harvest", "asked"), ("trending", "done")]
        assert connection.exec_driver_sql("SELECT shelf FROM events").scalars().all() == ["home"]


def test_existing_tokens_get_an_expiry_and_lose_it_again(empty: str) -> None:
    database.migrate(empty, "0009")
    _insert_users(empty, "Ann")
    with raw(empty) as connection, connection.begin():
        connection.exec_driver_sql(
            "INSERT INTO tokens (user_id, secret_hash, name, scopes, created_at)"
            " VALUES (1, 'h', 'script', 'read write', '2026-01-21 12:30:15')"
        )
    stores = database.open(empty)
    ann = _found(stores, "Ann")
    (token,) = stores.accounts.tokens(ann.id)
    assert (token.id, token.name, token.scopes) == (1, "script", frozenset({Scope.READ, Scope.WRITE}))
    assert timedelta(days=89) < token.expires_at - datetime.now(UTC) <= timedelta(days=90)
    everything, end = frozenset({Scope.READ, Scope.WRITE, Scope.ADMIN}), datetime.now(UTC) + timedelta(days=1)
    stores.accounts.add_token(ann.id, name="all", secret_hash="a", scopes=everything, at=NOW, expires_at=end)
    stores.accounts.add_token(ann.id, name="old", secret_hash="o", scopes=everything, at=NOW, expires_at=NOW)
    only = frozenset({Scope.ADMIN})
    stores.accounts.add_token(ann.id, name="admin", secret_hash="b", scopes=only, at=NOW, expires_at=end)
    database.close(stores)

    database.migrate(empty, "0009")
    with raw(empty) as connection:
        kept = connection.exec_driver_sql("SELECT id, name, scopes FROM tokens ORDER BY id").all()
    assert [tuple(row) for row in kept] == [(1, "script", "read write"), (2, "all", "read write")]
    database.migrate(empty)
    stores = database.open(empty)
    late = stores.accounts.add_token(ann.id, name="t", secret_hash="t", scopes=only, at=NOW, expires_at=end)
    assert late.id > 4  # ids of deleted tokens are not reused
    database.close(stores)


def test_accounts_with_confusable_names_survive_the_upgrade(empty: str) -> None:
    database.migrate(empty, "0009")
    _insert_users(empty, "paypal", "paypa1", "ольга")
    stores = database.open(empty)
    assert [_found(stores, name).name for name in ("paypal", "paypa1", "ольга")] == ["paypal", "paypa1", "ольга"]
    for name in ("PayPaI", "paypa1.", "Ольга"):
        with pytest.raises(NameTaken):
            stores.accounts.create(name, password_hash="h", preferences=Preferences(), at=NOW)
    database.close(stores)
    database.migrate(empty, "0009")
    assert rows(empty, "users") == 3


def _insert_users(url: str, *names: str) -> None:
    with raw(url) as connection, connection.begin():
        for name in names:
            connection.execute(
                sa.text(
                    "INSERT INTO users (name, folded_name, password_hash, administrator, preferences, revision,"
                    " created_at) VALUES (:name, :key, 'hash', false, '{}', 4, '2026-11-21 12:30:15.123456')"
                ),
                {"name": name, "key": account_key(name)},
            )


def _found(stores: Stores, name: str) -> User:
    found = stores.accounts.find(name)
    assert found is not None
    return found[0]


def test_pickled_times_of_jobs_become_rows_without_being_read(empty: str, tmp_path: Path) -> None:
    database.migrate(empty, "0009")
    _write_pickles(empty, touches=tmp_path / "run by the pickle")
    stores = database.open(empty)
    found = {time.id: time for time in stores.job_times.all()}
    assert stores.jobs.upcoming() == {"trending": NOW + timedelta(hours=1), "retrain": NOW}
    assert (found["trending"].at, found["trending"].attempt) == (NOW + timedelta(hours=1), 1)
    retry = found["again:retrain"]
    assert (retry.at, retry.attempt, dict(retry.parameters)) == (NOW, 3, {"factors": 8})
    assert set(found) == {"trending", "again:retrain"}, "not the paused row, nor the retry of a job without runs"
    database.close(stores)
    with raw(empty) as connection:
        assert not sa.inspect(connection).has_table("apscheduler_jobs")
    assert not (tmp_path / "run by the pickle").exists()

    database.migrate(empty, "0009")
    with raw(empty) as connection:
        assert not sa.inspect(connection).has_table("job_times")
    database.migrate(empty)
    assert rows(empty, "job_times") == 0


def _write_pickles(url: str, *, touches: Path) -> None:
    """Fill the table of APScheduler's job store with pickles that create a file when they are read."""

    class Touch:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (touches,)

    with raw(url) as connection, connection.begin():
        SQLAlchemyJobStore(engine=connection.engine).jobs_t.create(connection)
        for id_, at in TIMES:
            connection.execute(
                sa.text("INSERT INTO apscheduler_jobs (id, next_run_time, job_state) VALUES (:id, :at, :state)"),
                {"id": id_, "at": at and at.timestamp(), "state": pickle.dumps(Touch())},
            )
        connection.exec_driver_sql(
            "INSERT INTO job_runs (job, outcome, queued_at, holder, parameters, attempt, doing, figures, error, log,"
            " cancel) VALUES ('retrain', 'failed', '2026-11-21 12:30:15', '', '{\"factors\": 8}', 2, '', '{}', '', '',"
            " false)"
        )


def test_labelled_requests_and_evaluations_keep_their_content_under_the_new_name(empty: str) -> None:
    database.migrate(empty, "0011")
    figures = {"stances": {"wish": [1, 0, 0]}, "kinds": {"stance": [2, 0, 0]}}
    failures = [{"text": "stance", "expected_stance": "wish", "stance": ""}]
    with raw(empty) as connection, connection.begin():
        connection.execute(
            sa.text(
                "INSERT INTO labelled_requests (text, stance, pieces, source, at) VALUES ('fun', 'wish', '', 'x', :at)"
            ),
            {"at": NOW},
        )
        connection.execute(
            sa.text(
                "INSERT INTO evaluation_runs (at, reader, version, requests, figures, failures)"
                " VALUES (:at, 'rules', '1', 1, :figures, :failures)"
            ),
            {"at": NOW, "figures": json.dumps(figures), "failures": json.dumps(failures)},
        )
    database.migrate(empty)
    assert [(row["text"], row["query_type"]) for row in _all(empty, "labelled_requests")] == [("fun", "wish")]
    (run,) = _all(empty, "evaluation_runs")
    assert _plain(run["figures"]) == {"query_types": {"wish": [1, 0, 0]}, "kinds": {"query_type": [2, 0, 0]}}
    assert _plain(run["failures"]) == [{"text": "stance", "expected_query_type": "wish", "query_type": ""}]
    database.migrate(empty, "0011")
    assert [(row["text"], row["stance"]) for row in _all(empty, "labelled_requests")] == [("fun", "wish")]
    (run,) = _all(empty, "evaluation_runs")
    assert (_plain(run["figures"]), _plain(run["failures"])) == (figures, failures)


def test_stored_answers_fill_the_table_of_providers(empty: str) -> None:
    database.migrate(empty, "0021")
    offers = {"US": [{"name": "MUBI", "kind": "stream"}, {"name": "MUBI", "kind": "rent"}], "DE": [{"name": "Max"}]}
    payloads = {7: {"providers": offers}, 8: {"poster": "/x.jpg"}}
    with raw(empty) as connection, connection.begin():
        for source, movie in (("tmdb", 7), ("tmdb", 8), ("omdb", 8)):
            connection.execute(
                sa.text("INSERT INTO enrichments VALUES (:movie, :source, 'found', :at, 'US', :payload)"),
                {"movie": movie, "source": source, "at": NOW, "payload": json.dumps(payloads[movie])},
            )
    database.migrate(empty)
    found = [(row["region"], row["provider"], row["movie"]) for row in _all(empty, "movie_providers")]
    assert sorted(found) == [("DE", "Max", 7), ("US", "MUBI", 7)]
    database.migrate(empty, "0021")
    database.migrate(empty)
    assert rows(empty, "movie_providers") == 2


def _all(url: str, table: str) -> list[dict[str, Any]]:
    with raw(url) as connection:
        return [dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {table}")).mappings()]  # noqa: S608


def _plain(value: Any) -> Any:
    """Return a JSON value of a row: SQLite returns its text."""
    return json.loads(value) if isinstance(value, str) else value


def test_an_unknown_revision_is_rejected(empty: str) -> None:
    with pytest.raises(NotFound, match=r"no database revision '0099'.*0001, 0002"):
        database.migrate(empty, "0099")


def test_a_database_of_a_newer_marquee_is_rejected_and_unchanged(empty: str) -> None:
    stores = database.open(empty)
    sign_up(stores)
    database.close(stores)
    with raw(empty) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    for attempt in (database.open, database.migrate):
        with pytest.raises(StoreUnavailable, match=r"revision '0099'.*newer Marquee.*update Marquee"):
            attempt(empty)
    assert database.current(empty) == "0099"
    assert rows(empty, "users") == 1


def test_a_failed_migration_leaves_the_database_unchanged(empty: str) -> None:
    database.migrate(empty, "0002")
    with raw(empty) as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE events (in_the_way INTEGER)")
    with pytest.raises(StoreUnavailable):
        database.migrate(empty)
    assert database.current(empty) == "0002"
    with raw(empty) as connection, connection.begin():
        connection.exec_driver_sql("DROP TABLE events")
    database.migrate(empty)
    assert database.current(empty) == NEWEST


def test_threads_can_open_a_new_database_concurrently(empty: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(database.open, [empty] * 8))
    for number, stores in enumerate(opened):
        sign_up(stores, f"Viewer {number}")
        database.close(stores)
    assert rows(empty, "users") == 8


def test_threads_can_open_different_databases_concurrently(tmp_path: Path) -> None:
    """No database lock separates these, and Alembic keeps the current migration in module variables."""
    urls = [f"sqlite:///{tmp_path / str(number)}" for number in range(16)]
    with ThreadPoolExecutor(len(urls)) as pool:
        list(pool.map(database.migrate, urls))
    assert [database.current(url) for url in urls] == [NEWEST] * len(urls)


def test_processes_can_open_a_new_database_concurrently(empty: str) -> None:
    program = "import sys; from data import database; database.close(database.open(sys.stdin.read()))"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write(empty)
        process.stdin.close()
        process.stdin = None
    said = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * 4, said
    assert database.current(empty) == NEWEST


def _inspected(url: str) -> dict[str, list[str]]:
    """Return the schema as the database itself reports it, as text."""
    with raw(url) as connection:
        found = sa.inspect(connection)
        return {
            table: [
                *(
                    f"{column['name']} {column['type']!r} {column['nullable']}"
                    for column in _sorted(found.get_columns(table))
                ),
                str(found.get_pk_constraint(table)),
                *map(str, _sorted(found.get_check_constraints(table))),
                *map(str, _sorted(found.get_unique_constraints(table))),
                *map(str, _sorted(found.get_foreign_keys(table))),
                *map(_index_text, _sorted(found.get_indexes(table))),
            ]
            for table in sorted({*found.get_table_names()} - partitions.names(connection))
        }


def _index_text(index: Any) -> str:
    """Describe an index; the condition of a partial index is an SQLAlchemy object whose text counts."""
    options = {name: str(value) for name, value in index.pop("dialect_options", {}).items()}
    return f"{index} {options}"


def _sorted(described: list[Any]) -> list[Any]:
    return sorted(described, key=lambda one: str(one["name"]))


def _say_something_of_everything(stores: Stores) -> None:
    found = stores.accounts.find("Ann")
    assert found is not None
    ann = found[0].id
    stores.accounts.open_session(ann, secret_hash="s", at=NOW, expires_at=NOW + MINUTE, label="")
    stores.diaries.rate(ann, {HEAT: 4.5}, at=NOW)
    stores.diaries.mark(ann, MarkKind.WATCHED, [HEAT], on=True, at=NOW)
    stores.diaries.review(ann, HEAT, "Coffee!", at=NOW)
    stores.events.add([Event(EventKind.CLICK, NOW, ann, HEAT)])
    say_what_runs_by_the_clock(stores, found[0])
    fill_credentials(stores, found[0])
    fill_watches(stores, found[0])
