"""A site with a real database, and programs that call it with a token."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import argon2
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import webapp
from core.config import Settings
from core.users import Scope, User
from data import database
from data.database import Stores
from engine.accounts.accounts import Accounts
from engine.accounts.credentials.passwords import Passwords
from engine.accounts.diaries import Diaries
from engine.accounts.diary.lists import Lists
from engine.accounts.diary.watches import Watches
from engine.accounts.imports.importer import Importer
from engine.accounts.imports.previews import ImportDrafts
from engine.accounts.letterboxd_export import LetterboxdExport
from engine.online.event_queue import EventQueue
from engine.services import Services
from engine.social import service as social
from engine.sync.scrobbles import Scrobbles
from engine.sync.webhooks import Webhooks
from tests import databases, fakes
from tests.listed import ListedIndex

CHEAP = Passwords(hasher=argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
PASSWORD = "correct horse"


@dataclass
class Caller:
    """A program with the token of a user, or without any."""

    client: FlaskClient
    token: str = ""

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        """Call the API."""
        headers = {**more.pop("headers", {}), **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        return self.client.open(f"/api{path}", method=method, headers=headers, **more)

    def get(self, path: str) -> TestResponse:
        """Send a GET request."""
        return self.send("GET", path)

    def put(self, path: str, body: Mapping[str, object] | None = None) -> TestResponse:
        """Send a PUT request."""
        return self.send("PUT", path, **({} if body is None else {"json": body}))

    def delete(self, path: str) -> TestResponse:
        """Send a DELETE request."""
        return self.send("DELETE", path)

    def upload(self, content: bytes, path: str = "/me/import", *, name: str = "export.csv") -> TestResponse:
        """Send a file as a form field."""
        return self.send("POST", path, data={"file": (io.BytesIO(content), name)})


@dataclass
class Site:
    """One site and everything behind it."""

    services: Services
    stores: Stores
    client: FlaskClient
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def member(self, *scopes: Scope, **preferences: Any) -> tuple[User, Caller]:
        """Return a program of a new user, with both scopes by default."""
        accounts = self.services.accounts
        user = accounts.sign_up(f"ada-{next(self._numbers)}", PASSWORD)
        user = accounts.prefer(user, replace(user.preferences, **preferences))
        _, secret = accounts.add_token(user, "tests", frozenset(scopes or (Scope.READ, Scope.WRITE)))
        return user, Caller(self.client, secret)

    def visitor(self) -> Caller:
        """Return a program without a token."""
        return Caller(self.client)


@contextmanager
def site(folder: Path, *, stores: Stores | None = None, **settings: Any) -> Iterator[Site]:
    """Return a site with its database in `folder`, or another one."""
    stores = stores or databases.open_new(f"sqlite:///{folder / 'people.sqlite'}")
    index: Any = ListedIndex(fakes.MOVIES)
    site_settings = Settings(home=folder, **{"rate_limits": False, **settings})
    noticing = EventQueue(stores.events, days=site_settings.events_days, max_age=0.05)
    lists = Lists(stores.lists, index)
    faked = fakes.services(settings=site_settings)
    diaries, watches = Diaries(stores.diaries, index, importer=Importer(index)), Watches(stores.watches, index)
    services = replace(
        faked,
        accounts=Accounts(stores, hashing=CHEAP, settle=noticing.flush),
        diaries=diaries,
        imports=ImportDrafts(stores.import_drafts, diaries, faked.movies),
        watches=watches,
        lists=lists,
        social=social.build(stores, lists),
        letterboxd=LetterboxdExport(stores, faked.movies),
        webhooks=Webhooks(stores.webhooks, key=lambda: "a key for tests"),
        scrobbles=Scrobbles(stores.scrobbles, diaries, watches),
        events=noticing,
        recommending=fakes.FakeRecommending(diaries=diaries),
    )
    yield Site(services, stores, webapp.create_app(services).test_client())
    noticing.close()
    database.close(stores)
