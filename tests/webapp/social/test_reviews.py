"""Published notes and reviews: who sees them, spoilers, likes, orders and pages."""

from __future__ import annotations

import re

import pytest

from tests.webapp.signed_in import Site
from tests.webapp.social.people import Browser, join


def texts(browser: Browser, movie: int = 101, query: str = "") -> list[str]:
    return [one["text"] for one in browser.json(f"/movies/{movie}/reviews{query}")["results"]]


def test_a_note_stays_private_until_it_is_published(ada: Browser, visitor: Browser) -> None:
    ada.share()
    watch = ada.watch(109, note="My private thought")
    assert texts(visitor, 109) == []
    assert "Publish as a review" in ada.page(f"/diary/watchings/{watch}")
    assert ada.post(f"/diary/watchings/{watch}/review", action="publish").status_code == 303
    assert texts(visitor, 109) == ["My private thought"]
    assert "My private thought" in visitor.page("/movies/109")
    assert "published as a review" in ada.page(f"/diary/watchings/{watch}")
    ada.post(f"/diary/watchings/{watch}/review", action="withdraw")
    assert texts(visitor, 109) == []
    assert ada.json(f"/me/diary/{watch}")["note"] == "My private thought"


def test_nothing_of_a_private_profile_appears(ada: Browser, bob: Browser, visitor: Browser) -> None:
    review = ada.review(105, "Seen by nobody")
    ada.done("PUT", "/me/reviews/105", {"text": "Written on the page"})
    for settings in ({"visibility": "private"}, {"reviews": False}):
        ada.share(**settings)
        for reader in (bob, visitor):
            assert texts(reader, 105) == []
            assert reader.get(f"/reviews/{review}").status_code == 404
            assert "Seen by nobody" not in reader.page("/movies/105")
            assert "Written on the page" not in reader.page("/movies/105")
        assert "Only you see it" in ada.page("/movies/105")
        assert ada.page(f"/reviews/{review}")
    ada.share()
    assert sorted(texts(visitor, 105)) == ["Seen by nobody", "Written on the page"]
    assert "Shown under your name" in ada.page("/movies/105")


def test_reviews_of_followers_only_profiles_are_seen_by_followers(ada: Browser, bob: Browser, visitor: Browser) -> None:
    ada.review(106, "For my followers")
    ada.share(visibility="followers")
    assert texts(bob, 106) == texts(visitor, 106) == []
    bob.follow(ada)
    assert texts(bob, 106) == ["For my followers"]


def test_spoilers_are_covered(ada: Browser, visitor: Browser) -> None:
    ada.share()
    review = ada.review(107, "The keeper did it", spoilers=True)
    page = visitor.page("/movies/107")
    assert re.search(r'(?s)<details class="spoilers">.*?The keeper did it.*?</details>', page)
    assert visitor.json(f"/reviews/{review}")["spoilers"] is True
    ada.done("PUT", "/me/reviews/108", {"text": "The tide did it", "spoilers": True})
    assert '<details class="spoilers">' in visitor.page("/movies/108")
    assert re.search(r'name="spoilers" value="1" checked', ada.page("/movies/108"))


def test_text_is_escaped(ada: Browser, visitor: Browser) -> None:
    ada.share()
    review = ada.review(110, "<script>alert(1)</script>")
    for path in ("/movies/110", f"/reviews/{review}", f"/users/{ada.name}"):
        assert "<script>alert" not in visitor.page(path)
        assert "&lt;script&gt;alert" in visitor.page(path)


def test_only_the_writer_publishes_and_only_a_note(ada: Browser, bob: Browser) -> None:
    watch = ada.watch(101, note="Mine")
    assert bob.api.put(f"/me/diary/{watch}/review", {}).status_code == 404
    empty = ada.watch(101)
    answer = ada.api.put(f"/me/diary/{empty}/review", {})
    assert (answer.status_code, set(answer.get_json()["errors"])) == (400, {"note"})


def test_a_note_that_is_emptied_is_withdrawn(ada: Browser, visitor: Browser) -> None:
    ada.share()
    watch = ada.watch(111, note="Soon gone")
    ada.done("PUT", f"/me/diary/{watch}/review", {})
    ada.done("PUT", f"/me/diary/{watch}", {"note": "Rewritten"})
    assert texts(visitor, 111) == ["Rewritten"]
    ada.done("PUT", f"/me/diary/{watch}", {"note": " "})
    ada.done("PUT", f"/me/diary/{watch}", {"note": "A new private note"})
    assert texts(visitor, 111) == []


def test_a_deleted_watching_takes_its_review_along(ada: Browser, visitor: Browser) -> None:
    ada.share()
    review = ada.review(101, "Gone soon")
    watch = ada.json("/me/diary")["results"][0]["id"]
    ada.done("DELETE", f"/me/diary/{watch}")
    assert visitor.get(f"/reviews/{review}").status_code == 404
    ada.done("PUT", "/me/reviews/104", {"text": "Gone too"})
    ada.done("DELETE", "/me/reviews/104")
    assert "Gone too" not in texts(visitor, 104)


def test_a_like_counts_once_and_is_revocable(ada: Browser, bob: Browser, eve: Browser) -> None:
    ada.share()
    review = ada.review()
    for _ in range(2):
        bob.done("PUT", f"/reviews/{review}/like")
    eve.post(f"/reviews/{review}/like", on="1")
    found = bob.json(f"/reviews/{review}")
    assert (found["likes"], found["liked"]) == (2, True)
    assert 'aria-pressed="true"' in bob.page(f"/reviews/{review}")
    for _ in range(2):
        bob.done("DELETE", f"/reviews/{review}/like")
    found = bob.json(f"/reviews/{review}")
    assert (found["likes"], found["liked"]) == (1, False)


def test_an_own_or_invisible_review_cannot_be_liked(ada: Browser, bob: Browser, visitor: Browser) -> None:
    review = ada.review()
    assert bob.api.put(f"/reviews/{review}/like").status_code == 404
    ada.share()
    assert ada.api.put(f"/reviews/{review}/like").status_code == 400
    assert visitor.api.put(f"/reviews/{review}/like").status_code == 401
    assert bob.post(f"/reviews/{review}/like", on="2").status_code == 400


def test_likes_of_a_deleted_account_count_no_more(site: Site, ada: Browser, bob: Browser) -> None:
    ada.share()
    review = ada.review()
    bob.done("PUT", f"/reviews/{review}/like")
    assert bob.user
    site.stores.accounts.delete(bob.user.id)
    assert ada.json(f"/reviews/{review}")["likes"] == 0


def test_reviews_are_sorted_by_likes_of_friends_all_likes_or_time(site: Site) -> None:
    reader, friend, *others = (join(site) for _ in range(5))
    friend.share()
    reader.follow(friend)
    reviews = []
    for number, writer in enumerate(others):
        writer.share()
        reviews.append(writer.review(102, f"Review {number}"))
    for liker in (others[1], others[2]):
        liker.done("PUT", f"/reviews/{reviews[0]}/like")
    friend.done("PUT", f"/reviews/{reviews[1]}/like")
    assert texts(reader, 102, "?sort=newest") == ["Review 2", "Review 1", "Review 0"]
    assert texts(reader, 102, "?sort=liked") == ["Review 0", "Review 1", "Review 2"]
    assert texts(reader, 102, "?sort=friends") == ["Review 1", "Review 0", "Review 2"]
    page = reader.page("/movies/102")
    assert [int(one) for one in re.findall(r'id="review-(\d+)"', page)] == [reviews[1], reviews[0], reviews[2]]
    assert "1 of a friend" in page


@pytest.mark.parametrize("sort", ["newest", "liked", "friends"])
def test_pages_contain_each_review_once(site: Site, visitor: Browser, sort: str) -> None:
    movie = {"newest": 112, "liked": 103, "friends": 114}[sort]
    writers = [join(site) for _ in range(5)]
    for number, writer in enumerate(writers):
        writer.share()
        review = writer.review(movie, f"Review {number}")
        if number % 2:
            writers[0].done("PUT", f"/reviews/{review}/like")
    seen, after = [], ""
    for _ in range(3):
        page = visitor.json(f"/movies/{movie}/reviews?sort={sort}&size=2&after={after}")
        seen += [one["text"] for one in page["results"]]
        after = page["next"]
    assert after == ""
    assert sorted(seen) == [f"Review {number}" for number in range(5)]


def test_a_page_of_reviews_links_to_the_next_one(site: Site, visitor: Browser) -> None:
    for number in range(12):
        writer = join(site)
        writer.share()
        writer.review(113, f"Review {number:02}")
    first = visitor.page("/movies/113?reviews=newest")
    more = re.search(r'rel="next" href="([^"]+)#reviews">More reviews', first)
    assert more
    second = visitor.page(more[1].replace("&amp;", "&"))
    found = [set(re.findall(r"Review \d\d", page)) for page in (first, second)]
    assert (len(found[0]), len(found[1]), found[0] & found[1]) == (10, 2, set())


def test_friends_opinions_are_those_that_friends_show(ada: Browser, bob: Browser, eve: Browser) -> None:
    bob.done("PUT", "/me/ratings/115", {"stars": 4.0})
    eve.done("PUT", "/me/ratings/115", {"stars": 1.0})
    for friend in (bob, eve):
        friend.share()
        ada.follow(friend)
    review = eve.review(115, "Too wet")
    found = ada.json("/movies/115/friends")
    assert (found["count"], found["mean"]) == (2, 2.5)
    assert {(one["name"], one["stars"], one["review"]) for one in found["results"]} == {
        (bob.name, 4.0, None),
        (eve.name, 1.0, review),
    }
    page = ada.page("/movies/115")
    assert "What your friends think" in page
    assert f'href="/reviews/{review}"' in page
    eve.share(ratings=False)
    found = ada.json("/movies/115/friends")
    assert (found["count"], found["mean"]) == (1, 4.0)
    assert "What your friends think" not in bob.page("/movies/115")


def test_a_cursor_that_makes_no_sense_gives_the_first_page(ada: Browser, visitor: Browser) -> None:
    ada.share()
    ada.review(116, "Here")
    for after in ("x", "1-2", "1--2-3", "9" * 90, "1-2-99999999999999999999"):
        assert texts(visitor, 116, f"?after={after}") == ["Here"]
