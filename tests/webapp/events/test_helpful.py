"""The question "Was this helpful?": who is asked, once, and what is recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.users import Event, EventKind
from tests.webapp.user_browser import Member, fake
from webapp.events import helpful

QUESTION = 'action="/helpful"'


def _events(ada: Member) -> list[Event]:
    return [event for event in fake(ada.services.events).events if event.kind in helpful.KINDS.values()]


def test_the_form_records_an_answer_and_returns_to_the_page(ada: Member) -> None:
    assert QUESTION in ada.page("/search?q=sea")
    answer = ada.post("/helpful", answer="yes", list="search", query="sea", model="7", next="/search?q=sea")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/search?q=sea")
    (event,) = _events(ada)
    assert (event.kind, event.user, event.list, event.query, event.model, event.movie) == (
        EventKind.HELPFUL, ada.user.id, "search", "sea", "7", None,
    )  # fmt: skip


def test_each_search_and_list_asks_once(ada: Member) -> None:
    ada.post("/helpful", answer="no", list="search", query="Sea")
    page = ada.page("/search?q=sea")
    assert QUESTION not in page
    assert "Thank you for your answer." in page
    assert QUESTION in ada.page("/search?q=robots")
    assert QUESTION in ada.page("/for-you")


def test_a_script_gets_the_thanks(ada: Member) -> None:
    assert "Thank you" in ada.script("/helpful", answer="no", list="for-you")["text"]
    assert [event.kind for event in _events(ada)] == [EventKind.UNHELPFUL]


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_browsers_that_object_are_neither_asked_nor_recorded(ada: Member, header: str) -> None:
    assert QUESTION not in ada.client.get("/search?q=sea", headers={header: "1"}).text
    ada.post("/helpful", answer="yes", list="search", query="sea", headers={header: "1"})
    assert _events(ada) == []


def test_users_who_opted_out_and_visitors_are_not_asked(ada: Member) -> None:
    assert QUESTION not in ada.client.application.test_client().get("/search?q=sea").text
    ada.services.accounts.prefer(ada.user, replace(ada.user.preferences, keep_events=False))
    assert QUESTION not in ada.page("/search?q=sea")


def test_visitors_cannot_answer(ada: Member) -> None:
    visitor = ada.client.application.test_client()
    answer = visitor.post("/helpful", data={"answer": "yes", "list": "search"})
    assert (answer.status_code, _events(ada)) == (303, [])


@pytest.mark.parametrize("fields", [{"answer": "maybe", "list": "search"}, {"answer": "yes"}, {"list": "search"}])
def test_an_invalid_answer_is_refused(ada: Member, fields: dict[str, str]) -> None:
    assert ada.post("/helpful", **fields).status_code == 400
    assert _events(ada) == []


def test_the_cookie_keeps_a_bounded_number_of_answers(ada: Member) -> None:
    for number in range(helpful.MAX_ANSWERED + 5):
        ada.post("/helpful", answer="yes", list="search", query=f"robots {number}")
    with ada.client.session_transaction() as kept:
        assert len(kept[helpful.ANSWERED]) == helpful.MAX_ANSWERED
