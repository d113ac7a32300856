"""Sending emails by SMTP."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import ExitStack
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

SECONDS = 5.0
"""Time-out of the server."""
SMTP_PORT = 587
FAILURES = (OSError, smtplib.SMTPException, ValueError)
"""What sending raises: time-outs, refusals and invalid addresses."""


def send(
    address: str,
    *,
    to: Sequence[str],
    subject: str,
    text: str,
    sender: str = "",
    tls: ssl.SSLContext | None = None,
) -> None:
    """Send an email.

    Args:
        address: The server, `smtp://user:password@host:587` or `smtps://…`.
        to: Recipients.
        subject: The subject line.
        text: The plain text.
        sender: The sender; empty: `marquee@` this host.
        tls: Trusted authorities; None: those of the system.

    Raises:
        OSError, smtplib.SMTPException, ValueError: see `FAILURES`.
    """
    url = urlsplit(address)
    if url.scheme not in ("smtp", "smtps") or not url.hostname:
        raise ValueError("expected smtp:// or smtps://")
    message = EmailMessage()
    message["Subject"], message["Date"], message["Message-ID"] = subject, formatdate(), make_msgid(domain="marquee")
    message["From"] = sender or f"marquee@{socket.getfqdn()}"
    message["To"] = ", ".join(to)
    message.set_content(text)
    with _connected(url, tls or ssl.create_default_context()) as server:
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def host_and_port(url: SplitResult) -> tuple[str, int]:
    """Return host and port of a server."""
    default = smtplib.SMTP_SSL_PORT if url.scheme == "smtps" else SMTP_PORT
    return url.hostname or "", url.port or default


def _connected(url: SplitResult, tls: ssl.SSLContext) -> smtplib.SMTP:
    """Connect to the mail server. Passwords are never sent in clear text."""
    host, port = host_and_port(url)
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=tls)
    server = smtplib.SMTP(host, port, timeout=SECONDS)
    with ExitStack() as unfinished:
        unfinished.callback(server.close)
        server.ehlo()
        if url.username or server.has_extn("starttls"):
            server.starttls(context=tls)
        unfinished.pop_all()
    return server
