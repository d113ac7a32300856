"""Traces of requests for OpenTelemetry: the request, the stages of a search, and the calls of Elasticsearch and SQL.

Spans contain routes, statuses and statements without their values: no search text, no path and no user. They are sent
in the background (OTLP over HTTP); those that cannot be sent are dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from core.config import Settings, variable
from core.errors import InvalidSettings

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

PATH = "/v1/traces"
"""The path for traces, by the specification of OTLP."""
SERVER_ERROR = 500

_tracers: list[Tracer] = []
"""The tracer of this process, once it is started."""


def start(settings: Settings) -> None:
    """Send traces of this process if the settings name a collector. Call it after a fork: it starts a thread.

    Raises:
        InvalidSettings: the extra `traces` is not installed.
    """
    if settings.otlp_url is None or _tracers:
        return
    try:
        from opentelemetry import trace  # noqa: PLC0415 - optional
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.sdk.trace.sampling import TraceIdRatioBased  # noqa: PLC0415
    except ImportError:
        raise InvalidSettings(
            f"{variable('otlp_url')} needs opentelemetry-sdk and more, which are not installed; "
            "run `pip install 'marquee[traces]'`"
        ) from None
    # It logs an error for each batch while the collector is away.
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    provider = TracerProvider(
        sampler=TraceIdRatioBased(settings.trace_share),
        resource=Resource.create({"service.name": "marquee", "service.version": version("marquee")}),
    )
    collector = settings.otlp_url.get_secret_value().rstrip("/") + PATH
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=collector)))
    # Elasticsearch's client makes spans by itself, and SQLAlchemy's engines do from now on. The package declares to
    # support SQLAlchemy up to 2.0, but uses nothing that 2.1 has changed; the tests would show it.
    trace.set_tracer_provider(provider)
    SQLAlchemyInstrumentor().instrument(skip_dep_check=True)
    _tracers.append(trace.get_tracer("marquee"))


@contextmanager
def span(name: str) -> Iterator[None]:
    """Trace the block as a span within the current one; do nothing unless traces are sent."""
    if not _tracers:
        yield
        return
    with _tracers[0].start_as_current_span(name, record_exception=False):
        yield


@contextmanager
def request_span(method: str, route: str, request_id: str) -> Iterator[RequestSpan]:
    """Trace the block as a request, named by its route rather than its address."""
    from opentelemetry.trace import SpanKind  # noqa: PLC0415 - optional

    attributes: Mapping[str, str] = {
        "http.request.method": method,
        "http.route": route,
        "request.id": request_id,
    }
    with _tracers[0].start_as_current_span(
        f"{method} {route}", kind=SpanKind.SERVER, attributes=attributes, record_exception=False
    ) as current:
        yield RequestSpan(current)


class RequestSpan:
    """The span of a request."""

    def __init__(self, current: Span) -> None:
        self._current = current

    def answered(self, status: int) -> None:
        """Note the status of the response; from 500 on, the request has failed."""
        from opentelemetry.trace import StatusCode  # noqa: PLC0415 - optional

        self._current.set_attribute("http.response.status_code", status)
        if status >= SERVER_ERROR:
            self._current.set_status(StatusCode.ERROR)
