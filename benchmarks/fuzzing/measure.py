"""The figures of a run: counts by kind, the slowest request, memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from benchmarks import server
from benchmarks.fuzzing import generator, sender
from benchmarks.fuzzing.report import SLOWEST
from benchmarks.fuzzing.sender import NO_ANSWER, Received
from benchmarks.fuzzing.site import Target

CLIENTS = 4
PARTS = 4
"""The memory is read after each part of the requests."""
SHOWN = 20
"""Maximum number of failures in the results."""
ERROR, UNKNOWN_METHOD, UNAVAILABLE = 500, 501, 503


def fuzz(target: Target, *, seed: int, count: int) -> dict[str, Any]:
    """Send `count` requests; return plain JSON figures."""
    host = f"{target.address[0]}:{target.address[1]}"
    made = generator.requests(target.routes, target.visitors, seed=seed, count=count, host=host)
    received: list[Received] = []
    memory = [server.memory_mb(target.pid)["pss_mb"]]
    for part in _parts(made, count):
        received += sender.send_all(part, target.address, clients=CLIENTS)
        memory.append(server.memory_mb(target.pid)["pss_mb"])
    return {
        "seed": seed,
        "routes": len(target.routes),
        "kinds": {kind: figures([one for one in received if one.sent.kind == kind]) for kind in generator.KINDS},
        "memory_mb": memory,
        "failures": [_shown(one) for one in received if _failed(one)][:SHOWN],
    }


def _parts(made: Iterator[generator.Sent], count: int) -> Iterator[list[generator.Sent]]:
    size = -(-count // PARTS)
    while part := list(islice(made, size)):
        yield part


def figures(received: Iterable[Received]) -> Mapping[str, Any]:
    """Return the counts of responses by their class."""
    found = list(received)
    classes = Counter(_class(one) for one in found)
    return {
        "requests": len(found),
        "good": classes["2xx"] + classes["3xx"],
        "refused": classes["4xx"],
        "busy": classes["busy"],
        "errors": classes["5xx"],
        "unanswered": classes["0xx"],
        "slowest_s": round(max((one.seconds for one in found), default=0.0), 2),
    }


def _class(one: Received) -> str:
    if one.status == UNAVAILABLE and one.retry:
        return "busy"
    refused = one.status == UNKNOWN_METHOD or (one.status == NO_ANSWER and not one.sent.framed())
    return "4xx" if refused else f"{one.status // 100}xx"


def _failed(one: Received) -> bool:
    return _class(one) in ("5xx", "0xx") or one.seconds > SLOWEST


def _shown(one: Received) -> str:
    headers = {name: value[:80].decode("latin-1") for name, value in one.sent.headers if name != "Cookie"}
    return (
        f"{one.status} in {one.seconds:.1f} s, {one.sent.kind}: {one.sent.method} "
        f"{one.sent.target[:300].decode('latin-1')} "
        f"{headers} {one.sent.body[:200]!r} ({len(one.sent.body)} bytes)"
    )
