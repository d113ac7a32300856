"""Attachments of a version in Elasticsearch: documents with a part of the blob each, stored with the movies.

They have no `id`, so searches, facets and counts never match them.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from core.errors import NotFound
from indexer import attachments
from indexer.elastic.cluster import errors
from indexer.elastic.cluster.client import Connection
from indexer.elastic.mapping import Plain

PART = 3_000_000
"""Bytes of a blob per document, 4 MB as text: far below Elasticsearch's limit of 100 MB per request."""


def parts(name: str, content: bytes) -> Iterator[Plain]:
    """Yield the documents of a blob; the first contains the number of parts."""
    attachments.check_name(name)
    starts = range(0, max(len(content), 1), PART)
    for number, start in enumerate(starts):
        own = {
            "parts": len(starts),
            "checksum": attachments.checksum(content),
            "content": base64.b64encode(content[start : start + PART]).decode(),
        }
        yield {"_id": _id(name, number), "attachment": own}


def read(connection: Connection, index: str, name: str) -> bytes:
    """Return the blob written as `parts`.

    Raises:
        NotFound: no attachment has this name.
        SearchUnavailable: it is damaged.
    """
    first = _fetch(connection, index, _id(attachments.check_name(name), 0))
    if first is None:
        raise NotFound(f"the index {index} has no attachment {name!r}")
    found = [first, *(_fetch(connection, index, _id(name, number)) for number in range(1, int(first["parts"])))]
    content = b"".join(base64.b64decode(part["content"]) for part in found if part is not None)
    return attachments.check_content(name, content, first["checksum"])


def _fetch(connection: Connection, index: str, key: str) -> Mapping[str, Any] | None:
    with errors.translated(connection.context):
        answer = connection.client.mget(index=index, ids=[key], filter_path="docs.error,docs._source.attachment")
    (doc,) = answer.body.get("docs") or [{}]
    if "error" in doc:
        raise errors.from_answer(404, {"error": doc["error"]}, connection.context)
    found: Mapping[str, Any] | None = doc.get("_source", {}).get("attachment")
    return found


def _id(name: str, number: int) -> str:
    return f"attachment-{name}-{number}"
