"""The form of a job's parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.jobs.runs import Kind, Parameter

PREFIX = "p-"
"""Prefix of the parameters' form fields."""
MAX_TYPED = 100
ON, OFF = "on", "off"


def given(table: Iterable[Parameter], typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the parameters that differ from their defaults; invalid numbers stay text, and are refused later."""
    values = {parameter: typed.get(f"{PREFIX}{parameter.name}", "").strip()[:MAX_TYPED] for parameter in table}
    read = {parameter: _read(parameter, value) for parameter, value in values.items() if value}
    return {parameter.name: value for parameter, value in read.items() if value != parameter.default}


def _read(parameter: Parameter, typed: str) -> Any:  # noqa: ANN401 - the value of any parameter
    if parameter.kind is Kind.SWITCH:
        return {ON: True, OFF: False}.get(typed, typed)
    if parameter.kind is Kind.CHOICE:
        return typed
    try:
        return int(typed) if parameter.kind is Kind.WHOLE else float(typed)
    except ValueError:
        return typed
