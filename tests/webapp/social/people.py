"""A site with users who share, follow and review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.users import User
from tests.webapp.signed_in import PASSWORD, Caller, Site
from webapp.http import sessions

EVERYTHING = {"visibility": "public", "ratings": True, "diary": True, "reviews": True, "lists": True}


@dataclass
class Browser:
    """A user, or a visitor, who calls pages and the API with a token."""

    api: Caller
    user: User | None = None

    @property
    def name(self) -> str:
        """The name of the user."""
        assert self.user is not None
        return self.user.name

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.api.client.get(path, headers=self._headers())

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form."""
        return self.api.client.post(path, data=fields, headers=self._headers())

    def page(self, path: str) -> str:
        """Return the content of a page."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return answer.text

    def json(self, path: str) -> Any:
        """Return the content of a response of the API."""
        answer = self.api.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return answer.get_json()

    def done(self, method: str, path: str, body: Any = None) -> None:
        """Change something with the API."""
        answer = self.api.send(method, path, **({} if body is None else {"json": body}))
        assert answer.status_code in (200, 201, 204), (path, answer.status_code, answer.text[:300])

    def share(self, **settings: Any) -> None:
        """Share everything with everybody, except as given."""
        self.done("PUT", "/me/sharing", {**EVERYTHING, **settings})

    def watch(self, movie: int = 101, **entry: Any) -> int:
        """Log a watching and return its number."""
        answer = self.api.send("POST", "/me/diary", json={"movie_id": movie, "day": "2026-01-02", **entry})
        assert answer.status_code == 201, answer.text
        return int(answer.get_json()["id"])

    def review(self, movie: int = 101, note: str = "A note that is published", **more: Any) -> int:
        """Publish the note of a new watching and return the number of the review."""
        watch = self.watch(movie, note=note)
        answer = self.api.put(f"/me/diary/{watch}/review", more)
        assert answer.status_code == 200, answer.text
        return int(answer.get_json()["id"])

    def follow(self, other: Browser) -> str:
        """Follow a user and return whether they accepted."""
        answer = self.api.put(f"/me/following/{other.name}")
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["follow"])

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.api.token}"} if self.api.token else {}


def join(site: Site) -> Browser:
    """Return a new user."""
    user, caller = site.member()
    return Browser(caller, user)


def browser(site: Site, name: str) -> FlaskClient:
    """Return a browser that is signed in."""
    _, secret = site.services.accounts.sign_in(name, PASSWORD)
    client = site.client.application.test_client()
    with client.session_transaction() as cookie:
        cookie[sessions.OPENED] = secret
    return client
