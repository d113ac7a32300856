"""What documents say of the code is what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.config import Settings
from core.jobs import Kind, Parameter
from engine.training.options import PARAMETERS

ROOT = Path(__file__).parents[1]
ROWS = {
    name: (rest.split(" | "))
    for name, rest in re.findall(
        r"^\| `([a-z_]+)` \| (.*) \|$", (ROOT / "docs" / "training.md").read_text(encoding="utf-8"), re.MULTILINE
    )
}


def test_every_parameter_of_trainings_has_its_row_and_no_other() -> None:
    assert set(ROWS) == set(PARAMETERS)


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_the_row_of_a_parameter_tells_its_range_its_default_and_its_meaning(name: str) -> None:
    parameter = PARAMETERS[name]
    assert ROWS[name] == [_range(parameter), _default(parameter), parameter.meaning]


def _range(parameter: Parameter) -> str:
    if parameter.kind is Kind.SWITCH:
        return "true, false"
    if parameter.choices:
        return ", ".join(parameter.choices)
    return f"{_number(parameter.least)} to {_number(parameter.most)}"


def _default(parameter: Parameter) -> str:
    if parameter.name in Settings().training:
        return f"`MARQUEE_{parameter.name.upper()}`"
    if parameter.kind is Kind.SWITCH:
        return str(parameter.default).lower()
    return str(parameter.default) if parameter.name == "seed" else _number(parameter.default)


def _number(value: float | None) -> str:
    assert value is not None
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
