"""The notice about demo data on pages and in the API."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

import webapp
from engine.services import Services
from tests import fakes

NOTICE = "Demo data: the other users of this site, their ratings and their visits are made up."
GUEST = {"ratings": {"101": 5}}


def site(*, demo: bool) -> FlaskClient:
    services: Services = replace(fakes.services(), demo=fakes.FakeDemo(loaded=demo))  # type: ignore[arg-type]
    return webapp.create_app(services).test_client()


@pytest.fixture(scope="module")
def demo() -> FlaskClient:
    return site(demo=True)


@pytest.fixture(scope="module")
def plain() -> FlaskClient:
    return site(demo=False)


@pytest.mark.parametrize("path", ["/", "/trending", "/movies/103"])
def test_pages_with_demo_data_show_the_notice_once(demo: FlaskClient, path: str) -> None:
    assert demo.get(path).text.count(f'<p class="demo-notice" role="note">{NOTICE}</p>') == 1


@pytest.mark.parametrize("path", ["/search?q=storm", "/browse", "/about", "/movies/103?by=meaning"])
def test_pages_without_demo_data_show_no_notice(demo: FlaskClient, path: str) -> None:
    assert "demo-notice" not in demo.get(path).text


@pytest.mark.parametrize("path", ["/", "/trending", "/movies/103"])
def test_a_site_without_demo_data_shows_no_notice(plain: FlaskClient, path: str) -> None:
    assert "demo-notice" not in plain.get(path).text


@pytest.mark.parametrize(
    ("language", "begin"),
    [("de", "Demodaten:"), ("es", "Datos de demostración:"), ("fr", "Données de démonstration :")],
)
def test_the_notice_is_in_the_language_of_the_page(demo: FlaskClient, language: str, begin: str) -> None:
    assert f'role="note">{begin}' in demo.get("/trending", headers={"Accept-Language": language}).text


def test_the_api_has_a_field_and_a_notice(demo: FlaskClient, plain: FlaskClient) -> None:
    for client, expected in ((demo, (True, NOTICE)), (plain, (False, ""))):
        listed = client.get("/api/trending").get_json()
        guest = client.post("/api/recommendations", json=GUEST).get_json()
        assert [(answer["demo"], answer["notice"]) for answer in (listed, guest)] == [expected] * 2
        assert client.get("/api/movies/103/similar").get_json()["demo"] is expected[0]
        assert client.get("/api/movies/103/similar?by=meaning").get_json()["demo"] is False


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("TrendingResponse", ("demo", "notice")),
        ("RecommendationsResponse", ("demo", "notice")),
        ("SimilarMoviesResponse", ("demo",)),
        ("ReportsResponse", ("demo",)),
    ],
)
def test_the_api_describes_the_fields(plain: FlaskClient, name: str, fields: tuple[str, ...]) -> None:
    described = plain.get("/api/openapi.json").get_json()["components"]["schemas"][name]["properties"]
    assert all("demo data" in described[field]["description"] for field in fields)


def test_anybody_can_query_demo_users_but_not_others(demo: FlaskClient) -> None:
    assert demo.get("/api/ml/recommendations/7").status_code == 401
    assert demo.get("/api/ml/recommendations/demo:nobody").status_code == 404
    assert demo.get("/api/ml/recommendations/demo:<b>").status_code == 400
