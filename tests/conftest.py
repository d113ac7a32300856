"""What every test may ask for: the outside world where it is there, and a plain word about it where it is not."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

from tests import databases

REQUIRE = "MARQUEE_REQUIRE"
"""Names, comma-separated, of what must be there: a missing one fails the whole run."""
CHROMIUM = "/usr/bin/chromium"
COLLECTED = (50_000, 20, 100)
"""Thresholds of the garbage collector: each application leaves thousands of objects that refer to one another."""
LONG = (
    "journeys/test_week.py",
    "marquee/test_run.py",
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
"""What takes longest, where it begins: it is run first, lest one process waits for another in the end."""

# The same examples at every run; HYPOTHESIS_PROFILE=explore looks for new ones.
hypothesis.settings.register_profile("ci", derandomize=True, print_blob=True, deadline=None)
hypothesis.settings.register_profile("explore", print_blob=True, deadline=None, max_examples=1_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def _turn(item: pytest.Item) -> int:
    file = item.nodeid.partition("::")[0].removeprefix("tests/")
    return next((turn for turn, start in enumerate(LONG) if file.startswith(start)), len(LONG))


@dataclass(frozen=True)
class Need:
    """Something outside that some tests need, by the name of their marker."""

    marker: str
    what: str
    remedy: str
    find: Callable[[], str | None]


def _browser() -> str | None:
    """Debian's Chromium, or one that Playwright installed for itself."""
    own = (Path.home() / ".cache" / "ms-playwright").glob("chromium-*")
    return CHROMIUM if Path(CHROMIUM).exists() else next(map(str, own), None)


NEEDS = (
    Need(
        "elasticsearch",
        "a real Elasticsearch",
        "set ELASTICSEARCH_URL to its address",
        lambda: os.environ.get("ELASTICSEARCH_URL"),
    ),
    Need(
        "postgresql",
        "a real PostgreSQL",
        "set POSTGRES_URL to the address of one where databases may be made",
        lambda: os.environ.get("POSTGRES_URL"),
    ),
    Need("browser", "Chromium", "install Debian's chromium, or run `playwright install chromium`", _browser),
    Need(
        "data",
        "the real data sets",
        "set MARQUEE_TEST_DATA to their folder",
        lambda: os.environ.get("MARQUEE_TEST_DATA"),
    ),
)


def pytest_configure() -> None:
    """Refuse to run at all where something required is missing."""
    required = {name.strip() for name in os.environ.get(REQUIRE, "").split(",") if name.strip()}
    unknown = required - {need.marker for need in NEEDS}
    if unknown:
        raise pytest.UsageError(f"{REQUIRE} names {', '.join(sorted(unknown))}: no test needs that")
    missing = [need for need in NEEDS if need.marker in required and not need.find()]
    if missing:
        raise pytest.UsageError(f"{REQUIRE}: missing " + "; ".join(f"{need.what} ({need.remedy})" for need in missing))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first; leave out, with the reason, the tests whose need is not met."""
    items.sort(key=_turn)
    for need in NEEDS:
        if need.find():
            continue
        skip = pytest.mark.skip(reason=f"needs {need.what}: {need.remedy}")
        for item in items:
            if item.get_closest_marker(need.marker):
                item.add_marker(skip)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what collection made: it took a third of the time of the tests of the website."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly what was left out, and what brings it in."""
    reports = terminalreporter.getreports("skipped")
    for need in NEEDS:
        left_out = sum(f"needs {need.what}: {need.remedy}" in str(report.longrepr) for report in reports)
        if left_out:
            terminalreporter.write_line(
                f"left out: {left_out} tests that need {need.what}; to run them, {need.remedy}", yellow=True
            )


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """The address of a real Elasticsearch, for tests marked `elasticsearch`."""
    return os.environ["ELASTICSEARCH_URL"]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a real PostgreSQL where databases may be made, for tests marked `postgresql`."""
    yield os.environ["POSTGRES_URL"]
    databases.drop_template(os.environ["POSTGRES_URL"])


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the real data sets, for tests marked `data`."""
    return Path(os.environ["MARQUEE_TEST_DATA"])
