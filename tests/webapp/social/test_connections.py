"""Following, approving, removing and blocking."""

from __future__ import annotations

import pytest

from core.social import profiles
from data.database.social import follows as store
from tests.webapp.social.people import Browser


def names(browser: Browser, show: str) -> list[str]:
    return [one["name"] for one in browser.json(f"/me/connections?show={show}")["results"]]


def test_a_public_profile_is_followed_at_once(ada: Browser, bob: Browser) -> None:
    ada.share()
    assert bob.follow(ada) == "following"
    assert bob.follow(ada) == "following", "following twice changes nothing"
    assert (names(ada, "followers"), names(bob, "following")) == ([bob.name], [ada.name])
    assert ada.json(f"/users/{ada.name}")["followers"] == 1
    bob.done("DELETE", f"/me/following/{ada.name}")
    assert (names(ada, "followers"), names(bob, "following")) == ([], [])


def test_a_private_profile_cannot_be_followed(ada: Browser, bob: Browser) -> None:
    assert bob.api.put(f"/me/following/{ada.name}").status_code == 404
    assert bob.api.put("/me/following/zoe-99").status_code == 404
    assert bob.post(f"/users/{ada.name}/follow", action="follow").status_code == 404


def test_a_request_is_accepted_or_declined(ada: Browser, bob: Browser, eve: Browser) -> None:
    ada.share(approve_followers=True)
    assert bob.follow(ada) == eve.follow(ada) == "requested"
    assert sorted(names(ada, "requests")) == sorted([bob.name, eve.name])
    assert names(ada, "followers") == []
    assert "2 requests" in ada.page("/activity")
    page = ada.page("/connections?show=requests")
    assert f'action="/connections/{bob.name}"' in page
    assert ada.post(f"/connections/{bob.name}", action="accept").status_code == 303
    assert ada.post(f"/connections/{eve.name}", action="remove").status_code == 303
    assert (names(ada, "followers"), names(ada, "requests")) == ([bob.name], [])
    assert eve.json(f"/users/{ada.name}")["follow"] == "no"
    assert ada.api.put(f"/me/followers/{eve.name}").status_code == 404


def test_nobody_accepts_their_own_request(ada: Browser, bob: Browser) -> None:
    ada.share(visibility="followers", approve_followers=True)
    bob.follow(ada)
    assert bob.api.put(f"/me/followers/{ada.name}").status_code == 404
    assert bob.json(f"/users/{ada.name}")["opened"] is False


def test_a_follower_is_removed(ada: Browser, bob: Browser) -> None:
    ada.share(visibility="followers")
    bob.follow(ada)
    assert bob.json(f"/users/{ada.name}")["opened"] is True
    ada.done("DELETE", f"/me/followers/{bob.name}")
    assert bob.json(f"/users/{ada.name}")["opened"] is False


def test_a_profile_that_was_made_private_is_no_longer_named_to_followers(ada: Browser, bob: Browser) -> None:
    ada.share()
    bob.follow(ada)
    ada.share(visibility="private")
    assert names(bob, "following") == []
    assert ada.name not in bob.page("/connections")
    ada.share()
    assert names(bob, "following") == [ada.name]


def test_a_block_ends_follows_and_makes_both_invisible(ada: Browser, bob: Browser) -> None:
    for one, other in ((ada, bob), (bob, ada)):
        one.share()
        assert other.follow(one) == "following"
    review = bob.review(104, "Bob wrote this")
    ada.done("PUT", f"/reviews/{review}/like")
    assert ada.post(f"/users/{bob.name}/block", action="block").status_code == 303
    for one, other in ((ada, bob), (bob, ada)):
        assert one.get(f"/users/{other.name}").status_code == 404
        assert (names(one, "following"), names(one, "followers")) == ([], [])
        assert one.api.put(f"/me/following/{other.name}").status_code == 404
    assert ada.get(f"/reviews/{review}").status_code == 404
    assert "Bob wrote this" not in ada.page("/movies/104")
    assert bob.json(f"/reviews/{review}")["likes"] == 0
    assert names(ada, "blocked") == [bob.name]
    assert names(bob, "blocked") == []


def test_a_block_is_ended_and_follows_stay_ended(ada: Browser, bob: Browser) -> None:
    ada.share()
    bob.follow(ada)
    ada.done("PUT", f"/me/blocks/{bob.name}")
    assert "Unblock" in ada.page("/connections?show=blocked")
    assert ada.post(f"/users/{bob.name}/block", action="unblock").status_code == 303
    assert bob.json(f"/users/{ada.name}")["follow"] == "no"


def test_lists_of_a_blocked_user_do_not_exist(ada: Browser, bob: Browser, visitor: Browser) -> None:
    made = ada.api.send("POST", "/me/lists", json={"name": "Rainy", "public": True}).get_json()
    secret = ada.api.send("POST", f"/me/lists/{made['id']}/invitations").get_json()["invitation"]
    bob.done("POST", "/me/lists/join", {"invitation": secret})
    bob.done("PUT", f"/me/lists/{made['id']}/movies/101", {})
    bob.share()
    ada.done("PUT", f"/me/blocks/{bob.name}")
    assert bob.get(made["url"]).status_code == bob.api.get(f"/lists/{made['id']}").status_code == 404
    assert bob.api.put(f"/me/lists/{made['id']}/movies/104", {}).status_code == 404
    assert visitor.page(made["url"])


def test_a_private_profile_is_blocked_only_by_those_who_know_of_it(ada: Browser, bob: Browser) -> None:
    bob.share()
    for path in (f"/me/blocks/{ada.name}", "/me/blocks/zoe-99"):
        assert bob.api.put(path).status_code == 404, "nobody learns whether the name exists"
    ada.follow(bob)
    bob.done("PUT", f"/me/blocks/{ada.name}")
    assert names(bob, "blocked") == [ada.name]
    assert ada.get(f"/users/{bob.name}").status_code == 404


def test_nobody_follows_or_blocks_themselves(ada: Browser) -> None:
    ada.share()
    for method, path in (("PUT", "/me/following/"), ("PUT", "/me/blocks/")):
        answer = ada.api.send(method, f"{path}{ada.name}")
        assert (answer.status_code, set(answer.get_json()["errors"])) == (400, {"name"})


def test_unknown_actions_are_refused(ada: Browser, bob: Browser) -> None:
    for path in (f"/users/{bob.name}/follow", f"/users/{bob.name}/block", f"/connections/{bob.name}"):
        assert ada.post(path, action="dance").status_code == 400


def test_the_number_of_followed_users_is_limited(
    ada: Browser, bob: Browser, eve: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MAX_FOLLOWING", 1)
    ada.share()
    eve.share()
    bob.follow(ada)
    answer = bob.api.put(f"/me/following/{eve.name}")
    assert (answer.status_code, set(answer.get_json()["errors"])) == (400, {"name"})
    assert profiles.MAX_FOLLOWING == 1_000


def test_connections_are_paged_by_time(ada: Browser, bob: Browser, eve: Browser) -> None:
    for other in (bob, eve):
        other.share()
        ada.follow(other)
    first = ada.json("/me/connections?size=1")["results"]
    assert [one["name"] for one in first] == [eve.name]
    at = first[0]["at"].replace("+", "%2B")
    assert [one["name"] for one in ada.json(f"/me/connections?size=1&before={at}")["results"]] == [bob.name]
