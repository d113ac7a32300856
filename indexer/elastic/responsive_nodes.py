"""Which nodes of a cluster respond: asked only after a call took too long.

A node that hangs is not removed from the cluster for half a minute, and until then every node that needs one of its
shards waits for it too. A retry elsewhere helps only if it also avoids the copies on that node.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

PROBE_SECONDS = 0.5
UNKNOWN = "unknown"
REMEMBERED_SECONDS = 10.0
"""How long the responsive nodes are used before all of them are tried again."""


@dataclass(frozen=True, slots=True)
class Route:
    """A node to ask, and the preference for copies of shards on nodes that respond."""

    client: Elasticsearch
    preference: str


@dataclass
class ResponsiveNodes:
    """The nodes of a cluster, each with a client of its own. Thread-safe."""

    clients: Sequence[Elasticsearch]
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _found: tuple[float, Route] | None = None

    def route(self) -> Route | None:
        """Return the route found recently; None if all nodes may be used."""
        found = self._found
        return found[1] if found is not None and self.clock() < found[0] else None

    def probe(self) -> Route | None:
        """Ask all nodes whether they respond, and return the route; None if all or none of them do."""
        with ThreadPoolExecutor(len(self.clients)) as pool:
            identities = list(pool.map(_identity, self.clients))
        alive = [(client, found) for client, found in zip(self.clients, identities, strict=True) if found]
        route = None
        if 0 < len(alive) < len(self.clients):
            known = [identity for _, identity in alive if identity != UNKNOWN]
            route = Route(alive[0][0], f"_prefer_nodes:{','.join(known)}" if known else "_local")
        with self._lock:
            self._found = None if route is None else (self.clock() + REMEMBERED_SECONDS, route)
        return route


def _identity(client: Elasticsearch) -> str:
    """Return the id of a node; empty if it does not respond, `UNKNOWN` if these credentials may not read it."""
    try:
        body = client.options(request_timeout=PROBE_SECONDS, max_retries=0).nodes.info(
            node_id="_local", filter_path="nodes.*.name"
        )
    except ApiError:
        return UNKNOWN
    except TransportError:
        return ""
    return next(iter(body.body.get("nodes", {})), "")
