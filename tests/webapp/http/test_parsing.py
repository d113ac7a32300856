"""Parsing of requests: the same rules and wording for queries and bodies."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, jsonify
from flask.wrappers import Response
from pydantic import BaseModel, Field

from core.errors import InvalidRequest
from webapp.http.parsing import Body, Query, parse_request


class Lines(Query):
    """A query."""

    first: str
    size: int = Field(20, le=100)
    genre: tuple[int, ...] = ()


class Inner(Body):
    """An object in a body."""

    movie: int


class Whole(Body):
    """A body."""

    first: str
    size: int = Field(20, le=100)
    genre: tuple[int, ...] = ()
    events: tuple[Inner, ...] = ()
    stars: dict[int, float] | None = None


class Place(BaseModel):
    """A path."""

    id: int = Field(le=9)


def app() -> Flask:
    made = Flask(__name__)
    made.register_error_handler(InvalidRequest, lambda error: (dict(error.fields), 400))

    @made.post("/<int:id>")
    @parse_request(path=Place, query=Lines, body=Whole)
    def whole(path: Place, query: Lines, body: Whole) -> Response:
        return jsonify(path.id, query.first, body.first)

    @made.post("/nothing")
    @parse_request(query=Query, body=Body, optional_body=True)
    def nothing() -> Response:
        return jsonify("done")

    @made.post("/beacon")
    @parse_request(body=Whole, beacon="events")
    def beacon(body: Whole) -> Response:
        return jsonify(len(body.events))

    return made


def faults(url: str, sent: Any) -> dict[str, str]:
    answer = app().test_client().post(url, json=sent)
    assert answer.status_code == 400
    found: dict[str, str] = answer.json  # type: ignore[assignment]
    return found


def test_a_view_gets_every_model_that_has_fields() -> None:
    caller = app().test_client()
    assert caller.post("/7?first=a", json={"first": "b"}).json == [7, "a", "b"]
    assert caller.post("/nothing").json == "done"
    assert caller.post("/nothing", json={}).json == "done"


@pytest.mark.parametrize(
    ("query", "sent", "words"),
    [
        ("", {}, {"first": "is required"}),
        ("first=a&size=101", {"first": "a", "size": 101}, {"size": "should be less than or equal to 100"}),
    ],
)
def test_errors_have_the_same_wording_in_queries_and_bodies(query: str, sent: Any, words: dict[str, str]) -> None:
    assert faults(f"/7?{query}", {"first": "a"}) == words
    assert faults("/7?first=a", sent) == words


def test_an_unknown_name_is_called_a_parameter_or_a_field() -> None:
    assert faults("/7?first=a&x=1", {"first": "a"}) == {"x": "no such parameter"}
    assert faults("/7?first=a", {"first": "a", "x": 1}) == {"x": "no such field"}
    assert faults("/nothing?x=1", {}) == {"x": "no such parameter"}
    assert faults("/nothing", {"x": 1}) == {"x": "no such field"}


def test_an_error_is_named_by_its_path_in_the_body_or_its_parameter_in_the_query() -> None:
    assert list(faults("/7?first=a&genre=1&genre=x", {"first": "a"})) == ["genre"]
    sent = {"first": "a", "genre": [1, "x"], "events": [{"movie": 1}, {"movie": "x"}, 3], "stars": {"x": 1, "2": "y"}}
    found = faults("/7?first=a", sent)
    assert set(found) == {"genre.1", "events.1.movie", "events.2", "stars.x", "stars.2"}
    assert found["events.2"] == "should be a JSON object"
    assert list(faults("/10?first=a", {"first": "a"})) == ["id"]


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b'{"first":', b"\xff", b'"first"'])
def test_a_body_that_is_not_an_object_is_refused(content: bytes) -> None:
    answer = app().test_client().post("/7?first=a", data=content, content_type="application/json")
    assert (answer.status_code, answer.json) == (400, {"body": "should be a JSON object"})


@pytest.mark.parametrize("url", ["/7?first=a", "/nothing", "/beacon"])
def test_a_body_that_is_not_json_is_refused(url: str) -> None:
    caller = app().test_client()
    assert caller.post(url, data={"first": "a"}).status_code == 415
    assert caller.post(url, data="first", content_type="text/csv").status_code == 415


def test_a_beacon_may_send_text_or_a_form() -> None:
    caller = app().test_client()
    assert caller.post("/beacon", data='{"first":"a"}', content_type="text/plain").json == 0
    assert caller.post("/7?first=a", data='{"first":"a"}', content_type="text/plain").status_code == 415
    sent = caller.post("/beacon", data={"events": '[{"movie": 1}]', "csrf_token": "x"})
    assert sent.json == {"first": "is required"}
