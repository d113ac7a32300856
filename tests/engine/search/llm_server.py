"""A local server with the chat completions protocol of OpenAI that can misbehave and records requests."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Answering = Callable[[Mapping[str, Any]], Any]
"""Returns the model's answer as JSON values for the body of a request."""


@dataclass
class Misbehaviour:
    """Ways in which the server misbehaves."""

    status: int = 200
    """The status of every answer."""
    refusal: str = ""
    finish: str = "stop"
    content: str | None = None
    """Replaces the model's JSON."""
    body: bytes | None = None
    """Replaces the whole answer."""
    delay: float = 0.0
    """Seconds before the answer begins."""
    drip: float = 0.0
    """Seconds between two bytes of the answer."""
    headers_drip: float = 0.0
    """Seconds between two bytes of an endless header."""
    cut: bool = False
    """Whether to close the connection in the middle of the answer."""
    redirect: str = ""


@dataclass
class ModelServer:
    """A server on a free local port, running within its `with` block."""

    answering: Answering = lambda _body: {}
    bad: Misbehaviour = field(default_factory=Misbehaviour)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    running: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)
    """Set at the end to release slow answers, which nobody waits for any more."""

    def __enter__(self) -> ModelServer:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"server_of": self}))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def texts(self) -> list[str]:
        """Return the user message of each request."""
        return [request["messages"][-1]["content"] for request in self.asked]


def completion(content: str | None, *, refusal: str = "", finish: str = "stop") -> bytes:
    """Return an answer in the format of the protocol."""
    message = {"role": "assistant", "content": content, "refusal": refusal or None}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return json.dumps({"id": "x", "object": "chat.completion", "choices": [choice]}).encode()


class _Handler(BaseHTTPRequestHandler):
    server_of: ModelServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        with self.server_of.lock:
            self.server_of.running += 1
            self.server_of.most_at_once = max(self.server_of.most_at_once, self.server_of.running)
        try:
            self._answer()
        except OSError:
            self.close_connection = True
        finally:
            with self.server_of.lock:
                self.server_of.running -= 1

    def _answer(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server_of.asked.append({"path": self.path, **body})
        self.server_of.headers.append(dict(self.headers))
        self.server_of.over.wait(self.server_of.bad.delay)
        self._send(self._whole(body))

    def _whole(self, body: Mapping[str, Any]) -> bytes:
        bad = self.server_of.bad
        if bad.body is not None:
            return bad.body
        content = bad.content if bad.content is not None else json.dumps(self.server_of.answering(body))
        return completion(None if bad.refusal else content, refusal=bad.refusal, finish=bad.finish)

    def _send(self, whole: bytes) -> None:
        bad = self.server_of.bad
        if bad.headers_drip:
            self._drip_headers(bad.headers_drip)
        self.send_response(bad.status)
        if bad.redirect:
            self.send_header("Location", bad.redirect)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        if bad.cut:
            self.wfile.write(whole[: len(whole) // 2])
            self.close_connection = True
            return
        for byte in whole if bad.drip else ():
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            self.server_of.over.wait(bad.drip)
        if not bad.drip:
            self.wfile.write(whole)

    def _drip_headers(self, pause: float) -> None:
        """Send an endless header until the client disconnects."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Endless: ")
        for _ in range(1_000):
            self.wfile.write(b"x")
            self.wfile.flush()
            self.server_of.over.wait(pause)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the name is the library's
        """Log nothing."""
