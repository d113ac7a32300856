"""Addresses in settings: their schemes, and validators whose errors never quote the value."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

POSTGRESQL = "postgresql+psycopg"
DRIVERS = {"postgresql": POSTGRESQL, "postgres": POSTGRESQL}
"""URL schemes of databases and the SQLAlchemy driver for each."""

REDIS = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}
"""URL schemes of Redis and Valkey, which speak the same protocol, and the scheme of the client for each."""
IN_MEMORY = "memory://"

WEB = ("http", "https")
MAIL_SERVERS = ("smtp", "smtps")
"""URL schemes of servers."""
CONTACTS = ("mailto:", "https://", "tel:")
"""Beginnings of URLs that lead to a person."""
MAX_REGIONS = 10
_REGION = re.compile("[A-Z]{2}")


def with_driver(url: SecretStr | None) -> str:
    """Return the URL of a database with the driver that SQLAlchemy uses for it; empty if there is none."""
    scheme, separator, rest = (url.get_secret_value() if url is not None else "").partition("://")
    return f"{DRIVERS.get(scheme, scheme)}{separator}{rest}"


def with_host(*schemes: str) -> AfterValidator:
    """Return a validator that requires a host and one of the schemes; its error omits the value: it may be secret."""

    def check(value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_address(value.get_secret_value(), schemes):
            raise ValueError(f"expected {' or '.join(f'{scheme}://' for scheme in schemes)}, with a host")
        return value

    return AfterValidator(check)


def shared_store(value: SecretStr) -> SecretStr:
    """Require `memory://`, or a Redis or Valkey server."""
    url = value.get_secret_value()
    if url != IN_MEMORY and not is_address(url, tuple(REDIS)):
        raise ValueError("expected memory://, redis://host, rediss://host (TLS), valkey://host or valkeys://host (TLS)")
    return value


def is_address(value: str, schemes: tuple[str, ...]) -> bool:
    """Whether a text is a URL with one of the schemes and a host."""
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def plain(value: str) -> str:
    """Require an address without credentials, query or fragment, since it is logged."""
    return _plain(value, key="MARQUEE_LLM_KEY") if value else value


def keyed(key: str) -> AfterValidator:
    """Return a validator of a service's address, to which the key in the setting `key` is sent: over TLS or locally."""

    def check(value: str) -> str:
        address = _plain(value, key=key)
        if not (address.startswith("https://") or is_local(address)):
            raise ValueError(f"{key} is sent over TLS only: expected https://, or a server on this machine")
        return address

    return AfterValidator(check)


def _plain(value: str, *, key: str) -> str:
    if not is_address(value, WEB):
        raise ValueError("expected http:// or https://, with a host")
    parts = urlsplit(value)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(f"expected an address without credentials, `?` or `#`; set the key in {key}")
    return value.rstrip("/")


def regions(value: tuple[str, ...]) -> tuple[str, ...]:
    """Require one to `MAX_REGIONS` distinct ISO 3166-1 codes."""
    if not 1 <= len(value) <= MAX_REGIONS or len(set(value)) < len(value) or not all(map(_REGION.fullmatch, value)):
        raise ValueError(f"expected 1 to {MAX_REGIONS} two-letter codes of countries, comma-separated, as in US,DE")
    return value


def origin(value: str) -> str:
    """Require scheme, host and port only: emails link to it, and browsers compare it."""
    parts = urlsplit(value)
    if value and (not is_address(value, WEB) or parts.path not in ("", "/") or parts.username or parts.query):
        raise ValueError("expected http:// or https:// with a host and no path, as in https://movies.example.org")
    return value.rstrip("/")


def contact(value: str) -> str:
    """Require a URL of a person or a page."""
    if value and not (value.startswith(CONTACTS) and value.isprintable() and " " not in value):
        raise ValueError("expected mailto:security@example.org, https://… or tel:…")
    return value


def is_local(url: str) -> bool:
    """Whether a URL points to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
