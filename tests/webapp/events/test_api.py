"""The events API: anonymous events of visitors, and opting out."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from core.users import Event, EventKind, MarkKind, Scope, User
from tests.webapp import signed_in
from tests.webapp.signed_in import PASSWORD, Site

CLICK = {"kind": "click", "movie": 101, "list": "for-you", "position": 3, "model": "7", "query": "sea"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with its own database for all tests of this file."""
    with signed_in.site(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture
def site(shared: Site) -> Site:
    """The same site without events."""
    shared.services.events.flush()
    with shared.stores.events._database.writing() as connection:  # type: ignore[attr-defined]
        connection.exec_driver_sql("delete from events")
    return shared


def swipe(direction: str, movie: int = 101) -> dict[str, object]:
    return {"kind": f"swipe_{direction}", "movie": movie, "list": "swipe"}


def body(*events: object) -> dict[str, object]:
    return {"events": list(events)}


def count(site: Site) -> int:
    site.services.events.flush()
    return site.stores.events.count()


def of(site: Site, user: User) -> Sequence[Event]:
    site.services.events.flush()
    return site.stores.events.of_user(user.id)


def test_a_users_events_are_stored_with_list_position_and_model(site: Site) -> None:
    user, caller = site.member()
    answer = caller.send("POST", "/events", json=body(CLICK, {"kind": "impression", "movie": 102}))
    assert (answer.status_code, answer.json) == (202, {"noticed": 2, "marked": 0})
    click, impression = of(site, user)
    assert (click.kind, click.movie, click.list, click.position, click.model, click.query) == (
        EventKind.CLICK, 101, "for-you", 3, "7", "sea",
    )  # fmt: skip
    assert (impression.kind, impression.position, impression.list) == (EventKind.IMPRESSION, None, "")


def test_an_answer_is_about_a_list_and_not_about_a_movie(site: Site) -> None:
    user, caller = site.member()
    answer = {"kind": "helpful", "list": "search", "query": "sea"}
    assert caller.send("POST", "/events", json=body(answer, {"kind": "unhelpful", "list": "for-you"})).json == {
        "noticed": 2, "marked": 0,
    }  # fmt: skip
    yes, no = of(site, user)
    assert (yes.kind, yes.list, yes.query, yes.movie) == (EventKind.HELPFUL, "search", "sea", None)
    assert (no.kind, no.list) == (EventKind.UNHELPFUL, "for-you")


@pytest.mark.parametrize(
    ("event", "word"),
    [
        ({"kind": "helpful"}, "list"),
        ({"kind": "unhelpful", "list": ""}, "list"),
        ({"kind": "helpful", "list": "search", "movie": 101}, "movie"),
        ({"kind": "click", "list": "search"}, "movie"),
        ({"kind": "impression", "movie": None}, "movie"),
    ],
)
def test_an_event_about_nothing_is_refused_with_what_is_missing(site: Site, event: dict[str, Any], word: str) -> None:
    answer = site.visitor().send("POST", "/events", json=body(event))
    assert answer.status_code == 400
    assert word in str(answer.json["errors"])


def test_a_visitors_events_are_anonymous(site: Site) -> None:
    assert site.visitor().send("POST", "/events", json=body(CLICK)).json == {"noticed": 1, "marked": 0}
    assert count(site) == 1
    with site.stores.events._database.reading() as connection:  # type: ignore[attr-defined]
        row = dict(connection.exec_driver_sql("select * from events").mappings().one())
    assert row["user_id"] is None
    assert "127.0.0.1" not in str(row)


@pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
@pytest.mark.parametrize("signed", [True, False])
def test_a_browser_that_objects_is_not_tracked(site: Site, header: str, signed: bool) -> None:
    caller = site.member()[1] if signed else site.visitor()
    answer = caller.send("POST", "/events", json=body(CLICK), headers={header: "1"})
    assert (answer.status_code, answer.json["noticed"], count(site)) == (202, 0, 0)


def test_a_header_that_does_not_object_changes_nothing(site: Site) -> None:
    caller = site.visitor()
    assert caller.send("POST", "/events", json=body(CLICK), headers={"DNT": "0"}).json["noticed"] == 1


def test_users_who_opted_out_are_not_tracked_but_their_swipes_count(site: Site) -> None:
    user, caller = site.member(keep_events=False)
    answer = caller.send("POST", "/events", json=body(CLICK, swipe("right")))
    assert answer.json == {"noticed": 0, "marked": 1}
    assert count(site) == 0
    assert list(site.stores.diaries.read(user.id).marked(MarkKind.LIKED)) == [101]


def test_opting_out_deletes_even_queued_events(site: Site) -> None:
    user, caller = site.member()
    caller.send("POST", "/events", json=body(CLICK))
    assert caller.send("PATCH", "/me", json={"keep_events": False}).status_code == 200
    assert of(site, user) == []


def test_deleting_an_account_deletes_its_events(site: Site) -> None:
    user, caller = site.member()
    caller.send("POST", "/events", json=body(CLICK))
    assert caller.send("DELETE", "/me", json={"password": PASSWORD}).status_code == 204
    assert of(site, user) == []
    assert count(site) == 0


def test_swipes_of_a_user_become_marks_immediately_and_the_last_one_counts(site: Site) -> None:
    user, caller = site.member()
    caller.send("POST", "/events", json=body(swipe("left"), swipe("right"), swipe("left", 102)))
    diary = site.stores.diaries.read(user.id)
    assert list(diary.marked(MarkKind.LIKED)) == [101]
    assert list(diary.marked(MarkKind.PASSED)) == [102]
    caller.send("POST", "/events", json=body(swipe("left")))
    assert site.stores.diaries.read(user.id).marked(MarkKind.LIKED) == {}
    assert len(of(site, user)) == 4


def test_a_visitors_swipe_is_an_event_only(site: Site) -> None:
    assert site.visitor().send("POST", "/events", json=body(swipe("right"))).json == {"noticed": 1, "marked": 0}


def test_a_swipe_of_an_unknown_movie_is_reported_and_nothing_is_stored(site: Site) -> None:
    user, caller = site.member()
    answer = caller.send("POST", "/events", json=body(CLICK, swipe("right"), swipe("left", 424242)))
    assert answer.status_code == 400
    assert list(answer.json["errors"]) == ["events.2.movie"]
    assert count(site) == 0
    assert site.stores.diaries.history(user.id) == []


def test_a_read_only_token_may_record_events_but_not_swipe(site: Site) -> None:
    _, reader = site.member(Scope.READ)
    assert reader.send("POST", "/events", json=body(CLICK)).status_code == 202
    assert reader.send("POST", "/events", json=body(swipe("right"))).status_code == 403


@pytest.mark.parametrize(
    ("events", "field"),
    [
        ([{**CLICK, "kind": "purchase"}], "events.0.kind"),
        ([{**CLICK, "kind": "search"}], "events.0.kind"),
        ([CLICK, {**CLICK, "movie": "x"}], "events.1.movie"),
        ([{**CLICK, "movie": 0}], "events.0.movie"),
        ([{**CLICK, "movie": True}], "events.0.movie"),
        ([{**CLICK, "position": 0}], "events.0.position"),
        ([{**CLICK, "list": "x" * 101}], "events.0.list"),
        ([{**CLICK, "viewer": 7}], "events.0.viewer"),
        ([{**CLICK, "at": "2020-01-01"}], "events.0.at"),
        ([{"kind": "click"}], "events.0.movie"),
        ([7], "events.0"),
        ([CLICK] * 101, "events"),
        ("click", "events"),
        (None, "events"),
    ],
)
def test_an_invalid_event_is_named_and_the_whole_batch_is_refused(site: Site, events: Any, field: str) -> None:
    answer = site.visitor().send("POST", "/events", json={"events": events})
    assert answer.status_code == 400
    assert list(answer.json["errors"]) == [field]
    assert count(site) == 0


def test_an_unknown_field_next_to_the_events_is_an_error(site: Site) -> None:
    assert list(site.visitor().send("POST", "/events", json={"events": [], "x": 1}).json["errors"]) == ["x"]


@pytest.mark.parametrize("mimetype", ["application/json", "text/plain", "text/plain;charset=UTF-8"])
def test_a_beacon_is_accepted(site: Site, mimetype: str) -> None:
    answer = site.visitor().send("POST", "/events", data=json.dumps(body(CLICK)), content_type=mimetype)
    assert answer.json["noticed"] == 1


def test_a_beacon_may_be_a_form(site: Site) -> None:
    answer = site.visitor().send("POST", "/events", data={"events": json.dumps([CLICK, CLICK])})
    assert answer.json["noticed"] == 2


@pytest.mark.parametrize("sent", ["[", "", '[],"x":1', '{"a":1}', "\x00"])
def test_a_form_with_invalid_events_is_refused(site: Site, sent: str) -> None:
    assert site.visitor().send("POST", "/events", data={"events": sent}).status_code == 400


def test_other_content_types_are_refused(site: Site) -> None:
    assert site.visitor().send("POST", "/events", data=b"x", content_type="image/png").status_code == 415


def test_a_signed_in_browser_needs_the_csrf_token(shared: Site) -> None:
    """Otherwise, a page of another site could swipe on behalf of a user."""
    browser = shared.client.application.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-up").text)
    assert token
    form = {"csrf_token": token[1], "name": "browsing", "password": PASSWORD}
    assert browser.post("/sign-up", data=form).status_code == 303
    assert browser.post("/api/events", json=body(swipe("right"))).status_code == 400
    shown = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/account").text)
    assert shown
    answer = browser.post("/api/events", json=body(swipe("right")), headers={"X-CSRFToken": shown[1]})
    assert answer.json == {"noticed": 1, "marked": 1}
    beacon = {"csrf_token": shown[1], "events": json.dumps([swipe("left")])}
    assert browser.post("/api/events", data=beacon).json == {"noticed": 1, "marked": 1}


def test_many_callers_at_once_lose_nothing(site: Site) -> None:
    answers: list[int] = []

    def call() -> None:
        client = site.client.application.test_client()
        answers.extend(client.post("/api/events", json=body(*[CLICK] * 100)).status_code for _ in range(5))

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {202}
    assert count(site) == 4_000


def test_no_event_is_stored_if_events_are_kept_for_zero_days(tmp_path_factory: pytest.TempPathFactory) -> None:
    with signed_in.site(tmp_path_factory.mktemp("none"), events_days=0) as site:
        assert site.visitor().send("POST", "/events", json=body(CLICK)).json["noticed"] == 0
        assert count(site) == 0


def test_the_operation_is_documented(site: Site) -> None:
    operation = site.client.get("/api/openapi.json").json["paths"]["/api/events"]["post"]
    assert {"202", "400", "401", "403", "413", "415", "503"} <= set(operation["responses"])
    assert {} in operation["security"]
