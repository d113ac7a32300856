"""The two short tables of the README: quality and speed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks import figures, quality
from benchmarks.figures import ENGINES, UNKNOWN
from benchmarks.markdown import table

Results = Mapping[str, Any]
ENGINE = next(iter(ENGINES))
"""Quality is reported for the default engine; both return the same results."""
REQUESTS = ("requests", "*", "own", "held-out", "mean")
SYNOPSES = {"netflix": "Netflix", "disney_plus": "Disney+", "imdb_2006_2016": "IMDb"}


@dataclass(frozen=True, slots=True)
class Measurements:
    """The contents of the four files in `benchmarks/results`; empty if there are no results."""

    search: Results
    taste: Results
    users: Results
    jobs: Results


def good(measured: Measurements) -> str:
    """Return the table of quality, which compares each figure with a simple method on the same data."""
    rows = [*_search_quality(measured.search), *_recommendation_quality(measured.taste)]
    return table(["task", "figure", "Marquee", "simple method"], rows)


def fast(measured: Measurements) -> str:
    """Return the table of speed, one column for each engine."""
    milliseconds = [
        ("search over HTTP, a short request", measured.search, ("speed", "*", "short", "p50")),
        ("search over HTTP, a long post", measured.search, ("speed", "*", "long", "p50")),
        ("recommendations over HTTP, with reasons", measured.users, ("speed", "*", "recommendations_ms", "p50")),
        ("similar movies over HTTP", measured.users, ("speed", "*", "similar_ms", "p50")),
        ("a rating and the next list that includes it", measured.users, ("speed", "*", "write_to_effect_ms", "p50")),
    ]
    rows = [_row(f"{name}, median", results, path, "{:.1f} ms") for name, results, path in milliseconds]
    rows += [
        _row("memory of the server", measured.search, ("memory", "*", "pss_mb"), "{:.0f} MB"),
        _row("first index build", measured.search, ("build", "*", "cold", "seconds"), "{:.0f} s"),
        _row("training and publishing a model", measured.jobs, ("retraining", "first", "seconds"), "{:.0f} s"),
    ]
    return table(["operation", *ENGINES.values()], [row for row in rows if set(row[1:]) != {UNKNOWN}])


def _search_quality(found: Results) -> list[list[str]]:
    path = ("requests", ENGINE, *REQUESTS[2:])
    before = next(figure.baseline for figure in figures.every() if figure.path == REQUESTS)
    rows = [["requests such as “a 90s thriller with Al Pacino”", "results that meet every condition"]]
    rows[0] += [_value(found, path), f"0{before} (without query understanding)"]
    tasks = {name: f"find the movie of a synopsis ({title})" for name, title in SYNOPSES.items()}
    for name, task in {**tasks, "reddit_tomt": "find a half-remembered movie (Reddit posts)"}.items():
        recall = _value(found, ("quality", ENGINE, name, "hybrid", "all", "recall@10"))
        rows.append([task, "recall@10", recall, _bm25(name)])
    return [row for row in rows if row[2] != UNKNOWN]


def _bm25(name: str) -> str:
    return f"{quality.BASELINES[name]['bm25']:.3f} (BM25)"


def _recommendation_quality(found: Results) -> list[list[str]]:
    rows = []
    for name, results in found.get("datasets", {}).items():
        models = results["by viewer"]["models"]
        blend, popular = (models[model]["ndcg@10"]["mean"] for model in ("blend", "TopPop"))
        rows.append([f"recommend movies ({name})", "NDCG@10", f"{blend:.3f}", f"{popular:.3f} (popularity)"])
    folds = figures.lookup(found, ("rating", "folds"))
    if folds:
        served, biases = (_mean_rmse(folds[name]) for name in ("served", "baseline"))
        row = ["predict ratings in stars (ml-100k, u1 to u5)", "RMSE, lower is better"]
        rows.append([*row, f"{served:.3f}", f"{biases:.3f} (user and movie biases)"])
    return rows


def _mean_rmse(folds: list[Mapping[str, float]]) -> float:
    return sum(fold["rmse"] for fold in folds) / len(folds)


def _value(found: Results, path: tuple[str, ...]) -> str:
    value = figures.lookup(found, path)
    return UNKNOWN if value is None else f"{value:.3f}"


def _row(name: str, found: Results, path: tuple[str, ...], form: str) -> list[str]:
    """Return one row; a path without `*` leads to a value of the default engine."""
    paths = {engine: tuple(engine if part == "*" else part for part in path) for engine in ENGINES}
    values = [figures.lookup(found, paths[engine]) if "*" in path or engine == ENGINE else None for engine in ENGINES]
    return [name, *(UNKNOWN if value is None else form.format(value) for value in values)]
