"""The OpenAPI description of the API, and the documentation page generated from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template
from flask_openapi3.openapi import OpenAPI

from webapp.description import code_samples, examples
from webapp.http import security, traffic

REF = "$ref"
JSON = "application/json"
PROBLEM = "application/problem+json"
PARAMETER = re.compile(r"<(?:[^<>:]+:)?([^<>]+)>")
NOTHING = "nothing"
ENDLESS = 1e9
"""Upper bounds from here on only protect the server and are not shown."""
TRY = {
    "/api/search": "/api/search?q=lonely+robot&size=3",
    "/api/suggest": "/api/suggest?q=the",
    "/api/popular": "/api/popular?size=3",
    "/api/genres": "/api/genres",
}
"""Example requests that work on any catalogue."""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field of a response."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operation as shown on the page."""

    method: str
    path: str
    tag: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    answer: str
    statuses: tuple[tuple[str, str], ...]
    example: str


def blueprint(app: OpenAPI, *, poster_base: str = "") -> Blueprint:
    """Return the blueprint of `/api/openapi.json` and `/api/docs`."""
    policy = security.content_policy(poster_base, inline_design=True)
    routes = Blueprint("description", __name__, url_prefix="/api")

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(without_null_defaults(described(app)))

    @routes.get("/docs")
    def docs() -> Response:
        """Show the description with RapiDoc, which has inline styles and images; without JavaScript, as text."""
        spec = described(app)
        models = {
            name: list(fields(schema))
            for name, schema in spec["components"]["schemas"].items()
            if "properties" in schema
        }
        found = list(calls(spec))
        tags = {
            tag: [(n, call) for n, call in enumerate(found, 1) if call.tag == tag] for tag in {c.tag: 0 for c in found}
        }
        html = render_template("http/api_docs.html", info=spec["info"], calls=found, tags=tags, models=models)
        response = make_response(html)
        response.headers["Content-Security-Policy"] = policy
        return response

    return routes


def described(app: OpenAPI) -> Mapping[str, Any]:
    """Return the description of `app`, with the limits of its operations."""
    spec: Mapping[str, Any] = app.api_doc
    for rule in app.url_map.iter_rules():
        name = traffic.QUOTA_OF_OPERATION.get(rule.endpoint, "")
        operations = spec["paths"].get(PARAMETER.sub(r"{\1}", rule.rule), {})
        for method, operation in operations.items():
            if any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
                operation["responses"].setdefault("414", _problem(HTTPStatus.REQUEST_URI_TOO_LONG))
            if name and method.upper() in (rule.methods or ()):
                _limit(operation["responses"], traffic.QUOTAS[name])
    _name(spec)
    examples.add(spec)
    code_samples.add(spec)
    return spec


def without_null_defaults(spec: object) -> object:
    """Return `spec` without `default: null`, which is not a valid value of the parameters."""
    if isinstance(spec, Mapping):
        kept = {name: value for name, value in spec.items() if name != "default" or value is not None}
        return {name: without_null_defaults(value) for name, value in kept.items()}
    return [without_null_defaults(value) for value in spec] if isinstance(spec, list) else spec


def calls(spec: Mapping[str, Any]) -> Iterator[Call]:
    """Return the operations of an OpenAPI description."""
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            yield Call(
                method=method.upper(),
                path=path,
                tag=operation["tags"][0],
                summary=operation["summary"],
                description=operation.get("description", ""),
                parameters=(
                    *(_parameter(parameter) for parameter in operation.get("parameters", ())),
                    *_body(operation, spec["components"]["schemas"]),
                ),
                answer=_answer(operation["responses"]),
                statuses=tuple(
                    (code, answer["description"]) for code, answer in sorted(operation["responses"].items())
                ),
                example=TRY.get(path, ""),
            )


def fields(schema: Mapping[str, Any]) -> Iterator[Field]:
    """Return the fields of a model."""
    for name, value in schema["properties"].items():
        yield Field(name, kind(value), name in schema.get("required", ()), value.get("description", ""))


def kind(schema: Mapping[str, Any]) -> str:
    """Return a short description of a schema."""
    if REF in schema:
        return str(schema[REF]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(kind(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {kind(schema['additionalProperties'])}"
    return str(schema.get("type", "any")) + _bounds(schema)


def _name(spec: Mapping[str, Any]) -> None:
    """Name each operation after its summary, as in `list_similar_movies`, for the functions of generated clients."""
    for methods in spec["paths"].values():
        for operation in methods.values():
            operation["operationId"] = "_".join(re.findall(r"[a-z0-9]+", operation["summary"].lower()))


def _limit(responses: dict[str, Any], quota: traffic.Quota) -> None:
    """Describe the headers of a limited operation, and the response beyond the limit."""
    policy = f"The limit: {quota.amount} in {quota.seconds} seconds, as `q` and `w`."
    names = {
        traffic.POLICY: policy,
        traffic.STATE: "What is left of it (`r`), and the seconds until all of it is (`t`).",
    }
    described = {name: {"description": text, "schema": {"type": "string"}} for name, text in names.items()}
    wait = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}
    responses.setdefault("429", _problem(HTTPStatus.TOO_MANY_REQUESTS))
    for code, response in responses.items():
        if code.startswith("2"):
            response["headers"] = described
    responses["429"]["headers"] = {**described, **wait}


def _problem(status: HTTPStatus) -> dict[str, Any]:
    """Return the description of an error."""
    return {"description": status.phrase, "content": {PROBLEM: {"schema": {REF: "#/components/schemas/Problem"}}}}


def _body(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[Field]:
    """Return the fields of an operation's JSON body."""
    content = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
    name = kind(content.get("schema", {}))
    if "properties" in schemas.get(name, {}):
        yield from fields(schemas[name])


def _answer(responses: Mapping[str, Any]) -> str:
    """Return the model of the successful response; `nothing` if it has no content."""
    success: dict[str, Any] = next((answer for code, answer in sorted(responses.items()) if code.startswith("2")), {})
    schema = success.get("content", {}).get(JSON, {}).get("schema")
    return kind(schema) if schema else NOTHING


def _parameter(parameter: Mapping[str, Any]) -> Field:
    schema = dict(parameter.get("schema", {}))
    default = f" Default: {schema['default']}." if schema.get("default") not in (None, "", [], ()) else ""
    description = parameter.get("description", "") + default
    return Field(parameter["name"], kind(schema), bool(parameter.get("required")), description)


def _bounds(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f", {low:g} to {high:g}" if high < ENDLESS else f", from {low:g}"
    return f", up to {schema['maxLength']} characters" if "maxLength" in schema else ""
