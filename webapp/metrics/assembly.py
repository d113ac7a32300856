"""The assembly of a worker's metrics."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from core.config import Settings
from engine.services import Services
from webapp.app import Count
from webapp.metrics import requests
from webapp.metrics.endpoint import Endpoint
from webapp.metrics.instruments import Instruments
from webapp.metrics.sampler import Sampler
from webapp.metrics.site_figures import SiteFigures
from webapp.server.front import Front


def instrumented(services: Services, create: Callable[[Count], Front], *, shared: Path | None) -> Front:
    """Return a server that counts, and serves `/metrics`.

    Args:
        services: the services of the site.
        create: creates the server, given what counts each response.
        shared: the folder in which all workers count; None: this process is alone.
    """
    registry = CollectorRegistry()
    instruments = Instruments(registry)
    front = create(requests.counting(instruments))
    sampler = Sampler(
        instruments,
        front.admissions,
        front.health,
        services.operations.pooled,
        {"events": services.events, "request_counts": services.request_counts},
    )
    if shared is not None:  # the instruments write files there
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(shared))  # type: ignore[no-untyped-call]
    registry.register(SiteFigures(services))
    front.metrics = _endpoint(services.settings, registry, sampler)
    front.refused = lambda status: instruments.refused.labels(str(int(status))).inc()
    front.started = sampler.start
    return front


def _endpoint(settings: Settings, registry: CollectorRegistry, sampler: Sampler) -> Endpoint:
    token = settings.metrics_token.get_secret_value() if settings.metrics_token is not None else ""
    return Endpoint(registry, settings.metrics_port, token, sampler.sample)
