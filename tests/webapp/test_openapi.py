"""The API keeps what its own description promises, whatever is sent to it."""

from __future__ import annotations

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

import webapp
from tests import fakes
from webapp import description

APP = webapp.create_app(fakes.services())
SCHEMA = schemathesis.openapi.from_wsgi("/api/openapi.json", APP)
TOGETHER = {"page", "year_from", "runtime_min"}
"""Fields of which a value can be wrong only beside another one, which a description cannot say."""


@SCHEMA.parametrize()
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_every_call_keeps_its_promises(case: schemathesis.Case) -> None:
    answer = case.call(headers={"Accept-Encoding": "identity"})
    case.validate_response(
        answer,
        checks=[
            not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_schema_conformance,
            checks.negative_data_rejection,
        ],
    )


@SCHEMA.include(path="/api/search").parametrize()
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
def test_what_the_description_allows_is_refused_only_for_contradictions(case: schemathesis.Case) -> None:
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    answer = case.call(headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200 or set(answer.json()["errors"]) <= TOGETHER


def test_the_description_is_whole(client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").json
    assert spec["openapi"].startswith("3.")
    assert set(spec["paths"]) == {
        "/api/search",
        "/api/suggest",
        "/api/movies/{id}",
        "/api/movies/{id}/similar",
        "/api/popular",
        "/api/genres",
    }
    for methods in spec["paths"].values():
        answers = methods["get"]["responses"]
        assert {"200", "400", "503"} <= set(answers)
        assert set(answers["400"]["content"]) == {"application/problem+json"}


def test_a_repeated_parameter_is_described_as_a_list(client: FlaskClient) -> None:
    parameters = client.get("/api/openapi.json").json["paths"]["/api/search"]["get"]["parameters"]
    schemas = {parameter["name"]: parameter["schema"] for parameter in parameters}
    assert schemas["genre"]["type"] == "array"
    assert schemas["q"]["maxLength"] == 5000
    assert "default" not in schemas["year_from"]
    assert schemas["year_from"] == {**schemas["year_from"], "type": "integer", "minimum": 1870, "maximum": 2100}


def test_the_page_for_people_shows_every_call_and_field(client: FlaskClient) -> None:
    text = client.get("/api/docs").text
    spec = client.get("/api/openapi.json").json
    for path, methods in spec["paths"].items():
        assert f"<code>{path}</code>" in text
        for parameter in methods["get"].get("parameters", ()):
            assert f"<code>{parameter['name']}</code>" in text
    for model in ("SearchAnswer", "Problem", "Film", "Why"):
        assert f'id="model-{model}"' in text


def test_every_example_on_the_page_works(client: FlaskClient) -> None:
    for example in description.TRY.values():
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
def test_schemas_are_put_into_words(schema: dict[str, object], words: str) -> None:
    assert description.kind(schema) == words
