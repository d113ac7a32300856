"""The addresses that people try first."""

from __future__ import annotations

from typing import Any

import pytest

from core.types import MovieId
from core.users import Scope
from tests import fakes
from tests.webapp.signed_in import Site
from webapp.edge import aliases

JSON = {"Accept": "application/json"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MOVIE = fakes.MOVIES[0].id


@pytest.mark.parametrize(
    "accept", ["", "*/*", BROWSER, "text/html", "text/html, application/json", "image/png", "é;q="]
)
def test_browsers_and_programs_that_accept_anything_get_pages(accept: str) -> None:
    assert not aliases.prefers_json(accept)
    assert aliases.target("/search", accept) == "/search"


@pytest.mark.parametrize(
    "accept", ["application/json", "application/json, text/html;q=0.5", "application/json;q=0.9, */*;q=0.1"]
)
def test_programs_that_prefer_json_get_it(accept: str) -> None:
    assert aliases.prefers_json(accept)
    assert aliases.target("/search", accept) == "/api/search"


@pytest.mark.parametrize(
    ("alias", "call"),
    [
        ("/search?q=storm", "/api/search?q=storm"),
        ("/trending?window=week", "/api/trending?window=week"),
        (f"/movies/{MOVIE}", f"/api/movies/{MOVIE}"),
        (f"/movies/{MOVIE}-any-title", f"/api/movies/{MOVIE}"),
        (f"/movie/{MOVIE}", f"/api/movies/{MOVIE}"),
    ],
)
def test_a_page_is_answered_as_json_by_its_call(site: Site, alias: str, call: str) -> None:
    answer, expected = (site.client.get(url, headers=JSON) for url in (alias, call))
    assert answer.status_code == 200
    assert answer.get_json().keys() == expected.get_json().keys()
    assert "Accept" in answer.vary
    page = site.client.get(alias, headers={"Accept": BROWSER}, follow_redirects=True)
    assert page.mimetype == "text/html"
    assert page.status_code == 200


def test_another_call_is_never_answered_as_a_page(site: Site) -> None:
    answer = site.client.get("/api/genres", headers={"Accept": BROWSER})
    assert answer.mimetype == "application/json"
    assert "Accept" not in answer.vary


@pytest.mark.parametrize("alias", ["/recommend", "/api/recommend"])
def test_recommendations_need_the_user_under_every_address(site: Site, alias: str) -> None:
    assert site.client.get(alias, headers=JSON).status_code == 401
    _, ada = site.member()
    headers = {**JSON, "Authorization": f"Bearer {ada.token}"}
    assert site.client.get(alias, headers=headers).get_json() == ada.get("/recommendations").get_json()


def test_guests_send_ratings_to_the_alias_too(site: Site) -> None:
    body: dict[str, Any] = {"ratings": {str(MOVIE): 5}, "size": 3}
    answer = site.client.post("/api/recommend", json=body)
    assert answer.status_code == 200
    assert answer.get_json() == site.client.post("/api/recommendations", json=body).get_json()


def test_a_movie_is_rated_by_its_id_in_the_body(site: Site) -> None:
    user, ada = site.member()
    answer = ada.send("POST", "/rate", json={"movie_id": MOVIE, "rating": 4.5})
    assert (answer.status_code, answer.get_json()["stars"]) == (200, 4.5)
    assert site.stores.diaries.read(user.id).ratings[MovieId(MOVIE)].stars == 4.5


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"movie_id": MOVIE}, "rating"),
        ({"movie_id": MOVIE, "rating": 6}, "rating"),
        ({"movie_id": MOVIE, "rating": 4.3}, "rating"),
        ({"rating": 4}, "movie_id"),
        ({"movie_id": "x", "rating": 4}, "movie_id"),
    ],
)
def test_a_rating_that_is_none_names_its_field(site: Site, body: dict[str, Any], field: str) -> None:
    _, ada = site.member()
    answer = ada.send("POST", "/rate", json=body)
    assert answer.status_code == 400
    assert set(answer.get_json()["errors"]) == {field}


def test_an_unknown_movie_cannot_be_rated(site: Site) -> None:
    _, ada = site.member()
    assert ada.send("POST", "/rate", json={"movie_id": 999_999_999, "rating": 4}).status_code == 404


def test_an_alias_needs_the_scope_of_its_call(site: Site) -> None:
    _, reader = site.member(Scope.READ)
    headers = {**JSON, "Authorization": f"Bearer {reader.token}"}
    for alias in ("/rate", "/api/rate"):
        answer = site.client.post(alias, json={"movie_id": MOVIE, "rating": 4}, headers=headers)
        assert answer.status_code == 403


def test_pages_under_other_names_redirect(site: Site) -> None:
    for alias, page in (("/recommend", "/for-you"), ("/rate", "/ratings"), (f"/movie/{MOVIE}", f"/movies/{MOVIE}")):
        assert site.client.get(alias).headers["Location"].startswith(page)
