"""Trending: the page, the row on the home page, and the API, over made-up movies."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

import webapp
from core.errors import StoreUnavailable
from core.trends import Origin, Window
from engine.services import Services
from engine.trending.lists import Trending, TrendingPage
from tests import fakes
from tests.fakes import MOVIES, FakeTrending


class Nothing:
    """A site without trending lists, or with empty ones."""

    def __init__(self, made_at: datetime | None = None) -> None:
        self._made_at = made_at

    def read(self, window: Window, *, size: int = 20) -> TrendingPage:  # noqa: ARG002 - the signature is the port's
        return TrendingPage(window, Origin.EVENTS, self._made_at, ())


class Away:
    """An unreachable database."""

    def read(self, window: Window, *, size: int = 20) -> TrendingPage:  # noqa: ARG002
        raise StoreUnavailable("The database of people does not answer.")


def visitor(trending: Trending) -> FlaskClient:
    services: Services = replace(fakes.services(), trending=trending)
    return webapp.create_app(services).test_client()


@pytest.fixture
def page(client: FlaskClient) -> Callable[[str], str]:
    return lambda path: client.get(path).text


@pytest.mark.parametrize(
    ("path", "tab"),
    [
        ("/trending", "Today"),
        ("/trending?window=day", "Today"),
        ("/trending?window=week", "This week"),
        ("/trending?window=rising", "Rising"),
    ],
)
def test_the_page_shows_one_list_and_links_to_the_others(page: Callable[[str], str], path: str, tab: str) -> None:
    html = page(path)
    navigation = re.search(r'aria-label="Lists">.*?</nav>', html, re.S)
    assert navigation
    assert re.findall(r'href="([^"]+)"', navigation[0]) == [
        "/trending",
        "/trending?window=week",
        "/trending?window=rising",
    ]
    assert re.findall(r'aria-current="page">([^<]+)', navigation[0]) == [tab]


def test_each_movie_has_a_reason_and_the_page_its_time(page: Callable[[str], str]) -> None:
    html = page("/trending")
    assert len(re.findall("viewers turned to it", html)) == len(re.findall('class="card"', html)) > 5
    assert '<time datetime="2024-01-01T00:00:00+00:00">1 January 2024, 00:00 UTC</time>' in html


def test_the_page_names_the_origin_of_a_list_from_movielens() -> None:
    assert "newest ratings of MovieLens" in visitor(FakeTrending(origin=Origin.MOVIELENS)).get("/trending").text
    assert "MovieLens" not in visitor(FakeTrending()).get("/trending").text


def test_a_site_without_activity_says_so_with_links() -> None:
    assert "Nothing is trending yet" in visitor(Nothing()).get("/trending").text
    counted = visitor(Nothing(datetime(2024, 1, 1, tzinfo=UTC)))
    assert "Nothing is rising right now" in counted.get("/trending?window=rising").text
    assert "Nothing is trending yet" in counted.get("/trending").text


def test_the_page_refuses_an_unknown_list(client: FlaskClient) -> None:
    assert client.get("/trending?window=month").status_code == 400


def test_every_page_links_to_the_trending_list(page: Callable[[str], str]) -> None:
    assert 'href="/trending"' in page("/about")
    assert re.search(r'href="/trending" aria-current="page"', page("/trending"))


def test_the_home_page_has_a_trending_row_for_everybody(page: Callable[[str], str]) -> None:
    assert '<h2 id="trending">Trending</h2>' in page("/")
    seeded = visitor(FakeTrending(origin=Origin.MOVIELENS)).get("/").text
    assert '<h2 id="trending">Trending on MovieLens</h2>' in seeded


@pytest.mark.parametrize("trending", [Nothing(), Away()])
def test_the_home_page_omits_an_empty_trending_row(trending: Trending) -> None:
    answer = visitor(trending).get("/")
    assert answer.status_code == 200
    assert 'id="trending"' not in answer.text


def test_page_and_api_report_an_unreachable_database() -> None:
    away = visitor(Away())
    assert away.get("/trending").status_code == 503
    assert away.get("/api/trending").status_code == 503


def test_the_api_returns_the_list_with_reasons(client: FlaskClient) -> None:
    answer = client.get("/api/trending?window=week&size=3").json
    assert (answer["window"], answer["origin"], answer["made_at"]) == ("week", "events", "2024-01-01T00:00:00Z")
    assert [movie["id"] for movie in answer["results"]] == [movie.id for movie in MOVIES[:3]]
    assert answer["results"][0]["why"] == {
        "sentence": "8 viewers turned to it",
        "score": 10.0,
        "users": 5,
        "recent": 8.0,
        "usual": 1.0,
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [("window=month", "window"), ("window=", "window"), ("size=0", "size"), ("size=101", "size"), ("page=2", "page")],
)
def test_the_api_names_invalid_parameters(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"/api/trending?{query}")
    assert answer.status_code == 400
    assert list(answer.json["errors"]) == [field]
