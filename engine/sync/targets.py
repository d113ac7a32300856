"""Addresses that webhooks may call: public ones, so that no user can reach the site's own network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.errors import InvalidRequest
from core.sync.records import MAX_URL_LENGTH

TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for IPv4 ones (NAT64)."""
Resolve = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a host; raises `OSError`."""


class Forbidden(ValueError):
    """A host has an address that must not be called."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL."""

    tls: bool
    host: str
    port: int
    path: str
    """With its query."""

    @property
    def authority(self) -> str:
        """The value of the header `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


def parse(url: str, *, private: bool = False) -> Target:
    """Return the parts of the URL of a webhook.

    Args:
        url: as the user entered it.
        private: whether plain HTTP is allowed, for the local network.

    Raises:
        InvalidRequest: it is none, has credentials or is not encrypted (field `url`).
    """
    fault = ""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidRequest({"url": "expected an address such as https://example.org/marquee"}) from None
    if len(url) > MAX_URL_LENGTH:
        fault = f"expected at most {MAX_URL_LENGTH:,} characters, got {len(url):,}"
    elif not url.isascii() or not url.isprintable() or " " in url or not host or port == 0:
        fault = "expected an address such as https://example.org/marquee"
    elif parts.scheme not in (("https", "http") if private else ("https",)):
        fault = "expected an address that begins with https://"
    elif parts.username is not None or parts.password is not None:
        fault = "expected an address without a name and a password; messages are signed instead"
    if fault:
        raise InvalidRequest({"url": fault})
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(tls, host, port or (443 if tls else 80), path)


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, by DNS. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def address(target: Target, *, private: bool, find: Resolve = resolve) -> str:
    """Return the address to connect to. If a host has any address that is not public, none of them is called.

    The connection goes to this very address, so that a second answer of the DNS cannot lead elsewhere.

    Raises:
        Forbidden: the host has an address of a private network.
        OSError: the host is unknown.
    """
    found = find(target.host, target.port)
    if not found:
        raise OSError("the host has no address")
    if not private:
        for each in found:
            if not is_public(each):
                raise Forbidden(f"{target.host} leads to {each}, which is not a public address")
    return found[0]


def is_public(text: str) -> bool:
    """Whether an address is reachable from the whole internet, and stands for no other one that is not."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    inner: list[ipaddress.IPv4Address | None] = []
    if isinstance(found, ipaddress.IPv6Address):
        inner = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
        if found in TRANSLATED:
            inner.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
    embedded = [each for each in inner if each is not None]
    if embedded:
        return all(_is_global(each) for each in embedded)
    return _is_global(found)


def _is_global(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return found.is_global and not found.is_multicast and not found.is_reserved and not found.is_unspecified
