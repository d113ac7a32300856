"""What is private stays private: every page and API route, as a visitor, another user, a follower and a blocked user.

The owner has unmistakable texts in everything private. The walk opens all routes of the application's URL map with GET
and with the numbers and names of the owner's data. The same walk as the owner finds the texts, so it can fail.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.webapp import signed_in
from tests.webapp.signed_in import PASSWORD, Site
from tests.webapp.social.people import Browser, browser, join

MARKERS = {
    "note": "zqnote: what I think in private",
    "shared_diary_note": "zqdiary: the note of a watching on a shared diary",
    "private_list": "zqlist: a private list",
    "list_note": "zqentry: a note on a private list",
    "review": "zqreview: a published review of a private profile",
    "movie_review": "zqpage: a review written on the page of a movie",
    "bio": "zqbio: who I am",
    "email": "zqmail@example.org",
    "report": "zqreport: what I reported",
}
"""Texts of the owner by where they are."""
UNREACHABLE = ("/api/ml/training-status/stream",)
"""Streams, which do not end."""


class Owner(Browser):
    """The user with private data, and the numbers of these."""

    numbers: Mapping[str, Sequence[object]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with signed_in.site(Path(tmp_path_factory.mktemp("privacy"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def owner(site: Site) -> Owner:
    """A user whose profile is off, with data everywhere."""
    found = join(site)
    assert found.user
    user = Owner(found.api, found.user)
    watch = user.watch(101, note=MARKERS["note"], stars=4.5)
    user.watch(104, note=MARKERS["shared_diary_note"])
    review = user.review(105, MARKERS["review"])
    user.done("PUT", "/me/reviews/106", {"text": MARKERS["movie_review"]})
    user.done("PUT", "/me/watchlist/107", {})
    made = user.api.send("POST", "/me/lists", json={"name": MARKERS["private_list"]}).get_json()
    user.done("PUT", f"/me/lists/{made['id']}/movies/101", {"note": MARKERS["list_note"]})
    site.stores.accounts.set_email(found.user.id, MARKERS["email"])
    user.share(visibility="private", bio=MARKERS["bio"])
    other = join(site)
    other.share()
    body = {"kind": "profile", "subject": other.name, "reason": "spam", "text": MARKERS["report"]}
    user.done("POST", "/me/reports", body)
    report = site.stores.reports.page(open_only=True, limit=1)[0]
    user.numbers = {
        "movie_id": [101, 104, 105, 106, 107],
        "id": [101, 104, 105, 106, watch, review, made["id"], report.id],
        "watch": [watch],
        "list_id": [made["id"]],
        "review": [review],
        "number": [report.id],
        "movie": [101],
        "name": [user.name],
        "slug": ["x"],
        "year": [2026],
        "month": ["2026-01"],
        "user_id": [found.user.id],
    }
    return user


def urls(site: Site, numbers: Mapping[str, Sequence[object]]) -> Iterator[tuple[str, str]]:
    """Return the rules and paths of all routes that can be read, with every combination of the owner's numbers."""
    for rule in site.client.application.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule in UNREACHABLE or rule.endpoint.endswith("static"):
            continue
        names = sorted(rule.arguments - set(rule.defaults or ()))
        for chosen in itertools.product(*(numbers.get(name, ["x"]) for name in names)):
            built = rule.build({**(rule.defaults or {}), **dict(zip(names, chosen, strict=True))})
            assert built is not None, rule
            yield rule.rule, built[1]


def walk(site: Site, owner: Owner, reader: Browser, *, cookie: bool = False) -> dict[str, set[str]]:
    """Return the texts of the owner that a reader finds, with the rules of the pages."""
    client = browser(site, reader.name) if cookie else None
    found: dict[str, set[str]] = {}
    for rule, path in urls(site, owner.numbers):
        answer = client.get(path) if client else reader.get(path)
        assert answer.status_code < 500 or answer.status_code == 503, (path, answer.status_code)
        content = answer.get_data().decode(errors="replace")  # pictures and archives too
        for name, text in MARKERS.items():
            if text in content:
                found.setdefault(name, set()).add(rule)
        answer.close()
    return found


def test_the_owner_finds_all_texts(site: Site, owner: Owner) -> None:
    found = walk(site, owner, owner, cookie=True)
    assert set(found) == set(MARKERS)
    assert found["report"] == {"/account/export", "/api/me/export"} & found["report"]
    assert len(found["note"]) > 5


def test_a_visitor_finds_nothing(site: Site, owner: Owner) -> None:
    assert walk(site, owner, Browser(site.visitor())) == {}


def test_another_user_finds_nothing(site: Site, owner: Owner) -> None:
    assert walk(site, owner, join(site)) == {}
    assert walk(site, owner, join(site), cookie=True) == {}


def test_a_follower_of_a_profile_that_is_off_finds_nothing(site: Site, owner: Owner) -> None:
    follower = join(site)
    owner.share(visibility="public", bio=MARKERS["bio"])
    assert follower.follow(owner) == "following"
    owner.share(visibility="private", bio=MARKERS["bio"])
    assert walk(site, owner, follower) == {}


def test_a_follower_finds_what_is_shared_and_nothing_else(site: Site, owner: Owner) -> None:
    follower = join(site)
    owner.share(visibility="followers", bio=MARKERS["bio"])
    try:
        follower.follow(owner)
        assert set(walk(site, owner, follower)) == {"bio", "review", "movie_review"}
        assert walk(site, owner, join(site)) == {}, "who does not follow"
    finally:
        owner.share(visibility="private", bio=MARKERS["bio"])


def test_a_blocked_user_finds_nothing_of_a_public_profile(site: Site, owner: Owner) -> None:
    blocked, blocking = join(site), join(site)
    owner.share(visibility="public", bio=MARKERS["bio"])
    try:
        blocked.follow(owner)
        owner.done("PUT", f"/me/blocks/{blocked.name}")
        blocking.done("PUT", f"/me/blocks/{owner.name}")
        for reader in (blocked, blocking):
            assert walk(site, owner, reader) == {}
    finally:
        owner.share(visibility="private", bio=MARKERS["bio"])


def test_after_the_account_is_deleted_nobody_finds_anything(site: Site) -> None:
    leaver = join(site)
    leaver.share(visibility="public", bio="zqgone: my bio")
    review = leaver.review(108, "zqgone: my review")
    assert leaver.user
    reader = join(site)
    reader.follow(leaver)
    site.services.accounts.close(leaver.user, PASSWORD)
    for path in ("/activity", "/connections", "/movies/108", f"/reviews/{review}", f"/users/{leaver.name}"):
        assert "zqgone" not in reader.get(path).text
        assert leaver.name not in reader.get(path).text or path.startswith("/users/")
