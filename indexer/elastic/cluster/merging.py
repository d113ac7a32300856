"""Merging overwritten and deleted documents away: they still count in word frequencies and take time and space."""

from __future__ import annotations

import logging
import time

from core.errors import MarqueeError
from indexer.elastic.cluster import errors
from indexer.elastic.cluster.client import Connection

logger = logging.getLogger(__name__)

PATIENCE = 45.0
"""Seconds to wait for Elasticsearch to release such documents, which it does every 30 s."""
LOOK_EVERY = 0.5
"""Seconds between two checks whether it has."""


def tidy(connection: Connection, index: str, *, patience: float = PATIENCE) -> None:
    """Merge an index into one segment without such documents. Failures are only logged: it answers without it."""
    try:
        with errors.translated(connection.context):
            _merge(connection, index, patience)
    except MarqueeError as error:
        logger.warning("overwritten documents of %s were not merged away: %s", index, error)


def _merge(connection: Connection, index: str, patience: float) -> None:
    """Wait until the documents are released, and merge.

    Elasticsearch retains them for shard copies that may have to catch up, until these have reported their progress,
    which they do every 30 s; an earlier merge would drop nothing.
    """
    indices, deadline = connection.client.indices, time.monotonic() + patience
    while time.monotonic() < deadline and _still_kept(connection, index):
        time.sleep(LOOK_EVERY)
    indices.flush(index=index, force=True)
    indices.forcemerge(index=index, max_num_segments=1)
    indices.refresh(index=index)


def _still_kept(connection: Connection, index: str) -> bool:
    wanted = "indices.*.shards.*.retention_leases.leases.retaining_seq_no,indices.*.shards.*.seq_no.max_seq_no"
    answer = connection.client.indices.stats(index=index, level="shards", filter_path=wanted)
    copies = [copy for found in answer.body["indices"].values() for shard in found["shards"].values() for copy in shard]
    return any(
        lease["retaining_seq_no"] <= copy["seq_no"]["max_seq_no"]
        for copy in copies
        for lease in copy.get("retention_leases", {}).get("leases", ())
    )
