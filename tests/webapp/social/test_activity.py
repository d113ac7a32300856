"""What friends did: kinds, order, pages and privacy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.social.activity import ActivityCursor, ActivityKind
from engine.clock import now
from tests.webapp.signed_in import Site
from tests.webapp.social.people import Browser
from webapp.social import addresses


def items(browser: Browser, query: str = "") -> list[tuple[str, str]]:
    return [(one["user"], one["kind"]) for one in browser.json(f"/me/activity{query}")["results"]]


def test_the_activity_has_what_friends_did_the_newest_first(ada: Browser, bob: Browser, eve: Browser) -> None:
    bob.share()
    ada.follow(bob)
    eve.share()
    eve.done("PUT", "/me/ratings/104", {"stars": 1.0})
    bob.done("PUT", "/me/ratings/104", {"stars": 4.5})
    bob.review(101, "It rains")
    bob.done("POST", "/me/lists", {"name": "Rainy Sundays", "public": True})
    bob.done("POST", "/me/lists", {"name": "Secret Mondays"})
    bob.watch(105)
    kinds = ["watched", "listed", "reviewed", "rated"]
    assert items(ada) == [(bob.name, kind) for kind in kinds], "nothing of eve, whom ada does not follow"
    page = ada.page("/activity")
    for words in ("Rainy Sundays", "It rains", "4½ stars", bob.name):
        assert words in page
    assert "Secret Mondays" not in page


def test_a_rating_given_with_a_watching_is_one_activity(ada: Browser, bob: Browser) -> None:
    bob.share()
    ada.follow(bob)
    bob.watch(101, stars=4.0)
    assert items(ada) == [(bob.name, "watched")]
    bob.share(diary=False)
    assert items(ada) == [(bob.name, "rated")], "the rating itself is shown"


def test_a_watching_whose_note_is_published_is_one_activity(ada: Browser, bob: Browser) -> None:
    bob.share()
    ada.follow(bob)
    bob.review(101, "It rains")
    assert items(ada) == [(bob.name, "reviewed")]
    bob.share(reviews=False)
    assert items(ada) == [(bob.name, "watched")]


@pytest.mark.parametrize(
    ("switch", "kind"), [("ratings", "rated"), ("diary", "watched"), ("reviews", "reviewed"), ("lists", "listed")]
)
def test_each_switch_hides_its_activities(ada: Browser, bob: Browser, switch: str, kind: str) -> None:
    bob.share()
    ada.follow(bob)
    bob.done("PUT", "/me/ratings/104", {"stars": 4.5})
    bob.done("PUT", "/me/reviews/105", {"text": "It rains"})
    bob.watch(101)
    bob.done("POST", "/me/lists", {"name": "Rainy", "public": True})
    before = items(ada)
    assert len(before) == 4
    bob.share(**{switch: False})
    assert items(ada) == [one for one in before if one[1] != kind]


def test_requests_and_private_profiles_give_no_activity(ada: Browser, bob: Browser) -> None:
    bob.share(approve_followers=True)
    ada.follow(bob)
    bob.watch(101)
    assert items(ada) == []
    bob.done("PUT", f"/me/followers/{ada.name}")
    assert items(ada) == [(bob.name, "watched")]
    bob.share(visibility="private")
    assert items(ada) == []
    assert bob.name not in ada.page("/activity")


def test_pages_contain_each_activity_once_also_at_the_same_time(site: Site, ada: Browser, bob: Browser) -> None:
    bob.share()
    ada.follow(bob)
    at = now() - timedelta(days=1)
    assert bob.user
    movies = range(1, 26)
    site.stores.diaries.rate(bob.user.id, dict.fromkeys(movies, 3.0), at=at)  # type: ignore[arg-type]  # plain ids
    for movie in (101, 104, 105):
        bob.watch(movie)
    seen, after = [], ""
    for _ in range(6):
        page = ada.json(f"/me/activity?size=5&after={after}")
        seen += [(one["kind"], one["movie_id"]) for one in page["results"]]
        after = page["next"]
    assert after == ""
    assert len(seen) == len(set(seen)) == 28
    assert [kind for kind, _ in seen[:3]] == ["watched"] * 3


def test_private_lists_that_changed_last_do_not_crowd_out_public_ones(ada: Browser, bob: Browser) -> None:
    bob.share()
    ada.follow(bob)
    bob.done("POST", "/me/lists", {"name": "Public", "public": True})
    for number in range(4):
        bob.done("POST", "/me/lists", {"name": f"Private {number}"})
    assert [one["text"] for one in ada.json("/me/activity?size=2")["results"]] == ["Public"]


def test_cursors_are_read_as_written() -> None:
    cursor = ActivityCursor(now(), ActivityKind.RATED, 7, 949)
    assert addresses.read_activity_cursor(addresses.activity_cursor(cursor)) == cursor
    for text in ("", "x", "1-rated-2", "1-danced-2-3", "x-rated-2-3", "9" * 30 + "-rated-2-3"):
        assert addresses.read_activity_cursor(text) is None


def test_visitors_are_led_to_the_sign_in_page(visitor: Browser) -> None:
    for path in ("/activity", "/connections"):
        assert "/sign-in" in visitor.get(path).headers["Location"]
    assert visitor.api.get("/me/activity").status_code == 401
