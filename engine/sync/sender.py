"""Sending of signed messages ("Standard Webhooks"): one attempt, bounded in time, that follows no redirect."""

from __future__ import annotations

import base64
import hmac
import http.client
import secrets
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus

from core.errors import InvalidRequest
from core.sync.records import Attempt
from engine.sync import targets
from engine.sync.targets import Forbidden, Resolve, Target

PREFIX = "whsec_"
SECRET_BYTES = 32
CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
"""Time from the connection to the status of the answer."""
MAX_ANSWER = 200
"""Characters of an answer, or of an error, that are kept."""
USER_AGENT = "Marquee-Webhooks/1"


def new_secret() -> str:
    """Return a secret in the form of Standard Webhooks."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def sign(secret: str, *, message: str, at: datetime, payload: bytes) -> str:
    """Return the signature of a message: HMAC-SHA256 over id, time and payload."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message}.{int(at.timestamp())}.".encode() + payload
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode("ascii")


class Sender:
    """Sends messages to webhooks."""

    def __init__(
        self,
        *,
        private: bool = False,
        resolve: Resolve = targets.resolve,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        seconds: float = TOTAL_SECONDS,
    ) -> None:
        """`private` allows addresses of private networks, and plain HTTP; `tls` returns the trusted authorities."""
        self._private, self._resolve, self._tls, self._seconds = private, resolve, tls, seconds

    def send(self, url: str, secret: str, *, message: str, payload: str, at: datetime) -> Attempt:
        """Send a message once; every failure is described in the result."""
        body = payload.encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            "webhook-id": message,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": sign(secret, message=message, at=at, payload=body),
        }
        try:
            target = targets.parse(url, private=self._private)
            address = targets.address(target, private=self._private, find=self._resolve)
            status = self._post(target, address, body, headers)
        except InvalidRequest as error:
            return Attempt(delivered=False, answer=_short(error.fields["url"]))
        except Forbidden as error:
            return Attempt(delivered=False, answer=_short(str(error)))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Attempt(delivered=False, answer=_short(_words(error)))
        return _attempt(status)

    def _post(self, target: Target, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status of the answer. Its body is not read."""
        connection = _Connection(target, address, self._tls() if target.tls else None)
        late = threading.Timer(self._seconds, connection.abort)
        late.daemon = True
        late.start()
        try:
            connection.request("POST", target.path, body, {**headers, "Host": target.authority})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException, ValueError):
            if connection.aborted:
                raise TimeoutError from None
            raise
        finally:
            late.cancel()
            connection.close()


class _Connection(http.client.HTTPConnection):
    """A connection to a fixed address, with the certificate of the host; it can be aborted by another thread."""

    def __init__(self, target: Target, address: str, tls: ssl.SSLContext | None) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self._address, self._context, self.aborted = address, tls, False

    def connect(self) -> None:
        """Connect to the address that was checked."""
        plain = socket.create_connection((self._address, self.port), timeout=CONNECT_SECONDS)
        self.sock = plain  # so that `abort` reaches it during the handshake
        if self._context is not None:
            self.sock = self._context.wrap_socket(plain, server_hostname=self.host)

    def abort(self) -> None:
        """End the exchange, whatever it waits for."""
        self.aborted = True
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _attempt(status: int) -> Attempt:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Attempt(delivered=True, answer=str(status))
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Attempt(delivered=False, answer=f"{status}: redirects are not followed; change the address")
    return Attempt(delivered=False, answer=str(status), gone=status == HTTPStatus.GONE)


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "the host is unknown"
    if isinstance(error, ssl.SSLError):
        return f"no secure connection: {error.reason or error}"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _short(text: str) -> str:
    return text if len(text) <= MAX_ANSWER else text[: MAX_ANSWER - 1] + "…"
