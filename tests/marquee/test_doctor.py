"""`marquee doctor` on real parts: homes, SQLite, PostgreSQL, Elasticsearch, and ports on which nobody listens."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core import config
from core.config import Settings
from data import database
from data.database import revisions
from engine.clock import now
from marquee import cli
from marquee.context import Parts
from tests import databases, redis_servers, sample
from tests.data.database import servers

BEHIND = str(revisions.revisions()[-2])
PASSWORD = "a-password-that-nobody-may-see"
Found = dict[str, list[dict[str, str]]]
Doctor = Callable[..., Result]


def run(environment: Mapping[str, str], *arguments: str) -> Result:
    """Run the command in an environment."""
    parts = Parts(examine=lambda: config.examine(environment))
    return CliRunner().invoke(cli.main, ("doctor", "--timeout", "60", *arguments), obj=parts)


def findings(ran: Result) -> Found:
    """Return the findings of `--json` by check."""
    found: Found = {}
    for finding in json.loads(ran.stdout):
        assert finding.keys() == {"check", "status", "finding", "advice"}
        assert bool(finding["advice"]) is (finding["status"] != "ok"), finding
        found.setdefault(finding["check"], []).append(finding)
    return found


def statuses(found: Found, *checks: str) -> list[list[str]]:
    """Return the statuses of some checks."""
    return [[finding["status"] for finding in found[check]] for check in checks]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with index, encoder and model."""
    return sample.trained(sample.shared(tmp_path_factory.getbasetemp()) / "diagnosed").home


@pytest.fixture
def port() -> Iterator[int]:
    """A port on which something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def test_an_installation_that_works_has_no_errors(trained: Path) -> None:
    environment = {"MARQUEE_HOME": str(trained), "MARQUEE_OFFLINE": "1"}
    database.close(database.open(config.load(environment).database))
    ran = run(environment, "--json")
    found = findings(ran)
    assert ran.exit_code == 0, ran.stdout
    working = ("settings", "home folder", "database", "database integrity", "search engine", "index", "encoder")
    assert statuses(found, *working, "index up to date", "recommendation model") == [["ok"]] * 9
    assert statuses(found, "scheduler", "job retrain") == [["warning"], ["ok"]]
    assert found["scheduler"][0]["advice"] == "start `marquee jobs run` as a service"


def test_an_empty_home_leads_to_the_commands_that_fill_it(tmp_path: Path) -> None:
    ran = run({"MARQUEE_HOME": str(tmp_path / "home"), "MARQUEE_OFFLINE": "1"})
    assert ran.exit_code == 1
    for line in ("warning  home folder ", "error    index ", "error    encoder ", "-> run `marquee train`"):
        assert line in ran.stdout
    assert not (tmp_path / "home").exists(), "nothing is created"


def test_unknown_and_invalid_settings_are_errors_and_only_what_needs_them_is_not_checked(tmp_path: Path) -> None:
    secret = tmp_path / "absent"
    ran = run({"MARQUEE_HOME": str(tmp_path), "MARQUEE_PROT": "80", "MARQUEE_DATABASE_URL_FILE": str(secret)}, "--json")
    found = findings(ran)
    texts = " ".join(finding["finding"] for finding in found["settings"])
    assert "MARQUEE_PROT: no such setting; see docs/settings.md; did you mean MARQUEE_PORT?" in texts
    assert f"MARQUEE_DATABASE_URL_FILE: the file {secret} cannot be used" in texts
    assert found["database"][0]["finding"] == "not checked, because MARQUEE_DATABASE_URL_FILE is invalid"
    assert statuses(found, "home folder") == [["ok"]]


def test_contradictory_settings_are_all_that_is_reported() -> None:
    ran = run({"MARQUEE_ELASTICSEARCH_USER": "ann"}, "--json")
    assert ran.exit_code == 1
    assert list(findings(ran)) == ["settings"]


def kinds(tmp_path: Path, request: pytest.FixtureRequest, kind: str) -> AbstractContextManager[str]:
    if kind == "sqlite":
        return servers.sqlite(tmp_path)
    return servers.postgresql(request.getfixturevalue("postgres_url"))


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_database_that_is_behind_is_named_with_the_command_that_migrates_it(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with kinds(tmp_path, request, kind) as url:
        database.migrate(url, BEHIND)
        environment = {"MARQUEE_HOME": str(tmp_path), "MARQUEE_DATABASE_URL": url, "MARQUEE_MIGRATE": "false"}
        ran = run(environment, "--json")
        assert database.current(url) == BEHIND, "nothing is migrated"
    found = findings(ran)
    assert ran.exit_code == 1
    assert statuses(found, "database", "scheduler") == [["error"], ["warning"]]
    assert f"behind by 1: revision {BEHIND}" in found["database"][0]["finding"]
    assert "`marquee database migrate`" in found["database"][0]["advice"]


@pytest.mark.postgresql
def test_postgresql_is_checked_with_its_clock(tmp_path: Path, postgres_url: str) -> None:
    with databases.postgresql(postgres_url) as url:
        found = findings(run({"MARQUEE_HOME": str(tmp_path), "MARQUEE_DATABASE_URL": url}, "--json"))
    assert statuses(found, "database") == [["ok"]]
    assert "the database is" in found["clock"][0]["finding"]


@pytest.mark.elasticsearch
def test_elasticsearch_is_checked_with_its_index_and_clock(
    elasticsearch_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = sample.shared(tmp_path_factory.getbasetemp()) / "diagnosed with elasticsearch"
    with sample.elastic(home, elasticsearch_url) as settings:
        environment = {
            "MARQUEE_HOME": str(home),
            "MARQUEE_OFFLINE": "1",
            "MARQUEE_ELASTICSEARCH_URL": elasticsearch_url,
            "MARQUEE_ELASTICSEARCH_INDEX": settings.elasticsearch_index,
        }
        found = findings(run(environment, "--json"))
    assert statuses(found, "index", "index up to date") == [["ok"]] * 2
    assert found["search engine"][0]["finding"].startswith("Elasticsearch 9.")
    assert "Elasticsearch is" in found["clock"][-1]["finding"]


def test_stopped_servers_are_reported_together_without_passwords(tmp_path: Path) -> None:
    environment = {
        "MARQUEE_HOME": str(tmp_path),
        "MARQUEE_DATABASE_URL": f"postgresql://ann:{PASSWORD}@127.0.0.1:1/movies",
        "MARQUEE_ELASTICSEARCH_URL": f"http://ann:{PASSWORD}@127.0.0.1:1",
        "MARQUEE_SMTP_URL": f"smtp://ann:{PASSWORD}@127.0.0.1:1",
        "MARQUEE_RATE_LIMIT_STORAGE": f"redis://:{PASSWORD}@127.0.0.1:1",
        "MARQUEE_SECRET_KEY": PASSWORD + PASSWORD,
    }
    for arguments in (), ("--json",):
        ran = run(environment, *arguments)
        assert ran.exit_code == 1
        assert PASSWORD not in ran.output
    found = findings(ran)
    assert statuses(found, "database", "search engine", "index", "mail server", "rate limits") == [["error"]] * 5
    assert found["mail server"][0]["finding"] == "127.0.0.1:1 cannot be reached: Connection refused"
    assert "MARQUEE_DATABASE_URL" in found["database"][0]["advice"]


@pytest.mark.redis
def test_redis_is_asked_whether_it_responds(tmp_path: Path) -> None:
    with redis_servers.running(tmp_path) as server:
        ran = run({"MARQUEE_HOME": str(tmp_path), "MARQUEE_RATE_LIMIT_STORAGE": server.url}, "--json")
    found = findings(ran)["rate limits"][0]
    assert found["status"] == "ok"
    assert found["finding"] == f"Redis at 127.0.0.1:{server.port} responds; all servers count together"
    assert redis_servers.PASSWORD not in ran.output


def test_a_mail_server_that_listens_is_only_connected_to(tmp_path: Path, port: int) -> None:
    environment = {"MARQUEE_HOME": str(tmp_path), "MARQUEE_SMTP_URL": f"smtp://ann:{PASSWORD}@127.0.0.1:{port}"}
    assert statuses(findings(run(environment, "--json")), "mail server") == [["ok"]]


def test_a_key_that_others_can_read_is_reported(tmp_path: Path) -> None:
    key = tmp_path / "secret.key"
    key.write_text(PASSWORD * 2, encoding="ascii")
    key.chmod(0o644)
    ran = run({"MARQUEE_HOME": str(tmp_path)}, "--json")
    assert findings(ran)["private files"][0]["advice"] == f"run `chmod 600 {key}`"
    assert PASSWORD not in ran.output


def test_a_home_that_is_not_writable_is_an_error() -> None:
    found = findings(run({"MARQUEE_HOME": "/proc/self/task"}, "--json"))  # where root may not create files either
    assert statuses(found, "home folder") == [["error"]]


def test_jobs_and_the_holder_of_the_lease_are_named(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    stores = databases.open_new(settings.database)
    servers.say_what_runs_by_the_clock(stores, servers.sign_up(stores))
    stores.leases.release("scheduler", holder="here:1:a")
    stores.leases.acquire("scheduler", holder="web-1:4711:x", at=now(), until=now().replace(year=now().year + 1))
    database.close(stores)
    found = findings(run({"MARQUEE_HOME": str(tmp_path)}, "--json"))
    assert found["scheduler"][0]["finding"] == "process web-1:4711 holds the lease"
    assert statuses(found, "job retrain") == [["ok"]], "it is queued"
    assert len([check for check in found if check.startswith("job ")]) >= 10
