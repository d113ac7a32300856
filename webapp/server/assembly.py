"""The assembly of the server: the Flask application of some services, with what stands in front of it."""

from __future__ import annotations

from pathlib import Path

from engine import health as parts
from engine.services import Services
from webapp import app
from webapp.server.admission import LONGEST_WAIT
from webapp.server.front import Front
from webapp.server.health import PENDING, Health


def create_front(services: Services, *, metrics: Path | None = None) -> Front:
    """Return the ASGI application for `services`. Call `start()` in the process that serves.

    Args:
        services: what pages and API call.
        metrics: the folder in which all workers count; None: this process is alone.
    """
    if not services.settings.measured:
        return _front(services)
    from webapp.metrics import assembly  # noqa: PLC0415 - its library takes time and memory

    return assembly.instrumented(services, lambda count: _front(services, count), shared=metrics)


def _front(services: Services, count: app.Count | None = None) -> Front:
    return Front(
        app.create_app(services, count=count),
        Health(parts.checks(services), lambda: parts.summary(services), pending=_pending(services)),
        threads=services.settings.threads,
        max_body=app.max_body,
        drain_seconds=services.settings.drain_seconds,
        # At least half of a request's time is left for its work.
        longest_wait=min(LONGEST_WAIT, services.settings.request_timeout / 2),
        most_waiting=services.settings.max_waiting,
        language=services.settings.language,
    )


def _pending(services: Services) -> str:
    """Return what is said before the first checks: a server that does not migrate may have the wrong database."""
    return PENDING if services.settings.migrate else parts.Blocking(PENDING)
