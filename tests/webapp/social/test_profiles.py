"""Profiles on pages and in the API: who sees them, and what they show."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.users import Scope
from tests.webapp.signed_in import Site
from tests.webapp.social.people import Browser, browser


def test_a_profile_is_off_by_default(ada: Browser, bob: Browser, visitor: Browser) -> None:
    assert ada.json("/me/sharing")["visibility"] == "private"
    for reader in (bob, visitor):
        assert reader.get(f"/users/{ada.name}").status_code == 404
        assert reader.api.get(f"/users/{ada.name}").status_code == 404
    assert "Only you see this page." in ada.page(f"/users/{ada.name}")


def test_a_profile_that_is_off_looks_like_a_name_that_nobody_has(ada: Browser, visitor: Browser) -> None:
    def shown(name: str, path: str) -> str:
        text = visitor.get(f"{path}{name}").text
        return re.sub(r"[0-9a-f]{12}", "REQUEST", text.replace(name, "NAME"))

    for path in ("/users/", "/api/users/"):
        assert shown(ada.name, path) == shown("zoe-99", path)


def test_a_public_profile_shows_what_its_switches_say(ada: Browser, visitor: Browser) -> None:
    ada.done("PUT", "/me/ratings/104", {"stars": 4.5})
    ada.done("PUT", "/me/favourites/105", {})
    ada.review(101, "Seen in the rain")
    ada.done("POST", "/me/lists", {"name": "Rainy Sundays", "public": True})
    ada.done("POST", "/me/lists", {"name": "Secret Mondays"})
    ada.share(bio="I like <b>rain</b>", favourites=[105])
    found = visitor.json(f"/users/{ada.name}")
    assert (found["bio"], found["rated"], found["watched"]) == ("I like <b>rain</b>", 1, 1)
    assert [one["id"] for one in found["favourites"]] == [105]
    assert [one["movie_id"] for one in found["diary"]] == [101]
    assert [one["text"] for one in found["reviews"]] == ["Seen in the rain"]
    assert [one["name"] for one in found["lists"]] == ["Rainy Sundays"]
    assert found["stars"] == {"4.5": 1}
    text = visitor.page(f"/users/{ada.name}")
    assert "I like &lt;b&gt;rain" in text
    for words in ("Rainy Sundays", "Seen in the rain", "Most often: 4.5", "0 followers"):
        assert words in text
    assert "Secret Mondays" not in text


@pytest.mark.parametrize(
    ("switch", "empty"),
    [
        ("ratings", {"rated": 0, "stars": {}, "favourites": []}),
        ("diary", {"watched": 0, "diary": []}),
        ("reviews", {"reviews_count": 0, "reviews": []}),
        ("lists", {"lists_count": 0, "lists": []}),
    ],
)
def test_each_switch_hides_its_part(ada: Browser, visitor: Browser, switch: str, empty: dict[str, Any]) -> None:
    ada.done("PUT", "/me/favourites/105", {})
    ada.done("PUT", "/me/ratings/104", {"stars": 4.5})
    ada.review(101, "Seen in the rain")
    ada.done("POST", "/me/lists", {"name": "Rainy Sundays", "public": True})
    ada.share(favourites=[105])
    whole = visitor.json(f"/users/{ada.name}")
    assert all(whole[name] != value for name, value in empty.items())
    ada.share(favourites=[105], **{switch: False})
    found = visitor.json(f"/users/{ada.name}")
    assert {name: found[name] for name in empty} == empty
    assert [name for name in whole if whole[name] != found[name] and name not in empty] in ([], ["diary"], ["reviews"])


def test_without_ratings_watchings_and_reviews_have_no_stars(ada: Browser, visitor: Browser) -> None:
    watch = ada.watch(101, stars=4.0, note="Good")
    ada.done("PUT", f"/me/diary/{watch}/review", {})
    ada.share()
    found = visitor.json(f"/users/{ada.name}")
    assert (found["diary"][0]["stars"], found["reviews"][0]["stars"]) == (4.0, 4.0)
    ada.share(ratings=False)
    found = visitor.json(f"/users/{ada.name}")
    assert (found["diary"][0]["stars"], found["reviews"][0]["stars"]) == (None, None)


def test_a_profile_for_followers_shows_others_the_name_only(ada: Browser, bob: Browser, visitor: Browser) -> None:
    ada.done("PUT", "/me/ratings/104", {"stars": 4.5})
    ada.share(visibility="followers", approve_followers=True, bio="For friends")
    assert visitor.get(f"/users/{ada.name}").status_code == 404
    found = bob.json(f"/users/{ada.name}")
    assert (found["opened"], found["bio"], found["rated"], found["since"]) == (False, "", 0, None)
    assert "For friends" not in bob.page(f"/users/{ada.name}")
    assert bob.follow(ada) == "requested"
    assert bob.json(f"/users/{ada.name}")["opened"] is False
    ada.done("PUT", f"/me/followers/{bob.name}")
    assert bob.json(f"/users/{ada.name}")["bio"] == "For friends"
    assert "For friends" in bob.page(f"/users/{ada.name}")


def test_the_form_on_the_account_page_changes_what_is_shared(site: Site, visitor: Browser) -> None:
    user, _ = site.member()
    client = browser(site, user.name)
    page = client.get("/account").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    assert 'value="private" checked' in page
    sent = {
        "csrf_token": token[1],
        "visibility": "public",
        "ratings": "1",
        "bio": "  Hello\nthere ",
        "favourite": ["", ""],
    }
    assert client.post("/account/sharing", data=sent).status_code in (302, 303)
    found = visitor.json(f"/users/{user.name}")
    assert (found["bio"], found["watched"]) == ("Hello there", 0)
    settings = site.services.social.profiles.of(user).settings
    assert (settings.ratings, settings.diary, settings.approve_followers) == (True, False, False)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"visibility": "friends"}, "visibility"),
        ({"bio": "x" * 301}, "bio"),
        ({"favourites": [105]}, "favourites"),
        ({"favourites": [1, 2, 3, 4, 5]}, "favourites"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_invalid_settings_are_refused_by_their_field(ada: Browser, body: dict[str, Any], field: str) -> None:
    answer = ada.api.put("/me/sharing", body)
    assert (answer.status_code, set(answer.get_json()["errors"])) == (400, {field})


def test_a_token_without_the_scope_reads_like_a_visitor(site: Site, ada: Browser) -> None:
    ada.share(visibility="followers")
    _, writer = site.member(Scope.WRITE)
    assert writer.get(f"/users/{ada.name}").status_code == 404
    assert writer.get("/me/sharing").status_code == 403
    _, only_reads = site.member(Scope.READ)
    assert only_reads.put("/me/sharing", {"visibility": "public"}).status_code == 403
    assert only_reads.put(f"/me/following/{ada.name}").status_code == 403


def test_names_are_found_without_regard_to_case(ada: Browser, visitor: Browser) -> None:
    ada.share()
    assert visitor.json(f"/users/{ada.name.upper()}")["name"] == ada.name
