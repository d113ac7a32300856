"""A cache of compiled templates and schemas shared by the hundreds of applications that tests create."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import flask
import jinja2
import orjson
import pytest
from flask_openapi3 import utils
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class CompiledTemplates(jinja2.BytecodeCache):
    """A cache of compiled templates; Jinja compares the source before it reuses one."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load the bytecode of a template that was compiled before."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store the bytecode of a template."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


def _when_needed(compile_builder: Callable[[Rule, bool], Callable[..., Any]]) -> Callable[..., Callable[..., Any]]:
    """Compile the function that builds URLs of a rule when it is first called; there are two for each of 230 rules."""

    def builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        compiled = functools.cache(lambda: compile_builder(rule, append_unknown))

        def build(self: Rule, **values: object) -> Any:
            return compiled()(self, **values)

        return build

    return builder


@contextmanager
def kept() -> Iterator[None]:
    """Compile each template and generate each schema only once, and builders of URLs when they are needed."""
    templates, make_environment = CompiledTemplates(), flask.Flask.create_jinja_environment
    generate = utils.get_model_schema
    describe = functools.cache(lambda *key: orjson.dumps(generate(*key)))

    def environment(app: flask.Flask) -> Any:
        made = make_environment(app)
        made.bytecode_cache = templates
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flask.Flask, "create_jinja_environment", environment)
        # Each caller gets a copy, because flask-openapi3 may modify it.
        patch.setattr(utils, "get_model_schema", lambda model, mode="validation": orjson.loads(describe(model, mode)))
        patch.setattr(Rule, "_compile_builder", _when_needed(Rule._compile_builder))
        yield
