"""Rate limits by address and by account, and an unreachable storage."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from limits.storage import MemoryStorage

from core.errors import TooMany
from data.shared_store.store import SharedStore
from tests import redis_servers
from tests.webapp.accounts.conftest import PASSWORD, Browser, Site
from webapp.http.rate_limits import RULES, Limits, Rule, household

RULE = {"sign-in": Rule(address="3 per minute", account="4 per hour")}


def tries(limits: Limits, address: str, account: str) -> bool:
    """Return whether another attempt is allowed."""
    with Flask(__name__).test_request_context(environ_overrides={"REMOTE_ADDR": address}):
        try:
            limits.count("sign-in", account=account)
        except TooMany as refused:
            return not 0 < refused.retry_after <= 3600
        return True


def test_an_address_that_tries_many_names_is_limited() -> None:
    limits = Limits(rules=RULE)
    assert [tries(limits, "192.0.2.1", f"name{number}") for number in range(4)] == [True, True, True, False]
    assert tries(limits, "192.0.2.2", "name1")


def test_an_account_tried_from_many_addresses_is_limited() -> None:
    limits = Limits(rules=RULE)
    found = [tries(limits, f"192.0.2.{number}", "Ada") for number in range(5)]
    assert found == [True, True, True, True, False]
    assert tries(limits, "192.0.2.9", "Bob")


def test_case_and_accents_do_not_bypass_the_limit() -> None:
    limits = Limits(rules=RULE)
    names = ["Ada", "ADA", "ada", "Àda", "a\u0301da"]
    assert [tries(limits, f"192.0.2.{n}", name) for n, name in enumerate(names)][-1] is False


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:4567", "192.0.2.1"),
        ("[2001:db8:1:2:3:4:5:6]:4567", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3:4:5:6]", "2001:db8:1:2::/64"),
        ("", ""),
        ("unknown", "unknown"),
        ("unix:/run/x.sock", "unix:/run/x.sock"),
    ],
)
def test_an_ipv6_network_counts_as_one_address(address: str, counted: str) -> None:
    assert household(address) == counted


def test_a_large_ipv6_network_is_limited_beyond_its_households() -> None:
    limits = Limits(rules={"sign-in": replace(RULE["sign-in"], network="5 per minute")})
    found = [tries(limits, f"2001:db8:1:{home}::1", f"name{home}") for home in range(6)]
    assert found == [True] * 5 + [False]
    assert tries(limits, "2001:db8:2::1", "name7")
    assert all(tries(limits, f"192.0.2.{number}", f"other{number}") for number in range(6))


def test_a_whole_site_is_limited() -> None:
    limits = Limits(rules={"sign-in": replace(RULE["sign-in"], site="5 per minute")})
    assert [tries(limits, f"192.0.2.{number}", f"name{number}") for number in range(6)] == [True] * 5 + [False]


def test_the_port_that_a_proxy_adds_to_an_address_does_not_bypass_the_limit() -> None:
    limits = Limits(rules=RULE)
    found = [tries(limits, f"192.0.2.1:{4_000 + number}", f"name{number}") for number in range(4)]
    assert found == [True, True, True, False]


def test_each_process_counts_on_its_own_while_the_storage_is_down(caplog: pytest.LogCaptureFixture) -> None:
    limits = Limits(SharedStore("redis://127.0.0.1:1"), rules=RULE)
    with caplog.at_level(logging.ERROR):
        found = [tries(limits, "192.0.2.1", f"name{number}") for number in range(5)]
    assert found == [True, True, True, False, False]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "each process counts by itself" in caplog.text


@pytest.mark.redis
def test_two_servers_count_together_and_by_themselves_during_an_outage(tmp_path: Path) -> None:
    with redis_servers.running(tmp_path) as server:
        stores = [SharedStore(server.url) for _ in range(2)]
        one, other = (Limits(store, rules=RULE) for store in stores)
        found = [tries(limits, "192.0.2.1", f"name{n}") for n, limits in enumerate((one, other, one, other, one))]
        assert found == [True, True, True, False, False]
        server.kill()
        assert [tries(one, "192.0.2.1", f"name{number}") for number in range(4)] == [True, True, True, False]
        server.start()
        assert [tries(limits, "192.0.2.2", "Ada") for limits in (one, other, one, other)] == [True] * 3 + [False]
        keys = [key.decode() for key in stores[0]._client.scan_iter("*")]
        assert keys
        assert all(key.startswith("marquee:attempts:") and "ada" not in key.casefold() for key in keys)
        for store in stores:
            store.close()


def test_names_are_stored_as_hashes() -> None:
    limits = Limits(rules=RULE)
    tries(limits, "192.0.2.1", "Ada Lovelace")
    storage = limits._own.storage
    assert isinstance(storage, MemoryStorage)
    assert storage.events
    assert not any("ada" in key.casefold() for key in storage.events)


def test_signing_in_is_limited_by_address(site: Site) -> None:
    statuses = [site.browser().sign_in(f"somebody{n}", "wrong horse").status_code for n in range(21)]
    assert statuses == [400] * 20 + [429]
    answer = site.browser().sign_in("somebody", "wrong horse")
    assert int(answer.headers["Retry-After"]) > 0
    assert "<h1>Too many requests</h1>" in answer.text
    assert site.browser(address="198.51.100.7").sign_in("somebody", "wrong horse").status_code == 400


def test_signing_in_is_limited_by_account_whether_it_exists_or_not(ada: Browser, site: Site) -> None:
    for name in ("Ada", "Nobody1"):
        statuses = [
            site.browser(address=f"198.51.{name == 'Ada':d}.{n}").sign_in(name, "wrong horse").status_code
            for n in range(51)
        ]
        assert statuses == [400] * 50 + [429]
    assert site.browser(address="203.0.113.1").sign_in().status_code == 429
    assert ada.signed_in()


def test_signing_up_is_limited_by_address_on_the_page_and_by_call_together(site: Site) -> None:
    browser = site.browser()
    for number in range(10):
        assert browser.sign_up(f"name{number}").status_code == 303
        browser.send("/account", "/sign-out")
        body = {"name": f"other{number}", "password": PASSWORD}
        answer = browser.client.post("/api/accounts", json=body, environ_overrides={"REMOTE_ADDR": browser.address})
        assert answer.status_code == 201
    assert browser.sign_up("onemore").status_code == 429
    refused = browser.client.post("/api/accounts", json=body, environ_overrides={"REMOTE_ADDR": browser.address})
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert int(refused.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("action", "fields", "allowed"),
    [
        ("/account/password", {"old": "wrong horse", "new": "another horse"}, 10),
        ("/account/delete", {"password": "wrong horse"}, 10),
        ("/account/tokens", {"token": "mine", "scopes": "read", "password": PASSWORD}, 10),
    ],
)
def test_password_prompts_and_token_creation_are_limited(
    ada: Browser, action: str, fields: dict[str, str], allowed: int
) -> None:
    token = ada.token("/account")
    statuses = [ada.post(action, {"csrf_token": token, **fields}).status_code for _ in range(allowed + 1)]
    assert 429 not in statuses[:allowed]
    assert statuses[allowed] == 429


def test_passwords_tried_on_the_page_and_over_the_api_are_counted_together(site: Site) -> None:
    body = {"account": "Ada", "password": "wrong horse", "name": "mine", "scopes": ["read"]}
    for _ in range(20):
        assert site.app.test_client().post("/api/tokens", json=body).status_code == 401
    assert site.browser(address="127.0.0.1").sign_in("Ada", "wrong horse").status_code == 429


def test_every_rule_can_be_parsed() -> None:
    limits = Limits()
    with Flask(__name__).test_request_context():
        for what in RULES:
            limits.count(what, account="Ada")


@pytest.mark.parametrize("what", ["sign-in", "sign-up", "second-factor", "reset"])
def test_every_action_of_strangers_is_limited_by_network_and_for_the_whole_site(what: str) -> None:
    assert RULES[what].network
    assert RULES[what].site
