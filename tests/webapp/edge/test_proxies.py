"""Headers of proxies count only if there are proxies, and an address is the same client on every port."""

from __future__ import annotations

import pytest
from flask import Flask, jsonify, request

import webapp
from core.config import Settings
from tests import fakes
from webapp.edge import proxies

HEADERS = {
    "X-Forwarded-For": "203.0.113.7:50123",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "81",
    "X-Forwarded-Prefix": "/evil",
    "X-Script-Name": "/evil",
    "Script-Name": "/evil",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
}


def seen(headers: dict[str, str], *, count: int) -> dict[str, str]:
    """Return what a view sees of a request."""
    app: Flask = webapp.create_app(fakes.services(settings=Settings(proxies=count)))

    @app.get("/seen")
    def show() -> object:
        return jsonify(address=request.remote_addr, scheme=request.scheme, host=request.host, root=request.root_path)

    found: dict[str, str] = app.test_client().get("/seen", headers=headers).json
    return found


def test_without_proxies_no_header_changes_address_scheme_host_or_path() -> None:
    assert seen(HEADERS, count=0) == {"address": "127.0.0.1", "scheme": "http", "host": "localhost", "root": ""}


def test_a_script_name_of_the_server_is_ignored() -> None:
    application = webapp.create_app(fakes.services(settings=Settings()))
    answer = application.test_client().get("/genres", environ_overrides={"SCRIPT_NAME": "/evil"})
    assert "/evil" not in answer.text


def test_with_a_proxy_only_address_and_scheme_are_its() -> None:
    found = seen(HEADERS, count=1)
    assert found == {"address": "203.0.113.7", "scheme": "https", "host": "localhost", "root": ""}


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("203.0.113.7:1", "203.0.113.7"),
        ("203.0.113.7", "203.0.113.7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("198.51.100.1, 203.0.113.7:9", "203.0.113.7"),
    ],
)
def test_a_client_has_one_address_whatever_its_port(header: str, address: str) -> None:
    assert seen({"X-Forwarded-For": header}, count=1)["address"] == address


@pytest.mark.parametrize("scheme", ["javascript", "https, x", "", "HTTP\t"])
def test_a_scheme_other_than_http_is_ignored(scheme: str) -> None:
    assert seen({"X-Forwarded-Proto": scheme}, count=1)["scheme"] == "http"


def test_an_endless_list_of_addresses_is_ignored() -> None:
    assert seen({"X-Forwarded-For": "203.0.113.7, " * 500}, count=1)["address"] == "127.0.0.1"


def test_an_address_that_is_none_keeps_its_text() -> None:
    assert [proxies.without_port(text) for text in ("unknown", "", "[x", ":1")] == ["unknown", "", "[x", ":1"]
