"""`POST /api/ask` and the page `/ask`: answers with their movies, limits and escaping."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask.testing import FlaskClient

import webapp
from core.config import Settings
from core.errors import SearchUnavailable
from tests import fakes
from webapp.http.rate_limits import RULES

HOSTILE = '<script>alert("x")</script>'
PER_MINUTE = int(RULES["ask"].address.split()[0])


def client(**changes: Any) -> FlaskClient:
    services = fakes.services(settings=Settings(**changes))
    return webapp.create_app(services).test_client()


def test_an_answer_names_the_movies_that_it_is_based_on() -> None:
    answer = client().post("/api/ask", json={"question": "Who keeps the light?"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json
    assert found["question"] == "Who keeps the light?"
    assert found["model"] == ""
    listed = {result["id"] for result in found["results"]}
    assert found["answer"]
    assert all(set(claim["movies"]) <= listed for claim in found["answer"])


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "question"), ({"question": " "}, "question"), ({"question": "x" * 301}, "question"), ({"q": "x"}, "q")],
)
def test_a_question_that_cannot_be_answered_is_refused_by_field(body: dict[str, str], field: str) -> None:
    refused = client().post("/api/ask", json=body)
    assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
    assert field in refused.json["errors"]


def test_too_many_questions_get_a_retry_time() -> None:
    asking = client()
    for _ in range(PER_MINUTE):
        assert asking.post("/api/ask", json={"question": "Who?"}).status_code == 200
    for refused in (asking.post("/api/ask", json={"question": "Who?"}), asking.get("/ask?q=Who%3F")):
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
    assert asking.get("/ask").status_code == 200


def test_the_page_shows_answer_and_movies_and_is_not_indexed() -> None:
    page = client().get("/ask?q=Who+keeps+the+light%3F")
    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert 'value="Who keeps the light?"' in page.text
    assert "Quoted from the plots of these films." in page.text
    assert page.text.count('class="cited"') == 2


def test_a_question_that_is_too_long_is_reported_on_the_page() -> None:
    page = client().get(f"/ask?q={'x' * 301}")
    assert page.status_code == 200
    assert "expected 1 to 300 characters" in page.text


def test_questions_and_answers_are_escaped() -> None:
    services = fakes.services()
    asking: Any = services.question_answering
    asking.text, asking.model = HOSTILE, HOSTILE
    page = webapp.create_app(services).test_client().get(f"/ask?q={HOSTILE}")
    assert "<script>alert" not in page.text
    assert page.text.count("&lt;script&gt;alert") >= 3
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_pages_name_the_host_only_if_texts_are_sent() -> None:
    assert "Your question is sent to" not in client().get("/ask").text
    assert "not sent to anybody else" in client().get("/about").text
    sending = client(llm_url="https://models.example/v1", llm_model="small-model", llm_key="k")
    assert "Your question is sent to models.example" in sending.get("/ask").text
    assert "a language model at models.example" in sending.get("/about").text


def test_questions_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    asking = client()
    asking.post("/api/ask", json={"question": "a private matter"})
    asking.get("/ask?q=a+private+matter")
    assert "private" not in caplog.text


def test_the_page_says_if_the_engine_is_unavailable() -> None:
    down = webapp.create_app(fakes.broken_services(SearchUnavailable("the engine is away"))).test_client()
    answer = down.post("/api/ask", json={"question": "Who?"})
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
