"""Files for operators are valid: each is checked by the linter of its format."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

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


def test_the_containers_run_as_a_numeric_user() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "\nUSER 10001\n" in text, "Kubernetes can only verify numeric users"


def test_compose_mounts_only_files_that_exist() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    mounted = [
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    assert mounted
    assert [path for path in mounted if not (ROOT / path).exists()] == []
