"""The API conforms to its OpenAPI description, whatever is sent to it."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

import webapp
from core.config import Settings
from core.users import Scope
from data import database
from engine.accounts.accounts import Accounts
from engine.accounts.diary.lists import Lists
from tests import fakes
from tests.fake_watches import KnownMovies
from webapp.description import openapi

PEOPLE = f"sqlite:///{tempfile.mkdtemp()}/people.sqlite"
STORES = database.open(PEOPLE)
INDEX: Any = KnownMovies(fakes.MOVIES)
SERVICES = replace(
    fakes.services(settings=Settings(secret_key="a key for tests that nobody else has", rate_limits=False)),
    accounts=Accounts(STORES),
    lists=Lists(STORES.lists, INDEX),
)
APP = webapp.create_app(SERVICES)
SCHEMA = schemathesis.openapi.from_wsgi("/api/openapi.json", APP)
USERS_ONLY = r"^/api/(me|rate|tokens|recommendations|explain|ml|events)"
"""Operations that mostly return 401 without a user."""
SUICIDAL = r"^/api/tokens/"
"""Revokes the token that the test uses."""
ADMINISTRATORS_ONLY = r"^/api/ml/(train|retrain|metrics|models|jobs|insights|experiments|audit|understanding)"
ENDLESS = r"/stream$"
"""Runs for minutes; tested in `test_event_streams.py`."""
TOGETHER = {"page", "year_from", "runtime_min"}
"""Fields whose value can be wrong only in combination with another one, which OpenAPI cannot express."""
PROMISES = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


def sampled(examples: int, *phases: Phase) -> settings:
    """Return the settings of a property test: the same examples in every run."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )


@SCHEMA.exclude(path_regex=USERS_ONLY).parametrize()
@sampled(150, Phase.explicit, Phase.generate)
def test_every_call_conforms_to_its_description(case: schemathesis.Case) -> None:
    answer = case.call(headers={"Accept-Encoding": "identity"})
    counted = case.path in ("/api/accounts", "/api/ask")  # soon they answer 429
    refused = counted or answer.status_code == HTTPStatus.REQUEST_URI_TOO_LONG
    rejection = [] if refused else [checks.negative_data_rejection]
    case.validate_response(answer, checks=[*PROMISES, *rejection])


@SCHEMA.include(path_regex=USERS_ONLY).exclude(path_regex=f"{SUICIDAL}|{ENDLESS}").parametrize()
@sampled(30, Phase.explicit, Phase.generate)
def test_every_call_of_a_user_conforms_to_its_description(case: schemathesis.Case) -> None:
    answer = case.call(headers={"Accept-Encoding": "identity", "Authorization": f"Bearer {secret()}"})
    case.validate_response(answer, checks=PROMISES)


@SCHEMA.include(path_regex=ADMINISTRATORS_ONLY).exclude(path_regex=ENDLESS).parametrize()
@sampled(30, Phase.explicit, Phase.generate)
def test_every_call_of_an_administrator_conforms_to_its_description(case: schemathesis.Case) -> None:
    answer = case.call(headers={"Accept-Encoding": "identity", "Authorization": f"Bearer {secret('Grace')}"})
    case.validate_response(answer, checks=[*PROMISES, checks.negative_data_rejection])


@cache
def secret(name: str = "Ada") -> str:
    """Return a token with both scopes; Grace is an administrator."""
    user = SERVICES.accounts.sign_up(name, "correct horse")
    STORES.accounts.set_administrator(user.id, name == "Grace")
    return SERVICES.accounts.add_token(user, "tests", frozenset({Scope.READ, Scope.WRITE}))[1]


@SCHEMA.include(path="/api/search").parametrize()
@sampled(150, Phase.generate)
def test_a_valid_request_is_refused_only_for_contradictions(case: schemathesis.Case) -> None:
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    answer = case.call(headers={"Accept-Encoding": "identity"})
    assert answer.status_code in (200, 414) or set(answer.json()["errors"]) <= TOGETHER


def test_the_description_is_complete(client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").json
    assert spec["openapi"].startswith("3.")
    assert set(spec["paths"]) == {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in APP.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.rule not in ("/api/docs", "/api/openapi.json")
    }
    for methods in spec["paths"].values():
        for operation in methods.values():
            answers = operation["responses"]
            assert {"400", "503"} <= set(answers)
            assert any(code.startswith("2") for code in answers)
            assert set(answers["400"]["content"]) == {"application/problem+json"}


def test_operations_have_distinct_names(client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").json
    names = [operation["operationId"] for methods in spec["paths"].values() for operation in methods.values()]
    assert len(set(names)) == len(names)
    assert {"search_movies", "get_a_movie", "list_similar_movies"} <= set(names)


def test_an_operation_that_can_return_401_documents_how_to_sign_in(client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").json
    schemes = set(spec["components"]["securitySchemes"])
    for path, methods in spec["paths"].items():
        for operation in methods.values():
            named = {name for way in operation.get("security", ()) for name in way}
            assert named <= schemes, path
            assert bool(named) == ("401" in operation["responses"]), path


def test_a_repeated_parameter_is_described_as_a_list(client: FlaskClient) -> None:
    parameters = client.get("/api/openapi.json").json["paths"]["/api/search"]["get"]["parameters"]
    schemas = {parameter["name"]: parameter["schema"] for parameter in parameters}
    assert schemas["genre"]["type"] == "array"
    assert schemas["q"]["maxLength"] == 5000
    assert "default" not in schemas["year_from"]
    assert schemas["year_from"] == {**schemas["year_from"], "type": "integer", "minimum": 1870, "maximum": 2100}


def test_the_documentation_page_shows_every_operation_and_field(client: FlaskClient) -> None:
    text = client.get("/api/docs").text
    spec = client.get("/api/openapi.json").json
    for path, methods in spec["paths"].items():
        assert f"<code>{path}</code>" in text
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in text
    for model in ("SearchResponse", "Problem", "Movie", "MatchReason"):
        assert f'id="model-{model}"' in text


def test_every_example_on_the_page_works(client: FlaskClient) -> None:
    for example in openapi.TRY.values():
        assert client.get(example).status_code == 200


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"$ref": "#/components/schemas/Film"}, "Film"),
        ({"type": "array", "items": {"type": "string"}}, "list of string"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer or null"),
        ({"enum": ["any", "all"]}, "any | all"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "object of string"),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "integer, 1 to 9"),
        ({"type": "string", "maxLength": 5}, "string, up to 5 characters"),
        ({}, "any"),
    ],
)
def test_schemas_have_short_descriptions(schema: dict[str, object], words: str) -> None:
    assert openapi.kind(schema) == words
