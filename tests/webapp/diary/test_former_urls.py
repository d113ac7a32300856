"""URLs of the last release redirect permanently."""

from __future__ import annotations

import pytest

from tests.webapp.user_browser import Member


def test_a_former_page_redirects_with_its_query(ada: Member) -> None:
    answer = ada.client.get("/welcome/films?page=2")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/welcome/movies?page=2")


@pytest.mark.parametrize("form", ["rate", "mark?kind=watched&on=1", "review"])
def test_a_former_form_redirects_with_its_body(ada: Member, form: str) -> None:
    answer = ada.post(f"/films/101/{form}", stars="4", text="Good.")
    assert (answer.status_code, answer.headers["Location"]) == (308, f"/movies/101/{form}")
