"""Watching together: taking part in a list's suggestions, on its page and in the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.diary.lists import MAX_TASTES
from tests.webapp import signed_in
from tests.webapp.lists.test_lists import Browser, add_member, invite, join
from tests.webapp.signed_in import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with signed_in.site(Path(tmp_path_factory.mktemp("together"))) as opened:
        yield opened


@pytest.fixture
def owner(site: Site) -> Browser:
    return join(site)


@pytest.fixture
def member(site: Site) -> Browser:
    return join(site)


def suggestions(browser: Browser, number: int, query: str = "") -> dict[str, object]:
    answer = browser.api.get(f"/me/lists/{number}/suggestions{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.get_json()
    return found


def test_nobody_takes_part_until_they_say_so(owner: Browser) -> None:
    number = owner.create()["id"]
    assert suggestions(owner, number) == {"participants": [], "results": []}
    page = owner.page(f"/lists/{number}/together")
    assert "Use my ratings here" in page
    assert 'class="card"' not in page


def test_those_who_take_part_get_movies_that_neither_has_seen(owner: Browser, member: Browser) -> None:
    number = owner.create()["id"]
    add_member(owner, member, number)
    assert owner.api.put("/me/ratings/101", {"stars": 4.5}).status_code == 200
    assert member.api.put("/me/ratings/104", {"stars": 4.5}).status_code == 200
    assert member.api.put("/me/watchlist/105").status_code < 300
    for browser in (owner, member):
        assert browser.api.put(f"/me/lists/{number}/taste").status_code == 204
    found = suggestions(owner, number)
    assert owner.user is not None
    assert member.user is not None
    assert found["participants"] == [owner.user.name, member.user.name]
    results = {one["movie"]["id"]: one for one in found["results"]}  # type: ignore[attr-defined]
    assert not {101, 104} & set(results)
    assert (results[105]["watchlists"], results[105]["suits"], results[105]["of"]) == (1, 2, 2)


def test_the_page_shows_who_takes_part_and_adds_a_suggestion_to_the_list(owner: Browser, member: Browser) -> None:
    number = owner.create(movies=())["id"]
    add_member(owner, member, number)
    path = f"/lists/{number}/together"
    assert owner.post(path, on="1").status_code == 303
    assert "Suits" not in member.page(path)  # of one person
    assert member.post(path, on="1").status_code == 303
    page = member.page(path)
    assert owner.user is not None
    assert owner.user.name in page
    assert "Suits all of you" in page
    first = re.search(r'name="movie" value="(\d+)"', page)
    assert first is not None
    assert member.post(f"/lists/{number}/movies", movie=first[1], next=path).headers["Location"] == path
    assert member.movies(number) == [int(first[1])]


def test_taking_part_ends_by_choice_and_by_leaving(owner: Browser, member: Browser) -> None:
    number = owner.create()["id"]
    add_member(owner, member, number)
    for browser in (owner, member):
        browser.api.put(f"/me/lists/{number}/taste")
    assert owner.api.delete(f"/me/lists/{number}/taste").status_code == 204
    assert member.user is not None
    assert suggestions(owner, number)["participants"] == [member.user.name]
    assert member.post(f"/lists/{number}/leave").status_code == 303
    assert suggestions(owner, number)["participants"] == []
    add_member(owner, member, number)
    assert suggestions(owner, number)["participants"] == []


def test_a_filter_applies_to_the_suggestions(owner: Browser) -> None:
    number = owner.create()["id"]
    owner.api.put(f"/me/lists/{number}/taste")
    found = suggestions(owner, number, "?genre=Comedy")["results"]
    assert found
    assert all("Comedy" in one["movie"]["genres"] for one in found)  # type: ignore[attr-defined]


@pytest.mark.parametrize("public", [False, True])
def test_only_those_who_edit_a_list_see_who_takes_part(
    owner: Browser, member: Browser, site: Site, public: bool
) -> None:
    number = owner.create(public=public)["id"]
    owner.api.put(f"/me/lists/{number}/taste")
    refused = 403 if public else 404
    assert member.get(f"/lists/{number}/together").status_code == refused
    assert member.api.get(f"/me/lists/{number}/suggestions").status_code == refused
    assert member.api.put(f"/me/lists/{number}/taste").status_code == refused
    stranger = Browser(site.visitor())
    assert stranger.get(f"/lists/{number}/together").status_code in (302, 303)
    assert stranger.api.get(f"/me/lists/{number}/suggestions").status_code == 401


def test_the_number_of_people_who_take_part_is_limited(owner: Browser, site: Site) -> None:
    number = owner.create()["id"]
    people = [join(site) for _ in range(MAX_TASTES)]
    for one in people:
        add_member(owner, one, number)
        assert one.api.put(f"/me/lists/{number}/taste").status_code == 204
    refused = owner.api.put(f"/me/lists/{number}/taste")
    assert refused.status_code == 400
    assert "10 people" in refused.get_json()["errors"]["together"]
    assert people[0].api.put(f"/me/lists/{number}/taste").status_code == 204


def test_the_export_names_the_lists_in_which_ratings_are_used(owner: Browser) -> None:
    number = owner.create()["id"]
    owner.api.put(f"/me/lists/{number}/taste")
    exported = owner.api.get("/me/export").get_json()
    assert [one["list_id"] for one in exported["list_tastes"]] == [number]


def test_an_invitation_does_not_take_part_by_itself(owner: Browser, member: Browser) -> None:
    number = owner.create()["id"]
    assert member.api.send("POST", "/me/lists/join", json={"invitation": invite(owner, number)}).status_code == 200
    assert suggestions(member, number)["participants"] == []
