"""What is installed and run is pinned: packages by hash, actions by commit, images without capabilities."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
LOCKED = sorted((ROOT / "deploy" / "requirements").glob("*.txt"))
VERSION = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.M)
HASHES = re.compile(r"^ +--hash=sha256:[0-9a-f]{64}( \\)?$")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = sorted(COMPOSE["services"])
ONE_OWNER = "migrate"
"""The only service that may change tables."""


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def versions(path: Path) -> dict[str, str]:
    return {normalized(name): version for name, version in VERSION.findall(path.read_text(encoding="utf-8"))}


def test_every_list_of_packages_exists() -> None:
    assert {path.stem for path in LOCKED} == {"build", "index", "sbom", "test", "web", "weights"}


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.stem)
def test_every_package_has_its_hashes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    packages = [line for line in lines if not line.startswith(" ")]
    assert all(VERSION.match(line) and line.endswith("\\") for line in packages), (
        "each is pinned and followed by hashes"
    )
    assert all(HASHES.match(line) for line in lines if line.startswith(" "))
    assert "://" not in text.replace("# ", ""), "no address of a registry"


@pytest.mark.parametrize("name", ["web", "index", "test", "weights"])
def test_the_hashes_are_those_of_the_tested_versions(name: str) -> None:
    tested = versions(ROOT / "constraints.txt")
    locked = versions(ROOT / "deploy" / "requirements" / f"{name}.txt")
    assert {package: version for package, version in locked.items() if tested.get(package, version) != version} == {}


def test_the_images_install_nothing_without_a_hash() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    installs = [line for line in text.splitlines() if "pip install" in line]
    assert len(installs) == 4
    from_source = [line for line in installs if line.endswith(" .")]
    assert from_source == ["RUN /opt/marquee/bin/pip install --no-deps --no-build-isolation ."]
    assert all("--require-hashes" in line for line in installs if line not in from_source)


def test_actions_are_pinned_by_commit() -> None:
    used = re.findall(r"uses: (\S+)", (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert used
    assert [action for action in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)] == []


def test_base_images_are_pinned_by_digest() -> None:
    used = re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
    used += re.findall(r"POSTGRES_IMAGE:-([^}]+)}", (ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    used += re.findall(r"image: (postgres\S+)", (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert len(used) == 3
    assert [image for image in used if not re.fullmatch(r"[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}", image)] == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_is_read_only_without_capabilities_and_with_limits(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert not service.get("privileged")
    assert bool(service.get("cap_add")) == (name == "postgres")


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_has_no_more_access_than_it_needs(name: str) -> None:
    environment = COMPOSE["services"][name]["environment"]
    database = environment.get("MARQUEE_DATABASE_URL", "")
    assert ("marquee_owner" in database) == (name == ONE_OWNER)
    if name == "web":
        assert environment["MARQUEE_ELASTICSEARCH_USER"] == "marquee_web"
    if name in ("web", "jobs", "index"):
        assert "//marquee_web:" in database
    assert ("ELASTIC_PASSWORD" in environment) == name.startswith("elasticsearch")
