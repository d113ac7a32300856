"""Notifications about runs: always in the log; by webhook and email if configured.

A message never contains a secret. Failed deliveries are logged and fail no job.
"""

from __future__ import annotations

import logging
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import orjson
from pydantic import SecretStr

from core.config import Settings
from core.jobs import job_catalogue
from core.jobs.job_catalogue import RETRAIN
from core.jobs.runs import Outcome, Run
from core.settings import redaction
from engine import mail

SECONDS = 5.0
"""Time-out of the webhook."""
LONGEST_FIGURES, LONGEST_LINE = 20_000, 1_000
"""Maximum bytes and characters in a message; longer values are omitted or truncated."""

_LEVELS = {Outcome.FAILED: logging.ERROR, Outcome.ABANDONED: logging.ERROR, Outcome.REJECTED: logging.WARNING}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """A notification about a run."""

    subject: str
    content: Mapping[str, Any]
    """Plain JSON values."""

    def words(self) -> str:
        """Return the message as plain text."""
        lines = [f"{name}: {_text(value)}" for name, value in self.content.items() if value not in ("", None, {})]
        return "\n".join([self.subject, "", *lines, ""])


def should_notify(run: Run) -> bool:
    """Whether to send a notification in addition to the log entry: final failures, and every end of a training run."""
    if run.job == RETRAIN:
        return run.outcome in (Outcome.DONE, Outcome.REJECTED, Outcome.FAILED, Outcome.ABANDONED)
    return run.outcome in (Outcome.REJECTED, Outcome.FAILED, Outcome.ABANDONED)


def tell(run: Run, settings: Settings, *, tls: ssl.SSLContext | None = None) -> None:
    """Log the outcome of a run and send it to the configured recipients.

    Args:
        tls: trusted authorities; None: those of the system.
    """
    notice = message(run, settings)
    level = _LEVELS.get(run.outcome, logging.INFO)
    if not should_notify(run):
        log.log(level, "%s", notice.subject)  # the figures are stored with the run
        return
    log.log(level, "%s %s", notice.subject, orjson.dumps(notice.content).decode())
    if settings.notify_webhook is not None:
        _try("webhook", lambda: _post(settings.notify_webhook, notice))
    if settings.notify_email and settings.smtp_url is not None:
        _try("email", lambda: _mail(settings, notice, tls))


def message(run: Run, settings: Settings) -> Message:
    """Build the message about a run: job, outcome, metrics before and after, the last line of the error."""
    figures, job = dict(run.figures), job_catalogue.find(run.job)
    content = {
        "job": run.job,
        "about": job.about if job else "",
        "run": run.id,
        "outcome": run.outcome.value,
        "attempt": run.attempt,
        "host": socket.gethostname(),
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "rejected": figures.pop("rejected", ""),
        "before": figures.pop("before", {}),
        "after": figures.pop("after", {}),
        "figures": figures if len(orjson.dumps(figures, default=str)) <= LONGEST_FIGURES else {},
        "error": _last_line(run.error),
    }
    settings.hide_secrets()
    return Message(f"Marquee: {run.job} {_VERBS[run.outcome]}", redaction.scrub_values(content))


_VERBS: Mapping[Outcome, str] = {
    Outcome.QUEUED: "is queued",
    Outcome.RUNNING: "runs",
    Outcome.DONE: "is done",
    Outcome.REJECTED: "was rejected",
    Outcome.FAILED: "failed",
    Outcome.CANCELLED: "was cancelled",
    Outcome.ABANDONED: "was interrupted",
}


def _try(what: str, send: Callable[[], None]) -> None:
    """Send a message. Time-outs, refusals and invalid addresses are logged, without the address."""
    try:
        send()
    except (*mail.FAILURES, HTTPException) as error:
        code = getattr(error, "code", None) or getattr(error, "smtp_code", None)
        log.warning(
            "%s notification about a run was not delivered: %s%s",
            what,
            type(error).__name__,
            f" {code}" if code else "",
        )


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Refuses redirects, so that a message goes only to the configured address."""

    def redirect_request(self, *_: object) -> None:
        """Return no request; the redirect is then an error."""


def _post(url: SecretStr | None, notice: Message) -> None:
    address = url.get_secret_value() if url else ""
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("expected http:// or https://")
    body = orjson.dumps({"subject": notice.subject, **notice.content}, default=str)
    headers = {"Content-Type": "application/json", "User-Agent": "marquee"}
    request = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310 - checked above
    with urllib.request.build_opener(_NoRedirects).open(request, timeout=SECONDS):
        return


def _mail(settings: Settings, notice: Message, tls: ssl.SSLContext | None) -> None:
    address = settings.smtp_url.get_secret_value() if settings.smtp_url else ""
    text, sender = notice.words(), settings.notify_sender
    mail.send(address, to=settings.notify_email, subject=notice.subject, text=text, sender=sender, tls=tls)


def _last_line(error: str) -> str:
    lines = error.strip().splitlines()
    return lines[-1][:LONGEST_LINE] if lines else ""


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_text(inner)}" for name, inner in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)
