"""The client of a request as the security log records it: network, browser, and a device cookie."""

from __future__ import annotations

import ipaddress
import secrets

from flask import Response, after_this_request, request

from core.users import Client
from webapp.accounts import user_agents

COOKIE = "marquee_device"
"""Set when a browser signs in, to recognize it at its next sign-in."""
SECONDS = 400 * 86_400
"""The longest time that browsers keep a cookie."""
SECRET_BYTES = 32
MAX_SECRET = 100
IPV4_NETWORK, IPV6_NETWORK = 24, 48
"""Prefix lengths: addresses are recorded only as networks, of a town or a provider."""


def current() -> Client:
    """Return the client of this request, without a device."""
    return Client(place=network(request.remote_addr or ""), label=user_agents.label(request.user_agent.string))


def browser() -> Client:
    """Return the browser of this request, with the device of its cookie, or a new one; see `remember`."""
    device = request.cookies.get(COOKIE, "")
    if not device or len(device) > MAX_SECRET:
        device = secrets.token_urlsafe(SECRET_BYTES)
    client = current()
    return Client(place=client.place, label=client.label, device=device)


def remember(client: Client) -> None:
    """Set the device cookie of a browser that has signed in."""
    after_this_request(lambda response: _set_cookie(response, client.device))


def network(address: str) -> str:
    """Return the network of an address; empty if it is none."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is not None:
        known = known.ipv4_mapped
    length = IPV4_NETWORK if isinstance(known, ipaddress.IPv4Address) else IPV6_NETWORK
    return str(ipaddress.ip_network((known, length), strict=False))


def _set_cookie(response: Response, device: str) -> Response:
    response.set_cookie(
        COOKIE, device, max_age=SECONDS, httponly=True, samesite="Lax", secure=request.is_secure, path="/"
    )
    return response
