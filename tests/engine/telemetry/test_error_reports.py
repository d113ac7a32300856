"""Reports of errors to a server that speaks Sentry's protocol."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from core.config import Settings, load
from core.errors import InvalidSettings
from engine.telemetry import error_reports
from tests.data.database.servers import ROOT
from tests.engine.telemetry.collectors import Collector, collecting

FAIL = """
import logging
from core import config, log_lines
from engine.telemetry import logs
settings = config.load()
logs.start(settings)
log_lines.request_id.set("c0ffee123456")
log = logging.getLogger("marquee.web")
log.info("GET /search?q=private")
log.warning("slow")
visitor = "ada"
try:
    raise ValueError("cannot connect to " + settings.database_url.get_secret_value())
except ValueError:
    log.exception("a page failed with key %s", settings.secret_key.get_secret_value())
"""


def events(collector: Collector) -> list[dict[str, Any]]:
    """Return the events in all envelopes."""
    lines = [json.loads(line) for body in collector.bodies for line in body.splitlines() if line]
    return [one for one in lines if "exception" in one or "logentry" in one]


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collected:
        yield collected


def fail(dsn: str) -> subprocess.CompletedProcess[str]:
    """Run a process that logs an error."""
    environment = {
        "PATH": os.environ["PATH"],
        "MARQUEE_SENTRY_DSN": dsn,
        "MARQUEE_SENTRY_ENVIRONMENT": "staging",
        "MARQUEE_SECRET_KEY": "a-key-of-more-than-thirty-two-characters",
        "MARQUEE_DATABASE_URL": "postgresql://ann:pa55word-of-ann@db/films",
    }
    command = [sys.executable, "-c", FAIL]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_an_error_is_reported_once_without_secrets_users_and_variables(collector: Collector) -> None:
    ended = fail(f"http://public-key@127.0.0.1:{collector.port}/42")
    assert ended.returncode == 0, ended.stderr
    assert set(collector.paths) == {"/api/42/envelope/"}
    (event,) = events(collector)
    (raised,) = event["exception"]["values"]
    assert (raised["type"], raised["value"]) == ("ValueError", "cannot connect to postgresql://[hidden]@db/films")
    assert raised["stacktrace"]["frames"][-1]["function"] == "<module>"
    assert event["environment"] == "staging"
    assert event["release"].startswith("marquee@")
    assert event["tags"] == {"request": "c0ffee123456"}
    everything = b"".join(collector.bodies).decode()
    for hidden in ("pa55word-of-ann", "a-key-of-more-than", "private", "ada", "breadcrumbs", "vars"):
        assert hidden not in everything, hidden


@pytest.mark.parametrize("status", [429, 500])
def test_a_server_that_refuses_reports_changes_nothing(collector: Collector, status: int) -> None:
    collector.status = status
    ended = fail(f"http://public-key@127.0.0.1:{collector.port}/42")
    assert ended.returncode == 0
    assert "a page failed" in ended.stderr


def test_an_unreachable_server_changes_nothing() -> None:
    ended = fail("http://public-key@127.0.0.1:1/42")
    assert ended.returncode == 0
    assert "a page failed" in ended.stderr


def test_without_a_server_nothing_is_imported() -> None:
    code = (
        "import sys; from core import config; from engine.telemetry import logs\n"
        "logs.start(config.load()); print('sentry_sdk' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"]},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == "False\n"


def test_a_malformed_address_is_refused_without_being_repeated() -> None:
    with pytest.raises(InvalidSettings, match=r"MARQUEE_SENTRY_DSN: .*expected http") as raised:
        load({"MARQUEE_SENTRY_DSN": "pa55word"})
    assert "pa55word" not in str(raised.value)
    with pytest.raises(InvalidSettings, match="MARQUEE_SENTRY_DSN: expected the DSN of a project"):
        error_reports.start(Settings(sentry_dsn=SecretStr("https://host.example/")))
