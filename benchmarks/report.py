"""What was measured, as Markdown: the headline table, which the README shows, and the details below it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import quality
from benchmarks.workplace import ELASTIC, EMBEDDED

ENGINES = {EMBEDDED: "embedded", ELASTIC: "Elasticsearch"}
UNKNOWN = "–"

Results = Mapping[str, Any]
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the headline table."""

    name: str
    path: Path
    """Where its values lie in the results; `*` stands for the engine."""
    form: str = "{:.3f}"
    least: float | None = None
    most: float | None = None
    targeted: frozenset[str] = frozenset(ENGINES)
    """Engines for which the target counts."""

    @property
    def target(self) -> str:
        """The target in words, empty where there is none."""
        sign, bound = ("≥", self.least) if self.least is not None else ("≤", self.most)
        return "" if bound is None else f"{sign} {bound:g}"

    def cell(self, results: Results, engine: str) -> str:
        """The value of one engine, with its mark where a target counts."""
        value = lookup(results, tuple(engine if part == "*" else part for part in self.path))
        if value is None:
            return UNKNOWN
        shown = self.form.format(value)
        return f"{shown} {self._mark(value)}" if self.target and engine in self.targeted else shown

    def _mark(self, value: float) -> str:
        met = value >= self.least if self.least is not None else self.most is None or value <= self.most
        return "ok" if met else "MISSED"


_EMBEDDED = frozenset({EMBEDDED})


def headline(results: Results) -> str:
    """The table of the README."""
    rows = [[one.name, one.target, *(one.cell(results, engine) for engine in ENGINES)] for one in _figures()]
    shown = [row for row in rows if set(row[2:]) != {UNKNOWN}]
    return "\n\n".join(
        filter(None, [_place(results), table(["", "target", *ENGINES.values()], shown), _omitted(results)])
    )


def details(results: Results) -> str:
    """Every further table for which something was measured."""
    parts: dict[str, Callable[[Any], str]] = {"quality": _quality, "speed": _speed, "encoder": _encoder}
    parts |= {"build": _builds, "memory": _memory, "scale": _scale}
    return "\n\n".join(render(results[name]) for name, render in parts.items() if results.get(name))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table whose cells are as wide as their column, so that it reads well as text too."""
    cells = [list(map(str, row)) for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def lookup(results: Results, path: Path) -> Any:  # noqa: ANN401 - JSON
    """The value at `path`, None where there is none."""
    value: Any = results
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _figures() -> list[Figure]:
    return [*_quality_figures(), *_short_figures(), *_speed_figures(), *_cost_figures(), *_growth_figures()]


def _quality_figures() -> list[Figure]:
    figures = []
    for mode in ("hybrid", "meaning", "words"):
        for name in quality.BASELINES:
            wanted = quality.TARGETS.get(mode, {}).get(name)
            path = ("quality", "*", name, mode, "all", "recall@10")
            figures.append(Figure(f"recall@10, {mode}, {name}", path, "{:.4f}", least=wanted))
    return figures


def _short_figures() -> list[Figure]:
    names = {
        "a title finds its film first": "title_first",
        "first 10 for a person's name have that person": "person_first_10",
        "film suggested after 60 % of its title": "prefix_suggested",
        "the same with one typo": "typo_suggested",
    }
    closeness = {
        "nonsense answered with “nothing close”": "nonsense_turned_away",
        "ordinary short wishes answered": "ordinary_answered",
    }
    return [
        *(Figure(name, ("names", "*", key)) for name, key in names.items()),
        *(Figure(name, ("closeness", "*", key)) for name, key in closeness.items()),
    ]


def _speed_figures() -> list[Figure]:
    one = ("speed", "*", "one_client_ms")
    return [
        Figure("search over HTTP, one client, p50 ms", (*one, "p50"), "{:.1f}", most=12, targeted=_EMBEDDED),
        Figure("p95 ms", (*one, "p95"), "{:.1f}"),
        Figure("p99 ms", (*one, "p99"), "{:.1f}"),
        Figure("searches per second, eight clients", ("speed", "*", "eight_clients", "requests_per_s"), "{:.0f}"),
    ]


def _cost_figures() -> list[Figure]:
    encoder = ("encoder", "float32")  # the same one serves both engines
    return [
        Figure("encoder load, s", (*encoder, "load_s"), "{:.2f}", most=1),
        Figure("encoder, one short query, median ms", (*encoder, "short_query_median_ms"), "{:.1f}", most=5),
        Figure("serving memory, MB", ("memory", "*", "pss_mb"), "{:.0f}", most=400),
        Figure("cold build, s", ("build", "*", "cold", "seconds"), "{:.1f}", most=120, targeted=_EMBEDDED),
        Figure("warm build, s", ("build", "*", "warm", "seconds"), "{:.1f}", most=10),
    ]


def _growth_figures() -> list[Figure]:
    return [
        Figure(
            f"search in process, {size:,} films, p50 ms",
            ("scale", "*", str(size), "with_encoding_ms", "p50"),
            "{:.1f}",
            most=25 if size == 50_000 else None,
            targeted=_EMBEDDED,
        )
        for size in (5_000, 50_000, 200_000)
    ]


def _place(results: Results) -> str:
    machine, films = results.get("machine", {}), lookup(results, ("catalogue", "films"))
    if not machine:
        return ""
    what = f"{results['catalogue']['name']}, {films:,} films; " if films else ""
    return f"{what}{machine['cores']} cores, {machine['memory_gb']} GB, Python {machine['python']}."


def _omitted(results: Results) -> str:
    return "\n".join(f"Left out: {sentence}" for sentence in results.get("left_out", ()))


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
    return f"Speed over HTTP, every text searched for once\n\n{table(head, rows)}"


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
    head = ["engine", "build", "films", "encoded", "seconds", "of that writing", "films per s"]
    return f"Builds, each in its own process\n\n{table(head, rows)}"


def _memory(found: Mapping[str, Any]) -> str:
    rows = [[engine, own["pss_mb"], own["rss_mb"], own["processes"]] for engine, own in found.items()]
    return f"Memory after 200 searches\n\n{table(['engine', 'PSS MB', 'RSS MB', 'processes'], rows)}"


def _scale(found: Mapping[str, Any]) -> str:
    head = ["films", "engine", "build s", "films per s", "search + encoding p50 / p95 ms", "search p50 / p95 ms"]
    head += ["engine alone p50 / p95 ms", "process PSS MB", "disk MB", "server heap MB"]
    rows = [
        [f"{int(size):,}", engine, own["build_s"], own["films_per_s"], *map(_pair, _timings(own)), *_sizes(own)]
        for engine, sizes in found.items()
        for size, own in sizes.items()
    ]
    return f"Growth, in process, one thread, every text searched for once\n\n{table(head, rows)}"


def _timings(own: Mapping[str, Any]) -> list[Mapping[str, float]]:
    return [own["with_encoding_ms"], own["search_ms"], own["candidates_ms"]]


def _pair(times: Mapping[str, float]) -> str:
    return f"{times['p50']:.1f} / {times['p95']:.1f}"


def _sizes(own: Mapping[str, Any]) -> list[object]:
    return [own["pss_mb"], own["disk_mb"], own.get("server_heap_mb", UNKNOWN)]
