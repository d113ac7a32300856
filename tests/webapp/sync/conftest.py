"""A site with a real database, and browsers of users."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.users import User
from tests.webapp import signed_in
from tests.webapp.signed_in import PASSWORD, Site
from webapp.http import sessions


@dataclass
class Browser:
    """The browser of a signed-in user."""

    client: FlaskClient
    user: User
    token: str

    def page(self, url: str) -> str:
        """Return the text of an existing page."""
        answer = self.client.get(url)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, /, **fields: Any) -> TestResponse:
        """Send a form with the token of its page."""
        return self.client.post(path, data={"csrf_token": self.token, **fields})


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A new site."""
    with signed_in.site(tmp_path) as found:
        yield found


@pytest.fixture
def browser(site: Site) -> Callable[[str], Browser]:
    """Creates an account and signs a browser in."""

    def sign_in(name: str = "ada") -> Browser:
        site.services.accounts.sign_up(name, PASSWORD)
        user, secret = site.services.accounts.sign_in(name, PASSWORD)
        client = site.client.application.test_client()
        with client.session_transaction() as cookie:
            cookie[sessions.OPENED] = secret
        token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/account/apps").text)
        assert token
        return Browser(client, user, token[1])

    return sign_in
