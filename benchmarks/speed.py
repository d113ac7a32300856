"""How fast searches are over HTTP, and how much memory the serving process holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks import load, metrics, queries, server, workplace
from core.config import Settings

CLIENTS = 8
SEARCHES_BEFORE_MEMORY = 200


def measure(engines: Mapping[str, Settings]) -> dict[str, Any]:
    """Milliseconds with one client, answers per second with eight; every text is searched for once."""
    return {name: workplace.told(f"speed, {name}", _engine, own) for name, own in engines.items()}


def measure_memory(engines: Mapping[str, Settings]) -> dict[str, Any]:
    """Memory of the server's processes together, after some searches."""
    return {name: workplace.told(f"memory, {name}", _memory, own) for name, own in engines.items()}


def _engine(settings: Settings) -> dict[str, Any]:
    assert settings.data_dir is not None
    texts = queries.short_texts(settings.data_dir)
    with server.running(settings) as serving:
        load.warm_up(serving.port)
        one = metrics.percentiles(load.one_by_one(serving.port, texts))
        start = serving.started_s
    with server.running(settings) as serving:  # a fresh one: the first knows these texts already
        load.warm_up(serving.port)
        many = workplace.apart(load.all_at_once, serving.port, texts, clients=CLIENTS)
    return {"searches": len(texts), "start_s": start, "one_client_ms": one, "eight_clients": many}


def _memory(settings: Settings) -> dict[str, Any]:
    assert settings.data_dir is not None
    with server.running(settings) as serving:
        load.one_by_one(serving.port, queries.short_texts(settings.data_dir)[:SEARCHES_BEFORE_MEMORY])
        return {**server.memory_mb(serving.pid), "processes": len(server.family(serving.pid))}
