"""Speed of searches over HTTP, and memory of the serving process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks import load, machine, metrics, names, queries, request_quality, server, workplace
from core.config import Settings

CLIENTS = 8
SEARCHES_BEFORE_MEMORY = 200
EACH = 300
"""The number of short and of long texts to search for."""
LONG_SET = "reddit_tomt"


def measure(engines: Mapping[str, Settings]) -> dict[str, Any]:
    """Return milliseconds with one client and responses per second with eight; every text is searched once."""
    return {name: workplace.timed(f"speed, {name}", _engine, own) for name, own in engines.items()}


def measure_memory(engines: Mapping[str, Settings]) -> dict[str, Any]:
    """Return the total memory of the server's processes after some searches."""
    return {name: workplace.timed(f"memory, {name}", _memory, own) for name, own in engines.items()}


def _engine(settings: Settings) -> dict[str, Any]:
    assert settings.data_dir is not None
    texts = queries.short_texts(settings.data_dir)
    lengths = {name: _alone(settings, some) for name, some in _lengths(settings).items()}
    with server.running(settings) as serving:
        load.warm_up(serving.port)
        one = metrics.percentiles(load.one_by_one(serving.port, texts))
        start = serving.started_s
    with server.running(settings) as serving:  # a new server: the first has cached these texts
        load.warm_up(serving.port)
        many = workplace.in_process(load.all_at_once, serving.port, texts, clients=CLIENTS)
    figures = {"searches": len(texts), "start_s": start, "one_client_ms": one, "eight_clients": many}
    return {**figures, **lengths, "load": max(own["load"] for own in lengths.values())}


def _lengths(settings: Settings) -> dict[str, list[str]]:
    """Return requests of a few words, and posts of a paragraph in which people recall a movie."""
    assert settings.data_dir is not None
    short = [one.query for one in request_quality.read(request_quality.SHIPPED)]
    long = [one.query for one in queries.load(settings.data_dir)[LONG_SET]]
    return {
        name: names.spread(list(dict.fromkeys(some)), EACH) for name, some in {"short": short, "long": long}.items()
    }


def _alone(settings: Settings, texts: Sequence[str]) -> dict[str, float]:
    """Search for every text once as soon as the machine is quiet; processor time shows how much is waiting."""
    with server.running(settings) as serving:
        load.warm_up(serving.port)
        busy = machine.wait_until_quiet()
        family = server.family(serving.pid)
        before = machine.processor_seconds(family)
        taken = load.one_by_one(serving.port, texts)
        spent = (machine.processor_seconds(family) - before) * 1000 / len(texts)
    return {"searches": len(texts), **metrics.percentiles(taken), "processor_ms": round(spent, 2), "load": busy}


def _memory(settings: Settings) -> dict[str, Any]:
    assert settings.data_dir is not None
    with server.running(settings) as serving:
        load.one_by_one(serving.port, queries.short_texts(settings.data_dir)[:SEARCHES_BEFORE_MEMORY])
        return {**server.memory_mb(serving.pid), "processes": len(server.family(serving.pid))}
