"""`/api/me/diary` over a real database: reading, writing, years, scopes and imports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.users import Scope
from tests.webapp import signed_in
from tests.webapp.signed_in import Caller, Site

NEW = {"movie_id": 101, "day": "2026-03-01", "stars": 4.5, "rewatch": True, "note": "With Bob"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with signed_in.site(Path(tmp_path_factory.mktemp("diary"))) as opened:
        yield opened


@pytest.fixture
def ada(site: Site) -> Caller:
    return site.member()[1]


def log(caller: Caller, **changed: Any) -> dict[str, Any]:
    answer = caller.send("POST", "/me/diary", json={**NEW, **changed})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_watching_is_logged_read_and_listed(ada: Caller) -> None:
    made = log(ada)
    assert {name: made[name] for name in NEW} == NEW
    assert made["movie"]["title"] == "The Lighthouse Keeper 1"
    assert ada.get(f"/me/diary/{made['id']}").get_json() == made
    listed = ada.get("/me/diary").get_json()
    assert (listed["total"], listed["results"]) == (1, [made])
    assert ada.get("/me/ratings/101").get_json()["stars"] == 4.5
    assert ada.get("/me/watched/101").status_code == 200


def test_pages_and_periods_of_the_diary(ada: Caller) -> None:
    for day in ("2026-01-01", "2026-02-01", "2026-03-01"):
        log(ada, day=day)
    page = ada.get("/me/diary?size=2&page=2").get_json()
    assert (page["total"], [one["day"] for one in page["results"]]) == (3, ["2026-01-01"])
    period = ada.get("/me/diary?first=2026-01-15&last=2026-02-01").get_json()
    assert (period["total"], [one["day"] for one in period["results"]]) == (1, ["2026-02-01"])


def test_a_watching_is_replaced_and_deleted(ada: Caller) -> None:
    made = log(ada)
    changed = ada.put(f"/me/diary/{made['id']}", {"stars": 2}).get_json()
    assert (changed["day"], changed["stars"], changed["rewatch"], changed["note"]) == ("2026-03-01", 2.0, False, "")
    assert ada.get("/me/ratings/101").get_json()["stars"] == 2.0
    assert ada.delete(f"/me/diary/{made['id']}").status_code == 204
    assert ada.delete(f"/me/diary/{made['id']}").status_code == 404


def test_the_mark_of_a_movie_in_the_diary_cannot_be_removed(ada: Caller) -> None:
    log(ada)
    answer = ada.delete("/me/watched/101")
    assert (answer.status_code, set(answer.get_json()["errors"])) == (400, {"on"})


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": "2026-02-30"}, "day"),
        ({"day": 20260301}, "day"),
        ({"day": "2026-03-01T00:00:00"}, "day"),
        ({"day": "1800-01-01"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"stars": 4.2}, "stars"),
        ({"rewatch": "yes"}, "rewatch"),
        ({"note": "x" * 2_001}, "note"),
        ({"movie_id": 0}, "movie_id"),
        ({"mood": "good"}, "mood"),
    ],
)
def test_an_invalid_watching_is_refused_by_its_field(ada: Caller, changed: dict[str, Any], field: str) -> None:
    answer = ada.send("POST", "/me/diary", json={**NEW, **changed})
    assert (answer.status_code, set(answer.get_json()["errors"])) == (400, {field})
    assert ada.get("/me/diary").get_json()["total"] == 0


def test_a_movie_that_the_catalogue_lacks_cannot_be_logged(ada: Caller) -> None:
    assert ada.send("POST", "/me/diary", json={**NEW, "movie_id": 999_999}).status_code == 404


def test_a_year_is_summarized_with_its_goal(ada: Caller) -> None:
    log(ada)
    log(ada, movie_id=105, day="2026-05-01", stars=3, rewatch=False)
    year = ada.put("/me/diary/years/2026", {"goal": 52}).get_json()
    assert (year["watches"], year["movies"], year["rewatches"], year["goal"]) == (2, 2, 1, 52)
    assert year["months"] == [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert [one["movie_id"] for one in year["best"]] == [101, 105]
    assert ada.get("/me/diary/years/2026").get_json() == year
    assert ada.put("/me/diary/years/2026", {}).get_json()["goal"] is None


@pytest.mark.parametrize(("year", "goal"), [(1899, 5), (2201, 5), (2026, 0), (2026, 10_001), (2026, 1.5), (2026, "5")])
def test_an_impossible_year_or_goal_is_refused(ada: Caller, year: int, goal: object) -> None:
    assert ada.put(f"/me/diary/years/{year}", {"goal": goal}).status_code == 400


def test_nobody_reads_or_changes_the_diary_of_another(site: Site, ada: Caller) -> None:
    made = log(ada)
    for other, status in ((site.member()[1], 404), (site.visitor(), 401)):
        path = f"/me/diary/{made['id']}"
        assert {other.get(path).status_code, other.put(path, {}).status_code, other.delete(path).status_code} == {
            status
        }
    assert ada.get("/me/diary").get_json()["results"] == [made]


def test_a_token_needs_the_scope_of_what_it_does(site: Site) -> None:
    _, reader = site.member(Scope.READ)
    assert reader.get("/me/diary").status_code == 200
    assert reader.send("POST", "/me/diary", json=NEW).status_code == 403
    assert reader.put("/me/diary/years/2026", {"goal": 5}).status_code == 403
    assert site.member(Scope.WRITE)[1].get("/me/diary").status_code == 403


def test_an_imported_diary_agrees_with_its_preview(ada: Caller) -> None:
    file = (
        b"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
        b'2024-01-02,The Lighthouse Keeper 1,1952,u,4.5,Yes,"bob, home",2024-01-01\n'
        b"2024-01-04,The Lighthouse Keeper 1,1952,u,,,,2024-01-03\n"
    )
    preview = ada.upload(file, name="diary.csv").get_json()
    assert (preview["changes"], preview["watches"], preview["tagged"], preview["written"]) == (1, 2, 0, 0)
    assert [(line["watched"], line["rewatch"]) for line in preview["lines"]] == [
        ("2024-01-01", True),
        ("2024-01-03", False),
    ]
    applied = ada.upload(file, "/me/import?apply=1", name="diary.csv").get_json()
    assert (applied["written"], applied["watches"]) == (1, 2)
    assert [one["day"] for one in ada.get("/me/diary").get_json()["results"]] == ["2024-01-03", "2024-01-01"]
    again = ada.upload(file, "/me/import?apply=1", name="diary.csv").get_json()
    assert (again["written"], again["watches"]) == (0, 0)


def test_the_export_contains_the_diary(ada: Caller) -> None:
    log(ada)
    ada.put("/me/diary/years/2026", {"goal": 52})
    exported = ada.get("/me/export").get_json()
    assert [one["day"] for one in exported["watches"]] == ["2026-03-01"]
    assert exported["watches"][0]["note"] == "With Bob"
    assert exported["watch_goals"] == [{"year": 2026, "movies": 52}]
