"""The units of systemd."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from marquee.cli import main

UNITS = sorted((Path(__file__).parents[2] / "deploy" / "systemd").glob("*.service"))
PROGRAM = "/opt/marquee/bin/marquee"
MOST_EXPOSED = 20
"""Of 100, by the assessment of systemd; a unit without any restriction has 96."""

pytestmark = pytest.mark.systemd


@pytest.fixture(params=UNITS, ids=lambda path: path.name)
def unit(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A unit whose program is installed."""
    delivered: Path = request.param
    installed = tmp_path / delivered.name
    installed.write_text(delivered.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true"), encoding="utf-8")
    return installed


def test_a_unit_is_valid(unit: Path) -> None:
    checked = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_a_unit_may_do_little(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", unit]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_units_start_commands_that_exist() -> None:
    started = {}
    for path in UNITS:
        lines = path.read_text(encoding="utf-8").splitlines()
        command = next(line for line in lines if line.startswith("ExecStart=")).removeprefix(f"ExecStart={PROGRAM} ")
        started[path.stem] = command.split()[0]
    assert started == {"marquee": "serve", "marquee-jobs": "jobs"}
    assert set(started.values()) <= set(main.commands)
