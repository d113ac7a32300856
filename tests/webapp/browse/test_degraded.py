"""Answers of searches that lack something: what pages and the API say, and what they do not keep or record."""

from __future__ import annotations

import dataclasses
import logging
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

import webapp
from core.config import Settings
from core.errors import SearchUnavailable
from core.types import Degradation, SearchRequest
from core.users import User, UserId
from engine.services import Services
from tests import fakes
from webapp.events import recorder
from webapp.movies.serializers import DEGRADED

TITLE = fakes.MOVIES[0].title
WHAT = list(Degradation)


def site(*reasons: Degradation) -> tuple[Services, FlaskClient]:
    """Return services whose searches lack something, and a client of their site."""
    whole = fakes.services(settings=Settings(rate_limits=False))
    services = dataclasses.replace(whole, search=fakes.degraded(whole.search, *reasons))
    return services, webapp.create_app(services).test_client()


def test_an_answer_that_lacks_nothing_says_so() -> None:
    response = site()[1].get("/api/search", query_string={"q": TITLE})
    assert response.get_json()["degraded"] == []
    assert "no-store" not in response.headers["Cache-Control"]


@pytest.mark.parametrize("reason", WHAT)
def test_the_api_says_what_is_missing_and_nobody_keeps_the_answer(reason: Degradation) -> None:
    client = site(reason)[1]
    for response in (
        client.get("/api/search", query_string={"q": TITLE}),
        client.post("/api/search", json={"q": TITLE}),
    ):
        body = response.get_json()
        assert (response.status_code, body["degraded"]) == (200, [reason.value])
        assert DEGRADED[reason] in body["notice"]
        assert body["results"]
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("reason", WHAT)
@pytest.mark.parametrize(
    ("language", "words"), [("en", "right now"), ("es", "hora"), ("fr", "moment"), ("de", "gerade")]
)
def test_the_page_says_what_is_missing_in_its_language(reason: Degradation, language: str, words: str) -> None:
    response = site(reason)[1].get("/search", query_string={"q": TITLE}, headers={"Accept-Language": language})
    assert response.status_code == 200
    notice = response.text.partition('<p class="notice" role="status">')[2].partition("</p>")[0]
    assert words in notice
    assert (notice == DEGRADED[reason]) is (language == "en")
    assert response.headers["Cache-Control"] == "no-store"


def test_several_reasons_are_all_said() -> None:
    reasons = (Degradation.CACHED, Degradation.ENCODER)
    notice = site(*reasons)[1].get("/api/search", query_string={"q": TITLE}).get_json()["notice"]
    assert notice == " ".join(DEGRADED[reason] for reason in reasons)


def test_popular_movies_are_not_presented_as_results() -> None:
    page = site(Degradation.POPULAR)[1].get("/search", query_string={"q": TITLE}).text
    assert '<p class="total">' not in page
    assert '<p class="total">' in site(Degradation.CACHED)[1].get("/search", query_string={"q": TITLE}).text


LISTS = ("/genres/Drama", "/years/1999", f"/people/{fakes.MOVIES[0].people[0]}", "/browse", "/api/popular")


@pytest.mark.parametrize("path", LISTS)
def test_a_list_that_is_meant_to_be_complete_is_unavailable_rather_than_other_movies(path: str) -> None:
    response = site(Degradation.POPULAR)[1].get(path)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize("path", ["/genres/Drama"])
def test_a_list_from_memory_says_so(path: str) -> None:
    response = site(Degradation.CACHED)[1].get(path)
    assert response.status_code == 200
    assert DEGRADED[Degradation.CACHED] in response.text


@pytest.mark.parametrize("path", ["/movies/1", "/api/movies/1", "/api/movies/1/similar", "/further-rows"])
def test_other_pages_without_data_say_when_to_come_back(path: str) -> None:
    broken = fakes.broken_services(SearchUnavailable("the search engine does not respond"))
    response = webapp.create_app(broken).test_client().get(path)
    if path == "/further-rows":
        assert response.status_code == 200, "the home page does without rows"
        return
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    if not path.startswith("/api"):
        assert "Search is unavailable right now" in response.text
        assert 'href="/"' in response.text


def test_the_log_says_what_a_response_lacked(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "marquee.access"):
        site(Degradation.ENCODER)[1].get("/api/search", query_string={"q": TITLE})
    (line,) = [record.getMessage() for record in caplog.records if '"event": "request"' in record.getMessage()]
    assert '"degraded": ["encoder"]' in line


@pytest.mark.parametrize(("reason", "recorded"), [(Degradation.ENCODER, 1), (Degradation.POPULAR, 0)])
def test_what_replaces_results_is_not_recorded_as_a_search(reason: Degradation, recorded: int) -> None:
    services, client = site(reason)
    user = User(UserId(1), "ada", datetime(2026, 1, 1, tzinfo=UTC))
    with client.application.test_request_context("/search"):
        recorder.search(services, user, TITLE, services.search.run(SearchRequest(TITLE)))
    assert isinstance(services.events, fakes.FakeEventQueue)
    assert len(services.events.events) == recorded
