"""The faults of a site of several servers: each part is killed, or hangs, and is repaired."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from benchmarks import server
from benchmarks.chaos.cluster import COUNTS, DATABASE, NODES, POOLER, PROXY, SERVERS
from benchmarks.chaos.faults import Cause, Fault, build_published
from benchmarks.chaos.servers import WebServer
from benchmarks.chaos.site import Site


def killed(*names: str) -> Cause:
    """Kill parts of the site, and start them again at the end."""

    @contextmanager
    def cause(site: Site) -> Iterator[None]:
        parts = [site.parts[name] for name in names]
        with ThreadPoolExecutor(len(parts)) as pool:
            list(pool.map(lambda part: part.kill(), parts))
            try:
                yield
            finally:
                list(pool.map(lambda part: part.start(), parts))

    return cause


def hanging(*names: str) -> Cause:
    """Stop all processes of parts of the site, which then accept connections and answer nothing; continue them."""

    @contextmanager
    def cause(site: Site) -> Iterator[None]:
        processes = [process for name in names for process in server.family(site.parts[name].pid)]
        _signal(processes, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal(processes, signal.SIGCONT)

    return cause


@contextmanager
def restarted(site: Site) -> Iterator[None]:
    """Restart one web server after the other, as an update does."""
    for name in SERVERS:
        part = site.parts[name]
        assert isinstance(part, WebServer)
        part.stop()
        part.start()
    yield


def _signal(processes: list[int], what: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, what)


FAULTS = (
    Fault("one of two servers is killed", killed(SERVERS[0]), aim=2.0),
    Fault("one of two servers hangs", hanging(SERVERS[1])),
    Fault("the servers are restarted one after the other", restarted, lasts=1.0, aim=2.0),
    Fault("one of three nodes is killed", killed(NODES[2]), aim=5.0),
    Fault("one of three nodes hangs", hanging(NODES[1])),
    Fault("all nodes are killed", killed(*NODES)),
    Fault("all nodes hang", hanging(*NODES)),
    Fault("an index is built and published", build_published, lasts=2.0, aim=2.0),
    Fault("PostgreSQL is killed", killed(DATABASE)),
    Fault("PostgreSQL hangs", hanging(DATABASE)),
    Fault("PgBouncer is killed", killed(POOLER)),
    Fault("Redis is killed", killed(COUNTS), aim=2.0),
    Fault("Redis hangs", hanging(COUNTS), aim=2.0),
    Fault("nginx is killed, and started after 2 s", killed(PROXY), lasts=2.0, aim=5.0),
)
"""Faults of a site of several servers. What there is one of is missed while it is away, so these have no aim."""
