"""Traces of `marquee serve`, sent to a collector by OTLP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests import sample
from tests.engine.telemetry.collectors import Collector, collecting
from tests.marquee.test_serving import Running, served, until

SECRET_TEXT = "a+robot+alone"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as collected:
        yield collected


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[Running]:
    """A server that traces every request and sends the spans soon."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
        url = f"http://127.0.0.1:{collector.port}"
        with served(tmp_path_factory, otlp_url=url, trace_share="1", drain_seconds="0") as server:
            yield server


def spans(collector: Collector) -> list[Span]:
    """Return all spans that have arrived."""
    return [
        span
        for body in list(collector.bodies)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def named(collector: Collector, name: str) -> list[Span]:
    """Return the spans with a name."""
    return [span for span in spans(collector) if span.name == name]


def attributes(span: Span) -> dict[str, object]:
    """Return the attributes of a span."""
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def test_a_search_is_traced_from_the_request_to_its_stages(site: Running, collector: Collector) -> None:
    status, headers = site.get(f"/api/search?q={SECRET_TEXT}")
    assert status == 200
    identity = headers["x-request-id"]

    def found() -> list[Span]:
        return [span for span in named(collector, "GET /api/search") if attributes(span).get("request.id") == identity]

    until(lambda: len(found()) == 1)
    (request,) = found()
    assert request.kind == Span.SPAN_KIND_SERVER
    assert attributes(request)["http.route"] == "/api/search"
    assert attributes(request)["http.response.status_code"] == 200
    stages = {span.name for span in spans(collector) if span.parent_span_id == request.span_id}
    assert {"understand", "encode", "rank"} <= stages
    assert {span.trace_id for span in spans(collector) if span.parent_span_id == request.span_id} == {request.trace_id}


def test_statements_of_the_database_are_traced_without_values(site: Running, collector: Collector) -> None:
    assert site.get("/u/somebody-private")[0] == 404

    def statements() -> list[str]:
        return [str(attributes(span).get("db.statement", "")) for span in spans(collector)]

    until(lambda: any("FROM" in statement for statement in statements()))
    assert not any("somebody-private" in statement for statement in statements())


def test_no_span_contains_a_text_or_an_address(site: Running, collector: Collector) -> None:
    site.get(f"/search?q={SECRET_TEXT}")
    site.get("/no-such-page-at-all")
    until(lambda: bool(named(collector, "GET (unknown)")))
    until(lambda: bool(named(collector, "GET /search")))
    everything = b"".join(collector.bodies)
    for private in (b"robot alone", b"robot+alone", b"somebody-private", b"no-such-page-at-all"):
        assert private not in everything
    assert set(collector.paths) == {"/v1/traces"}


@pytest.mark.elasticsearch
def test_calls_of_elasticsearch_are_spans_of_the_search_without_the_query(
    tmp_path_factory: pytest.TempPathFactory, elasticsearch_url: str, collector: Collector
) -> None:
    home = sample.shared(tmp_path_factory.getbasetemp()) / "elastic"
    with pytest.MonkeyPatch.context() as patch, sample.elastic(home, elasticsearch_url) as settings:
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
        given = {
            "otlp_url": f"http://127.0.0.1:{collector.port}",
            "trace_share": "1",
            "drain_seconds": "0",
            "elasticsearch_url": elasticsearch_url,
            "elasticsearch_index": settings.elasticsearch_index,
        }
        with served(tmp_path_factory, **given) as server:
            before = len(spans(collector))
            assert server.get("/api/search?q=robot+alone")[0] == 200
            until(lambda: any(span.name == "rank" for span in spans(collector)[before:]))
            found = spans(collector)[before:]
    calls = [span for span in found if attributes(span).get("db.system.name") == "elasticsearch"]
    assert calls
    parents = {span.span_id: span.name for span in found}
    assert "engine" in {parents.get(span.parent_span_id) for span in calls}
    assert not any("robot" in str(attributes(span)) for span in calls)


def test_a_collector_that_is_away_changes_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory, otlp_url="http://127.0.0.1:1", trace_share="1", drain_seconds="0") as server:
        assert server.get("/api/search?q=robot")[0] == 200
        assert "opentelemetry" not in server.log.read_text(encoding="utf-8")
