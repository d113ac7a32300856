"""The fakes have the same signatures as the classes that they replace."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import get_origin, get_type_hints

import pytest

from engine.services import Services
from engine.social.service import Social
from tests import fakes

FIELDS = [field.name for field in fields(Services) if field.name not in ("settings", "social", "shared")]
FIELDS += [f"social.{field.name}" for field in fields(Social)]


@pytest.mark.parametrize("name", FIELDS)
def test_a_fake_has_the_same_signatures_as_the_real_class(name: str) -> None:
    group, _, last = name.rpartition(".")
    hint = get_type_hints(Social if group else Services)[last]
    real, fake = get_origin(hint) or hint, type(attrgetter(name)(fakes.services()))
    shared = [
        method
        for method, value in vars(fake).items()
        if inspect.isfunction(value) and not method.startswith("_") and hasattr(real, method)
    ]
    assert shared
    for method in shared:
        assert _parameters(getattr(fake, method)) == _parameters(getattr(real, method)), method


def _parameters(method: Callable[..., object]) -> list[tuple[str, object]]:
    return [(one.name, one.kind) for one in inspect.signature(method).parameters.values()]
