"""Facts about a cluster, for `marquee doctor`. What the user may not ask is unknown, not an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from elasticsearch import AuthorizationException

from indexer.elastic.cluster import errors
from indexer.elastic.cluster.client import Connection


@dataclass(frozen=True, slots=True)
class ClusterState:
    """A cluster that responds; empty texts are unknown."""

    address: str
    """Without credentials."""
    version: str = ""
    health: str = ""
    """`green`, `yellow` or `red`."""
    nodes: int = 0
    unassigned: int = 0
    """Copies of shards that no node holds."""
    disk: str = ""
    """The colour of the disk watermarks: `yellow` if an index may become read-only, `red` if one is."""
    disk_symptom: str = ""


def inspect(connection: Connection) -> ClusterState:
    """Return the state of the cluster. Raises `SearchUnavailable` if it does not respond or is not Elasticsearch 9."""
    client = connection.client
    with errors.translated(connection.context):
        info, health = _allowed(client.info), _allowed(client.cluster.health)
        disk = _allowed(lambda: client.health_report(feature="disk")).get("indicators", {}).get("disk", {})
        return ClusterState(
            address=connection.context.address,
            version=str(info.get("version", {}).get("number", "")),
            health=str(health.get("status", "")),
            nodes=int(health.get("number_of_nodes", 0)),
            unassigned=int(health.get("unassigned_shards", 0)),
            disk=str(disk.get("status", "")),
            disk_symptom=str(disk.get("symptom", "")),
        )


def clock(connection: Connection) -> datetime | None:
    """Return the cluster's time: the header `Date`, which proxies add, or that of a node. None if it is unknown."""
    client = connection.client
    with errors.translated(connection.context):
        try:
            found = client.nodes.stats(metric="fs", filter_path="nodes.*.timestamp")
            headers, nodes = found.meta.headers, found.body.get("nodes", {})
        except AuthorizationException as denied:
            headers, nodes = denied.meta.headers, {}
    if "date" in headers:
        return parsedate_to_datetime(headers["date"]).astimezone(UTC)
    stamps = [node["timestamp"] for node in nodes.values()]
    return datetime.fromtimestamp(max(stamps) / 1000, UTC) if stamps else None


def _allowed(call: Callable[[], Any]) -> Mapping[str, Any]:
    """Return the content of an answer; empty if the user lacks the privilege `monitor`."""
    try:
        answer: Mapping[str, Any] = call().body
    except AuthorizationException:
        return {}
    return answer
