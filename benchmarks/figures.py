"""The figures of the headline table: their path in the results, their target, and the command that prints them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks import quality
from benchmarks.workplace import ELASTIC, EMBEDDED

ENGINES = {EMBEDDED: "embedded", ELASTIC: "Elasticsearch"}
UNKNOWN = "–"
SYNOPSES = {"netflix": 0.9342, "disney_plus": 0.9122, "imdb_2006_2016": 0.9502}
"""Recall@10 on the sets of synopses before descriptions were ranked by a learned model."""
MAY_FALL = 0.005
"""The accepted loss of recall@10 on a set of synopses."""

REQUESTS, INTENTS = "python -m benchmarks requests", "python -m benchmarks intents"
MOODS = "marquee evaluate-understanding --file benchmarks/requests/understanding.tsv --split held-out"
LEARNED = "python -m benchmarks.learned_ranking"
SCALE = "python -m benchmarks scale"

Results = Mapping[str, Any]
Path = tuple[str, ...]
_ONLY = "python -m benchmarks --only {}"
_EMBEDDED = frozenset({EMBEDDED})


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the headline table."""

    name: str
    path: Path
    """The path of its values in the results; `*` stands for the engine."""
    command: str
    """The command that prints it."""
    form: str = "{:.3f}"
    baseline: str = ""
    """The value before query understanding existed, if it was measured."""
    least: float | None = None
    most: float | None = None
    targeted: frozenset[str] = frozenset(ENGINES)
    """The engines to which the target applies."""

    @property
    def target(self) -> str:
        """The target as text; empty if there is none."""
        sign, bound = ("≥", self.least) if self.least is not None else ("≤", self.most)
        return "" if bound is None else f"{sign} {bound:g}"

    def cell(self, results: Results, engine: str) -> str:
        """Return the value of an engine, marked if a target applies to it."""
        value = lookup(results, tuple(engine if part == "*" else part for part in self.path))
        if value is None:
            return UNKNOWN
        shown = self.form.format(value)
        return f"{shown} {self._mark(value)}" if self.target and engine in self.targeted else shown

    def _mark(self, value: float) -> str:
        met = value >= self.least if self.least is not None else self.most is None or value <= self.most
        return "ok" if met else "MISSED"


def every() -> list[Figure]:
    """Return all figures, in the order of the table."""
    groups = (_requests, _understanding, _ranking, _quality, _names, _speed, _cost, _growth)
    return [figure for group in groups for figure in group()]


def lookup(results: Results, path: Path) -> Any:  # noqa: ANN401 - JSON
    """Return the value at `path`, or None."""
    value: Any = results
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _requests() -> list[Figure]:
    held_out = ("requests", "*", "own", "held-out")
    others = ("requests", "*", "external", "all")
    return [
        Figure("requests, mean share right", (*held_out, "mean"), REQUESTS, baseline=".41", least=0.92),
        Figure("requests, 8 of 10 right", (*held_out, "eight_of_ten"), REQUESTS, baseline=".18", least=0.85),
        Figure("requests of the test data, mean share right", (*others, "mean"), REQUESTS),
        Figure("requests of the test data, 8 of 10 right", (*others, "eight_of_ten"), REQUESTS),
        Figure(
            "example searches of home page and README, intended movie first (of 8)",
            ("requests", "*", "examples", "first"),
            REQUESTS,
            "{:.0f}",
            baseline="2 of 4",
            least=8,
        ),
        Figure(
            "harder examples, intended movie first (of 4)", ("requests", "*", "examples", "harder"), REQUESTS, "{:.0f}"
        ),
        Figure("short descriptions, held-out, recall@1", ("requests", "*", "short", "held-out", "recall_1"), REQUESTS),
        Figure(
            "short descriptions, held-out, recall@10", ("requests", "*", "short", "held-out", "recall_10"), REQUESTS
        ),
    ]


def _understanding() -> list[Figure]:
    own = ("understanding", "*")
    return [
        Figure("moods, accuracy", (*own, "moods", "accuracy"), MOODS, baseline="0", least=0.9),
        Figure("genres, recall", (*own, "held-out", "genres", "share"), INTENTS, baseline="0", least=0.95),
        Figure("year spans", (*own, "held-out", "years", "share"), INTENTS, baseline=".44", least=0.98),
        Figure("reading a request, processor ms", (*own, "timing", "mean_ms"), INTENTS, most=1),
    ]


def _ranking() -> list[Figure]:
    memories = {"R@1": ("recall_1", ".170", 0.205), "R@10": ("recall_10", ".386", 0.435), "MRR": ("mrr", ".245", 0.285)}
    figures = [
        Figure(
            f"{name}, unseen movies, reddit_tomt",
            ("ranking", "*", "reddit_tomt", "after", key),
            LEARNED,
            baseline=before,
            least=least,
        )
        for name, (key, before, least) in memories.items()
    ]
    return figures + [
        Figure(
            f"R@10, unseen movies, {name}",
            ("ranking", "*", name, "after", "recall_10"),
            LEARNED,
            "{:.4f}",
            baseline=f"{before:.4f}".removeprefix("0"),
            least=round(before - MAY_FALL, 4),
        )
        for name, before in SYNOPSES.items()
    ]


def _quality() -> list[Figure]:
    return [
        Figure(
            f"recall@10, {mode}, {name}",
            ("quality", "*", name, mode, "all", "recall@10"),
            _ONLY.format("quality"),
            "{:.4f}",
            least=quality.TARGETS.get(mode, {}).get(name),
        )
        for mode in ("hybrid", "meaning", "words")
        for name in quality.BASELINES
    ]


def _names() -> list[Figure]:
    names = {
        "a title finds its movie first": "title_first",
        "first 10 for a person's name have that person": "person_first_10",
        "movie suggested after 60 % of its title": "prefix_suggested",
        "the same with one typo": "typo_suggested",
    }
    closeness = {
        "nonsense answered with “nothing close”": "nonsense_turned_away",
        "ordinary short requests answered": "ordinary_answered",
    }
    command = _ONLY.format("quality")
    return [
        *(Figure(name, ("names", "*", key), command) for name, key in names.items()),
        *(Figure(name, ("closeness", "*", key), command) for name, key in closeness.items()),
    ]


def _speed() -> list[Figure]:
    own, one, command = ("speed", "*"), ("speed", "*", "one_client_ms"), _ONLY.format("speed")
    short, long = (*own, "short"), (*own, "long")
    each_second = (*own, "eight_clients", "requests_per_s")
    return [
        Figure("search over HTTP, request, p50 ms", (*short, "p50"), command, "{:.1f}", most=8, targeted=_EMBEDDED),
        Figure("the same, processor ms", (*short, "processor_ms"), command, "{:.1f}"),
        Figure("search over HTTP, long text, p50 ms", (*long, "p50"), command, "{:.1f}", "24", None, 15, _EMBEDDED),
        Figure("the same, processor ms", (*long, "processor_ms"), command, "{:.1f}"),
        Figure("search over HTTP, synopsis, p50 ms", (*one, "p50"), command, "{:.1f}", most=12, targeted=_EMBEDDED),
        Figure("p95 ms", (*one, "p95"), command, "{:.1f}"),
        Figure("p99 ms", (*one, "p99"), command, "{:.1f}"),
        Figure("searches per second, eight clients", each_second, command, "{:.0f}"),
        Figure("load of the machine before these searches", (*own, "load"), command, "{:.2f}"),
    ]


def _cost() -> list[Figure]:
    encoder, coding = ("encoder", "int8"), _ONLY.format("encoder")  # both engines use the same encoder
    build, memory = _ONLY.format("build"), _ONLY.format("memory")
    cold, warm = (("build", "*", kind, "seconds") for kind in ("cold", "warm"))
    return [
        Figure("encoder load, s", (*encoder, "load_s"), coding, "{:.2f}", most=1),
        Figure("encoder, one short query, median ms", (*encoder, "short_query_median_ms"), coding, "{:.1f}", most=5),
        Figure("serving memory, MB", ("memory", "*", "pss_mb"), memory, "{:.0f}", most=400),
        Figure("cold build, s", cold, build, "{:.1f}", most=120, targeted=_EMBEDDED),
        Figure("warm build, s", warm, build, "{:.1f}", most=10),
    ]


def _growth() -> list[Figure]:
    return [
        Figure(
            f"search in process, {size:,} movies, p50 ms",
            ("scale", "*", str(size), "with_encoding_ms", "p50"),
            SCALE,
            "{:.1f}",
            most=25 if size == 50_000 else None,
            targeted=_EMBEDDED,
        )
        for size in (5_000, 50_000, 200_000)
    ]
