"""The lock of builds under one alias: a document that only one process can have, checked and replaced atomically.

The check for running drafts alone would let two builds pass that begin at the same moment. The lock is held from the
first write to the publication; its holder is known by `builders`, so the lock of a dead build does not last.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any

from elasticsearch import ConflictError, NotFoundError

from core.errors import BuildRejected
from indexer.elastic.cluster import builders, errors
from indexer.elastic.cluster.client import Connection

SUFFIX = "-lock"
_ID = "build"
_BODY: Mapping[str, Any] = {
    "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}},
    "mappings": {"dynamic": "strict", "properties": {"builder": {"type": "object", "enabled": False}}},
}


def acquire(connection: Connection, alias: str) -> None:
    """Take the lock, or confirm that this process still has it.

    Raises:
        BuildRejected: another build has it.
    """
    client, index = connection.client, alias + SUFFIX
    with errors.translated(connection.context):
        if not client.indices.exists(index=index):
            # Another build may create it now: only the document is the lock.
            client.options(ignore_status=400).indices.create(index=index, **_BODY)
        try:
            found = client.get(index=index, id=_ID).body
            holder = found["_source"]["builder"]
            if builders.is_running(holder, now=time.time()) and not builders.is_own(holder):
                raise taken(connection, holder)
            replaced = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        except NotFoundError:
            holder, replaced = {}, {"op_type": "create"}
        try:
            client.index(index=index, id=_ID, document={"builder": builders.identity()}, **replaced)
        except ConflictError:
            raise taken(connection, holder) from None


def renew(connection: Connection, alias: str) -> None:
    """Record that the holder, if it is this process, is alive."""
    _change(connection, alias, lambda at: connection.client.index(document={"builder": builders.identity()}, **at))


def release(connection: Connection, alias: str) -> None:
    """Give the lock back, if this process has it."""
    _change(connection, alias, lambda at: connection.client.delete(**at))


def is_of_another(connection: Connection, alias: str) -> bool:
    """Return whether another process that is running has the lock."""
    with errors.translated(connection.context):
        try:
            holder = connection.client.get(index=alias + SUFFIX, id=_ID).body["_source"]["builder"]
        except NotFoundError:
            return False
    return builders.is_running(holder, now=time.time()) and not builders.is_own(holder)


def _change(connection: Connection, alias: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the document if it is of this process, and nobody else changes it meanwhile."""
    index = alias + SUFFIX
    with errors.translated(connection.context), contextlib.suppress(NotFoundError, ConflictError):
        found = connection.client.get(index=index, id=_ID).body
        if builders.is_own(found["_source"]["builder"]):
            at = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
            change({"index": index, "id": _ID, **at})


def taken(connection: Connection, holder: Mapping[str, Any]) -> BuildRejected:
    """Return the error for a second build."""
    who = f" (process {holder['pid']} on {holder['host']})" if holder else ""
    return BuildRejected(f"another build is running in Elasticsearch at {connection.context.address}{who}; wait for it")
