"""The manifests for Kubernetes: they build, conform to its API, are hardened, and fit this program."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from core import config
from marquee.cli import main

ROOT = Path(__file__).parents[2]
MANIFESTS = ROOT / "deploy" / "kubernetes"
OVERLAYS = ("small", "production")
UID = 10001

pytestmark = pytest.mark.kubernetes

Resource = dict[str, Any]


@cache
def built(overlay: str) -> str:
    """Return what would be applied."""
    command = ["kubectl", "kustomize", MANIFESTS / "overlays" / overlay]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def resources(overlay: str, *kinds: str) -> list[Resource]:
    """Return the resources of some kinds."""
    return [one for one in yaml.safe_load_all(built(overlay)) if one["kind"] in kinds]


def pods(overlay: str) -> Iterator[tuple[str, Resource]]:
    """Yield name and specification of every pod."""
    for one in resources(overlay, "Deployment", "Job", "CronJob"):
        spec = one["spec"]["jobTemplate"]["spec"] if one["kind"] == "CronJob" else one["spec"]
        yield one["metadata"]["name"], spec["template"]["spec"]


def containers(overlay: str) -> Iterator[tuple[str, Resource]]:
    """Yield name and specification of every container."""
    for name, pod in pods(overlay):
        for container in (*pod.get("initContainers", []), *pod["containers"]):
            yield f"{name}/{container['name']}", container


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_manifests_conform_to_the_api(overlay: str, tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(built(overlay), encoding="utf-8")
    validate = Path(sys.executable).parent / "kubernetes-validate"
    ended = subprocess.run([validate, "--strict", tmp_path / "all.yaml"], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_misspelt_field_would_be_found(tmp_path: Path) -> None:
    wrong = built("small").replace("readOnlyRootFilesystem", "readOnlyRootFileSystem")
    (tmp_path / "all.yaml").write_text(wrong, encoding="utf-8")
    validate = Path(sys.executable).parent / "kubernetes-validate"
    ended = subprocess.run([validate, "--strict", tmp_path / "all.yaml"], capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "readOnlyRootFileSystem" in ended.stdout + ended.stderr


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_is_restricted(overlay: str) -> None:
    (namespace,) = resources(overlay, "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for name, pod in pods(overlay):
        security = pod["securityContext"]
        assert security["runAsNonRoot"] is True, name
        assert security["runAsUser"] == UID, name
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_container_is_restricted_and_limited(overlay: str) -> None:
    for name, container in containers(overlay):
        security = container["securityContext"]
        assert security["readOnlyRootFilesystem"] is True, name
        assert security["allowPrivilegeEscalation"] is False, name
        assert security["capabilities"] == {"drop": ["ALL"]}, name
        assert {"cpu", "memory"} <= set(container["resources"]["requests"]), name
        assert "memory" in container["resources"]["limits"], name
        image, _, tag = container["image"].rpartition(":")
        assert image, name
        assert tag != "latest", name


def test_the_image_has_the_user_of_the_manifests() -> None:
    assert f"USER {UID}\n" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_web_servers_are_probed_and_drain_before_they_are_killed(overlay: str) -> None:
    (pod,) = [pod for name, pod in pods(overlay) if name == "marquee-web"]
    (web,) = pod["containers"]
    paths = {probe: web[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert paths == {
        "startupProbe": "/health/live",
        "livenessProbe": "/health/live",
        "readinessProbe": "/health/ready",
    }
    pause = int(web["lifecycle"]["preStop"]["exec"]["command"][1])
    settings = settings_of(overlay)
    assert pod["terminationGracePeriodSeconds"] >= pause + float(settings["MARQUEE_DRAIN_SECONDS"]) + 15


def settings_of(overlay: str) -> dict[str, str]:
    """Return the settings that all pods share."""
    (found,) = resources(overlay, "ConfigMap")
    return dict(found["data"])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_has_valid_settings(overlay: str, tmp_path: Path) -> None:
    values = {
        "secret_key": "k" * 40,
        "database_url": "postgresql://marquee@db/marquee",
        "elasticsearch_url": "https://search:9200",
        "elasticsearch_api_key": "a2V5",
        "rate_limit_storage": "redis://valkey:6379",
        "backup_identity": "AGE-SECRET-KEY-1EXAMPLE",
    }
    for name, content in values.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    for name, container in containers(overlay):
        given = {entry["name"]: entry for entry in container.get("env", [])}
        environment = dict(settings_of(overlay))
        for variable, entry in given.items():
            if variable.endswith("_FILE"):
                environment[variable] = str(tmp_path / Path(entry["value"]).name)
            elif "value" in entry:
                environment[variable] = entry["value"]
        assert config.load(environment).log_format == "json", name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_command_exists(overlay: str) -> None:
    words = [container["args"] for _, container in containers(overlay)]
    scripts = " && ".join(" ".join(args[2:] if args[0] == "sh" else args) for args in words)
    called = set(re.findall(r"marquee ([a-z-]+)", scripts))
    assert called == {"backup", "database", "export-encoder", "index", "jobs", "restore", "serve", "train"}
    assert called <= set(main.commands)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_only_the_migration_owns_tables_and_only_backups_reach_their_bucket(overlay: str) -> None:
    secrets = {
        name: {volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume}
        for name, pod in pods(overlay)
    }
    assert [name for name, found in secrets.items() if "marquee-owner" in found] == ["marquee-migrate"]
    assert sorted(name for name, found in secrets.items() if "marquee-backups" in found) == [
        "marquee-backup",
        "marquee-restore-drill",
    ]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_secret_is_documented(overlay: str) -> None:
    document = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    names = set(re.findall(r"secretName: (marquee-[a-z-]+)|name: (marquee-(?:backups|models-bucket))", built(overlay)))
    assert {first or second for first, second in names} >= {"marquee-secrets", "marquee-owner", "marquee-backups"}
    assert [name for pair in names for name in pair if name and name not in document] == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nothing_is_reachable_unless_it_is_listed(overlay: str) -> None:
    policies = {one["metadata"]["name"]: one["spec"] for one in resources(overlay, "NetworkPolicy")}
    assert set(policies["marquee-default"]["policyTypes"]) == {"Ingress", "Egress"}
    assert "ingress" not in policies["marquee-default"]
    ports = {port["port"] for rule in policies["marquee-web"]["ingress"] for port in rule["ports"]}
    assert ports == {8000, 9464}
    assert "ingress" not in policies["marquee-work"]


def test_the_autoscaler_and_the_budget_name_the_web_servers() -> None:
    (scaler,) = resources("production", "HorizontalPodAutoscaler")
    (budget,) = resources("production", "PodDisruptionBudget")
    (web,) = [one for one in resources("production", "Deployment") if one["metadata"]["name"] == "marquee-web"]
    assert scaler["spec"]["scaleTargetRef"]["name"] == "marquee-web"
    assert "replicas" not in web["spec"], "applying the manifests would reset what the autoscaler chose"
    wanted = budget["spec"]["selector"]["matchLabels"]
    assert wanted.items() <= web["spec"]["template"]["metadata"]["labels"].items()
