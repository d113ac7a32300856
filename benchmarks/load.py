"""Clients that search over HTTP and keep their connection, like browsers and programs."""

from __future__ import annotations

import http.client
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import orjson

from benchmarks.server import HOST

TIMEOUT = 30.0
WARM_UP = ("a shark", "two brothers", "a lost dog", "murder on a train", "the last day of school")


def warm_up(port: int, times: int = 4) -> None:
    """A few searches for other texts than those that are measured: imports, connections, files read once."""
    one_by_one(port, [f"{text} {number}" for number in range(times) for text in WARM_UP])


def one_by_one(port: int, texts: Sequence[str]) -> list[float]:
    """Search for the texts one by one over one connection.

    Returns:
        Milliseconds from sending a request to the last byte of its response.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)
    try:
        return [_search(connection, text) for text in texts]
    finally:
        connection.close()


def all_at_once(port: int, texts: Sequence[str], *, clients: int) -> dict[str, float]:
    """Share the texts among clients that search without a pause; call it in a separate process.

    Returns:
        Responses per second over all clients, and the median time of a response in milliseconds.
    """
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        parts = list(pool.map(lambda number: one_by_one(port, texts[number::clients]), range(clients)))
    seconds = time.perf_counter() - started
    taken = sorted(milliseconds for part in parts for milliseconds in part)
    return {"requests_per_s": round(len(texts) / seconds, 1), "p50": round(taken[len(taken) // 2], 2)}


def _search(connection: http.client.HTTPConnection, text: str) -> float:
    started = time.perf_counter()
    connection.request("GET", f"/api/search?q={quote(text)}")
    answer = connection.getresponse()
    body = answer.read()
    taken = (time.perf_counter() - started) * 1000
    if answer.status != http.client.OK or "results" not in orjson.loads(body):
        raise SystemExit(f"the server answered {answer.status} to a search: {body[:300]!r}")
    return taken
