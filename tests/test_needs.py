"""What a test run reports about skipped tests, and when skipping is an error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDY = """
import pytest

@pytest.mark.data
def test_on_real_data(): ...

@pytest.mark.elasticsearch
def test_on_a_real_engine(elasticsearch_url):
    assert elasticsearch_url == "http://127.0.0.1:1"

def test_without_needs(): ...
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with this configuration and three tests."""
    (tmp_path / "conftest.py").write_text(
        (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (tmp_path / "setup.cfg").write_text((ROOT / "setup.cfg").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "test_needy.py").write_text(NEEDY, encoding="utf-8")
    return tmp_path


def test_skipped_tests_are_reported_with_what_they_need(project: Path) -> None:
    ended = _run(project)
    assert ended.returncode == 0
    assert "1 passed, 2 skipped" in ended.stdout
    assert "skipped: 1 tests that need the real data sets; to run them, set MARQUEE_TEST_DATA" in ended.stdout
    assert "skipped: 1 tests that need a real Elasticsearch; to run them, set ELASTICSEARCH_URL" in ended.stdout


def test_available_services_are_used_and_not_mentioned(project: Path) -> None:
    ended = _run(project, ELASTICSEARCH_URL="http://127.0.0.1:1", MARQUEE_TEST_DATA=str(project))
    assert "3 passed" in ended.stdout
    assert "left out" not in ended.stdout


@pytest.mark.parametrize(
    ("required", "said"),
    [("data,elasticsearch", "missing a real Elasticsearch (set ELASTICSEARCH_URL"), ("date", "no test needs that")],
)
def test_a_missing_requirement_fails_the_run(project: Path, required: str, said: str) -> None:
    ended = _run(project, MARQUEE_REQUIRE=required)
    assert ended.returncode != 0
    assert said in ended.stderr
    assert "passed" not in ended.stdout


def _run(project: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    ours = ("MARQUEE_", "ELASTICSEARCH_", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-o", "testpaths=.", "."]
    return subprocess.run(
        command,
        cwd=project,
        env={**kept, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
