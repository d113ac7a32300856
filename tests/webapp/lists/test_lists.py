"""Lists on pages and in the API over a real database: as owner, member, other user and stranger."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from werkzeug.test import TestResponse

from core.diary import lists as limits
from core.users import Scope, User
from data.database.diary import lists as store
from tests.webapp import signed_in
from tests.webapp.signed_in import Caller, Site

MOVIES = (101, 104, 105)


@dataclass
class Browser:
    """A user, or a stranger, who calls pages and the API with a token."""

    api: Caller
    user: User | None = None

    def get(self, path: str) -> TestResponse:
        return self.api.client.get(path, headers=self._headers())

    def post(self, path: str, **fields: Any) -> TestResponse:
        return self.api.client.post(path, data=fields, headers=self._headers())

    def page(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return answer.text

    def create(self, name: str = "Rainy Sundays", movies: Sequence[int] = MOVIES, **more: Any) -> Any:
        made = self.api.send("POST", "/me/lists", json={"name": name, **more})
        assert made.status_code == 201, made.text
        for movie in movies:
            assert self.api.put(f"/me/lists/{made.get_json()['id']}/movies/{movie}", {}).status_code == 204
        return self.api.get(f"/lists/{made.get_json()['id']}").get_json()["list"]

    def movies(self, number: int) -> list[int]:
        return [one["id"] for one in self.api.get(f"/lists/{number}").get_json()["results"]]

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.api.token}"} if self.api.token else {}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with signed_in.site(Path(tmp_path_factory.mktemp("lists"))) as opened:
        yield opened


def join(site: Site) -> Browser:
    user, caller = site.member()
    return Browser(caller, user)


@pytest.fixture
def owner(site: Site) -> Browser:
    return join(site)


@pytest.fixture
def other(site: Site) -> Browser:
    return join(site)


@pytest.fixture
def stranger(site: Site) -> Browser:
    return Browser(site.visitor())


@pytest.fixture
def member(site: Site) -> Browser:
    return join(site)


def invite(owner: Browser, number: int) -> str:
    answer = owner.api.send("POST", f"/me/lists/{number}/invitations")
    assert answer.status_code == 201
    return str(answer.get_json()["invitation"])


def add_member(owner: Browser, member: Browser, number: int) -> None:
    assert member.api.send("POST", "/me/lists/join", json={"invitation": invite(owner, number)}).status_code == 200


READ = ("/lists/{id}-rainy-sundays", "/api/lists/{id}")
FEED = "/lists/{id}.rss"
MEMBERS_ONLY = ("/lists/{id}/settings",)
CHANGES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/lists/{id}/movies", {"data": {"movie": "109"}}),
    ("POST", "/lists/{id}/movies/101", {"data": {"action": "down"}}),
    ("POST", "/lists/{id}/movies/101", {"data": {"action": "note", "note": "x"}}),
    ("POST", "/lists/{id}/movies/101", {"data": {"action": "remove"}}),
    ("PUT", "/api/me/lists/{id}/movies/109", {"json": {}}),
    ("DELETE", "/api/me/lists/{id}/movies/101", {}),
    ("PUT", "/api/me/lists/{id}/order", {"json": {"movies": [105]}}),
)
OWNER_ONLY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/lists/{id}/settings", {"data": {"name": "Mine"}}),
    ("POST", "/lists/{id}/invite", {}),
    ("POST", "/lists/{id}/leave", {"data": {"member": "ada"}}),
    ("PUT", "/api/me/lists/{id}", {"json": {"name": "Mine"}}),
    ("POST", "/api/me/lists/{id}/invitations", {}),
    ("POST", "/lists/{id}/delete", {}),
    ("DELETE", "/api/me/lists/{id}", {}),
)


def call(browser: Browser, number: int, method: str, path: str, more: dict[str, Any]) -> int:
    headers = {"Authorization": f"Bearer {browser.api.token}"} if browser.api.token else {}
    return browser.api.client.open(path.format(id=number), method=method, headers=headers, **more).status_code


def test_a_new_list_is_private_and_its_owner_sees_it(owner: Browser) -> None:
    made = owner.create()
    assert (made["public"], made["size"]) == (False, 3)
    text = owner.page(made["url"])
    assert re.findall(r'id="movie-(\d+)"', text) == ["101", "104", "105"]
    assert "Private" in text
    assert 'content="noindex"' in text


def test_a_private_list_does_not_exist_for_others(owner: Browser, other: Browser, stranger: Browser) -> None:
    number = owner.create()["id"]
    for path in (*READ, FEED, *MEMBERS_ONLY):
        assert other.get(path.format(id=number)).status_code == 404, path
    for path in (*READ, FEED):
        assert stranger.get(path.format(id=number)).status_code == 404, path
    assert owner.get(FEED.format(id=number)).status_code == 404
    for method, path, more in (*CHANGES, *OWNER_ONLY, ("POST", "/lists/{id}/clone", {})):
        assert call(other, number, method, path, more) == 404, path
        assert call(stranger, number, method, path, more) in (302, 303, 400, 401), path
    assert owner.movies(number) == [101, 104, 105]


def test_a_public_list_is_read_by_anybody_and_changed_by_nobody_else(
    owner: Browser, other: Browser, stranger: Browser
) -> None:
    number = owner.create(public=True)["id"]
    for path in (*READ, FEED):
        answers = [browser.get(path.format(id=number)) for browser in (other, stranger)]
        assert [answer.status_code for answer in answers] == [200, 200], path
    for method, path, more in (*CHANGES, *OWNER_ONLY):
        assert call(other, number, method, path, more) == 403, path
        assert call(stranger, number, method, path, more) in (302, 303, 400, 401), path
    assert other.get(MEMBERS_ONLY[0].format(id=number)).status_code == 403
    assert "entry-buttons" not in stranger.page(f"/lists/{number}-rainy-sundays")
    assert owner.movies(number) == [101, 104, 105]


def test_a_member_changes_the_movies_but_not_the_list(owner: Browser, member: Browser) -> None:
    number = owner.create()["id"]
    add_member(owner, member, number)
    for path in (*READ, *MEMBERS_ONLY):
        assert member.get(path.format(id=number)).status_code == 200, path
    assert call(member, number, "PUT", "/api/me/lists/{id}/movies/109", {"json": {"note": "Mine"}}) == 204
    assert owner.movies(number) == [101, 104, 105, 109]
    for method, path, more in OWNER_ONLY:
        assert call(member, number, method, path, more) == 403, path
    assert [one["id"] for one in member.api.get("/me/lists").get_json()["results"]] == [number]
    member.post(f"/lists/{number}/leave")
    assert member.get(READ[0].format(id=number)).status_code == 404
    assert owner.movies(number) == [101, 104, 105, 109], "what a member added stays"


def test_an_invitation_works_once(owner: Browser, member: Browser, other: Browser) -> None:
    number = owner.create()["id"]
    text = owner.post(f"/lists/{number}/invite").text
    found = re.search(r"<code>\S+?(/lists/join\?secret=([^<]+))</code>", text)
    assert found
    link, secret = found[1], found[2]
    assert "invites you to edit" in member.page(link)
    assert member.post("/lists/join", secret=secret).status_code == 303
    assert other.get(link).status_code == other.post("/lists/join", secret=secret).status_code == 404
    assert other.get("/lists/join").status_code == 404
    assert secret not in owner.page(f"/lists/{number}/settings"), "shown once"


def test_the_secret_of_an_invitation_is_not_logged(
    owner: Browser, member: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    secret = invite(owner, owner.create()["id"])
    with caplog.at_level(logging.DEBUG):
        member.page(f"/lists/join?secret={secret}")
        member.post("/lists/join", secret=secret)
    assert "/lists/join" in caplog.text
    assert secret not in caplog.text


def test_an_invitation_is_stored_as_a_hash(owner: Browser, site: Site) -> None:
    secret = invite(owner, owner.create()["id"])
    with site.stores.accounts.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT secret_hash FROM list_invitations").scalars().all()
    assert kept
    assert all(secret not in one for one in kept)


def test_the_owner_cannot_use_up_an_invitation(owner: Browser, member: Browser) -> None:
    secret = invite(owner, owner.create()["id"])
    refused = owner.api.send("POST", "/me/lists/join", json={"invitation": secret})
    assert (refused.status_code, set(refused.get_json()["errors"])) == (400, {"invitation"})
    assert member.api.send("POST", "/me/lists/join", json={"invitation": secret}).status_code == 200


def test_the_owner_removes_a_member(owner: Browser, member: Browser) -> None:
    number = owner.create()["id"]
    add_member(owner, member, number)
    assert member.user
    assert member.user.name in owner.page(f"/lists/{number}/settings")
    owner.post(f"/lists/{number}/leave", member=member.user.name)
    assert member.get(READ[0].format(id=number)).status_code == 404


def test_movies_are_moved_by_buttons(owner: Browser) -> None:
    number = owner.create()["id"]
    for movie, action, order in (
        (105, "up", [101, 105, 104]),
        (101, "down", [105, 101, 104]),
        (105, "up", [105, 101, 104]),
        (104, "down", [105, 101, 104]),
    ):
        answer = owner.post(f"/lists/{number}/movies/{movie}", action=action)
        assert answer.headers["Location"].endswith(f"#movie-{movie}")
        assert owner.movies(number) == order


def test_a_note_is_shown_escaped_and_can_be_changed(owner: Browser) -> None:
    made = owner.create()
    owner.post(f"/lists/{made['id']}/movies/104", action="note", note="<b>Best</b>")
    assert "&lt;b&gt;Best" in owner.page(made["url"])
    owner.api.put(f"/me/lists/{made['id']}/movies/104", {})
    assert owner.api.get(f"/lists/{made['id']}").get_json()["results"][1]["note"] == "<b>Best</b>", "kept"


def test_movies_are_ordered_by_the_api(owner: Browser) -> None:
    number = owner.create()["id"]
    owner.api.put(f"/me/lists/{number}/order", {"movies": [105, 999, 101, 105]})
    assert owner.movies(number) == [105, 101, 104]


def test_a_copy_is_private_and_has_no_notes_of_others(owner: Browser, other: Browser) -> None:
    made = owner.create(public=True)
    owner.api.put(f"/me/lists/{made['id']}/movies/104", {"note": "Ours"})
    copied = other.api.send("POST", f"/me/lists/{made['id']}/clone").get_json()
    assert (copied["public"], copied["name"], copied["size"]) == (False, made["name"], 3)
    assert other.movies(copied["id"]) == [101, 104, 105]
    assert {one["note"] for one in other.api.get(f"/lists/{copied['id']}").get_json()["results"]} == {""}
    own = owner.api.send("POST", f"/me/lists/{made['id']}/clone").get_json()
    assert [one["note"] for one in owner.api.get(f"/lists/{own['id']}").get_json()["results"]] == ["", "Ours", ""]


def test_the_watchlist_comes_first_among_the_lists(owner: Browser) -> None:
    owner.api.put("/me/watchlist/101")
    owner.create("Second")
    tiles = re.findall(r'(?s)class="list-tile"><a href="([^"]+)">.*?(\d+) films?', owner.page("/lists"))
    assert tiles[0] == ("/watchlist", "1")
    assert tiles[1][0].endswith("-second")


def test_a_movie_is_added_and_removed_on_its_page(owner: Browser) -> None:
    number = owner.create(movies=())["id"]
    assert re.search(rf'action="/lists/{number}/movies"', owner.page("/movies/101"))
    owner.post(f"/lists/{number}/movies", movie="101")
    assert owner.movies(number) == [101]
    assert re.search(rf'action="/lists/{number}/movies/101"', owner.page("/movies/101"))
    answer = owner.post("/lists", name="From the page", movie="101")
    assert answer.status_code == 303
    assert 'id="movie-101"' in owner.page(answer.headers["Location"])


def test_another_name_in_the_url_leads_to_the_page(owner: Browser) -> None:
    made = owner.create("Ça va?", movies=())
    assert made["url"] == f"/lists/{made['id']}-ca-va"
    for path in (f"/lists/{made['id']}", f"/lists/{made['id']}-other"):
        answer = owner.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (301, made["url"])


@pytest.mark.parametrize("name", ["七人の侍", "!!!", "100 % 🎬", "x" * 100])
def test_a_list_with_any_name_has_a_page(owner: Browser, name: str) -> None:
    assert name in owner.page(owner.create(name, movies=())["url"])


def test_the_feed_of_a_public_list_has_the_movies_added_last_first(owner: Browser, stranger: Browser) -> None:
    made = owner.create(public=True)
    answer = stranger.get(f"/lists/{made['id']}.rss")
    assert answer.mimetype == "application/rss+xml"
    root = ElementTree.fromstring(answer.data)  # noqa: S314 - of our own server
    links = [link.text or "" for link in root.findall("./channel/item/link")]
    assert [re.findall(r"/movies/(\d+)", link) for link in links] == [["105"], ["104"], ["101"]]
    assert f'href="/lists/{made["id"]}.rss"' in stranger.page(made["url"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u202e"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "description": "x" * 2_001}, "description"),
        ({"name": "x", "public": "yes"}, "public"),
        ({"name": "x", "colour": "red"}, "colour"),
    ],
)
def test_an_invalid_list_is_refused_by_its_field(owner: Browser, body: dict[str, Any], field: str) -> None:
    answer = owner.api.send("POST", "/me/lists", json=body)
    assert (answer.status_code, set(answer.get_json()["errors"])) == (400, {field})


def test_limits_of_lists_and_movies(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_LISTS", 1)
    monkeypatch.setattr(store, "MAX_ENTRIES", 3)
    number = owner.create()["id"]
    assert owner.api.send("POST", "/me/lists", json={"name": "Second"}).status_code == 400
    full = owner.api.put(f"/me/lists/{number}/movies/109", {})
    assert (full.status_code, set(full.get_json()["errors"])) == (400, {"movie"})
    assert (limits.MAX_LISTS, limits.MAX_ENTRIES) == (500, 5_000)


def test_a_movie_that_the_catalogue_lacks_cannot_be_added(owner: Browser) -> None:
    assert owner.api.put(f"/me/lists/{owner.create(movies=())['id']}/movies/999999", {}).status_code == 404


def test_a_token_needs_the_scope_of_what_it_does(site: Site) -> None:
    _, reader = site.member(Scope.READ)
    assert reader.get("/me/lists").status_code == 200
    assert reader.send("POST", "/me/lists", json={"name": "x"}).status_code == 403
    _, writer = site.member(Scope.WRITE)
    made = Browser(writer).api.send("POST", "/me/lists", json={"name": "x"}).get_json()
    assert writer.get("/me/lists").status_code == 403
    assert writer.get(f"/lists/{made['id']}").status_code == 404, "a token without the scope reads like a stranger"


def test_the_export_contains_the_lists(owner: Browser) -> None:
    made = owner.create(description="When it rains.")
    exported = owner.api.get("/me/export").get_json()
    assert [(one["id"], one["description"]) for one in exported["lists"]] == [(made["id"], "When it rains.")]
    assert [one["movie"] for one in exported["list_entries"]] == [101, 104, 105]


def test_with_the_account_of_its_owner_a_list_is_gone(owner: Browser, member: Browser, site: Site) -> None:
    number = owner.create(public=True)["id"]
    add_member(owner, member, number)
    assert owner.user
    site.services.accounts.close(owner.user, signed_in.PASSWORD)
    assert member.get(f"/api/lists/{number}").status_code == 404
    assert member.page("/lists").count('class="list-tile"') == 1
