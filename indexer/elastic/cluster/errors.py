"""Translation of Elasticsearch's errors into messages that say what to do. No vendor error leaves this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from http import HTTPStatus
from typing import Any

import elastic_transport
from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, SerializationError, UnsupportedProductError

from core import config
from core.errors import BuildRejected, IndexMissing, MarqueeError, SearchUnavailable
from core.limits import deadline
from core.limits.circuit_breaker import CircuitOpen
from indexer.elastic.cluster.client import ErrorContext

BUILD = "build it with `marquee index`"
URL = config.variable("elasticsearch_url")
CA_FILE = config.variable("elasticsearch_ca_file")
KEY, USER = config.variable("elasticsearch_api_key"), config.variable("elasticsearch_user")
LIMIT = config.variable("request_timeout")
_REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_GATEWAY = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)
_MISSING = ("index_not_found_exception", "alias_not_found_exception")


@contextmanager
def translated(context: ErrorContext) -> Iterator[None]:
    """Turn every error of the client into one of `core.errors`; limit the calls of pages."""
    try:
        with context.breaker.call() if context.breaker is not None else nullcontext():
            yield
    except CircuitOpen as reason:
        raise SearchUnavailable(f"Elasticsearch at {context.address} {reason}") from None
    except UnsupportedProductError as error:
        raise SearchUnavailable(_wrong_server(context)) from error
    except ApiError as error:
        raise from_answer(error.status_code, error.body, context) from error
    except TransportError as error:
        raise SearchUnavailable(_unanswered(error, context)) from error


def from_answer(status: int, body: object, context: ErrorContext) -> MarqueeError:
    """Return the error for a response with `status` and `body`."""
    kind, reason = _cause(body)
    if kind in _MISSING:
        return missing(context)
    if kind == "cluster_block_exception" and "read-only" in reason:
        return BuildRejected(read_only(context, reason))
    return SearchUnavailable(
        _refused(status, reason, context) if status in _REFUSALS else _failed(status, body, context)
    )


def missing(context: ErrorContext) -> IndexMissing:
    """Return the error for a missing index."""
    return IndexMissing(f"there is no index {context.alias!r} in Elasticsearch at {context.address}; {BUILD}")


def read_only(context: ErrorContext, reason: str) -> str:
    """Return what to do about an index that has been made read-only."""
    return (
        f"Elasticsearch at {context.address} has made the index read-only ({reason}) because its disk is "
        "nearly full: free some space, then run `marquee index` again; the previous index still serves"
    )


def _unanswered(error: TransportError, context: ErrorContext) -> str:
    if isinstance(error, ConnectionTimeout):
        if deadline.left() == 0:
            return (
                f"Elasticsearch at {context.address} did not respond in the time that was left for the request; check "
                f"its load, or raise {LIMIT}"
            )
        return (
            f"Elasticsearch at {context.address} did not respond within {context.timeout:g} s; check its load, "
            f"or raise {context.timeout_setting}"
        )
    if isinstance(error, TlsError):
        return (
            f"the certificate of {context.address} is not trusted ({error.message}); set {CA_FILE} to the certificate "
            "of the authority that signed it"
        )
    if isinstance(error, SerializationError):
        return f"the server at {context.address} is not Elasticsearch: its response cannot be parsed"
    if isinstance(error, elastic_transport.ConnectionError):
        return (
            f"Elasticsearch does not respond at {context.address}: start it, correct {URL}, or unset it to use the "
            "embedded engine"
        )
    return f"Elasticsearch at {context.address} cannot be queried: {error.message}"


def _failed(status: int, body: object, context: ErrorContext) -> str:
    kind, reason = _cause(body)
    if kind == "media_type_header_exception":
        return _wrong_server(context)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"Elasticsearch at {context.address} is overloaded ({reason}); try again in a moment"
    if kind:
        return f"Elasticsearch at {context.address} responded with {status} {kind}: {reason}"
    proxy = (
        "; this is a proxy's response: check whether Elasticsearch behind it is running" if status in _GATEWAY else ""
    )
    return f"the server at {context.address} does not respond like Elasticsearch (status {status}){proxy}"


def _wrong_server(context: ErrorContext) -> str:
    return (
        f"the server at {context.address} is not Elasticsearch 9; run version 9, or unset {URL} for the embedded engine"
    )


def _refused(status: int, reason: str, context: ErrorContext) -> str:
    if status == HTTPStatus.FORBIDDEN:
        return (
            f"Elasticsearch at {context.address} denies access with {context.credentials or 'no credentials'} "
            f"({reason}); searching needs `read` and `view_index_metadata` on `{context.alias}*`, building needs `all`"
        )
    if context.credentials:
        return f"Elasticsearch at {context.address} rejects the credentials in {context.credentials}; correct them"
    return f"Elasticsearch at {context.address} requires credentials; set {KEY}, or {USER} and its password"


def _cause(body: object) -> tuple[str, str]:
    """Return type and reason of the deepest cause in a response; empty if it is not in Elasticsearch's format."""
    error: Any = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return "", ""
    roots = error.get("root_cause") or [error]
    root = roots[0] if isinstance(roots[0], Mapping) else error
    return str(root.get("type", "")), str(root.get("reason", ""))
