"""What an application makes of the code alone, kept from one application to the next: tests make hundreds of them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask
import jinja2
import orjson
import pytest
from flask_openapi3 import utils
from jinja2.bccache import Bucket


class CompiledTemplates(jinja2.BytecodeCache):
    """Templates as they were compiled; Jinja compares their source before it uses one again."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket, if its template was compiled before."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


@contextmanager
def kept() -> Iterator[None]:
    """Compile each template and describe each schema once."""
    templates, make_environment = CompiledTemplates(), flask.Flask.create_jinja_environment
    describe_anew = utils.get_model_schema
    describe = functools.cache(lambda *key: orjson.dumps(describe_anew(*key)))

    def environment(app: flask.Flask) -> Any:
        made = make_environment(app)
        made.bytecode_cache = templates
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flask.Flask, "create_jinja_environment", environment)
        # A copy for each: flask-openapi3 may change what it is given.
        patch.setattr(utils, "get_model_schema", lambda model, mode="validation": orjson.loads(describe(model, mode)))
        yield
