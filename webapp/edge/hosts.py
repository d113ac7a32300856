"""The host names that a request may name in its header `Host`.

An invalid or foreign name is refused before anything else: it could end up in a link or a cache (host header
injection), or belong to a page of an attacker that resolves to this machine (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from core.config import Settings, variable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("marquee.web")

ANY = "*"
LOCAL = ("localhost", "127.0.0.1", "::1")
"""Names of this machine, which are always allowed: health checks use them."""
UNSPECIFIED = ("", "0.0.0.0", "::")  # noqa: S104 - only compared
MAX_HOST, MAX_LABEL, MAX_PORT = 253, 63, 65_535
_HOST = re.compile(r"(?:\[(?P<ipv6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9_.-]+))(?::(?P<port>[0-9]{1,5}))?", re.ASCII)
REFUSED = f"This site does not serve the host of this request. Its operator lists host names in {variable('hosts')}.\n"


class AllowedHosts:
    """A WSGI application that refuses requests for other hosts with status 400."""

    def __init__(self, application: WSGIApplication, allowed: Callable[[str], bool]) -> None:
        self._application, self._allowed = application, allowed

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        given = environ.get("HTTP_HOST")
        if given is None or ((host := name(given)) and self._allowed(host)):  # HTTP/1.0 has no such header
            return self._application(environ, start_response)
        log.info("a request for another host was refused: %r", given[:MAX_HOST])
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
        start_response(f"{HTTPStatus.BAD_REQUEST.value} Bad Request", headers)
        return [REFUSED.encode()]


def name(header: str) -> str:
    """Return the host name or address in a header, without its port; empty if it is invalid."""
    found = _HOST.fullmatch(header.strip().lower())
    if found is None or int(found["port"] or 0) > MAX_PORT:
        return ""
    if found["ipv6"]:
        return found["ipv6"] if is_address(found["ipv6"]) else ""
    host = found["name"].removesuffix(".")
    labels = host.split(".")
    return host if len(host) <= MAX_HOST and all(0 < len(label) <= MAX_LABEL for label in labels) else ""


def is_address(host: str) -> bool:
    """Return whether a host is an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def allowed(settings: Settings) -> Callable[[str], bool]:
    """Return which hosts a site serves.

    Without a setting, a site behind proxies serves every valid name, since only the proxies know the names. Any other
    one serves this machine's names and addresses: an address cannot be rebound.
    """
    names = {host.lower() for host in settings.hosts}
    if ANY in names or (not names and settings.proxies):
        return lambda _host: True
    if names:
        suffixes = tuple(host.removeprefix(ANY) for host in names if host.startswith("*."))
        return lambda host: host in LOCAL or host in names or (bool(suffixes) and host.endswith(suffixes))
    own = {settings.host.lower()} if settings.host not in UNSPECIFIED else {socket.gethostname().lower()}
    return lambda host: host in LOCAL or host in own or is_address(host)
