"""Examples and code samples of the API description are true: they are sent as they stand."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

import webapp
from core.config import Settings
from tests import fakes
from webapp.description import code_samples, examples

APP = webapp.create_app(fakes.services(settings=Settings(secret_key="k" * 40, rate_limits=False)))
SPEC: Any = APP.test_client().get("/api/openapi.json").json


def _operations() -> Iterator[tuple[str, str, Any]]:
    for path, methods in SPEC["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _sources(operation: Any) -> dict[str, str]:
    return {sample["label"]: sample["source"] for sample in operation[code_samples.KEY]}


@pytest.mark.parametrize("given", [examples.PARAMETERS, examples.BODIES, examples.RESPONSES])
def test_every_example_belongs_to_an_operation(given: dict[str, Any]) -> None:
    assert set(given) <= {f"{method} {path}" for path, method, _ in _operations()}


def test_the_examples_are_in_the_description_and_valid() -> None:
    defined = {"components": SPEC["components"]}
    seen = 0
    for _, _, operation in _operations():
        contents = [operation.get("requestBody", {}).get("content", {}).get("application/json", {})]
        contents += [
            answer.get("content", {}).get("application/json", {}) for answer in operation["responses"].values()
        ]
        contents += list(operation.get("parameters", ()))
        for content in contents:
            if "example" in content:
                Draft202012Validator({**content["schema"], **defined}).validate(content["example"])
                seen += 1
    expected = sum(map(len, examples.PARAMETERS.values())) + len(examples.BODIES) + len(examples.RESPONSES)
    assert seen == expected


def test_every_operation_has_samples_in_three_languages() -> None:
    for _, _, operation in _operations():
        sources = _sources(operation)
        assert list(sources) == ["curl", "Python", "JavaScript"]
        ast.parse(sources["Python"])
        assert shlex.split(sources["curl"])[0] == "curl"


UNSENT = ("/api/accounts", "/api/events", "/api/lists/{id}", "/api/reviews/{id}", "/api/users/{name}")
"""They write, or are about something that only a user could have made."""


def test_the_curl_samples_of_public_operations_are_accepted(client: FlaskClient) -> None:
    sent = 0
    for path, _, operation in _operations():
        words = shlex.split(_sources(operation)["curl"])
        if (operation.get("security") and {} not in operation["security"]) or path in UNSENT:
            continue
        method = words[words.index("-X") + 1] if "-X" in words else "GET"
        data = words[words.index("-d") + 1].replace("603", "101").replace("562", "102") if "-d" in words else None
        url = words[-1].removeprefix(code_samples.SITE)
        body = {"data": data, "content_type": "application/json"} if data else {}
        answer = client.open(re.sub(r"/603\b", "/101", url), method=method, **body)
        if answer.status_code == 401:  # about others, which only administrators may read
            continue
        assert answer.status_code < 400, (url, answer.text)
        sent += 1
    assert sent >= 8


def test_samples_of_a_user_s_operation_send_a_token() -> None:
    sources = _sources(SPEC["paths"]["/api/me/ratings/{id}"]["put"])
    assert 'Authorization: Bearer $MARQUEE_TOKEN"' in sources["curl"]
    assert json.dumps({"stars": 4.5}) in sources["curl"]
    for text in sources.values():
        assert "/api/me/ratings/603" in text
        assert "MARQUEE_TOKEN" in text


def test_the_page_loads_only_our_own_scripts_and_nothing_inline(client: FlaskClient) -> None:
    answer = client.get("/api/docs")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self' 'unsafe-inline';" in policy
    assert re.search("img-src 'self' [^;]*data:;", policy)
    strict = client.get("/about").headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in strict
    assert "data:" not in strict
    assert all(src.startswith("/static/") for src in re.findall(r'<script src="([^"]+)"', answer.text))
    assert "rapidoc.min.js" in answer.text


def test_without_scripts_the_page_lists_the_operations_by_tag(client: FlaskClient) -> None:
    text = client.get("/api/docs").text
    plain = text[text.index("<noscript>") : text.index("</noscript>")]
    for _, _, operation in _operations():
        number = re.search(rf'<a href="#(call-\d+)">{re.escape(operation["summary"])}</a>', plain)
        assert number, operation["summary"]
        assert f'id="{number[1]}"' in plain
