"""A server with given responses, for those that a real Elasticsearch does not give on demand."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PRODUCT = {"X-Elastic-Product": "Elasticsearch"}
JSON = {"Content-Type": "application/vnd.elasticsearch+json;compatible-with=9"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The response."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=lambda: {**PRODUCT, **JSON})
    delay: float = 0.0

    def encode(self) -> bytes:
        """Return the body as sent."""
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@contextmanager
def serve(
    *answers: Answer, certificate: Path | None = None, key: Path | None = None, asked: list[str] | None = None
) -> Iterator[int]:
    """Serve responses on a free port, in this order and the last one from then on.

    Args:
        answers: the responses.
        certificate: serve over TLS with it and the `key`.
        key: see there.
        asked: receives the path of each request.
    """
    over = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answers, over, [] if asked is None else asked))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        over.set()  # release late responses, which nobody waits for any more
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(answers: Sequence[Answer], over: threading.Event, asked: list[str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            """Send the next response, whatever the request is."""
            asked.append(self.path)
            answer = answers[min(len(asked), len(answers)) - 1]
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            over.wait(answer.delay)
            body = answer.encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.answer)
    return Handler
