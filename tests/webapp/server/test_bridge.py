"""Calls of a WSGI application: environments, complete responses, and streams."""

from __future__ import annotations

import contextvars
import io
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.webapp.server.channels import scope
from webapp.server import bridge

NUMBER: contextvars.ContextVar[int] = contextvars.ContextVar("number")


def environ(request: dict[str, Any], body: bytes = b"") -> bridge.Environ:
    """Return the environment of a request."""
    return bridge.environ(request, io.BytesIO(body), len(body), arrived=0.0)


def test_the_environment_describes_the_request() -> None:
    made = environ(scope("/a%20b/%C3%A9?q=x%20y", "POST", host="example.org", content_type="text/plain"), b"abc")
    assert made["PATH_INFO"].encode("latin-1").decode("utf-8") == "/a b/é"
    assert (made["QUERY_STRING"], made["REQUEST_URI"]) == ("q=x%20y", "/a%20b/%C3%A9?q=x%20y")
    assert (made["HTTP_HOST"], made["CONTENT_TYPE"], made["CONTENT_LENGTH"]) == ("example.org", "text/plain", "3")
    assert (made["REMOTE_ADDR"], made["SERVER_PORT"], made["SERVER_PROTOCOL"]) == ("192.0.2.1", "8000", "HTTP/1.1")
    assert made["wsgi.input"].read() == b"abc"


def test_headers_with_underscores_are_dropped() -> None:
    request = scope()
    request["headers"] = [(b"x_forwarded_for", b"203.0.113.9"), (b"x-forwarded-for", b"198.51.100.1")]
    assert environ(request)["HTTP_X_FORWARDED_FOR"] == "198.51.100.1"


def test_the_environment_of_the_process_does_not_move_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRIPT_NAME", "/elsewhere")
    assert environ(scope("/elsewhere/x"))["SCRIPT_NAME"] == ""
    assert environ(scope("/elsewhere/x"))["PATH_INFO"] == "/elsewhere/x"


def test_repeated_headers_are_joined() -> None:
    request = scope()
    request["headers"] = [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y")]
    made = environ(request)
    assert (made["HTTP_COOKIE"], made["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")


def test_a_chunked_body_has_its_real_length() -> None:
    made = environ(scope("/", "POST", transfer_encoding="chunked"), b"abcde")
    assert made["CONTENT_LENGTH"] == "5"
    assert "HTTP_TRANSFER_ENCODING" not in made


@pytest.mark.parametrize(
    ("target", "path"),
    [("http://example.org/a/b", "/a/b"), ("https://example.org", "/"), ("/plain", "/plain"), ("//x/y", "//x/y")],
)
def test_the_target_is_a_path_or_an_absolute_url(target: str, path: str) -> None:
    assert bridge.raw_path(scope(target)) == path


@pytest.mark.parametrize("target", ["*", "example.org:443", "ftp://example.org/", "http://[::1/", "http:///x", ""])
def test_any_other_target_is_refused(target: str) -> None:
    with pytest.raises(bridge.Malformed):
        bridge.raw_path(scope(target))


def test_a_complete_response_is_read_and_closed_at_once() -> None:
    closed: list[bool] = []

    class Chunks(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def application(_: bridge.Environ, start_response: Any) -> Chunks:
        start_response("201 Created", [("Content-Length", "2"), ("X-Name", "é")])
        return Chunks([b"a", b"b"])

    response = bridge.call(application, {})
    assert (response.status, response.body, response.stream) == (201, b"ab", None)
    assert (b"x-name", b"\xe9") in response.headers
    assert closed == [True]


def test_a_stream_is_computed_in_the_context_of_its_request_by_any_thread_and_closed_there() -> None:
    seen: list[tuple[str, int]] = []

    def chunks() -> Iterator[bytes]:
        try:
            yield str(NUMBER.get()).encode()
            yield str(NUMBER.get() + 1).encode()
        finally:
            seen.append(("closed", NUMBER.get()))

    def application(_: bridge.Environ, start_response: Any) -> Iterator[bytes]:
        NUMBER.set(41)
        start_response("200 OK", [])
        return chunks()

    response = bridge.call(application, {})
    assert NUMBER.get(0) == 0
    found: list[bytes | None] = []
    for _ in range(2):
        thread = threading.Thread(target=lambda: found.append(response.next_chunk()))
        thread.start()
        thread.join()
    assert found == [b"41", b"42"]
    assert seen == []
    response.end()
    assert seen == [("closed", 41)]
    assert response.next_chunk() is None


def test_the_write_callable_is_refused_with_the_alternative() -> None:
    def application(_: bridge.Environ, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])(b"x")
        return []

    with pytest.raises(NotImplementedError, match="return chunks"):
        bridge.call(application, {})
