"""Search by vectors alone: recall, time, building time and disk of each way to store them, in one run.

    python -m benchmarks vectors --movies 200000
    python -m benchmarks vectors --movies 1000000 --nodes 3 --keep results --limit 3600

Vectors are jittered copies of real ones (`benchmarks/synthetic_catalogue.py`). Elasticsearch stores them in indexes
made by Marquee's own code, in documents without texts, merged as after a build (MARQUEE_ELASTICSEARCH_SEGMENTS). It
is that of ELASTICSEARCH_URL, or with `--nodes` one that is started for the measurement by the script in
MARQUEE_TEST_ES_SCRIPT.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from elasticsearch import Elasticsearch, helpers
from numpy.typing import NDArray
from pydantic import SecretStr

from benchmarks import builds, markdown, metrics, scale, synthetic_catalogue, workplace
from benchmarks.workplace import EMBEDDED
from core.config import Settings
from core.ports import IndexInfo, Question, Vectors
from data.catalogues import sources
from engine import wiring
from engine.search.search import Search
from indexer import queries as bodies
from indexer import schema
from indexer.elastic import mapping, vector_options
from indexer.elastic.cluster import builders, client, merges
from indexer.elastic.cluster.client import Connection
from indexer.embedded.meaning import Meaning
from indexer.vectors.graph import Graph
from tests.indexer.elastic import clusters

EXACT, GRAPH = "exact", "graph"
"""The embedded engine's ways: every vector compared, and a graph."""
STORED = ("flat", "hnsw", "int8_hnsw", "bbq_hnsw")
KINDS = (EXACT, GRAPH, *STORED)
DEPTH = 300
"""Movies that a search requests by meaning, as many as the website's."""
FIRST = 10
CHUNK = 1_000
MB = 10**6
REPLICATION = 1_800
"""Seconds to wait for replicas."""
MERGING = 1_800
"""Seconds to wait until Elasticsearch has merged segments: searches beside merges say nothing about a type."""
UNITS = ("recall@10", "p50 ms", "p95 ms", "build s", "disk MB", "segments")

Found = NDArray[np.int64]


class OverLimit(Exception):
    """A measurement took too long."""


class Limit:
    """The time that a measurement may take, in seconds."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._seconds = seconds

    def check(self, what: str) -> None:
        """Raise `OverLimit` if the time is over."""
        if time.monotonic() > self._until:
            raise OverLimit(f"stopped after {self._seconds:g} s, {what}; raise --limit")


def main(arguments: Sequence[str]) -> None:
    """Measure each kind that has no stored result yet; print the table of all."""
    given = _parse(arguments)
    file = given.keep / _name(given) if given.keep is not None else None
    measured = json.loads(file.read_text(encoding="utf-8")) if file is not None and file.exists() else {}
    missing = [kind for kind in given.kinds if kind not in measured]
    if missing:
        for kind, figures in _measure(given, missing):
            print(f"  {kind}: {figures}", flush=True)
            measured[kind] = figures
            if file is not None:  # after each kind, so that an interrupted run goes on with the next one
                file.parent.mkdir(parents=True, exist_ok=True)
                whole = {name: kept for name, kept in measured.items() if "stopped" not in kept}
                file.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    print(
        f"\n{given.movies:,} movies, {given.nodes or 1} node(s), {given.shards} shard(s), {given.replicas} replica(s)"
    )
    print(report(measured), flush=True)


def report(measured: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table of all kinds, with the ratios of their times to those of `int8_hnsw` and of `exact`."""
    rows = []
    for kind, found in measured.items():
        if "stopped" in found:
            rows.append([kind, found["stopped"], *[""] * (len(UNITS) + 1)])
            continue
        ratios = [_ratio(found, measured.get(other)) for other in ("int8_hnsw", EXACT)]
        rows.append([kind, *(str(found.get(unit, "")) for unit in UNITS), *ratios])
    return markdown.table(["vectors", *UNITS, "p50 / int8_hnsw", "p50 / exact"], rows)


def _ratio(found: Mapping[str, Any], other: Mapping[str, Any] | None) -> str:
    return f"{found['p50 ms'] / other['p50 ms']:.2f}" if other is not None and "p50 ms" in other else ""


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks vectors", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--movies", type=int, default=200_000, metavar="N", help="number of vectors (200000)")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="measure these")
    parser.add_argument("--nodes", type=int, metavar="N", help="start an Elasticsearch of N nodes")
    parser.add_argument("--shards", type=int, default=None, metavar="N", help="primary shards (one for each node)")
    parser.add_argument("--replicas", type=int, default=None, metavar="N", help="replicas (0; 1 on several nodes)")
    parser.add_argument("--heap", default="1g", help="heap of each node that is started (1g)")
    parser.add_argument("--limit", type=float, default=math.inf, metavar="S", help="seconds for each kind")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="store results here, and measure only what is new")
    given = parser.parse_args(arguments)
    given.shards = given.shards or given.nodes or 1
    given.replicas = given.replicas if given.replicas is not None else int((given.nodes or 1) > 1)
    return given


def _name(given: argparse.Namespace) -> str:
    return f"vectors-{given.movies}-{given.nodes or 1}-{given.shards}-{given.replicas}.json"


@dataclass(frozen=True, slots=True)
class Workload:
    """What is searched, and for what.

    Attributes:
        vectors: float32, (n_movies, dimension), unit rows.
        asked: float32, (n_queries, dimension), unit rows.
        nearest: int64, (n_queries, 10), the nearest rows of each query.
        shards: primary shards.
        replicas: copies of each of them.
    """

    vectors: Vectors
    asked: Vectors
    nearest: Found
    shards: int = 1
    replicas: int = 0


def _measure(given: argparse.Namespace, kinds: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    own = workplace.settings_of_caller()
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="marquee-bench-")))
        settings = workplace.engines(own, home)[EMBEDDED]
        workplace.copy_caches(own.home, home)
        workplace.in_process(_prepare, settings)
        vectors = synthetic_catalogue.jitter(np.load(home / "real.npy"), given.movies)
        asked = np.load(home / "asked.npy")
        load = Workload(vectors, asked, _nearest(vectors, asked), given.shards, given.replicas)
        connection: Connection | None = None
        for kind in kinds:
            if kind in STORED and connection is None:
                connection = stack.enter_context(_connected(settings, given))
            limit = Limit(given.limit)
            try:
                if kind in STORED and connection is not None:
                    yield kind, measure_stored(connection, kind, settings, load, limit=limit)
                else:
                    yield kind, measure_embedded(kind, home, load)
            except OverLimit as over:
                yield kind, {"stopped": str(over)}


def _prepare(settings: Settings) -> None:
    """Write the vectors of movies and of queries into the home, float32, unit rows."""
    builds.build(settings)
    index = wiring.store(settings).open()
    np.save(settings.home / "real.npy", index.vectors([movie.id for movie in sources.load(settings).movies]))
    searching = wiring.build(settings).search
    assert isinstance(searching, Search)
    assert settings.data_dir is not None
    texts = scale.texts(settings.data_dir)
    np.save(settings.home / "asked.npy", np.stack([searching.encoder.encode([text])[0] for text in texts]))


def _nearest(vectors: Vectors, asked: Vectors) -> Found:
    """Return int64, (n_queries, 10): the nearest rows of each query."""
    return np.stack([np.argpartition(-(vectors @ one), FIRST)[:FIRST] for one in asked])


def measure_embedded(kind: str, home: Path, load: Workload) -> dict[str, Any]:
    """Measure a way of the embedded engine; `home` is a folder for the graph."""
    size, seconds, graph = load.vectors.nbytes, 0.0, None
    if kind == GRAPH:
        started = time.perf_counter()
        Graph.build(load.vectors).save(home / GRAPH)
        seconds = time.perf_counter() - started
        size += sum(part.stat().st_size for part in (home / GRAPH).iterdir())
        graph = Graph.load(home / GRAPH, count=len(load.vectors), dimension=load.vectors.shape[1])
    space = Meaning(load.vectors, graph)

    def find(one: Vectors) -> Found:
        compared = space.compare(one)
        rows = compared.nearest(None, DEPTH)
        return rows[np.argsort(-compared.cosines(rows))]

    return {**_search(find, load), "build s": round(seconds, 1), "disk MB": round(size / MB)}


def measure_stored(
    connection: Connection, kind: str, settings: Settings, load: Workload, *, limit: Limit
) -> dict[str, Any]:
    """Measure a kind of vector fields in an index that is deleted afterwards.

    Raises:
        OverLimit: it took too long.
    """
    index, asker, info = f"{settings.elasticsearch_index}-vectors", connection.client, _info(load.vectors)
    options = vector_options.chosen(settings.model_copy(update={"elasticsearch_vectors": kind}), info)
    segments = merges.segments_wanted(settings, exact=options.exact)
    layout = dataclasses.replace(
        mapping.new_layout(info, shards=load.shards, options=options), effort=settings.elasticsearch_effort
    )

    def find(one: Vectors) -> Found:
        body = bodies.candidates(Question(vector=one, depth=DEPTH), layout)["near"]
        hits = asker.msearch(index=index, searches=[{}, body]).body["responses"][0]["hits"]["hits"]
        return np.array([hit["fields"]["id"][0] for hit in hits], np.int64)

    try:
        started = time.perf_counter()
        created = mapping.create(info, alias=index, shards=load.shards, builder=builders.identity(), options=options)
        asker.indices.create(index=index, **created)
        workplace.timed(f"{kind}: writing", _fill, asker, index, load, limit=limit)
        workplace.timed(f"{kind}: merging", _merge, connection, index, limit, segments=segments)
        workplace.timed(f"{kind}: copying to replicas", _copy, asker, index, load.replicas)
        seconds = time.perf_counter() - started
        searched = workplace.timed(f"{kind}: searching", _search, find, load, limit)
        stored = asker.indices.stats(index=index, metric="store")["_all"]["total"]["store"]["size_in_bytes"]
        left = asker.indices.stats(index=index, metric="segments")["_all"]["primaries"]["segments"]["count"]
        return {**searched, "build s": round(seconds, 1), "disk MB": round(stored / MB), "segments": left}
    finally:
        asker.indices.delete(index=index, ignore_unavailable=True)


def _info(vectors: Vectors) -> IndexInfo:
    return IndexInfo(
        version="vectors",
        count=len(vectors),
        dimension=vectors.shape[1],
        encoder="",
        recipe="",
        schema=schema.REVISION,
        catalogue="jittered vectors",
        catalogue_hash="",
        built_at="",
        centroid=(),
    )


def _fill(asker: Elasticsearch, index: str, load: Workload, *, limit: Limit) -> None:
    """Write the vectors as a build does."""

    def documents() -> Iterator[dict[str, Any]]:
        for row, vector in enumerate(load.vectors):
            if row % CHUNK == 0:
                limit.check(f"{row:,} movies written")
            yield {"_index": index, "_id": str(row), "id": row, bodies.VECTOR: vector}

    for _ in helpers.streaming_bulk(asker, documents(), chunk_size=CHUNK):
        pass
    asker.indices.refresh(index=index)


def _copy(asker: Elasticsearch, index: str, replicas: int) -> None:
    """Add the replicas, and wait for them."""
    asker.indices.put_settings(index=index, settings={"index": {"number_of_replicas": replicas}})
    patient = asker.options(request_timeout=REPLICATION + 60)
    patient.cluster.health(index=index, wait_for_status="green" if replicas else "yellow", timeout=f"{REPLICATION}s")


def _merge(connection: Connection, index: str, limit: Limit, *, segments: int) -> None:
    """Merge as a build does, after Elasticsearch's own merges."""
    _wait_for_merges(connection.client, index, limit)
    merges.tidy(connection, index, segments=segments, patience=0.0)


def _wait_for_merges(asker: Elasticsearch, index: str, limit: Limit) -> None:
    until = time.monotonic() + MERGING
    while time.monotonic() < until:
        limit.check("merging segments")
        if not asker.indices.stats(index=index, metric="merge")["_all"]["total"]["merges"]["current"]:
            return
        time.sleep(1)


def _search(find: Callable[[Vectors], Found], load: Workload, limit: Limit | None = None) -> dict[str, Any]:
    taken, shares = [], []
    for number, (one, wanted) in enumerate(zip(load.asked, load.nearest, strict=True)):
        if limit is not None:
            limit.check(f"{number} queries")
        started = time.perf_counter()
        found = find(one)
        taken.append((time.perf_counter() - started) * 1000)
        shares.append(len(set(found[:FIRST].tolist()) & set(wanted.tolist())) / FIRST)
    times = metrics.percentiles(taken[scale.WARM_UP :] or taken)
    return {"recall@10": round(float(np.mean(shares)), 3), "p50 ms": times["p50"], "p95 ms": times["p95"]}


@contextlib.contextmanager
def _connected(settings: Settings, given: argparse.Namespace) -> Iterator[Connection]:
    with contextlib.ExitStack() as stack:
        if given.nodes:
            arguments = ("--nodes", str(given.nodes), "--heap", given.heap)
            url = stack.enter_context(clusters.started(*arguments)).url
        else:
            url = os.environ.get("ELASTICSEARCH_URL", "")
        if not url:
            raise SystemExit("set ELASTICSEARCH_URL, or start an Elasticsearch with --nodes 1")
        yield client.connect(settings.model_copy(update={"elasticsearch_url": (SecretStr(url),)}), batch=True)
