"""`POST /api/rate` and its alias, called by a browser."""

from __future__ import annotations

import pytest

from tests import fakes
from tests.webapp.user_browser import Member
from webapp.http import sessions

JSON = {"Accept": "application/json"}
MOVIE = fakes.MOVIES[0].id


@pytest.mark.parametrize("url", ["/rate", "/api/rate"])
def test_another_site_cannot_rate_for_a_user(ada: Member, url: str) -> None:
    answer = ada.client.post(url, json={"movie_id": MOVIE, "rating": 1}, headers=JSON)
    assert answer.status_code == 400
    assert "csrf" in answer.get_json()["detail"].lower()
    assert ada.diary.ratings == {}


@pytest.mark.parametrize("url", ["/rate", "/api/rate"])
def test_a_script_of_the_site_rates_with_its_token(ada: Member, url: str) -> None:
    headers = {**JSON, sessions.CSRF_HEADER: ada.token}
    answer = ada.client.post(url, json={"movie_id": MOVIE, "rating": 3.5}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert [rating.stars for rating in ada.diary.ratings.values()] == [3.5]
