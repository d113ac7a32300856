"""What Elasticsearch's errors mean, in words that say what to do. No vendor error passes beyond this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import elastic_transport
from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, SerializationError, UnsupportedProductError

from core import config
from core.errors import BuildRejected, IndexMissing, MarqueeError, SearchUnavailable
from indexer.elastic.client import ErrorContext

BUILD = "`marquee index` builds one"
URL = config.variable("elasticsearch_url")
CA_FILE = config.variable("elasticsearch_ca_file")
KEY, USER = config.variable("elasticsearch_api_key"), config.variable("elasticsearch_user")
_REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_GATEWAY = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)
_MISSING = ("index_not_found_exception", "alias_not_found_exception")


@contextmanager
def translated(context: ErrorContext) -> Iterator[None]:
    """Turn every error of the client into one of `core.errors`."""
    try:
        yield
    except UnsupportedProductError as error:
        raise SearchUnavailable(_wrong_server(context)) from error
    except ApiError as error:
        raise from_answer(error.status_code, error.body, context) from error
    except TransportError as error:
        raise SearchUnavailable(_unanswered(error, context)) from error


def from_answer(status: int, body: object, context: ErrorContext) -> MarqueeError:
    """The error for an answer with `status`, whose body says why."""
    kind, reason = _cause(body)
    if kind in _MISSING:
        return missing(context)
    if kind == "cluster_block_exception" and "read-only" in reason:
        return BuildRejected(read_only(context, reason))
    return SearchUnavailable(
        _refused(status, reason, context) if status in _REFUSALS else _failed(status, body, context)
    )


def missing(context: ErrorContext) -> IndexMissing:
    """The error for an index that is not there."""
    return IndexMissing(f"there is no index {context.alias!r} in Elasticsearch at {context.address}; {BUILD}")


def read_only(context: ErrorContext, reason: str) -> str:
    """What to do about an index that has been made read-only."""
    return (
        f"Elasticsearch at {context.address} has made the index read-only ({reason}), which it does when its disk is "
        "nearly full: free some space there, then run `marquee index` again; the index published before still serves"
    )


def _unanswered(error: TransportError, context: ErrorContext) -> str:
    if isinstance(error, ConnectionTimeout):
        return (
            f"Elasticsearch at {context.address} did not answer within {context.timeout:g} s; look at its load, "
            f"or raise {context.timeout_setting}"
        )
    if isinstance(error, TlsError):
        return (
            f"the certificate of {context.address} is not trusted ({error.message}); set {CA_FILE} to the certificate "
            "of the authority that signed it"
        )
    if isinstance(error, SerializationError):
        return f"what answers at {context.address} is not Elasticsearch: its answer cannot be read"
    if isinstance(error, elastic_transport.ConnectionError):
        return (
            f"Elasticsearch does not answer at {context.address}: start it, correct {URL}, or unset it to use the "
            "embedded engine"
        )
    return f"Elasticsearch at {context.address} cannot be asked: {error.message}"


def _failed(status: int, body: object, context: ErrorContext) -> str:
    kind, reason = _cause(body)
    if kind == "media_type_header_exception":
        return _wrong_server(context)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"Elasticsearch at {context.address} is overloaded ({reason}); try again in a moment"
    if kind:
        return f"Elasticsearch at {context.address} answered {status} {kind}: {reason}"
    proxy = "; that is a proxy's answer: look whether Elasticsearch behind it is up" if status in _GATEWAY else ""
    return f"what answers at {context.address} does not speak as Elasticsearch (status {status}){proxy}"


def _wrong_server(context: ErrorContext) -> str:
    return (
        f"the server at {context.address} is not Elasticsearch 9; run version 9, or unset {URL} for the embedded engine"
    )


def _refused(status: int, reason: str, context: ErrorContext) -> str:
    if status == HTTPStatus.FORBIDDEN:
        return (
            f"Elasticsearch at {context.address} does not allow this to whom {context.credentials or 'nobody'} names "
            f"({reason}); searching needs `read` and `view_index_metadata` on `{context.alias}*`, building needs `all`"
        )
    if context.credentials:
        return f"Elasticsearch at {context.address} refuses the credentials in {context.credentials}; correct them"
    return f"Elasticsearch at {context.address} asks who we are; set {KEY}, or {USER} and its password"


def _cause(body: object) -> tuple[str, str]:
    """Type and reason of the deepest cause that an answer names; empty where it does not speak as Elasticsearch."""
    error: Any = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return "", ""
    roots = error.get("root_cause") or [error]
    root = roots[0] if isinstance(roots[0], Mapping) else error
    return str(root.get("type", "")), str(root.get("reason", ""))
