"""The client's address and scheme: from the connection, or from the configured number of proxies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FORWARDED = "HTTP_X_FORWARDED_"
FOR, PROTO = f"{FORWARDED}FOR", f"{FORWARDED}PROTO"
IGNORED = ("HTTP_FORWARDED", "HTTP_SCRIPT_NAME", "HTTP_X_SCRIPT_NAME", "HTTP_X_HTTP_METHOD_OVERRIDE")
"""Headers that some servers and frameworks obey, and that nothing here needs."""
SCHEMES = ("http", "https")
MAX_FORWARDED = 1_000
"""Maximum length of a list of addresses in characters; a longer one is ignored."""
_PORT = re.compile(r"^\[(?P<ipv6>[^\]]+)\](?::\d+)?$|^(?P<ipv4>[0-9.]+):\d+$")


class Forwarded:
    """A WSGI application that ignores forwarding headers, except those of configured proxies."""

    def __init__(self, application: WSGIApplication, proxies: int) -> None:
        self._proxies = proxies
        # Trust the client's address and scheme, but not the host.
        self._application = ProxyFix(application, x_for=proxies, x_proto=proxies, x_host=0) if proxies else application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        environ["SCRIPT_NAME"] = ""
        kept = (FOR, PROTO) if self._proxies else ()
        for key in [key for key in environ if key.startswith((FORWARDED, *IGNORED)) and key not in kept]:
            del environ[key]
        _tidy(environ)
        return self._application(environ, start_response)


def without_port(address: str) -> str:
    """Return an address without its port, which some proxies add: the next connection has another one."""
    found = _PORT.fullmatch(address.strip())
    return (found["ipv6"] or found["ipv4"]) if found else address.strip()


def _tidy(environ: WSGIEnvironment) -> None:
    """Normalize the headers of proxies."""
    addresses = environ.pop(FOR, "")
    if addresses and len(addresses) <= MAX_FORWARDED:
        environ[FOR] = ", ".join(map(without_port, addresses.split(",")))
    schemes = environ.pop(PROTO, "").lower()
    if schemes and all(scheme.strip() in SCHEMES for scheme in schemes.split(",")):
        environ[PROTO] = schemes
