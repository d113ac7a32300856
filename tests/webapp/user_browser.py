"""The site over made-up movies, and a user who is signed in with a browser without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

import webapp
from core.config import Settings
from core.types import MovieId
from core.users import Diary, User
from engine.services import Services
from tests import fakes
from webapp.http import sessions

PASSWORD = "correct horse"
KEY = "a key for tests that nobody else has"


@dataclass
class Member:
    """A user, their browser, and the services behind the site."""

    services: Services
    client: FlaskClient
    user: User
    token: str = ""

    def page(self, url: str) -> str:
        """Return the text of an existing page."""
        answer = self.client.get(url)
        assert answer.status_code == 200, (url, answer.status_code, answer.text[:500])
        return answer.text

    def post(
        self, url: str, *, came_from: str = "", headers: dict[str, str] | None = None, **fields: Any
    ) -> TestResponse:
        """Send a form with the token of its page."""
        sent = {**(headers or {}), **({"Referer": f"http://localhost{came_from}"} if came_from else {})}
        return self.client.post(url, data={"csrf_token": self.token, **fields}, headers=sent)

    def script(self, url: str, **fields: Any) -> Any:
        """Send a form like a script, and return the JSON response."""
        answer = self.post(url, headers={"Accept": "application/json"}, **fields)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def rate(self, stars: float = 4.5, *numbers: int) -> None:
        """Rate made-up movies, bypassing the pages."""
        for number in numbers:
            self.services.diaries.rate(self.user, MovieId(number), stars)

    def prefer(self, **preferences: Any) -> None:
        """Change preferences, bypassing the pages."""
        changed = replace(self.user.preferences, **preferences)
        self.user = self.services.accounts.prefer(self.user, changed)

    @property
    def diary(self) -> Diary:
        """The user's ratings, lists and reviews."""
        return self.services.diaries.read(self.user)

    def follow(self, answer: TestResponse) -> str:
        """Return the target of a redirect."""
        assert answer.status_code == 303, answer.text
        return self.page(answer.headers["Location"].partition("#")[0])


Join = Callable[..., Member]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Services, Flask]:
    """One application for all tests here: creating it takes longer than any of them."""
    home = tmp_path_factory.mktemp("taste")
    services = fakes.services(settings=Settings(home=home, secret_key=SecretStr(KEY)))
    return services, webapp.create_app(services)


@pytest.fixture
def services(site: tuple[Services, Flask]) -> Services:
    """A site without accounts and data."""
    services, _ = site
    watched = fake(services.watches)._store
    for kept in (services.diaries, services.accounts, services.events, services.search, watched):
        for value in vars(kept).values():
            if isinstance(value, (dict, list)):
                value.clear()
    fake(services.diaries).reads = fake(services.accounts).resumed = 0
    return services


@pytest.fixture
def visitor(site: tuple[Services, Flask], services: Services) -> FlaskClient:  # noqa: ARG001 - made empty first
    """A browser that is not signed in."""
    return site[1].test_client()


@pytest.fixture
def join(site: tuple[Services, Flask], services: Services) -> Join:
    """Creates an account and signs a browser in."""

    def sign_in(name: str = "Ada") -> Member:
        services.accounts.sign_up(name, PASSWORD)
        user, secret = services.accounts.sign_in(name, PASSWORD)
        client = site[1].test_client()
        with client.session_transaction() as cookie:
            cookie[sessions.OPENED] = secret
        member = Member(services, client, user)
        token = re.search(r'name="csrf-token" content="([^"]+)"', member.page("/about"))
        assert token
        member.token = token[1]
        return member

    return sign_in


@pytest.fixture
def ada(join: Join) -> Member:
    """A user without ratings."""
    return join()


def fake(service: object) -> Any:
    """Return a service as its fake, for attributes that only the fake has."""
    return service


def listed(text: str) -> list[int]:
    """Return the movies of a page of results or posters."""
    return [int(number) for number in re.findall(r'(?:<h2><a|<a class="card") href="/movies/(\d+)[^"]*"', text)]


def carded(text: str) -> list[int]:
    """Return the movies on the cards of a page."""
    return [int(number) for number in re.findall(r'class="card" href="/movies/(\d+)[^"]*"', text)]
