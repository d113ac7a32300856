"""Merging segments: each is searched by itself, and overwritten documents still count and take time and space."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from core.config import Settings
from core.errors import MarqueeError
from indexer.elastic.cluster import errors
from indexer.elastic.cluster.client import Connection

logger = logging.getLogger(__name__)

PATIENCE = 45.0
"""Seconds to wait for Elasticsearch to release such documents, which it does every 30 s."""
FIRST_LOOK, LOOK_EVERY = 0.02, 0.5
"""Seconds between two checks whether it has, or whether it has merged: first, and at most. Small ones merge at once."""
IDLE = 10.0
"""Seconds without a running merge after which none is expected any more."""


def segments_wanted(settings: Settings, *, exact: bool) -> int:
    """Return to how many segments of each shard an index is merged: one is fastest, but takes long with a graph.

    Args:
        settings: those of Elasticsearch.
        exact: whether its vectors have no graph.
    """
    return 1 if exact else settings.elasticsearch_segments


def tidy(connection: Connection, index: str, *, segments: int, patience: float = PATIENCE) -> None:
    """Merge an index without such documents. Failures are only logged: it answers without it.

    Args:
        connection: of batch work.
        index: its name.
        segments: segments of each shard afterwards, at most; 0 to leave it as it is.
        patience: seconds after which it is merged even if Elasticsearch still retains some documents.
    """
    if not segments:
        return
    try:
        with errors.translated(connection.context):
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline and _still_kept(connection, index):
                time.sleep(LOOK_EVERY)
            _merge(connection, index, segments)
    except MarqueeError as error:
        logger.warning("the segments of %s were not merged: %s", index, error)


def _merge(connection: Connection, index: str, segments: int) -> None:
    """Merge, and wait for it as long as it takes: a graph of a million movies needs half an hour."""
    indices = connection.client.indices
    indices.flush(index=index, force=True)
    # No call of a build waits that long, and a repeated one would merge again.
    indices.forcemerge(index=index, max_num_segments=segments, wait_for_completion=False)
    idle_since, pause = time.monotonic(), FIRST_LOOK
    while time.monotonic() < idle_since + IDLE:
        copies = _copies(indices.stats(index=index, metric=["merge", "segments"], level="shards").body)
        if any(copy["merges"]["current"] for copy in copies):
            idle_since = time.monotonic()
        elif all(copy["segments"]["count"] <= segments for copy in copies):
            break
        time.sleep(pause)
        pause = min(2 * pause, LOOK_EVERY)
    else:
        logger.warning("the segments of %s were not merged to %d, perhaps because a disk is full", index, segments)
    indices.refresh(index=index)


def _still_kept(connection: Connection, index: str) -> bool:
    """Whether overwritten documents are retained, so that merging would not drop them.

    They are kept for shard copies that may have to catch up, until these have reported their progress, every 30 s.
    """
    wanted = "indices.*.shards.*.retention_leases.leases.retaining_seq_no,indices.*.shards.*.seq_no.max_seq_no"
    answer = connection.client.indices.stats(index=index, level="shards", filter_path=wanted)
    return any(
        lease["retaining_seq_no"] <= copy["seq_no"]["max_seq_no"]
        for copy in _copies(answer.body)
        for lease in copy.get("retention_leases", {}).get("leases", ())
    )


def _copies(stats: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the statistics of every copy of every shard."""
    return [copy for index in stats["indices"].values() for shard in index["shards"].values() for copy in shard]
