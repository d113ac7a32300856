"""A small mail server that stores its mails: plain, with STARTTLS, or rejecting."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

REQUEST = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    " -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
)


@dataclass
class MailServer:
    """Listens on a free port of this machine while its block runs."""

    tls: ssl.SSLContext | None = None
    """Offers STARTTLS with this."""
    refuses: bool = False
    port: int = 0
    mails: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    """For each mail, whether it was sent over TLS."""

    def __enter__(self) -> MailServer:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                try:
                    self._talk(connection)
                except OSError:
                    continue

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(20)
        lines = connection.makefile("rb")
        _say(connection, "554 go away" if self.refuses else "220 here")
        while line := lines.readline().decode():
            self.commands.append(line.strip())
            word = line.split()[0].upper()
            if word == "STARTTLS" and self.tls is not None:
                _say(connection, "220 go on")
                connection = self.tls.wrap_socket(connection, server_side=True)
                lines = connection.makefile("rb")
            elif word == "DATA":
                _say(connection, "354 go on")
                self.mails.append(_read(lines))
                self.encrypted.append(isinstance(connection, ssl.SSLSocket))
                _say(connection, "250 kept")
            elif word == "QUIT":
                _say(connection, "221 bye")
                return
            else:
                self._answer(connection, word)

    def _answer(self, connection: socket.socket, word: str) -> None:
        if word != "EHLO":
            return _say(connection, "235 welcome" if word == "AUTH" else "250 yes")
        safe = isinstance(connection, ssl.SSLSocket)
        more = ["AUTH PLAIN"] if safe or self.tls is None else []
        more += ["STARTTLS"] if self.tls is not None and not safe else []
        for name in ("here", *more):
            _say(connection, f"250-{name}")
        return _say(connection, "250 SIZE")


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """TLS contexts for a server and a client that trust only each other."""
    key, made = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [*REQUEST.split(), "-keyout", key, "-out", made],
        check=True,
        capture_output=True,
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made, key)
    return server, ssl.create_default_context(cafile=str(made))


def _say(connection: socket.socket, line: str) -> None:
    connection.sendall(f"{line}\r\n".encode())


def _read(lines: object) -> str:
    text = ""
    while (line := lines.readline().decode()) not in (".\r\n", ""):  # type: ignore[attr-defined]
        text += line
    return text
