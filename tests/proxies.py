"""A real nginx in front of servers, with the configuration that is delivered."""

from __future__ import annotations

import http.client
import os
import re
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPMessage
from pathlib import Path
from urllib.parse import urlencode

from tests.marquee.processes import free_port
from tests.marquee.test_serving import until
from tests.server_processes import ServerProcess

CONFIGURATION = Path(__file__).parents[1] / "deploy" / "nginx" / "marquee.conf"
HOST = "films.example"
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


@dataclass
class Proxy:
    """A running nginx, and a browser that keeps cookies."""

    http: int
    https: int
    trusted: ssl.SSLContext
    cookies: dict[str, str] = field(default_factory=dict)

    def call(
        self, path: str, form: Mapping[str, str] | None = None, *, plain: bool = False
    ) -> tuple[int, HTTPMessage, str]:
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


@dataclass
class Nginx(ServerProcess):
    """A server that can be killed and started again.

    Attributes:
        folder: the folder of its configuration, certificate and cache.
        servers: the ports of the servers behind it.
        http: its port without TLS.
        https: its port with TLS.
    """

    folder: Path
    servers: tuple[int, ...]
    http: int = field(default_factory=free_port)
    https: int = field(default_factory=free_port)

    @property
    def main(self) -> Path:
        """Its main configuration file."""
        return self.folder / "nginx.conf"

    @property
    def trusted(self) -> ssl.SSLContext:
        """What a client trusts that accepts its certificate."""
        context = ssl.create_default_context(cafile=self.folder / "site.pem")
        context.check_hostname = False  # it is for the host of the site, not for this address
        return context

    def write(self, old: str = "", new: str = "") -> None:
        """Write the configuration as delivered, with `new` for `old`."""
        deployed(self.folder, plain=self.http, secure=self.https, servers=self.servers)
        file = self.folder / "marquee.conf"
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        subprocess.run(["nginx", "-t", "-c", self.main], check=True, capture_output=True)

    def start(self) -> None:
        """Start it, and wait until it listens."""
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(["nginx", "-c", self.main], stderr=quiet, start_new_session=True)
        until(lambda: answers(Proxy(self.http, self.https, self.trusted)))


@contextmanager
def proxied(folder: Path, servers: tuple[int, ...]) -> Iterator[Proxy]:
    """Run nginx in front of servers."""
    nginx = Nginx(folder, servers)
    nginx.write()
    nginx.start()
    try:
        yield Proxy(nginx.http, nginx.https, nginx.trusted)
    finally:
        nginx.stop()


def answers(proxy: Proxy) -> bool:
    """Return whether nginx listens."""
    try:
        return proxy.call("/", plain=True)[0] == 308
    except OSError:
        return False
