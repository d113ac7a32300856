"""The form of a job's parameters: its fields, and what was typed into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.jobs.runs import Kind, Parameter

PREFIX = "p-"
"""Before the name of each parameter among the fields of a form."""
MAX_TYPED = 100
ON, OFF = "on", "off"


def given(table: Iterable[Parameter], typed: Mapping[str, str]) -> dict[str, Any]:
    """The parameters that differ from their defaults; what is no number stays text, and is refused as such."""
    values = {parameter: typed.get(f"{PREFIX}{parameter.name}", "").strip()[:MAX_TYPED] for parameter in table}
    read = {parameter: _read(parameter, value) for parameter, value in values.items() if value}
    return {parameter.name: value for parameter, value in read.items() if value != parameter.default}


def _read(parameter: Parameter, typed: str) -> Any:  # noqa: ANN401 - what the parameter holds
    if parameter.kind is Kind.SWITCH:
        return {ON: True, OFF: False}.get(typed, typed)
    if parameter.kind is Kind.CHOICE:
        return typed
    try:
        return int(typed) if parameter.kind is Kind.WHOLE else float(typed)
    except ValueError:
        return typed
