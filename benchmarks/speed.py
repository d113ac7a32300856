"""How fast searches are over HTTP, and how much memory the serving process holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks import load, machine, metrics, names, queries, request_quality, server, workplace
from core.config import Settings

CLIENTS = 8
SEARCHES_BEFORE_MEMORY = 200
EACH = 300
"""Short and long texts that are searched for."""
LONG_SET = "reddit_tomt"


def measure(engines: Mapping[str, Settings]) -> dict[str, Any]:
    """Milliseconds with one client, answers per second with eight; every text is searched for once."""
    return {name: workplace.told(f"speed, {name}", _engine, own) for name, own in engines.items()}


def measure_memory(engines: Mapping[str, Settings]) -> dict[str, Any]:
    """Memory of the server's processes together, after some searches."""
    return {name: workplace.told(f"memory, {name}", _memory, own) for name, own in engines.items()}


def _engine(settings: Settings) -> dict[str, Any]:
    assert settings.data_dir is not None
    texts = queries.short_texts(settings.data_dir)
    lengths = {name: _alone(settings, some) for name, some in _lengths(settings).items()}
    with server.running(settings) as serving:
        load.warm_up(serving.port)
        one = metrics.percentiles(load.one_by_one(serving.port, texts))
        start = serving.started_s
    with server.running(settings) as serving:  # a fresh one: the first knows these texts already
        load.warm_up(serving.port)
        many = workplace.apart(load.all_at_once, serving.port, texts, clients=CLIENTS)
    figures = {"searches": len(texts), "start_s": start, "one_client_ms": one, "eight_clients": many}
    return {**figures, **lengths, "load": max(own["load"] for own in lengths.values())}


def _lengths(settings: Settings) -> dict[str, list[str]]:
    """Requests, which are a few words long, and posts of people who recall a movie, which are a paragraph long."""
    assert settings.data_dir is not None
    short = [one.query for one in request_quality.read(request_quality.SHIPPED)]
    long = [one.query for one in queries.load(settings.data_dir)[LONG_SET]]
    return {
        name: names.spread(list(dict.fromkeys(some)), EACH) for name, some in {"short": short, "long": long}.items()
    }


def _alone(settings: Settings, texts: Sequence[str]) -> dict[str, float]:
    """Search for every text once, as soon as nothing else runs; the processor's time tells what waiting adds."""
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
