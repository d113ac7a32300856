"""Errors have a message and the right status, and reveal nothing."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from flask import request
from flask.testing import FlaskClient

import webapp
from core import log_lines
from core.config import Settings
from core.errors import DataError, EncoderMismatch, IndexMissing, ModelMissing, NotFound, SearchUnavailable
from tests import fakes
from tests.webapp.conftest import Open
from webapp import app as application
from webapp.http import security

PAGES = (
    "/search?q=x",
    "/movies/1",
    "/browse",
    "/genres/Drama",
    "/people/A",
    "/years/1990",
    "/suggest?q=x",
)
CALLS = ("/api/search", "/api/suggest?q=x", "/api/movies/1", "/api/movies/1/similar", "/api/popular", "/api/genres")


@pytest.mark.parametrize("url", PAGES)
def test_a_page_without_its_engine_says_so_and_when_to_retry(broken: Open, url: str) -> None:
    answer = broken(SearchUnavailable("the engine at home does not answer")).get(url)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "the engine at home does not answer" in answer.text
    assert "<h1>Search is unavailable right now</h1>" in answer.text


@pytest.mark.parametrize("url", ["/", "/about"])
def test_home_and_about_are_shown_without_an_engine(broken: Open, url: str) -> None:
    answer = broken(SearchUnavailable("the engine at home does not answer")).get(url)
    assert answer.status_code == 200
    assert "<h1" in answer.text
    assert "made-up films" not in answer.text


def test_the_home_page_says_that_search_is_unavailable_but_not_that_an_index_is_missing(broken: Open) -> None:
    assert "Search is unavailable right now" in broken(SearchUnavailable("away")).get("/").text
    assert broken(IndexMissing("build one with `marquee index`")).get("/").status_code == 503


@pytest.mark.parametrize("url", CALLS)
def test_a_call_without_its_engine_is_a_503_problem(broken: Open, url: str) -> None:
    answer = broken(EncoderMismatch("built with another encoder; run marquee index")).get(url)
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.json["detail"] == "built with another encoder; run marquee index"


@pytest.mark.parametrize("error", [IndexMissing("no index; run marquee index"), ModelMissing("no encoder")])
def test_errors_that_need_an_operator_have_a_longer_retry_time(broken: Open, error: Exception) -> None:
    assert broken(error).get("/api/search").headers["Retry-After"] == "60"


def test_an_internal_error_reveals_nothing(broken: Open) -> None:
    answer = broken(DataError("broken", file="secret.csv")).get("/api/search")
    assert answer.status_code == 500
    assert "secret.csv" not in answer.text


@pytest.mark.parametrize("url", ["/search?q=x", "/api/search"])
def test_a_crash_is_a_500_that_reveals_nothing(broken: Open, url: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = broken(RuntimeError("secret inner state")).get(url)
    assert answer.status_code == 500
    assert "secret inner state" not in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    assert "secret inner state" in caplog.text


def test_what_a_request_logs_has_its_id_and_what_others_log_has_none(broken: Open) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(log_lines.formatter("json"))
    logging.getLogger().addHandler(handler)
    try:
        answer = broken(RuntimeError("inner state")).get("/api/search")
        logging.getLogger("marquee.web").warning("on its own")
    finally:
        logging.getLogger().removeHandler(handler)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    crash = next(line for line in lines if "exception" in line)
    assert crash["request"] == answer.headers["X-Request-ID"]
    assert "inner state" in crash["exception"]
    assert "request" not in next(line for line in lines if line.get("message") == "on its own")


def test_a_missing_movie_is_named(broken: Open) -> None:
    assert "no film has the id 1" in broken(NotFound("no film has the id 1")).get("/api/movies/1").json["detail"]


def test_errors_are_listed_by_field_on_the_page(client: FlaskClient) -> None:
    text = client.get("/search?page=x&year_from=soon").text
    assert "<b>page</b>" in text
    assert "<b>year_from</b>" in text


@pytest.mark.parametrize("url", ["/search", "/api/search"])
def test_an_overlong_address_is_refused_unread(client: FlaskClient, url: str) -> None:
    answer = client.get(url + "?q=" + "x" * (application.MAX_TARGET + 1))
    assert answer.status_code == 414


def test_a_page_does_not_accept_post(client: FlaskClient) -> None:
    assert client.post("/browse", data={"q": "x"}).status_code == 405


def test_a_large_body_is_refused() -> None:
    site = webapp.create_app(fakes.services())

    @site.post("/api/echo")
    def echo() -> bytes:
        return request.get_data()

    answer = site.test_client().post("/api/echo", data=b"x" * (application.MAX_BODY + 1))
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_errors_are_not_cached(client: FlaskClient) -> None:
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("url", ["/", "/api/genres", "/nowhere", "/static/site/marquee.css", "/poster/101.svg"])
def test_every_response_has_the_security_headers(client: FlaskClient, url: str) -> None:
    headers = client.get(url).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_images_are_loaded_from_this_site_and_the_poster_host_only() -> None:
    assert "img-src 'self' https://image.example;" in security.content_policy("https://image.example/t/p/w342")
    assert "img-src 'self';" in security.content_policy("")
    assert "img-src 'self';" in security.content_policy("javascript:alert(1)")


@pytest.mark.parametrize(
    "url", [*PAGES[:1], "/search?q=storm", "/movies/101", "/browse", "/about", "/api/docs", "/nowhere"]
)
def test_no_page_needs_inline_script_or_style(client: FlaskClient, url: str) -> None:
    text = client.get(url).text
    assert " style=" not in text
    assert "<style" not in text
    assert "<script>" not in text
    assert " onclick=" not in text


def test_a_site_with_https_sends_hsts(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" in client.get("/", base_url="https://localhost").headers
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_liveness_does_not_depend_on_anything(broken: Open) -> None:
    assert broken(SearchUnavailable("down")).get("/health/live").json == {"status": "ok"}


def test_readiness_names_what_is_served(client: FlaskClient) -> None:
    answer = client.get("/health/ready?strict")
    assert (answer.json["status"], answer.json["movies"], answer.json["degraded"]) == ("ok", len(fakes.MOVIES), {})


def test_a_site_that_cannot_search_is_degraded_with_a_reason(broken: Open) -> None:
    client = broken(ModelMissing("no encoder at hand; run marquee index"))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    assert answer.json["degraded"]["search"] == "no encoder at hand; run marquee index"
    strict = client.get("/health/ready?strict")
    assert (strict.status_code, strict.mimetype) == (503, "application/problem+json")
    assert "search: no encoder at hand; run marquee index" in strict.json["detail"]


def test_readiness_checks_the_engine_and_not_only_the_index() -> None:
    services = fakes.services()
    failing: Any = fakes.Failing(SearchUnavailable("the engine does not answer"))
    failing.info = services.library.info
    client = webapp.create_app(replace(services, library=failing)).test_client()
    assert client.get("/health/ready").json["degraded"] == {"search": "the engine does not answer"}


def test_a_slow_search_does_not_block_other_requests() -> None:
    services = fakes.services()
    slow = replace(services, search=fakes.SlowSearching(seconds=0.05))
    client = webapp.create_app(slow).test_client()
    assert client.get("/search?q=storm").status_code == 200
    assert client.get("/health/live").status_code == 200


def test_each_request_is_one_line_of_json_without_its_text(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="marquee.access"):
        client.get("/search?q=private+matter")
    entry = json.loads(caplog.records[-1].getMessage())
    assert (entry["event"], entry["method"], entry["path"], entry["status"]) == ("request", "GET", "/search", 200)
    assert entry["ms"] >= 0
    assert "private" not in caplog.text


def test_the_text_of_a_search_is_logged_when_debugging(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="marquee.access"):
        client.get("/search?q=private")
    assert json.loads(caplog.records[-1].getMessage())["query"] == "q=private"


def test_a_line_break_in_a_path_stays_within_its_log_line(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="marquee.access"):
        client.get("/people/a%0Ab")
    assert "\n" not in caplog.records[-1].getMessage()


def test_serving_loads_no_training_libraries() -> None:
    heavy = ("torch", "sentence_transformers", "transformers", "implicit", "pandas", "sklearn")
    code = (
        "import sys, webapp; from tests import fakes; client = webapp.create_app(fakes.services()).test_client(); "
        "assert client.get('/search?q=storm').status_code == 200; "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_poster_host_is_configurable() -> None:
    client = webapp.create_app(
        fakes.services(settings=Settings(poster_base="https://pictures.example/x"))
    ).test_client()
    assert "https://pictures.example;" in client.get("/").headers["Content-Security-Policy"]
