"""Extreme requests, each of which was once answered with status 500."""

from __future__ import annotations

import pytest

from tests.webapp.signed_in import Site

DEEP = ("[" * 20_000, '{"q":' * 10_000, '{"ratings":' + "[" * 9_000 + "]" * 9_000 + "}", '{"size":' + "9" * 5_000 + "}")
DIGITS = ("9" * 17, "9" * 40, "9" * 5_000, "9007199254740992")


@pytest.mark.parametrize("text", DEEP, ids=len)
@pytest.mark.parametrize("path", ["/search", "/recommendations", "/events", "/me/import", "/tokens", "/ask"])
def test_deeply_nested_json_is_refused(site: Site, path: str, text: str) -> None:
    _, ada = site.member()
    answer = ada.send("POST", path, data=text, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "path",
    ["/movies/{}", "/api/movies/{}", "/years/{}", "/poster/{}.svg", "/admin/runs/{}", "/api/me/ratings/{}"],
)
@pytest.mark.parametrize("digits", DIGITS, ids=len)
def test_a_number_that_is_no_id_is_no_page(site: Site, path: str, digits: str) -> None:
    assert site.client.get(path.format(digits)).status_code == 404


@pytest.mark.parametrize("path", ["/me/ratings/{}", "/me/watchlist/{}", "/ml/understanding/requests/{}"])
@pytest.mark.parametrize("digits", DIGITS, ids=len)
def test_nor_is_it_something_that_can_be_deleted(site: Site, path: str, digits: str) -> None:
    _, ada = site.member()
    assert ada.send("DELETE", path.format(digits)).status_code == 404


@pytest.mark.parametrize("path", ["/genres/{}", "/people/{}", "/tile/{}.svg", "/admin/jobs/{}", "/admin/models/{}"])
@pytest.mark.parametrize("length", [201, 5_000])
def test_a_long_name_in_a_path_is_no_page(site: Site, path: str, length: int) -> None:
    assert site.client.get(path.format("a" * length)).status_code == 404


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/account/preferences", "/import", "/language"])
@pytest.mark.parametrize("fields", [1_500, 9_000])
def test_a_form_with_thousands_of_fields_is_refused(site: Site, path: str, fields: int) -> None:
    answer = site.client.post(path, data={f"field{number}": "1" for number in range(fields)})
    assert 300 <= answer.status_code < 500


@pytest.mark.parametrize(
    "before",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1969-12-31T23:59:59Z", "2201-01-01T00:00:00Z", "1e30"],
)
def test_a_time_at_the_edge_is_refused(site: Site, before: str) -> None:
    _, ada = site.member()
    answer = ada.send("GET", "/me/history", query_string={"before": before})
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == {"before"}


@pytest.mark.parametrize("referrer", ["http://[", "http://a]b/", "//[", "http://localhost:x/"])
def test_a_broken_referrer_is_ignored(site: Site, referrer: str) -> None:
    answer = site.client.post("/account/preferences", headers={"Referer": referrer})
    assert answer.status_code < 500


@pytest.mark.parametrize("movie", [*DIGITS, "²", "-1", "1e5", ""])
def test_a_number_in_a_form_is_bounded(site: Site, movie: str) -> None:
    _, ada = site.member()
    answer = ada.client.post(
        "/swipe",
        data={"movie": movie, "direction": "right", "position": movie},
        headers={"Authorization": f"Bearer {ada.token}", "Accept": "application/json"},
    )
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == {"movie"}
