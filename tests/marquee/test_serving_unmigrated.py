"""`marquee serve --no-migrate` as a real process on a database that is behind, whose URL comes from a file."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from data import database
from data.database import revisions
from tests import sample
from tests.data.database import servers
from tests.marquee.processes import PATIENCE, Site, command, free_port

BEHIND = str(revisions.revisions()[-2])

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def behind(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database at the revision before the newest one."""
    is_file = request.param == "sqlite"
    with servers.sqlite(tmp_path) if is_file else servers.postgresql(request.getfixturevalue("postgres_url")) as url:
        database.migrate(url, BEHIND)
        yield url


def readiness(site: Site) -> tuple[int, dict[str, Any]]:
    """Return status and content of the health check; 0 while nothing listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/health/ready", timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())
    except (urllib.error.URLError, ConnectionError):
        return 0, {}


@contextmanager
def serving(site: Site, log: Path) -> Iterator[None]:
    """Run a server that need not become ready."""
    started = command("serve", "--no-migrate")
    with log.open("w") as file, subprocess.Popen(started, env=site.environment, stderr=file) as own:
        try:
            yield
        finally:
            own.terminate()


def until(site: Site, status: int) -> dict[str, Any]:
    """Wait for a status of the health check; return its content."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found, content = readiness(site)
        if found == status:
            return content
        time.sleep(0.1)
    raise AssertionError(f"the health check never answered {status}")


def test_a_server_is_ready_once_somebody_else_has_migrated_the_database(
    behind: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path / "database-url"
    secret.write_text(f"{behind}\n", encoding="utf-8")
    home = sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample").home
    site = Site(home, free_port(), {"MARQUEE_DATABASE_URL_FILE": str(secret)})
    with serving(site, tmp_path / "log"):
        found = until(site, 503)
        while "not checked" in found["detail"]:
            found = until(site, 503)
        assert f"is at revision {BEHIND}" in found["detail"]
        assert "run `marquee database migrate`" in found["detail"]
        assert "<html" in site.get("/search?q=robot"), "searches work"
        refused = site.call("jobs", "run", "--no-migrate")
        assert (refused.returncode, "run `marquee database migrate`" in refused.stderr) == (1, True)
        assert database.current(behind) == BEHIND
        assert site.call("database", "migrate").returncode == 0
        assert until(site, 200)["degraded"] == {}
