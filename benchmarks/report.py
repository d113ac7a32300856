"""The results as Markdown: the headline table and the tables of details. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks import figures, intents, quality, request_quality
from benchmarks.figures import ENGINES, UNKNOWN, Results, lookup
from benchmarks.markdown import table


def headline(results: Results, *, commands: bool = False) -> str:
    """Return the table of all figures; with `commands`, including the command that prints each one."""
    shown = []
    for one in figures.every():
        cells = [one.cell(results, engine) for engine in ENGINES]
        if set(cells) != {UNKNOWN}:
            shown.append([one.name, one.baseline, one.target, *cells, *([f"`{one.command}`"] if commands else [])])
    head = ["figure", "baseline", "target", *ENGINES.values(), *(["printed by"] if commands else [])]
    return "\n\n".join(filter(None, [_place(results), table(head, shown), _omitted(results)]))


def details(results: Results) -> str:
    """Return all further tables that have results."""
    parts: dict[str, Callable[[Any], str]] = {
        "requests": _requests,
        "understanding": _understanding,
        "ranking": _ranking,
        "quality": _quality,
        "speed": _speed,
        "encoder": _encoder,
        "build": _builds,
        "memory": _memory,
        "workers": _workers,
        "scale": _scale,
    }
    return "\n\n".join(render(results[name]) for name, render in parts.items() if results.get(name))


def _place(results: Results) -> str:
    machine, movies = results.get("machine", {}), lookup(results, ("catalogue", "films"))
    if not machine:
        return ""
    what = f"{results['catalogue']['name']}, {movies:,} movies; " if movies else ""
    return f"{what}{machine['cores']} cores, {machine['memory_gb']} GB, Python {machine['python']}."


def _omitted(results: Results) -> str:
    return "\n".join(f"Not measured: {sentence}" for sentence in results.get("left_out", ()))


def _requests(found: Mapping[str, Any]) -> str:
    parts = []
    for engine, own in found.items():
        for name, title in {
            request_quality.OWN: "Requests",
            request_quality.EXTERNAL: "Requests of the test data",
        }.items():
            if name in own:
                parts.append(f"{title}, {engine}\n\n{request_quality.table(own[name])}")
        ranks = [[text, rank or UNKNOWN] for text, rank in own["examples"]["ranks"].items()]
        parts.append(f"Example searches, {engine}\n\n{table(['text', 'rank of the intended movie'], ranks)}")
    return "\n\n".join(parts)


def _understanding(found: Mapping[str, Any]) -> str:
    return "\n\n".join(f"Marked genres and years, {engine}\n\n{intents.table(own)}" for engine, own in found.items())


def _ranking(found: Mapping[str, Any]) -> str:
    head = ["set", "queries", "engine", "order", "R@1", "R@10", "MRR"]
    rows = [
        [name, own["queries"], engine, order, *(f"{own[key][part]:.4f}" for part in ("recall_1", "recall_10", "mrr"))]
        for engine, sets in found.items()
        for name, own in sets.items()
        for key, order in {"before": "fused", "after": "learned"}.items()
    ]
    return f"Descriptions of movies on which the ranking was not trained\n\n{table(head, rows)}"


def _quality(found: Mapping[str, Any]) -> str:
    head = [
        "set",
        "queries",
        "mode",
        "engine",
        "R@1",
        "R@10",
        "95 %",
        "R@100",
        "MRR",
        "R@10 tuning half",
        "R@10 other half",
    ]
    rows = [
        _quality_row(name, mode, engine, found[engine][name][mode])
        for name in quality.BASELINES
        for mode in map(str, quality.MODES)
        for engine in found
    ]
    baselines = [[name, *(f"{value:.3f}" for value in own.values())] for name, own in quality.BASELINES.items()]
    beside = table(
        ["baselines, R@10", "BM25", "cosine, one text", "cosine, summed", "summed + BM25 + votes"], baselines
    )
    return f"Quality\n\n{table([*head, 'MRR other half'], rows)}\n\n{beside}"


def _quality_row(name: str, mode: str, engine: str, figures: Mapping[str, Any]) -> list[str]:
    whole, tuning, other = (figures[part] for part in ("all", "tuning", "reporting"))
    low, high = figures["recall@10_interval"]
    values = [whole["recall@1"], whole["recall@10"], f"{low:.3f}–{high:.3f}", whole["recall@100"], whole["mrr"]]
    values += [tuning["recall@10"], other["recall@10"], other["mrr"]]
    shown = [value if isinstance(value, str) else f"{value:.3f}" for value in values]
    return [name, str(figures["queries"]), mode, engine, *shown]


def _speed(found: Mapping[str, Any]) -> str:
    head = ["engine", "searches", "first answer, s", "p50 ms", "p95 ms", "p99 ms", "8 clients: per s", "p50 ms"]
    rows = [
        [engine, own["searches"], own["start_s"], *own["one_client_ms"].values(), *own["eight_clients"].values()]
        for engine, own in found.items()
    ]
    parts = [f"Speed over HTTP, every text searched once\n\n{table(head, rows)}"]
    head = ["engine", "texts", "searches", "p50 ms", "p95 ms", "p99 ms", "processor ms", "load of the machine"]
    rows = [
        [engine, length, own[length]["searches"], *map(own[length].get, ("p50", "p95", "p99", "processor_ms", "load"))]
        for engine, own in found.items()
        for length in ("short", "long")
        if length in own
    ]
    return "\n\n".join([*parts, *([table(head, rows)] if rows else [])])


def _encoder(found: Mapping[str, Any]) -> str:
    columns = [name for name, value in found.items() if isinstance(value, Mapping)]
    rows = [[key, *(found[column].get(key, UNKNOWN) for column in columns)] for key in found[columns[0]]]
    return f"Encoder, against sentence-transformers on {found['queries']} queries\n\n{table(['', *columns], rows)}"


def _builds(found: Mapping[str, Any]) -> str:
    rows = [
        [engine, kind, own["films"], own["encoded"], own["seconds"], own["writing_s"], own["films_per_s"]]
        for engine, kinds in found.items()
        for kind, own in kinds.items()
    ]
    head = ["engine", "build", "movies", "encoded", "seconds", "writing, s", "movies per s"]
    return f"Builds, each in its own process\n\n{table(head, rows)}"


def _memory(found: Mapping[str, Any]) -> str:
    rows = [[engine, own["pss_mb"], own["rss_mb"], own["processes"]] for engine, own in found.items()]
    return f"Memory after 200 searches\n\n{table(['engine', 'PSS MB', 'RSS MB', 'processes'], rows)}"


def _workers(found: Mapping[str, Any]) -> str:
    head = ["workers", "searches per s", "p50 ms", "PSS MB", "RSS MB", "USS MB of a worker", "load of the machine"]
    keys = ("requests_per_s", "p50", "pss_mb", "rss_mb", "uss_mb", "load")
    rows = [[number, *(own[key] for key in keys)] for number, own in found.items()]
    return f"Workers: 8 clients over HTTP, every text searched once, embedded engine\n\n{table(head, rows)}"


def _scale(found: Mapping[str, Any]) -> str:
    head = ["movies", "engine", "build s", "movies per s", "build peak MB"]
    head += ["search + encoding p50 / p95 ms", "search p50 / p95 ms", "engine alone p50 / p95 ms"]
    head += ["process PSS MB", "of it anonymous", "disk MB", "server heap MB"]
    rows = [
        [f"{int(size):,}", engine, *_building(own), *map(_pair, _timings(own)), *_sizes(own)]
        for engine, sizes in found.items()
        for size, own in sizes.items()
    ]
    return f"Growth, in process, one thread, every text searched once\n\n{table(head, rows)}"


def _building(own: Mapping[str, Any]) -> list[object]:
    return [own["build_s"], own["films_per_s"], own.get("build_mb", UNKNOWN)]


def _timings(own: Mapping[str, Any]) -> list[Mapping[str, float]]:
    return [own["with_encoding_ms"], own["search_ms"], own["candidates_ms"]]


def _pair(times: Mapping[str, float]) -> str:
    return f"{times['p50']:.1f} / {times['p95']:.1f}"


def _sizes(own: Mapping[str, Any]) -> list[object]:
    return [own["pss_mb"], own.get("anonymous_mb", UNKNOWN), own["disk_mb"], own.get("server_heap_mb", UNKNOWN)]
