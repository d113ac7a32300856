"""Connections to Elasticsearch: addresses, credentials and time-outs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson
from elastic_transport import ConnectionTimeout, TransportError
from elasticsearch import ApiError, Elasticsearch, OrjsonSerializer
from elasticsearch.serializer import NdjsonSerializer

from core import config
from core.config import Settings
from core.errors import InvalidSettings
from core.limits import deadline
from core.limits.circuit_breaker import CircuitBreaker
from indexer.elastic.cluster.responsive_nodes import ResponsiveNodes
from indexer.elastic.cluster.transports import BUSY, BatchTransport, PageTransport

DEFAULT_PORTS = {"http": 9200, "https": 443}
"""Ports of addresses without one: Elasticsearch's own, and the usual one of proxies."""
PAGE_ATTEMPTS = 3
"""Parts of the time-out of a page on several nodes: two attempts, and asking which nodes respond in between."""
DEAD_SECONDS, MOST_DEAD_SECONDS = 5.0, 30.0
"""Seconds that a node which did not respond is left out: first, and at most."""
BATCH_RETRIES = 7
"""Retries for a call of a build or a job: no user is waiting, and a restarting node is back within a minute."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before the first retry, doubled each time: a minute in total."""
QUICK_FAILURES = 5
"""Failures in a row after which pages leave the cluster alone for a moment, however quickly they came."""


class _Lines(NdjsonSerializer):
    """Serializes the lines of `_msearch` and `_bulk` with orjson: ten times as fast, with shorter vectors."""

    def json_dumps(self, data: object) -> bytes:
        return orjson.dumps(data, option=orjson.OPT_SERIALIZE_NUMPY)


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """The details that errors report; no credentials."""

    address: str
    alias: str
    timeout: float
    timeout_setting: str
    credentials: str
    """The setting with the credentials, empty if there are none."""
    breaker: CircuitBreaker | None = None
    """Limits the calls of pages; builds have none."""


Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Connection:
    """A client with the context of its errors."""

    client: Elasticsearch
    context: ErrorContext

    nodes: ResponsiveNodes | None = None
    """The nodes, if there are several and a user is waiting."""
    effort: float = 2.0
    """Candidates examined per requested movie by approximate searches."""

    def attempt(self, call: Callable[[Elasticsearch, str], Answer]) -> Answer:
        """Make a call; if it takes too long, once more on nodes that respond.

        Args:
            call: gets the client to use, and a preference for copies of shards; empty for the usual one.
        """
        if self.nodes is None:
            return call(self.client, "")
        route = self.nodes.route()
        try:
            return call(self.client, "") if route is None else call(route.client, route.preference)
        except ConnectionTimeout:
            # Without time for a second attempt, nobody would wait for the probe's result either.
            route = self.nodes.probe() if deadline.left() != 0 else None
            if route is None:
                raise
            return call(route.client, route.preference)


def connect(settings: Settings, *, batch: bool, first_pause: float = FIRST_PAUSE) -> Connection:
    """Create a client without connecting. Certificates are always verified.

    Args:
        settings: addresses and credentials.
        batch: whether a build or a job is waiting (long time-outs and retries) or a user.
        first_pause: seconds before the first retry of batch work.

    Raises:
        InvalidSettings: an address or the CA file is invalid.
    """
    timeout = "elasticsearch_batch_timeout" if batch else "elasticsearch_timeout"
    hosts = [_with_port(url) for url in settings.elasticsearch_hosts]
    several = len(hosts) > 1 and not batch
    seconds = getattr(settings, timeout) / (PAGE_ATTEMPTS if several else 1)
    context = ErrorContext(
        address=", ".join(map(bare, hosts)),
        alias=settings.elasticsearch_index,
        timeout=getattr(settings, timeout),
        timeout_setting=config.variable(timeout),
        credentials=_credentials_setting(settings),
        breaker=None if batch else _breaker(settings, several=several),
    )
    if batch:
        patient = {"transport_class": BatchTransport, "max_retries": BATCH_RETRIES, "retry_backoff_base": first_pause}
        return Connection(
            _client(settings, hosts, seconds=seconds, **patient), context, effort=settings.elasticsearch_effort
        )
    nodes = [_client(settings, [host], seconds=seconds) for host in hosts] if several else ()
    return Connection(
        _client(settings, hosts, seconds=seconds),
        context,
        ResponsiveNodes(nodes) if nodes else None,
        settings.elasticsearch_effort,
    )


def _breaker(settings: Settings, *, several: bool) -> CircuitBreaker:
    return CircuitBreaker(
        share=max(1, settings.threads - 1),
        tolerance=PAGE_ATTEMPTS if several else 1,
        quick=QUICK_FAILURES,
        counts=_is_failure,
    )


def _is_failure(error: BaseException) -> bool:
    """Whether the cluster failed, rather than refused a request that is wrong or that had no time left."""
    return isinstance(error, TransportError) or (isinstance(error, ApiError) and error.status_code in BUSY)


def _client(settings: Settings, hosts: list[str], *, seconds: float, **options: Any) -> Elasticsearch:  # noqa: ANN401
    usual = {"transport_class": PageTransport, "max_retries": len(hosts) - 1, "retry_backoff_cap": LONGEST_PAUSE}
    return Elasticsearch(
        hosts,
        request_timeout=seconds,
        retry_on_timeout=False,
        dead_node_backoff_factor=DEAD_SECONDS,
        max_dead_node_backoff=MOST_DEAD_SECONDS,
        serializers={form.mimetype: form for form in (OrjsonSerializer(), _Lines())},
        **_credentials(settings),
        **_authority(settings),
        **{**usual, **options},
    )


def bare(url: str) -> str:
    """Return an address without user and password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _with_port(url: str) -> str:
    try:
        parts = urlsplit(url)
        if not parts.hostname:
            raise ValueError("it has no host")
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except ValueError as error:
        name = config.variable("elasticsearch_url")
        raise InvalidSettings(
            f"{name}: {bare(url)} is not a valid address ({error}); expected, for example, https://search.example:9200"
        ) from None
    user = parts.netloc.rpartition("@")[0]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{user}{'@' if user else ''}{host}:{port}{parts.path.rstrip('/')}"


def _credentials(settings: Settings) -> dict[str, Any]:
    if settings.elasticsearch_api_key:
        return {"api_key": settings.elasticsearch_api_key.get_secret_value()}
    if settings.elasticsearch_password:
        return {"basic_auth": (settings.elasticsearch_user, settings.elasticsearch_password.get_secret_value())}
    return {}


def _credentials_setting(settings: Settings) -> str:
    if settings.elasticsearch_api_key:
        return config.variable("elasticsearch_api_key")
    if settings.elasticsearch_password:
        return config.variable("elasticsearch_password")
    in_url = any("@" in urlsplit(url).netloc for url in settings.elasticsearch_hosts)
    return config.variable("elasticsearch_url") if in_url else ""


def _authority(settings: Settings) -> dict[str, Any]:
    path = settings.elasticsearch_ca_file
    if path is None:
        return {}
    if not path.is_file():
        raise InvalidSettings(f"{config.variable('elasticsearch_ca_file')}: the file {path} does not exist")
    return {"ca_certs": str(path)} if any(url.startswith("https:") for url in settings.elasticsearch_hosts) else {}
