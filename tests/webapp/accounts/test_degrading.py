"""Behaviour while the database is unreachable, and secrets in the logs."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from core.errors import StoreUnavailable
from core.users import Scope
from engine.accounts.accounts import Accounts
from tests import fakes
from tests.webapp.accounts.conftest import PASSWORD, Browser, Site
from webapp.http import sessions

DOWN = StoreUnavailable("the database at home does not answer")


@pytest.fixture
def outage(ada: Browser, site: Site) -> Any:  # noqa: ARG001 - somebody is signed in before it
    """The site's accounts while the database is unreachable; `mend` repairs them."""
    state = site.app.extensions[sessions.NAME_OF_STATE]
    working: Accounts = state.accounts
    state.accounts = fakes.Failing(DOWN)

    def mend() -> None:
        state.accounts = working

    return mend


@pytest.mark.usefixtures("outage")
@pytest.mark.parametrize("url", ["/search?q=storm", "/movies/101", "/about", "/browse", "/api/search?q=storm"])
def test_movies_can_be_found_without_the_database(ada: Browser, site: Site, url: str) -> None:
    assert site.browser().get(url).status_code == 200
    answer = ada.get(url)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_user_is_told_that_accounts_are_unavailable(outage: Any, ada: Browser, site: Site) -> None:
    notice = "Accounts are unavailable right now."
    assert notice in ada.get("/about").text
    assert notice not in site.browser().get("/about").text
    outage()
    text = ada.get("/about").text
    assert notice not in text
    assert "Ada" in text


@pytest.mark.usefixtures("outage")
def test_a_user_page_says_when_to_retry(ada: Browser) -> None:
    answer = ada.get("/account")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "<h1>Accounts are unavailable right now</h1>" in answer.text
    call = ada.get("/api/me")
    assert (call.status_code, call.mimetype) == (503, "application/problem+json")


@pytest.mark.usefixtures("outage")
def test_a_program_is_not_told_that_its_token_is_invalid(site: Site) -> None:
    answer = site.app.test_client().get("/api/me", headers={"Authorization": "Bearer abc"})
    assert answer.status_code == 503


@pytest.mark.usefixtures("outage")
def test_an_outage_is_logged_once(ada: Browser, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        for _ in range(5):
            ada.get("/about")
    assert len([record for record in caplog.records if "database unreachable" in record.getMessage()]) == 1


def test_the_next_outage_is_logged_again(
    outage: Any, ada: Browser, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    ada.get("/about")
    outage()
    ada.get("/about")
    site.app.extensions[sessions.NAME_OF_STATE].accounts = fakes.Failing(DOWN)
    with caplog.at_level(logging.ERROR):
        ada.get("/about")
    assert "database unreachable" in caplog.text


@pytest.mark.usefixtures("outage")
def test_a_visitor_needs_no_database_query(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    visitor = site.browser()
    visitor.get("/sign-in")
    visitor.get("/about")
    assert "database unreachable" not in caplog.text


def test_a_user_needs_one_database_query_per_request(ada: Browser, site: Site) -> None:
    state = site.app.extensions[sessions.NAME_OF_STATE]
    counting = Counting(state.accounts)
    state.accounts = counting
    ada.get("/about")
    assert counting.calls == ["resume"]


def test_a_cookie_of_an_ended_session_is_looked_up_once(ada: Browser, site: Site) -> None:
    other = site.browser()
    other.sign_in()
    ada.post("/account/password", {"csrf_token": ada.token("/account"), "old": PASSWORD, "new": "another horse"})
    state = site.app.extensions[sessions.NAME_OF_STATE]
    counting = Counting(state.accounts)
    state.accounts = counting
    other.get("/about")
    other.get("/about")
    assert counting.calls == ["resume"]


class Counting:
    """Records the calls to the accounts behind it."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return getattr(self._accounts, name)


def test_signing_in_during_an_outage_is_a_503(site: Site) -> None:
    broken: Any = fakes.Failing(DOWN)
    down = Site(replace(site.services, accounts=broken), site.stores, site.file).browser()
    answer = down.sign_in()
    assert answer.status_code == 503
    assert "the database at home does not answer" in answer.text


def test_htmx_gets_the_sign_in_url_in_a_header(browser: Browser) -> None:
    answer = browser.get("/account", headers={"HX-Request": "true", "Referer": "http://localhost/movies/7"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/movies/7")
    foreign = browser.get("/account", headers={"HX-Request": "true", "Referer": "http://evil.example/x"})
    assert foreign.headers["HX-Redirect"] == "/sign-in"


def test_a_script_that_asks_for_json_gets_a_problem(browser: Browser) -> None:
    answer = browser.get("/account", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_no_password_and_no_secret_is_ever_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Runs all flows with maximum logging."""
    private = ["first-horse-one", "second-horse-two", "a-wrong-password"]
    with caplog.at_level(logging.DEBUG):
        browser = site.browser()
        browser.sign_up("Ada", private[0])
        site.browser().sign_up("Ada", private[0])
        page = browser.send("/account", "/account/tokens", token="mine", scopes=["read", "write"], password=private[0])
        token = page.text.partition('id="secret"')[2].partition('value="')[2].partition('"')[0]
        assert len(token) == 43
        headers = {"Authorization": f"Bearer {token}"}
        client = site.app.test_client()
        assert client.get("/api/me", headers=headers).status_code == 200
        client.patch("/api/me", headers=headers, json={"password": private[2]})
        browser.send("/account", "/account/password", old=private[2], new=private[1])
        browser.send("/account", "/account/password", old=private[0], new=private[1])
        browser.send("/account", "/sign-out")
        browser.sign_in("Ada", private[2])
        browser.sign_in("Ada", private[1])
        cookie = browser.cookie()
        browser.post("/sign-in", {"name": "Ada", "password": private[1]})
        client.post("/api/accounts", json={"name": "Bob", "password": private[2], "extra": 1})
        client.post("/api/tokens", json={"account": "Ada", "password": private[2], "name": "x", "scopes": ["read"]})
        browser.get("/account/export")
        browser.send("/account", "/account/delete", password=private[1])
    assert caplog.records
    logged = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    for secret in (*private, token, cookie, "argon2id"):
        assert secret not in logged


def test_scopes_are_those_of_the_token(site: Site) -> None:
    ada = site.services.accounts.sign_up("Ada", PASSWORD)
    _, secret = site.services.accounts.add_token(ada, "mine", frozenset({Scope.READ}))
    with site.app.test_request_context(headers={"Authorization": f"Bearer {secret}"}):
        assert sessions.current() == ada
        assert sessions.required(Scope.READ) == ada
