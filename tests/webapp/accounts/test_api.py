"""Accounts and tokens as programs use them."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.users import Scope
from engine.accounts.accounts import WRONG
from engine.accounts.names import NOT_AVAILABLE
from tests.webapp.accounts.conftest import PASSWORD, Browser, Site

ACCOUNT = {"name": "Ada", "password": PASSWORD}


class Program:
    """A client with or without a bearer token."""

    def __init__(self, site: Site, secret: str = "") -> None:
        self._client = site.app.test_client()
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def call(self, method: str, path: str, body: Any = None) -> TestResponse:
        """Call the API."""
        return self._client.open(f"/api{path}", method=method, json=body, headers=self.headers)


def make_token(site: Site, *scopes: str) -> tuple[int, str]:
    """Create an account for Ada, if needed, and a token through the API."""
    Program(site).call("POST", "/accounts", ACCOUNT)
    body = {"account": "Ada", "password": PASSWORD, "name": "mine", "scopes": scopes}
    made = Program(site).call("POST", "/tokens", body)
    assert made.status_code == 201, made.text
    return made.json["id"], made.json["secret"]


def test_an_account_is_created_without_a_browser(site: Site) -> None:
    made = Program(site).call("POST", "/accounts", ACCOUNT)
    assert made.status_code == 201
    assert (made.json["name"], made.json["administrator"]) == ("Ada", False)
    assert made.json["preferences"]["keep_events"] is True
    assert "Set-Cookie" not in made.headers
    assert "password" not in made.text


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"name": "Bob", "password": "short"}, {"password"}),
        ({"name": "?", "password": PASSWORD}, {"name"}),
        ({"name": "Bob"}, {"password"}),
        ({**ACCOUNT, "administrator": True}, {"administrator"}),
        ({"name": 7, "password": PASSWORD}, {"name"}),
        ([], {"body"}),
        ("text", {"body"}),
    ],
)
def test_errors_are_listed_by_field(site: Site, body: Any, fields: set[str]) -> None:
    refused = Program(site).call("POST", "/accounts", body)
    assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
    assert set(refused.json["errors"]) == fields


def test_content_that_is_not_json_is_refused(site: Site) -> None:
    assert site.app.test_client().post("/api/accounts", data=ACCOUNT).status_code == 415
    broken = site.app.test_client().post("/api/accounts", data="{", content_type="application/json")
    assert broken.json["errors"] == {"body": "should be a JSON object"}


@pytest.mark.parametrize("name", ["ADA", "admin"])
def test_a_taken_name_is_not_available(site: Site, name: str) -> None:
    Program(site).call("POST", "/accounts", ACCOUNT)
    refused = Program(site).call("POST", "/accounts", {"name": name, "password": PASSWORD})
    assert refused.json["errors"] == {"name": NOT_AVAILABLE}


def test_a_token_is_shown_once_and_stored_as_a_hash(site: Site) -> None:
    number, secret = make_token(site, "read")
    listed = Program(site, secret).call("GET", "/tokens")
    assert [token["id"] for token in listed.json["results"]] == [number]
    assert secret not in listed.text
    with sqlite3.connect(site.file) as connection:
        assert secret not in "\n".join(connection.iterdump())


def test_creating_a_token_leaves_no_browser_signed_in(site: Site) -> None:
    make_token(site, "read")
    found = site.stores.accounts.find("Ada")
    assert found
    assert site.services.accounts.sessions(found[0]) == []


@pytest.mark.parametrize(("account", "password"), [("Ada", "wrong horse"), ("Nobody1", PASSWORD), (" ", "x")])
def test_a_wrong_name_and_a_wrong_password_are_the_same_problem(site: Site, account: str, password: str) -> None:
    Program(site).call("POST", "/accounts", ACCOUNT)
    body = {"account": account, "password": password, "name": "mine", "scopes": ["read"]}
    refused = Program(site).call("POST", "/tokens", body)
    assert (refused.status_code, refused.json["detail"]) == (401, WRONG)
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_a_browser_creates_tokens_with_its_cookie(ada: Browser) -> None:
    headers = {"X-CSRFToken": ada.token("/account")}
    body = {"name": "mine", "scopes": ["read"], "days": 7}
    assert ada.client.post("/api/tokens", json=body, headers=headers).json["errors"] == {
        "password": "This is not your password."
    }
    made = ada.client.post("/api/tokens", json={**body, "password": PASSWORD}, headers=headers)
    assert made.status_code == 201
    assert made.json["scopes"] == ["read"]
    life = datetime.fromisoformat(made.json["expires_at"]) - datetime.fromisoformat(made.json["created_at"])
    assert life == timedelta(days=7)


@pytest.mark.parametrize("days", [0, 366, "x", 1.5])
def test_the_life_of_a_token_is_bounded(site: Site, days: Any) -> None:
    body = {"account": "Ada", "password": PASSWORD, "name": "mine", "scopes": ["read"], "days": days}
    assert set(Program(site).call("POST", "/tokens", body).json["errors"]) == {"days"}


def test_a_program_changes_the_password(site: Site) -> None:
    _, secret = make_token(site, "write")
    program = Program(site, secret)
    change = {"old": PASSWORD, "new": "another horse", "keep_tokens": True}
    refused = program.call("PUT", "/me/password", {"old": "wrong horse", "new": "qwertyuiop[]"})
    assert set(refused.json["errors"]) == {"old", "new"}
    assert "Straight rows of keys are easy to guess." in refused.json["errors"]["new"]
    assert program.call("PUT", "/me/password", change).status_code == 204
    assert program.call("PUT", "/me/password", {"old": "another horse", "new": PASSWORD}).status_code == 204
    assert program.call("PUT", "/me/password", change).status_code == 401


def test_a_browser_that_changes_the_password_over_the_api_gets_a_new_session(ada: Browser, site: Site) -> None:
    before, headers = ada.cookie(), {"X-CSRFToken": ada.token("/account")}
    body = {"old": PASSWORD, "new": "another horse"}
    assert ada.client.put("/api/me/password", json=body, headers=headers).status_code == 204
    assert ada.signed_in()
    stolen = Browser(site.app.test_client())
    stolen.client.set_cookie("marquee", before)
    assert not stolen.signed_in()


def test_a_token_without_the_scope_admin_has_no_rights_of_an_administrator(site: Site) -> None:
    _, ordinary = make_token(site, "read", "write")
    found = site.stores.accounts.find("Ada")
    assert found
    site.stores.accounts.set_administrator(found[0].id, True)
    _, full = make_token(site, "read", "write", "admin")
    _, reading = make_token(site, "read", "admin")
    refused = Program(site, ordinary).call("GET", "/ml/jobs")
    assert refused.status_code == 403
    assert "admin" in refused.json["detail"]
    assert Program(site, ordinary).call("GET", "/me").json["administrator"] is False
    for secret in (full, reading):
        assert Program(site, secret).call("GET", "/ml/jobs").status_code == 200
        assert Program(site, secret).call("GET", "/me").json["administrator"] is True
    assert Program(site, reading).call("POST", "/ml/jobs/trending/run", {}).status_code == 403
    site.stores.accounts.set_administrator(found[0].id, False)
    assert Program(site, full).call("GET", "/ml/jobs").status_code == 403


def test_a_token_cannot_create_tokens(site: Site) -> None:
    _, secret = make_token(site, "read", "write")
    assert Program(site, secret).call("POST", "/tokens", {"name": "more", "scopes": ["read"]}).status_code == 403
    body = {"account": "Ada", "password": PASSWORD, "name": "more", "scopes": ["read"]}
    assert Program(site, secret).call("POST", "/tokens", body).status_code == 403


@pytest.mark.parametrize(
    ("scopes", "field"),
    [
        ([], "scopes"),
        (["everything"], "scopes.0"),
        (["read", "all"], "scopes.1"),
        ("read", "scopes"),
        (["read"] * (len(Scope) + 1), "scopes"),
        (["admin"], "scopes"),
    ],
)
def test_a_token_has_only_known_scopes(site: Site, scopes: Any, field: str) -> None:
    Program(site).call("POST", "/accounts", ACCOUNT)
    body = {"account": "Ada", "password": PASSWORD, "name": "mine", "scopes": scopes}
    refused = Program(site).call("POST", "/tokens", body)
    assert refused.status_code == 400
    assert set(refused.json["errors"]) == {field}


def test_a_token_for_reading_cannot_write(site: Site) -> None:
    number, secret = make_token(site, "read")
    reader = Program(site, secret)
    assert reader.call("GET", "/me").status_code == 200
    assert reader.call("GET", "/me/export").status_code == 200
    for method, path, body in (
        ("PATCH", "/me", {"familiarity": 0.1}),
        ("DELETE", "/me", {"password": PASSWORD}),
        ("DELETE", f"/tokens/{number}", None),
    ):
        refused = reader.call(method, path, body)
        assert refused.status_code == 403, path
        assert "write" in refused.json["detail"]


def test_a_token_for_writing_cannot_read(site: Site) -> None:
    _, secret = make_token(site, "write")
    writer = Program(site, secret)
    assert writer.call("PATCH", "/me", {"familiarity": 0.1}).status_code == 200
    for path in ("/me", "/me/export", "/tokens"):
        assert writer.call("GET", path).status_code == 403


def test_a_revoked_token_is_invalid_immediately(site: Site) -> None:
    number, secret = make_token(site, "read", "write")
    program = Program(site, secret)
    assert program.call("DELETE", f"/tokens/{number}").status_code == 204
    refused = program.call("GET", "/me")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize("number", ["0", "77777", "9007199254740992", "9" * 30])
def test_an_unknown_token_is_a_problem(site: Site, number: str) -> None:
    _, secret = make_token(site, "write")
    refused = Program(site, secret).call("DELETE", f"/tokens/{number}")
    assert refused.status_code in (400, 404)
    assert refused.mimetype == "application/problem+json"


def test_nobody_revokes_the_token_of_somebody_else(site: Site) -> None:
    number, secret = make_token(site, "read")
    mallory = site.services.accounts.sign_up("Mallory", PASSWORD)
    _, theirs = site.services.accounts.add_token(mallory, "theirs", frozenset({Scope.WRITE}))
    assert Program(site, theirs).call("DELETE", f"/tokens/{number}").status_code == 404
    assert Program(site, secret).call("GET", "/me").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/me", None),
        ("PATCH", "/me", {}),
        ("DELETE", "/me", {"password": "x"}),
        ("GET", "/me/export", None),
        ("GET", "/tokens", None),
        ("DELETE", "/tokens/1", None),
        ("POST", "/tokens", {"name": "mine", "scopes": ["read"]}),
    ],
)
def test_a_visitor_is_asked_for_a_token(site: Site, method: str, path: str, body: Any) -> None:
    refused = Program(site).call(method, path, body)
    assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert refused.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer " + "x" * 5000, "Basic YTpi", "Bearer \udcff", "nonsense"]
)
def test_malformed_credentials_identify_nobody(site: Site, header: str) -> None:
    client = site.app.test_client()
    value = header.encode("utf-8", "surrogateescape").decode("latin-1")
    assert client.get("/api/me", headers={"Authorization": value}).status_code == 401


def test_omitted_preferences_keep_their_values(site: Site) -> None:
    _, secret = make_token(site, "read", "write")
    program = Program(site, secret)
    program.call("PATCH", "/me", {"genres": ["Drama", "Crime"], "taste_in_search": False})
    program.call("PATCH", "/me", {"familiarity": 0.25, "keep_events": False, "language": "de"})
    program.call("PATCH", "/me", {"time_zone": "Asia/Tokyo"})
    program.call("PATCH", "/me", {"keep_events": False})
    kept = program.call("GET", "/me").json["preferences"]
    assert kept == {
        "genres": ["Drama", "Crime"],
        "taste_in_search": False,
        "keep_events": False,
        "familiarity": 0.25,
        "watchlist_in_lists": False,
        "language": "de",
        "time_zone": "Asia/Tokyo",
        "onboarded": False,
    }


@pytest.mark.parametrize("body", [{"familiarity": 2}, {"familiarity": "x"}, {"name": "Eve"}, {"genres": ["x"] * 21}])
def test_preferences_out_of_range_are_refused(site: Site, body: dict[str, Any]) -> None:
    _, secret = make_token(site, "write")
    refused = Program(site, secret).call("PATCH", "/me", body)
    assert set(refused.json["errors"]) == set(body)


@pytest.mark.parametrize("name", ["Mars/Base", "CEST", "europe/madrid", "x" * 201])
def test_an_unknown_time_zone_is_refused_and_an_empty_one_means_the_site_s(site: Site, name: str) -> None:
    _, secret = make_token(site, "read", "write")
    program = Program(site, secret)
    program.call("PATCH", "/me", {"time_zone": "Asia/Tokyo"})
    refused = program.call("PATCH", "/me", {"time_zone": name})
    assert refused.status_code in (400, 422)
    assert set(refused.json["errors"]) == {"time_zone"}
    if len(name) < 100:
        assert "Europe/Madrid" in refused.json["errors"]["time_zone"]
    assert program.call("GET", "/me").json["preferences"]["time_zone"] == "Asia/Tokyo"
    assert program.call("PATCH", "/me", {"time_zone": ""}).json["preferences"]["time_zone"] == ""


def test_a_program_exports_its_data_and_deletes_the_account(site: Site) -> None:
    _, secret = make_token(site, "read", "write")
    program = Program(site, secret)
    exported = program.call("GET", "/me/export")
    assert exported.json["account"]["name"] == "Ada"
    assert [token["name"] for token in exported.json["tokens"]] == ["mine"]
    assert secret not in exported.text
    assert program.call("DELETE", "/me", {"password": "wrong horse"}).json["errors"] == {
        "password": "This is not your password."
    }
    assert program.call("DELETE", "/me", {"password": PASSWORD}).status_code == 204
    assert program.call("GET", "/me").status_code == 401


def test_the_description_names_the_ways_to_sign_in(site: Site) -> None:
    spec = Program(site).call("GET", "/openapi.json").json
    schemes = spec["components"]["securitySchemes"]
    assert (schemes["bearer"]["type"], schemes["bearer"]["scheme"]) == ("http", "bearer")
    assert (schemes["cookie"]["in"], schemes["cookie"]["name"]) == ("cookie", "marquee")
    assert "X-CSRFToken" in schemes["cookie"]["description"]
    for path in ("/api/me", "/api/tokens/{id}", "/api/me/export"):
        for operation in spec["paths"][path].values():
            assert {"bearer": []} in operation["security"]
            assert {"cookie": []} in operation["security"]


def test_the_documentation_page_shows_what_to_send(site: Site) -> None:
    text = site.app.test_client().get("/api/docs").text
    for field in ("familiarity", "scopes", "account"):
        assert f"<code>{field}</code>" in text


def test_the_page_and_the_api_return_the_same_export(ada: Browser) -> None:
    page, call = json.loads(ada.get("/account/export").text), ada.get("/api/me/export").json
    assert call is not None
    assert {**page, "exported_at": ""} == {**call, "exported_at": ""}
