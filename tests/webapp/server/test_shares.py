"""Shares of the threads: whatever hashes a password has threads of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import argon2
import pytest

from core.config import Settings
from data import database
from engine.accounts.accounts import Accounts
from engine.accounts.credentials.passwords import Passwords
from tests import databases, fakes
from tests.webapp.accounts.conftest import KEY, PASSWORD, Browser, Site
from webapp.server.shares import Share, share_of

PAGES = ("/sign-in", "/sign-up", "/account")
"""Pages with the forms of accounts."""


class CountingHasher(argon2.PasswordHasher):
    """A cheap hasher that counts."""

    hashed = 0

    def hash(self, *arguments: Any, **more: Any) -> str:
        """Count and hash."""
        type(self).hashed += 1
        return super().hash(*arguments, **more)

    def verify(self, *arguments: Any, **more: Any) -> Any:
        """Count and verify."""
        type(self).hashed += 1
        return super().verify(*arguments, **more)


@dataclass
class Forms(HTMLParser):
    """The forms of a page that are sent with POST: their actions with the fields and types."""

    found: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note forms and their fields."""
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.found.append((given.get("action", "") if given.get("method") == "post" else "", {}))
        elif tag == "input" and "name" in given and self.found:
            self.found[-1][1][given["name"]] = given.get("type", "text")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site that counts hashes."""
    stores = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    hasher = CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    services = fakes.services(settings=Settings(home=tmp_path, secret_key=KEY))
    accounts = Accounts(stores, hashing=Passwords(hasher=hasher))
    yield Site(replace(services, accounts=accounts), stores, tmp_path / "people.sqlite")
    database.close(stores)


def member(site: Site, number: int) -> Browser:
    """Return the browser of a new user with an address of its own."""
    browser = site.browser(address=f"198.51.100.{number}")
    assert browser.sign_up(f"member{number}").status_code == 303
    return browser


def hashes(send: Any) -> int:
    """Return how many passwords a request hashed."""
    before = CountingHasher.hashed
    send()
    return CountingHasher.hashed - before


def test_every_form_with_a_password_hashes_it_in_the_threads_for_passwords(site: Site) -> None:
    asked: set[str] = set()
    for number, page in enumerate(PAGES):
        visitor, user = site.browser(address=f"192.0.2.{number}"), member(site, number)
        browser = user if page == "/account" else visitor
        forms = Forms()
        forms.feed(browser.get(page).text)
        for action, fields in forms.found:
            if "password" not in fields.values():
                continue
            filled = {name: PASSWORD if kind == "password" else f"member{number}" for name, kind in fields.items()}
            filled["csrf_token"] = browser.token(page)
            assert hashes(lambda: browser.post(action, filled)) > 0, action  # noqa: B023 - called at once
            assert share_of("POST", action) is Share.PASSWORDS, action
            asked.add(action)
    assert {"/sign-in", "/sign-up", "/account/password", "/account/delete"} <= asked


def test_every_call_with_a_password_hashes_it_in_the_threads_for_passwords(site: Site) -> None:
    description = site.app.test_client().get("/api/openapi.json").get_json()
    schemas = description["components"]["schemas"]
    asked: set[tuple[str, str]] = set()
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            if "password" not in schemas.get(name, {}).get("properties", {}):
                continue
            assert share_of(method.upper(), path) is Share.PASSWORDS, path
            number = 100 + len(asked)
            client = member(site, number).client if path == "/api/me" else site.app.test_client()
            body = _body(schemas[name]["properties"], f"member{number}")
            headers = {"X-CSRF-Token": _token(client)} if path == "/api/me" else {}
            assert hashes(lambda: client.open(path, method=method, json=body, headers=headers)) > 0, path  # noqa: B023
            asked.add((method, path))
    assert asked >= {("post", "/api/accounts"), ("post", "/api/tokens"), ("delete", "/api/me")}


def _body(properties: dict[str, Any], name: str) -> dict[str, object]:
    given: dict[str, object] = {"password": PASSWORD, "name": name, "account": "Nobody", "scopes": ["read"]}
    return {key: value for key, value in given.items() if key in properties}


def _token(client: Any) -> str:
    return Browser(client).token("/account")


@pytest.mark.parametrize(
    ("method", "path", "share"),
    [
        ("GET", "/sign-in", Share.PAGES),
        ("GET", "/account/export", Share.LONG),
        ("POST", "/import", Share.LONG),
        ("POST", "/api/me/import", Share.LONG),
        ("GET", "/api/me/export", Share.LONG),
        ("POST", "/api/ask", Share.LONG),
        ("PUT", "/api/me/ratings/19", Share.PAGES),
        ("GET", "/api/me", Share.PAGES),
        ("PATCH", "/api/me", Share.PASSWORDS),
        ("GET", "/search", Share.PAGES),
    ],
)
def test_long_work_has_threads_of_its_own_and_everything_else_those_of_pages(
    method: str, path: str, share: Share
) -> None:
    assert share_of(method, path) is share
