"""The time of requests: it begins when they arrive, and everything that waits for them knows what is left."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pytest
from flask import Response
from flask.testing import FlaskClient

import webapp
from core.config import Settings
from core.limits import deadline
from core.types import Page, SearchRequest
from core.users import User
from tests import fakes
from webapp.server import assembly
from webapp.server.admission import LONGEST_WAIT
from webapp.server.bridge import ARRIVED
from webapp.server.shares import Share

SECONDS = 20.0


@dataclasses.dataclass
class Watching(fakes.FakeSearching):
    """A search that notes how much time is left."""

    left: list[float | None] = dataclasses.field(default_factory=list)

    def run(self, request: SearchRequest, *, user: User | None = None) -> Page:
        """Note it, then search."""
        self.left.append(deadline.left())
        return super().run(request, user=user)


@pytest.fixture
def search() -> Watching:
    return Watching()


@pytest.fixture
def client(search: Watching) -> FlaskClient:
    services = fakes.services(settings=Settings(rate_limits=False, request_timeout=SECONDS))
    watched: Any = search
    return webapp.create_app(dataclasses.replace(services, search=watched)).test_client()


def test_a_search_has_the_time_of_its_request(client: FlaskClient, search: Watching) -> None:
    assert client.get("/api/search?q=robot").status_code == 200
    (left,) = search.left
    assert left is not None
    assert 0 < left <= SECONDS
    assert deadline.left() is None


def test_the_wait_for_a_thread_counts(client: FlaskClient, search: Watching) -> None:
    arrived = time.monotonic() - SECONDS
    client.get("/api/search?q=robot", environ_overrides={ARRIVED: arrived})
    assert search.left == [0.0]


@pytest.mark.parametrize("path", ["/ask", "/import"])
def test_long_work_has_time_outs_of_its_own(client: FlaskClient, path: str) -> None:
    seen: list[float | None] = []

    def note(response: Response) -> Response:
        seen.append(deadline.left())
        return response

    client.application.after_request(note)
    client.get(path)
    assert seen == [None]


@pytest.mark.parametrize(("seconds", "wait"), [(60.0, LONGEST_WAIT), (1.0, 0.5)])
def test_a_request_waits_for_a_thread_for_half_of_its_time_at_most(seconds: float, wait: float) -> None:
    settings = Settings(rate_limits=False, request_timeout=seconds, max_waiting=7)
    front = assembly.create_front(fakes.services(settings=settings))
    admission = front.admissions[Share.PAGES]
    assert (admission.longest, admission.most) == (wait, 7)
