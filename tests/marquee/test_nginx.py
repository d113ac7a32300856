"""The configuration of nginx, and a real nginx in front of two servers."""

from __future__ import annotations

import http.client
import os
import re
import signal
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.marquee.processes import free_port
from tests.marquee.test_serving import Running, served, until

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx" / "marquee.conf"
HOST = "films.example"
PASSWORD = "correct horse battery"
MAIN = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/marquee.conf;
}}
"""

pytestmark = [pytest.mark.slow, pytest.mark.nginx]


@dataclass
class Proxy:
    """A running nginx, and a browser that keeps cookies."""

    http: int
    https: int
    trusted: ssl.SSLContext
    cookies: dict[str, str] = field(default_factory=dict)

    def call(
        self, path: str, form: Mapping[str, str] | None = None, *, plain: bool = False
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """Return status, headers and text of a response, over TLS unless `plain`."""
        connection = (
            http.client.HTTPConnection("127.0.0.1", self.http, timeout=30)
            if plain
            else http.client.HTTPSConnection("127.0.0.1", self.https, timeout=30, context=self.trusted)
        )
        headers = {"Host": HOST, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{HOST}{path}"}
        connection.request("GET" if form is None else "POST", path, urlencode(form) if form else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers, text


def deployed(folder: Path, *, plain: int, secure: int, servers: tuple[int, ...]) -> Path:
    """Write the configuration with these ports and a certificate of its own; return the main file."""
    certificate, key = folder / "site.pem", folder / "site.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    text = CONFIGURATION.read_text(encoding="utf-8")
    text = re.sub(r"^ *listen \[::].*\n", "", text, flags=re.MULTILINE)  # not every machine has IPv6
    upstream = "".join(f"server 127.0.0.1:{port} max_fails=1 fail_timeout=5s;\n" for port in servers)
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{secure} ssl",
        "/etc/ssl/certs/films.example.pem": str(certificate),
        "/etc/ssl/private/films.example.key": str(key),
        "/var/cache/nginx/marquee": str(folder / "cache"),
        "server 127.0.0.1:8000 max_fails=1 fail_timeout=5s;\n": upstream,
    }.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / "marquee.conf").write_text(text, encoding="utf-8")
    main = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # the folder is ours alone
    main.write_text(MAIN.format(folder=folder, user=user), encoding="utf-8")
    return main


@contextmanager
def proxied(folder: Path, servers: tuple[int, ...]) -> Iterator[Proxy]:
    """Run nginx in front of servers."""
    plain, secure = free_port(), free_port()
    main = deployed(folder, plain=plain, secure=secure, servers=servers)
    subprocess.run(["nginx", "-t", "-c", main], check=True, capture_output=True)
    trusted = ssl.create_default_context(cafile=folder / "site.pem")
    trusted.check_hostname = False  # it is for the host of the site, not for this address
    process = subprocess.Popen(["nginx", "-c", main], stderr=subprocess.DEVNULL)
    try:
        proxy = Proxy(plain, secure, trusted)
        until(lambda: answers(proxy))
        yield proxy
    finally:
        process.terminate()
        process.wait(30)


def answers(proxy: Proxy) -> bool:
    """Return whether nginx listens."""
    try:
        return proxy.call("/", plain=True)[0] == 308
    except OSError:
        return False


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
