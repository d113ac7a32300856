"""Server-sent events from a real server, while a row of a real database changes."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

import webapp
from core.config import Settings
from core.errors import TooMany
from core.jobs.runs import Outcome
from core.users import Scope
from data import database
from data.database import Stores
from data.shared_store.store import SharedStore
from engine.accounts.accounts import Accounts
from engine.operations import LEASE, Operations
from tests import databases, fakes, redis_servers
from tests.webapp.signed_in import CHEAP, PASSWORD
from webapp.admin.api.event_streams import MOST, Streams

PATIENCE = 60.0
"""Timeout in seconds."""


@dataclass
class House:
    """A running site and its database."""

    stores: Stores
    operations: Operations
    port: int
    token: str

    @contextmanager
    def listen(
        self, path: str = "/api/ml/training-status/stream", **headers: str
    ) -> Iterator[http.client.HTTPResponse]:
        """A stream, read as it arrives."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.token}", **headers})
            yield connection.getresponse()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    stores = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    accounts, operations = Accounts(stores, hashing=CHEAP), Operations(stores)
    grace = accounts.sign_up("Grace", PASSWORD)
    stores.accounts.set_administrator(grace.id, True)
    token = accounts.add_token(replace(grace, administrator=True), "tests", frozenset(Scope) - {Scope.SCROBBLE})[1]
    services = fakes.services(settings=Settings(home=tmp_path, secret_key="k" * 40))
    site = webapp.create_app(replace(services, accounts=accounts, operations=operations))
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    now = datetime.now(UTC)
    stores.leases.acquire(LEASE, holder="here:1:a", at=now, until=now + timedelta(hours=1))
    operations.enqueue("retrain", parameters={}, by=grace)
    yield House(stores, operations, server.port, token)
    server.shutdown()
    thread.join()
    database.close(stores)


def events(answer: http.client.HTTPResponse) -> Iterator[tuple[str, Any]]:
    """Return the name and data of each event."""
    name = ""
    while line := answer.readline().decode():
        if line.startswith("event: "):
            name = line.removeprefix("event: ").strip()
        if line.startswith("data: "):
            yield name, line.removeprefix("data: ").strip()


def test_a_browser_follows_a_run_until_it_ends(house: House) -> None:
    jobs = house.stores.jobs
    with house.listen() as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["Cache-Control"] == "no-store"
        received = events(answer)
        first = json.loads(next(received)[1])
        assert first["outcome"] == "queued"
        run = jobs.start("retrain", holder="here:1:a", at=datetime.now(UTC))
        jobs.progress(run.id, share=0.5, doing="epoch 1", figures={"loss": {"als": [3.0]}}, lines="it began\n")
        second = _until(received, "epoch 1")
        assert (second["progress"], second["figures"]) == (0.5, {"loss": {"als": [3.0]}})
        assert "it began" in second["log"]
        jobs.progress(run.id, doing="epoch 2", figures={"loss": {"als": [3.0, 2.0]}})
        assert _until(received, "epoch 2")["figures"] == {"loss": {"als": [3.0, 2.0]}}
        jobs.finish(run.id, outcome=Outcome.DONE, at=datetime.now(UTC), figures={"ndcg@10": 0.3})
        rest = list(received)
    assert [name for name, _ in rest][-1] == "end"
    assert json.loads(rest[-2][1])["outcome"] == "done"


def test_the_status_is_a_stream_for_clients_that_accept_only_streams(house: House) -> None:
    with house.listen("/api/ml/training-status", Accept="text/event-stream") as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert json.loads(next(events(answer))[1])["outcome"] == "queued"
    for accepted in ("*/*", "application/json", "text/event-stream;q=0.5, application/json"):
        with house.listen("/api/ml/training-status", Accept=accepted) as answer:
            assert answer.headers["Content-Type"] == "application/json"
            assert "run" in json.load(answer)


def test_a_closed_connection_releases_its_stream(house: House) -> None:
    """A closed connection is detected when something is sent."""
    for _ in range(MOST):
        with house.listen() as answer:
            assert next(events(answer))[0] == "run"
    _change_until(house, lambda: _status(house) == 200)


@pytest.mark.redis
def test_the_streams_of_all_servers_are_limited_together(tmp_path: Path) -> None:
    run: Any = None
    with redis_servers.running(tmp_path) as server:
        one, other = (Streams(Operations(run), SharedStore(server.url), most=3) for _ in range(2))
        slots = [streams._acquire(60) for streams in (one, other, one)]
        assert len(set(slots)) == 3
        for streams in (one, other):
            with pytest.raises(TooMany, match="All streams are in use"):
                streams._acquire(60)
        other._release(slots[1])
        taken = one._acquire(60)
        assert taken
        server.kill()
        assert one._open == 3
        assert [other._acquire(60) for _ in range(3)] == [None] * 3, "each process counts by itself"
        with pytest.raises(TooMany):
            other._acquire(60)
        one._release(taken)
        assert one._open == 2


def test_a_stream_has_a_time_limit(house: House) -> None:
    with house.listen("/api/ml/training-status/stream?seconds=1") as answer:
        assert [name for name, _ in events(answer)] == ["run"]


def _until(received: Iterator[tuple[str, Any]], doing: str) -> Any:
    return next(run for run in (json.loads(data) for name, data in received if name == "run") if run["doing"] == doing)


def _status(house: House) -> int:
    with house.listen("/api/ml/training-status/stream?seconds=1") as answer:
        return answer.status


def _change_until(house: House, done: Any) -> None:
    run = house.stores.jobs.start("retrain", holder="here:1:a", at=datetime.now(UTC))
    deadline = datetime.now(UTC) + timedelta(seconds=PATIENCE)
    number = 0
    while not done():
        number += 1
        house.stores.jobs.progress(run.id, doing=f"step {number}")
        assert datetime.now(UTC) < deadline
