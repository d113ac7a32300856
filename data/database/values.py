"""JSON values that both databases can store."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from data.database.schema import storable


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as plain JSON: NumPy numbers as Python numbers, and None for NaN and infinity.

    Raises:
        TypeError: a value cannot be represented in JSON; names its key.
    """
    return {storable(str(key)): _plain(value, str(key)) for key, value in values.items()}


def _plain(value: object, key: str) -> object:
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str):
        return storable(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain(each, key) for each in value]
    raise TypeError(f"{key}: expected a plain JSON value, got {type(value).__name__}")
