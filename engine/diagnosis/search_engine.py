"""Checks of the search engine and of the published index."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.config import Settings, variable
from core.errors import IndexMissing
from core.ports import IndexInfo, IndexStore
from core.types import Filters, Sort
from engine.catalogue import index_build
from engine.diagnosis.findings import Finding, Status, error, ok, warning
from indexer import schema

if TYPE_CHECKING:
    from indexer.elastic.cluster.inspection import ClusterState

ENGINE, INDEX, UP_TO_DATE = "search engine", "index", "index up to date"
MAJOR = "9"
"""The supported major version of Elasticsearch."""
COLOURS = {"green": Status.OK, "yellow": Status.WARNING, "red": Status.ERROR}
BUILD = "run `marquee index`"


def engine(inspect: Callable[[], ClusterState] | None) -> list[Finding]:
    """Check the cluster; None: the embedded engine, of which only the index is checked."""
    if inspect is None:
        return [ok(ENGINE, "embedded, in the home folder")]
    return judge_cluster(inspect())


def judge_cluster(state: ClusterState) -> list[Finding]:
    """Return the findings about a cluster that responds."""
    if not state.health:
        return [ok(ENGINE, f"{state.address} responds; its health is hidden from this user (privilege `monitor`)")]
    found = [_version(state), _health(state)]
    if state.disk in ("yellow", "red"):
        advice = "free disk space on its nodes, or add a node: near the limit, Elasticsearch makes indexes read-only"
        found.append(Finding(ENGINE, COLOURS[state.disk], f"disk watermark: {state.disk_symptom}", advice))
    return found


def _version(state: ClusterState) -> Finding:
    name = f"Elasticsearch {state.version or 'of unknown version'} at {state.address}"
    if state.version and state.version.partition(".")[0] != MAJOR:
        return error(
            ENGINE,
            f"{name} is not supported",
            f"install Elasticsearch {MAJOR}, or unset {variable('elasticsearch_url')}",
        )
    return ok(ENGINE, name)


def _health(state: ClusterState) -> Finding:
    found = f"the cluster is {state.health} (nodes: {state.nodes}, unassigned copies of shards: {state.unassigned})"
    status = COLOURS.get(state.health, Status.WARNING)
    if status is Status.OK:
        return ok(ENGINE, found)
    replicas = f"; on a single node, set {variable('elasticsearch_replicas')}=0" if state.nodes == 1 else ""
    return Finding(ENGINE, status, found, f"ask it why with `GET _cluster/allocation/explain`{replicas}")


def index(open_store: Callable[[], IndexStore]) -> list[Finding]:
    """Check the published index."""
    published = open_store().open()
    try:
        info = published.info()
    except IndexMissing as missing:
        return [error(INDEX, str(missing), BUILD)]
    if info.schema != schema.REVISION:
        return [judge_index(info, searchable=0)]
    everything = Filters(adult=True)
    return [judge_index(info, searchable=published.listing(everything, sort=Sort.POPULARITY, offset=0, size=1).total)]


def judge_index(info: IndexInfo, *, searchable: int) -> Finding:
    """Return the finding about an index; `searchable` is the number of movies that a search over all of them finds."""
    if info.schema != schema.REVISION:
        return error(INDEX, f"{info.version} has schema revision {info.schema}, expected {schema.REVISION}", BUILD)
    if searchable != info.count:
        found = f"{info.version} should have {info.count:,} movies, but {searchable:,} can be found"
        return error(INDEX, found, f"{BUILD}, or `marquee index --rollback`")
    stored = f"; {info.storage}" if info.storage else ""
    found = f"{info.version}: {info.count:,} movies of {info.catalogue}, schema revision {info.schema}{stored}"
    return ok(INDEX, found)


def up_to_date(settings: Settings, open_store: Callable[[], IndexStore]) -> list[Finding]:
    """Check whether catalogue, encoder and tables are still those that the index was built from."""
    reason = index_build.stale(settings, open_store())
    return [warning(UP_TO_DATE, reason, BUILD) if reason else ok(UP_TO_DATE, "built from the current catalogue")]
