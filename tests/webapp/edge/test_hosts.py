"""A request for a host that the site does not serve, or for no valid host, is refused before anything else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

import webapp
from core.config import Settings
from tests import fakes
from webapp.edge import hosts

INVALID = (
    "..", "a..b", "[", "[::1", "[x]", "a" * 254, ("a" * 64) + ".example", "a b", "münchen", "host:99999", "host:x", "/",
    "evil.example/x", "a@b", "a?b", "-:-", "",
)  # fmt: skip


def site(**settings: object) -> FlaskClient:
    """A client of a site with these settings."""
    return webapp.create_app(fakes.services(settings=Settings.model_validate(settings))).test_client()


@pytest.fixture(scope="module")
def behind_a_proxy() -> FlaskClient:
    return site(proxies=1)


@pytest.mark.parametrize("host", INVALID)
@pytest.mark.parametrize("path", ["/", "/welcome/movies", "/api/genres"])
def test_an_invalid_host_is_refused(behind_a_proxy: FlaskClient, host: str, path: str) -> None:
    answer = behind_a_proxy.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "MARQUEE_HOSTS" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["films.example", "FILMS.example:443", "films.example.", "10.0.0.1:80", "[::1]:8000"])
def test_a_site_behind_a_proxy_serves_every_valid_host(behind_a_proxy: FlaskClient, host: str) -> None:
    assert behind_a_proxy.get("/api/genres", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("settings", "served", "refused"),
    [
        ({}, ("localhost:8000", "127.0.0.1", "[::1]", "192.168.0.9:8000"), ("films.example", "localhost.evil.example")),
        ({"host": "films.local"}, ("films.local", "localhost"), ("evil.example",)),
        (
            {"hosts": "Films.example, *.films.example"},
            ("films.example", "de.films.example", "localhost"),
            ("10.0.0.1",),
        ),
        ({"hosts": "films.example", "proxies": 2}, ("films.example",), ("de.films.example", "xfilms.example")),
        ({"hosts": "*"}, ("whatever.example",), ()),
    ],
)
def test_a_site_serves_the_hosts_of_its_settings_and_this_machine(
    settings: dict[str, object], served: tuple[str, ...], refused: tuple[str, ...]
) -> None:
    client = site(**settings)
    assert [host for host in served if client.get("/api/genres", headers={"Host": host}).status_code != 200] == []
    assert [host for host in refused if client.get("/api/genres", headers={"Host": host}).status_code != 400] == []


def test_a_request_without_a_host_is_answered() -> None:
    """HTTP/1.0 has no such header, and some health checks use it."""
    application = webapp.create_app(fakes.services(settings=Settings()))
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/health/live", "SERVER_NAME": "x", "SERVER_PORT": "80"}
    with application.test_client() as client:
        builder = client.get("/health/live", environ_overrides={"HTTP_HOST": "localhost", **environ})
    assert builder.status_code == 200
    assert hosts.name("films.example:8000") == "films.example"
