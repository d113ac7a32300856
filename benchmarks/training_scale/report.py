"""The results of retrainings by size as Markdown. Pure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

Results = Mapping[str, Any]
TARGETS: Mapping[int, tuple[float, float]] = {1_000_000: (360, 3_000), 10_000_000: (3_600, 8_000)}
"""Processor seconds and megabytes that a retraining may take, by the number of ratings."""
JOB = 600
"""Processor seconds of a job."""
READ_TARGET = 25_000_000, 60.0, 1_500
"""Reading so many ratings may take so many seconds and megabytes."""
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def headline(results: Results) -> str:
    """Return the tables; parts without results are omitted."""
    parts = (training(results), stages(results), fits(results), reading(results))
    return "\n\n".join(part for part in parts if part)


def fits(results: Results) -> str:
    """Return how many ratings a job of ten minutes has time for, between the measured sizes; empty if unknown."""
    plain = [run for name, run in results.get("training", {}).items() if "search" not in name]
    ordered = sorted(plain, key=lambda run: float(run["cpu_seconds"]))
    for before, after in itertools.pairwise(ordered):
        if before["cpu_seconds"] <= JOB <= after["cpu_seconds"]:
            slope = math.log(after["ratings"] / before["ratings"]) / math.log(
                after["cpu_seconds"] / before["cpu_seconds"]
            )
            count = before["ratings"] * (JOB / before["cpu_seconds"]) ** slope
            return f"A job of {JOB // 60} minutes of a core has time for about {count / 1e6:.1f} million ratings."
    return ""


def training(results: Results) -> str:
    """Return the totals of each size."""
    found = results.get("training")
    if not found:
        return ""
    lines = [
        "| retraining, ratings × movies × users | CPU s | s | peak MB | model MB | NDCG@10 | popular |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, run in _by_size(found):
        seconds, memory = TARGETS.get(run["ratings"], (0, 0)) if "search" not in name else (0, 0)
        cells = (
            _against(run["cpu_seconds"], seconds),
            f"{run['seconds']:,.0f}",
            _against(run["memory_mb"], memory),
            f"{run['folder_mb']:,}",
            f"{run['metrics']['ndcg@10']:.4f}",
            f"{run['popularity']:.4f}",
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def stages(results: Results) -> str:
    """Return processor seconds and peak of memory of each stage, by size."""
    found = results.get("training")
    if not found:
        return ""
    ordered = _by_size(found)
    lines = [
        f"| stage: CPU s, peak MB | {' | '.join(name for name, _ in ordered)} |",
        f"|---|{'---|' * len(ordered)}",
    ]
    for stage in ordered[0][1]["stages"]:
        cells = (run["stages"][stage] for _, run in ordered)
        lines.append(f"| {stage} | {' | '.join(_figures(c) for c in cells)} |")
    return "\n".join(lines)


def _by_size(runs: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(runs.items(), key=lambda item: (item[1]["ratings"], item[0]))


def reading(results: Results) -> str:
    """Return the figures of reading ratings."""
    found = results.get("reading")
    if not found:
        return ""
    lines = ["| reading ratings | ratings | s | CPU s | peak MB |", "|---|---|---|---|---|"]
    for kind, name in DATABASES.items():
        if kind in found:
            run = found[kind]
            _, seconds, memory = READ_TARGET if run["ratings"] == READ_TARGET[0] else (0, 0, 0)
            cells = (
                _against(run["seconds"], seconds),
                f"{run['cpu_seconds']:,.0f}",
                _against(run["memory_mb"], memory),
            )
            lines.append(f"| {name} | {run['ratings']:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _against(value: float, target: float) -> str:
    if not target:
        return f"{value:,.0f}"
    return f"{value:,.0f} of {target:,.0f} {'ok' if value <= target else 'MISSED'}"


def _figures(stage: Mapping[str, float]) -> str:
    return f"{stage['cpu_seconds']:,.0f}, {stage['memory_mb']:,.0f}"
