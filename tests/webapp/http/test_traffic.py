"""Limits of costly requests: generous, by address and by account, with the standard headers."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import IO, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import webapp
from core.config import Settings
from data.shared_store.store import SharedStore
from engine.accounts.imports.previews import ImportDrafts
from tests import fakes, redis_servers
from tests.webapp import signed_in
from tests.webapp.signed_in import Site
from webapp.http import traffic
from webapp.http.traffic import ENDPOINTS, EXTENSION, QUOTA_OF_OPERATION, QUOTAS, Buckets, Quota, SharedBuckets, Traffic

SMALL = Quota(3, 30)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site with its default limits and a database."""
    with signed_in.site(tmp_path, rate_limits=True) as made:
        yield made


def limited(**quotas: Quota) -> tuple[FlaskClient, list[float]]:
    """Return a client of a site with these limits, and the time that their clock shows."""
    now = [1_000.0]
    app = webapp.create_app(fakes.services(settings=Settings()))
    installed = app.extensions[EXTENSION]
    installed.quotas, installed.buckets = {**QUOTAS, **quotas}, Buckets(clock=lambda: now[0])
    return app.test_client(), now


def test_a_quota_may_be_used_at_once_and_is_regained_evenly() -> None:
    now = [0.0]
    buckets, key = Buckets(clock=lambda: now[0]), ("search", "192.0.2.1")
    assert [buckets.take(key, SMALL).remaining for _ in range(3)] == [2, 1, 0]
    refused = buckets.take(key, SMALL)
    assert (refused.allowed, refused.remaining, refused.retry_in, refused.full_in) == (False, 0, 10.0, 30.0)
    now[0] = 9.9
    assert not buckets.take(key, SMALL).allowed
    now[0] = 10.0
    assert buckets.take(key, SMALL).allowed
    now[0] = 1_000.0
    assert buckets.take(key, SMALL).remaining == 2


def test_a_request_that_needs_more_than_is_left_uses_nothing() -> None:
    buckets, key = Buckets(clock=lambda: 0.0), ("events", "192.0.2.1")
    assert buckets.take(key, SMALL, 2).remaining == 1
    assert not buckets.take(key, SMALL, 2).allowed
    assert buckets.take(key, SMALL, 1).allowed


@pytest.mark.redis
def test_servers_that_share_a_store_tell_the_same_state_of_a_quota(tmp_path: Path) -> None:
    with redis_servers.running(tmp_path) as server:
        clients = [
            webapp.create_app(
                replace(fakes.services(settings=Settings()), shared=SharedStore(server.url))
            ).test_client()
            for _ in range(2)
        ]
        left = [client.get("/api/search?q=storm").headers["RateLimit"].split(";")[1] for client in clients * 2]
        assert left == ["r=299", "r=298", "r=297", "r=296"]
        server.kill()
        for client in clients:
            assert client.get("/api/search?q=storm").headers["RateLimit"] == '"search";r=299;t=1'


@pytest.mark.redis
def test_both_ways_of_counting_agree(tmp_path: Path) -> None:
    with redis_servers.running(tmp_path) as server:
        for amounts in ((1, 1, 1, 1), (2, 2, 1), (3, 1), (4,)):
            own, common = Buckets(), SharedBuckets(SharedStore(server.url))
            key = ("search", str(amounts))
            for amount in amounts:
                expected, found = own.take(key, SMALL, amount), common.take(key, SMALL, amount)
                assert (found.allowed, found.remaining) == (expected.allowed, expected.remaining)
                assert found.full_in == pytest.approx(expected.full_in, abs=2)
                assert found.retry_in == pytest.approx(expected.retry_in, abs=2)


def test_keys_do_not_share_a_quota() -> None:
    buckets = Buckets(clock=lambda: 0.0)
    for who in ("192.0.2.1", "192.0.2.2"):
        for name in ("search", "suggest"):
            assert buckets.take((name, who), SMALL, 3).allowed


def test_a_flood_of_addresses_does_not_fill_the_memory() -> None:
    now = [0.0]
    buckets = Buckets(clock=lambda: now[0], most=100)
    for number in range(1_000):
        assert buckets.take(("search", str(number)), SMALL, 3).allowed
        assert len(buckets._full_at) <= 100
    assert not buckets.take(("search", "999"), SMALL).allowed
    now[0] = 31.0
    for number in range(200):
        buckets.take(("suggest", str(number)), SMALL)
    assert ("search", "999") not in buckets._full_at


def test_counting_from_many_threads_loses_nothing() -> None:
    buckets, quota = Buckets(clock=lambda: 0.0), Quota(1_000)
    states: list[bool] = []

    def ask() -> None:
        states.extend(buckets.take(("search", "x"), quota).allowed for _ in range(300))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(states) == 1_000


def test_a_search_tells_its_limit_and_what_is_left() -> None:
    client, _ = limited()
    answer = client.get("/api/search?q=storm")
    assert answer.headers["RateLimit-Policy"] == '"search";q=300;w=60'
    assert answer.headers["RateLimit"] == '"search";r=299;t=1'
    assert "RateLimit" not in client.get("/about").headers
    assert "RateLimit" in client.get("/search?q=storm").headers


def test_beyond_the_limit_a_call_gets_429_and_a_page_says_so_until_the_time_is_over() -> None:
    client, now = limited(search=SMALL)
    assert [client.get(f"/api/search?q=storm{n}").status_code for n in range(3)] == [200] * 3
    call, page = client.get("/api/search?q=storm"), client.get("/search?q=storm")
    assert (call.status_code, call.mimetype, call.headers["Retry-After"]) == (429, "application/problem+json", "10")
    assert (call.headers["RateLimit-Policy"], call.headers["RateLimit"]) == ('"search";q=3;w=30', '"search";r=0;t=30')
    assert (page.status_code, "<h1>Too many requests</h1>" in page.text) == (429, True)
    assert client.get("/api/suggest?q=s").status_code == 200
    elsewhere = client.get("/api/search?q=storm", environ_overrides={"REMOTE_ADDR": "192.0.2.9"})
    assert elsewhere.status_code == 200
    now[0] += 10
    assert client.get("/api/search?q=storm").status_code == 200


def test_the_addresses_of_a_household_are_one() -> None:
    client, _ = limited(search=SMALL)
    statuses = [
        client.get("/api/search", environ_overrides={"REMOTE_ADDR": f"2001:db8:1:2::{n}"}).status_code for n in range(4)
    ]
    assert statuses == [200, 200, 200, 429]


def test_an_account_is_limited_whatever_its_addresses(site: Site) -> None:
    traffic_of(site).quotas = {**QUOTAS, "review": replace(SMALL, account=True)}
    _, program = site.member()

    def review(number: int) -> int:
        elsewhere = {"REMOTE_ADDR": f"192.0.2.{number}"}
        body = {"text": f"Review {number}"}
        return program.send("PUT", "/me/reviews/101", json=body, environ_overrides=elsewhere).status_code

    assert [review(number) for number in range(4)] == [200, 200, 200, 429]


def test_rows_of_events_are_bounded_rather_than_requests() -> None:
    client, _ = limited()
    events = {"events": [{"kind": "impression", "movie": 101}] * 100}
    statuses = [client.post("/api/events", json=events).status_code for _ in range(31)]
    assert statuses == [202] * 30 + [429]
    few = client.post("/api/events", json={"events": events["events"][:1]})
    assert int(few.headers["Retry-After"]) > 0


def test_one_import_of_a_user_runs_at_a_time(site: Site) -> None:
    running, go_on = threading.Event(), threading.Event()
    diaries = site.services.diaries

    class Slow:
        def plan_import(self, content: IO[bytes], *, name: str, zone: tzinfo) -> Any:
            running.set()
            assert go_on.wait(30)
            return diaries.plan_import(content, name=name, zone=zone)

        def __getattr__(self, name: str) -> Any:
            return getattr(diaries, name)

    slow: Any = Slow()
    imports = ImportDrafts(site.stores.import_drafts, slow, site.services.movies)
    app = webapp.create_app(replace(site.services, diaries=slow, imports=imports))
    (_, ada), (_, bob) = site.member(), site.member()
    statuses: dict[str, int] = {}

    def load(name: str, token: str) -> Any:
        data = {"file": (io.BytesIO(b"Const,Your Rating,Title,Year\ntt0000101,8,x,1999\n"), "ratings.csv")}
        headers = {"Authorization": f"Bearer {token}"}
        answer = app.test_client().post("/api/me/import", data=data, headers=headers)
        statuses[name] = answer.status_code
        return answer

    first = threading.Thread(target=load, args=["first", ada.token])
    first.start()
    assert running.wait(30)
    refused = load("second", ada.token)
    assert refused.status_code == 429
    assert "still running" in refused.json["detail"]
    other = threading.Thread(target=load, args=["other", bob.token])
    other.start()
    go_on.set()
    first.join()
    other.join()
    load("third", ada.token)
    assert 429 not in (statuses["first"], statuses["other"], statuses["third"])


def test_the_setting_turns_them_off() -> None:
    app = webapp.create_app(fakes.services(settings=Settings(rate_limits=False)))
    client = app.test_client()
    assert {client.get("/api/suggest?q=s").status_code for _ in range(10)} == {200}
    assert "RateLimit" not in client.get("/api/suggest?q=s").headers
    events = {"events": [{"kind": "impression", "movie": 101}] * 100}
    assert {client.post("/api/events", json=events).status_code for _ in range(31)} == {202}


def test_every_limited_endpoint_exists() -> None:
    app = webapp.create_app(fakes.services())
    assert set(QUOTA_OF_OPERATION) <= set(app.view_functions)
    assert set(ENDPOINTS) | {"events"} == set(QUOTAS)
    assert len(QUOTA_OF_OPERATION) == 1 + sum(map(len, ENDPOINTS.values()))


def test_the_description_of_the_api_lists_limits() -> None:
    spec = webapp.create_app(fakes.services()).test_client().get("/api/openapi.json").get_json()
    limited_calls = {
        (method, path)
        for path, operations in spec["paths"].items()
        for method, operation in operations.items()
        if "RateLimit" in operation["responses"].get("429", {}).get("headers", {})
    }
    assert {("get", "/api/search"), ("post", "/api/search"), ("get", "/api/movies/{id}/similar")} <= limited_calls
    assert {("post", "/api/events"), ("put", "/api/me/watchlist/{id}"), ("get", "/api/me/export")} <= limited_calls
    assert ("get", "/api/me") not in limited_calls
    headers = spec["paths"]["/api/search"]["get"]["responses"]["200"]["headers"]
    assert set(headers) == {"RateLimit", "RateLimit-Policy"}


def test_counting_outside_of_endpoints_with_a_quota_costs_nothing() -> None:
    app = Flask(__name__)
    traffic.install(app, Traffic(quotas={}))
    app.add_url_rule("/", "home", lambda: "hello")
    assert "RateLimit" not in app.test_client().get("/").headers


def traffic_of(site: Site) -> Traffic:
    """Return the limits of a site."""
    found: Traffic = site.client.application.extensions[EXTENSION]
    return found
