"""Copies of an index inside the cluster: files are linked, so that a copy takes seconds and no space at first.

The source is read-only meanwhile. A copy has the metadata of its source until the build replaces them: until then,
its name does not fit its metadata, and it counts as abandoned once no build is running.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.elastic.cluster import errors
from indexer.elastic.cluster.client import Connection

WRITABLE: Mapping[str, Any] = {"blocks.write": None}
"""The setting that ends the protection of a source; left in place by a build that was killed while copying."""


def copy(connection: Connection, source: str, target: str, *, alias: str) -> None:
    """Create the index `target` as a copy of `source`, under an alias, without replicas and refreshes."""
    indices = connection.client.indices
    with errors.translated(connection.context):
        try:
            indices.add_block(index=source, block="write")
            settings = {"index": {"number_of_replicas": 0, "refresh_interval": "-1", **WRITABLE}}
            indices.clone(
                index=source, target=target, settings=settings, aliases={alias: {}}, wait_for_active_shards="all"
            )
        finally:
            indices.put_settings(index=source, settings={"index": dict(WRITABLE)})


def release(connection: Connection, index: str) -> None:
    """Let an index be written again, if a killed build left it protected."""
    with errors.translated(connection.context):
        found = connection.client.indices.get_settings(index=index, name="index.blocks.write").body
        for name, own in found.items():
            if own["settings"]:
                connection.client.indices.put_settings(index=name, settings={"index": dict(WRITABLE)})
