"""The address that the server listens on: its URL, and a check whether it is available."""

from __future__ import annotations

import ipaddress
import socket

import click

from core import config
from core.config import Settings


def url(settings: Settings) -> str:
    """Return the URL of the website on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - only compared
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def bind(settings: Settings) -> str:
    """Return the address for a server to bind, with an IPv6 address in brackets."""
    return _joined(settings.host, settings.port)


def bound(settings: Settings) -> list[str]:
    """Return every address for a server to bind: the website's, and that of the metrics if they have one."""
    own = [] if settings.metrics_port is None else [_joined(settings.metrics_host, settings.metrics_port)]
    return [bind(settings), *own]


def check(settings: Settings) -> None:
    """Check that the server can listen on the address, before anything is built or loaded.

    Raises:
        ClickException: the port is in use, the host is not on this machine, or a debugger would be open to others.
    """
    if settings.debug and not _is_own(settings.host):
        raise click.ClickException(
            f"{config.variable('debug')} opens a debugger that can run any code, so it is allowed on 127.0.0.1 only, "
            f"but {config.variable('host')} is {settings.host}"
        )
    _check_free("", settings.host, settings.port)
    if settings.metrics_port is not None:
        _check_free("metrics_", settings.metrics_host, settings.metrics_port)


def _check_free(prefix: str, host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {_joined(host, port)}: {error.strerror or error}; if another program uses it, stop that "
            f"program, or set another {config.variable(prefix + 'port')} (or {config.variable(prefix + 'host')})"
        ) from error


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _is_own(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
