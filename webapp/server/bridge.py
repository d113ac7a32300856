"""The WSGI application in threads: environments, calls, and streams that hold a thread only while they compute."""

from __future__ import annotations

import contextvars
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import unquote_to_bytes, urlsplit

Environ = dict[str, Any]
Headers = list[tuple[bytes, bytes]]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]


ARRIVED = "marquee.arrived"
"""Key in the environment: when the request was complete, on the clock `time.monotonic`; it may have waited since."""


class Malformed(ValueError):
    """The target of the request is not a path."""


@dataclass
class Response:
    """A response: complete, or with the chunks of a stream that are still to be computed."""

    status: int
    headers: Headers
    body: bytes
    stream: Iterator[bytes] | None
    close: Callable[[], object]
    context: contextvars.Context
    """The context of the request: chunks are computed in it, by whatever thread."""

    def next_chunk(self) -> bytes | None:
        """Return the next chunk of the stream; None at its end."""
        assert self.stream is not None  # noqa: S101
        return self.context.run(next, self.stream, None)

    def end(self) -> None:
        """Release what the stream holds."""
        self.context.run(self.close)


def call(application: Wsgi, environ: Environ) -> Response:
    """Call the application in this thread. Its exceptions are its own: Flask turns them into responses."""
    context = contextvars.copy_context()
    return context.run(_call, application, environ, context)


def _call(application: Wsgi, environ: Environ, context: contextvars.Context) -> Response:
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[..., None]:
        started[:] = [int(status.partition(" ")[0]), headers, exc_info]
        return _no_writer

    chunks = application(environ, start_response)
    close = getattr(chunks, "close", _nothing)
    status, headers, _ = started
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    if any(name == b"content-length" for name, _ in encoded):
        try:
            return Response(status, encoded, b"".join(chunks), None, _nothing, context)
        finally:
            close()
    return Response(status, encoded, b"", iter(chunks), close, context)


def environ(scope: Mapping[str, Any], body: IO[bytes], size: int, *, arrived: float) -> Environ:
    """Return the environment of a request (PEP 3333).

    Headers whose names contain an underscore are dropped: `X_Forwarded_For` would pass for `X-Forwarded-For`. Nothing
    is taken from the environment of the process, `SCRIPT_NAME` included.

    Args:
        scope: the request.
        body: its body.
        size: the size of the body in bytes.
        arrived: when the request was complete, on the clock `time.monotonic`.

    Raises:
        Malformed: the target is neither a path nor an absolute URL.
    """
    host, port = scope.get("server") or ("localhost", 80)
    path = raw_path(scope)
    made: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REQUEST_URI": path + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0] if scope.get("client") else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        ARRIVED: arrived,
    }
    for name, value in scope["headers"]:
        _add_header(made, name.decode("latin-1"), value.decode("latin-1"))
    made.pop("HTTP_TRANSFER_ENCODING", None)  # the body was read completely
    made["CONTENT_LENGTH"] = str(size) if size or "CONTENT_LENGTH" in made else ""
    return made


def raw_path(scope: Mapping[str, Any]) -> str:
    """Return the path as it was sent, percent-encoded."""
    target: str = scope["raw_path"].decode("latin-1")
    if target.startswith("/"):
        return target
    try:
        parts = urlsplit(target)
    except ValueError as error:
        raise Malformed(target) from error
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Malformed(target)
    return parts.path or "/"


def _add_header(made: Environ, name: str, value: str) -> None:
    if "_" in name:
        return
    key = name.upper().replace("-", "_")
    if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        key = f"HTTP_{key}"
    separator = "; " if key == "HTTP_COOKIE" else ","
    made[key] = f"{made[key]}{separator}{value}" if key in made else value


def _no_writer(_: bytes) -> None:
    raise NotImplementedError("the `write` callable of PEP 3333 is not supported; return chunks instead")


def _nothing() -> None:
    """Do nothing."""
