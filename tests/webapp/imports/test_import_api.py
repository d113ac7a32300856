"""Previews of imports over the API: rows, corrections, alternatives, and the result."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.users import Scope
from tests.fakes import MOVIES
from tests.webapp import signed_in
from tests.webapp.signed_in import Caller, Site

FIRST, SECOND = MOVIES[0], MOVIES[1]
RATINGS = (
    "Date,Name,Year,Letterboxd URI,Rating\n"
    f"2024-01-01,{FIRST.title},{FIRST.year},u,4.5\n"
    "2024-01-02,Nowhere to be Found,1999,u,3\n"
    f"2024-01-03,{SECOND.title},{(SECOND.year or 0) + 9},u,2\n"
).encode()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A new site with a real database."""
    with signed_in.site(tmp_path) as found:
        yield found


@pytest.fixture
def ada(site: Site) -> Caller:
    """A program of a user."""
    return site.member()[1]


def opened(program: Caller, content: bytes = RATINGS) -> str:
    answer = program.upload(content)
    assert answer.status_code == 200, answer.text
    return f"/me/import/{answer.get_json()['preview']}"


def test_rows_are_corrected_and_the_result_states_the_numbers_of_the_preview(ada: Caller) -> None:
    url = opened(ada)
    lines = [{"number": 2, "movie": SECOND.id}, {"number": 3, "skip": True}]
    changed = ada.send("PATCH", url, json={"lines": lines}).get_json()
    assert [(line["movie"] and line["movie"]["id"], line["skipped"]) for line in changed["lines"]] == [
        (SECOND.id, False),
        (None, True),
    ]
    counts = ("changes", "ratings", "watches", "reviews", "marks", "lists", "matched", "unmatched", "skipped")
    done = ada.send("POST", url).get_json()
    assert {name: done[name] for name in counts} == {name: changed[name] for name in counts}
    assert (done["applied"], done["written"], done["preview"]) == (True, 2, None)
    assert ada.send("POST", url).status_code == 404
    assert ada.get(f"/me/ratings/{SECOND.id}").get_json()["stars"] == 3


def test_rows_are_paged_and_selected(ada: Caller) -> None:
    url = opened(ada)
    shown = {show: ada.get(f"{url}?show={show}").get_json()["lines"] for show in ("matched", "unmatched", "skipped")}
    assert {show: [line["number"] for line in lines] for show, lines in shown.items()} == {
        "matched": [1],
        "unmatched": [2, 3],
        "skipped": [],
    }
    assert [line["fault"] for line in shown["unmatched"]] == ["unknown", "ambiguous"]
    assert [line["number"] for line in ada.get(f"{url}?page=2&size=2").get_json()["lines"]] == [3]
    assert ada.get(f"{url}?size=1001").status_code == 400


def test_alternatives_are_movies_with_the_title_of_a_row(ada: Caller) -> None:
    url = opened(ada)
    assert [each["id"] for each in ada.get(f"{url}/lines/3").get_json()["results"]] == [SECOND.id]
    assert ada.get(f"{url}/lines/2").get_json()["results"] == []
    assert ada.get(f"{url}/lines/4").status_code == 404


def test_previews_are_private_can_be_discarded_and_need_the_scope_write_to_be_changed(site: Site, ada: Caller) -> None:
    url = opened(ada)
    _, bob = site.member()
    assert [bob.get(url).status_code, bob.send("POST", url).status_code] == [404, 404]
    _, reader = site.member(Scope.READ)
    own = opened(reader)
    assert reader.get(own).status_code == 200
    assert reader.send("POST", own).status_code == 403
    assert reader.send("PATCH", own, json={"lines": [{"number": 1, "skip": True}]}).status_code == 403
    assert ada.delete(url).status_code == 204
    assert ada.get(url).status_code == 404


@pytest.mark.parametrize(
    "line",
    [{"number": 0, "skip": True}, {"number": 9, "skip": True}, {"number": 1, "movie": 5, "skip": True}, {"skip": True}],
)
def test_a_wrong_correction_is_refused_by_its_field(ada: Caller, line: dict[str, object]) -> None:
    answer = ada.send("PATCH", opened(ada), json={"lines": [line]})
    assert answer.status_code == 400
    assert answer.get_json()["errors"]


def test_an_unknown_movie_is_not_found(ada: Caller) -> None:
    assert ada.send("PATCH", opened(ada), json={"lines": [{"number": 1, "movie": 999_999}]}).status_code == 404


def test_series_are_counted(ada: Caller) -> None:
    shows = [{"rating": 9, "type": "episode", "episode": {}, "show": {"title": FIRST.title}}] * 3
    found = ada.upload(json.dumps(shows).encode(), name="ratings-episodes.json").get_json()
    assert (found["series"], found["episodes"], found["lines"]) == (1, 3, [])
