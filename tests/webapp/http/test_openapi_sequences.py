"""Sequences of API calls, each with values of earlier answers: ids of movies, tokens, runs and labelled requests."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.webapp.http.test_openapi import SCHEMA, secret

SEQUENCES, LENGTH = 30, 10
EXCLUDED = r"/stream$|^/api/me$"
"""Streams last for minutes, and an account cannot be deleted with a token."""


class Sequences(SCHEMA.exclude(path_regex=EXCLUDED).as_state_machine()):  # type: ignore[misc]
    """Calls as an administrator; the links between them are inferred from names and ids in the description."""

    def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:
        """Send an administrator's token."""
        del case
        return {"headers": {"Accept-Encoding": "identity", "Authorization": f"Bearer {secret('Grace')}"}}

    def validate_response(self, response: Any, case: schemathesis.Case, **more: Any) -> None:
        """Check what holds for every answer. A token that a sequence revokes is not the one that it sends."""
        conforming = [not_a_server_error, checks.content_type_conformance, checks.response_schema_conformance]
        case.validate_response(response, checks=conforming, **more)


TestSequences = Sequences.TestCase
TestSequences.settings = settings(
    max_examples=SEQUENCES,
    stateful_step_count=LENGTH,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
