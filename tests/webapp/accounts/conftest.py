"""The site with a real database, and browsers that use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import argon2
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import webapp
from core.config import Settings
from data import database
from data.database import Stores
from engine.accounts import email_recovery
from engine.accounts.accounts import AccountPolicy, Accounts
from engine.accounts.credentials.passwords import Passwords
from engine.services import Services
from tests import databases, fakes

PASSWORD = "correct horse"
KEY = "a key for tests that nobody else has"
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Browser:
    """Opens pages, and sends their forms with their tokens."""

    client: FlaskClient
    address: str = "192.0.2.1"
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, url: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(url, **self._with(more))

    def send(self, page: str, action: str, **fields: Any) -> TestResponse:
        """Open a page and send one of its forms."""
        return self.post(action, {"csrf_token": self.token(page), **fields})

    def post(self, action: str, fields: dict[str, Any], **more: Any) -> TestResponse:
        """Send a form without its token."""
        return self.client.post(action, data=fields, **self._with(more))

    def token(self, page: str = "/sign-in") -> str:
        """The token in the first form of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, page
        return found[1]

    def sign_up(self, name: str = "Ada", password: str = PASSWORD, **more: str) -> TestResponse:
        """Create an account, which signs this browser in."""
        return self.send("/sign-up", "/sign-up", name=name, password=password, **more)

    def sign_in(self, name: str = "Ada", password: str = PASSWORD, **more: str) -> TestResponse:
        """Sign this browser in."""
        return self.send("/sign-in", "/sign-in", name=name, password=password, **more)

    def signed_in(self) -> bool:
        """Whether this browser is signed in."""
        return self.get("/account").status_code == 200

    def cookie(self) -> str:
        """The site's cookie; empty if there is none."""
        found = self.client.get_cookie("marquee")
        return found.value if found else ""

    def _with(self, more: dict[str, Any]) -> dict[str, Any]:
        headers = {**self.headers, **more.pop("headers", {})}
        return {"headers": headers, "environ_overrides": {"REMOTE_ADDR": self.address}, **more}


@dataclass
class Site:
    """One site and everything behind it."""

    services: Services
    stores: Stores
    file: Path

    def __post_init__(self) -> None:
        self.app = webapp.create_app(self.services)

    def browser(self, **more: Any) -> Browser:
        """A new browser."""
        return Browser(self.app.test_client(), **more)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    """The stores of a new database."""
    opened = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    yield opened
    database.close(opened)


@pytest.fixture
def site(stores: Stores, tmp_path: Path) -> Site:
    """The site over a new database."""
    return make(stores, tmp_path)


def make(stores: Stores, folder: Path, **settings: Any) -> Site:
    """Returns a site with other settings."""
    chosen = Settings(home=folder, secret_key=KEY, **settings)
    accounts = Accounts(
        stores,
        hashing=Passwords(hasher=CHEAP),
        policy=AccountPolicy.of(chosen),
        key=lambda: KEY,
        site_url=chosen.site_url,
        send=email_recovery.sender(chosen),
    )
    services = replace(fakes.services(settings=chosen), accounts=accounts)
    return Site(services, stores, folder / "people.sqlite")


@pytest.fixture
def browser(site: Site) -> Browser:
    """A new browser."""
    return site.browser()


@pytest.fixture
def ada(browser: Browser) -> Browser:
    """A browser that is signed in as Ada."""
    assert browser.sign_up().status_code == 303
    return browser
