"""The configuration of nginx, and a real nginx in front of two servers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.marquee.processes import free_port
from tests.marquee.test_serving import Running, served, until
from tests.proxies import CONFIGURATION, HOST, Proxy, deployed, proxied

PASSWORD = "correct horse battery"

pytestmark = [pytest.mark.slow, pytest.mark.nginx]


@pytest.fixture
def pair(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Proxy, tuple[Running, Running]]]:
    """Two servers with one database, behind nginx."""
    settings = {
        "hosts": HOST,
        "proxies": "1",
        "secret_key": "k" * 40,
        "database_url": f"sqlite:///{tmp_path / 'people.sqlite'}",
        "drain_seconds": "0",
        "rate_limits": "0",
    }
    with ExitStack() as stack:
        servers = [stack.enter_context(served(tmp_path_factory, **settings)) for _ in range(2)]
        proxy = stack.enter_context(proxied(tmp_path, tuple(server.site.port for server in servers)))
        yield proxy, (servers[0], servers[1])


def test_the_configuration_is_valid_as_it_is_delivered(tmp_path: Path) -> None:
    main = deployed(tmp_path, plain=free_port(), secure=free_port(), servers=(8000,))
    checked = subprocess.run(["nginx", "-t", "-c", main], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr


def test_a_user_signs_up_and_searches_through_nginx(pair: tuple[Proxy, tuple[Running, Running]]) -> None:
    proxy, _ = pair
    status, headers, _ = proxy.call("/search?q=robot", plain=True)
    assert (status, headers["Location"]) == (308, f"https://{HOST}/search?q=robot")
    token = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', proxy.call("/sign-up")[2])[0]
    status, headers, _ = proxy.call("/sign-up", {"csrf_token": token, "name": "Ada", "password": PASSWORD})
    assert status == 303
    assert all("Secure" in cookie for cookie in headers.get_all("Set-Cookie") or [])
    for _ in range(4):  # both servers
        assert "Ada" in proxy.call("/account")[2]
    assert proxy.call("/metrics")[0] == 404


def test_static_files_and_posters_are_cached_and_pages_are_not(pair: tuple[Proxy, tuple[Running, Running]]) -> None:
    proxy, _ = pair
    page = proxy.call("/")
    assert page[1]["X-Cache-Status"] is None
    styles = re.findall(r'href="(/static/bundles/[^"]+\.css)"', page[2])[0]
    movie = re.findall(r'href="/movies/(\d+)', page[2])[0]
    for path in (styles, f"/poster/{movie}.svg"):
        assert [proxy.call(path)[1]["X-Cache-Status"] for _ in range(2)] == ["MISS", "HIT"]


def test_a_killed_server_costs_no_page(pair: tuple[Proxy, tuple[Running, Running]]) -> None:
    proxy, (first, _) = pair
    statuses: list[int] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.wait(0.06):  # nginx allows 20 requests a second
            statuses.append(Proxy(proxy.http, proxy.https, proxy.trusted).call("/api/genres")[0])

    reader = threading.Thread(target=read)
    reader.start()
    try:
        until(lambda: len(statuses) > 20)
        for process in (first.process, *first.workers()):
            os.kill(process, signal.SIGKILL)
        seen = len(statuses)
        until(lambda: len(statuses) > seen + 40)
    finally:
        ended.set()
        reader.join(30)
    assert set(statuses) == {200}


def test_a_body_that_no_import_has_is_refused(pair: tuple[Proxy, tuple[Running, Running]]) -> None:
    proxy, _ = pair
    assert proxy.call("/import", {"text": "x" * 34 * 2**20})[0] == 413


def configured(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script that writes the configuration of the service `proxy` of docker-compose.yml."""
    command = [CONFIGURATION.parent / "compose.sh", CONFIGURATION, folder / "marquee.conf", folder, "true"]
    given = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


def test_the_configuration_of_compose_is_valid(tmp_path: Path) -> None:
    deployed(tmp_path, plain=8080, secure=8443, servers=(1,))
    for name, made in (("fullchain.pem", "site.pem"), ("privkey.pem", "site.key")):
        (tmp_path / name).write_bytes((tmp_path / made).read_bytes())
    ended = configured(tmp_path, SITE_HOST="movies.test")
    assert ended.returncode == 0, ended.stderr
    text = (tmp_path / "marquee.conf").read_text(encoding="utf-8")
    assert "server web:8000 max_fails=1" in text
    assert text.count("server_name movies.test;") == 2
    assert "films.example" not in text
    # Only compose's network knows the name.
    text = re.sub(r"^ *listen \[::].*\n", "", text.replace("web:8000", "127.0.0.1:8000"), flags=re.MULTILINE)
    text = text.replace("/var/cache/nginx/marquee", str(tmp_path / "cache"))
    (tmp_path / "marquee.conf").write_text(text, encoding="utf-8")
    checked = subprocess.run(
        ["nginx", "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_compose_says_what_the_proxy_lacks(tmp_path: Path) -> None:
    assert "write SITE_HOST=films.example into .env" in configured(tmp_path).stderr
    ended = configured(tmp_path, SITE_HOST="movies.test")
    assert ended.returncode == 1
    assert "fullchain.pem cannot be read: set TLS_FOLDER" in ended.stderr
