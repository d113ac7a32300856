"""The results of jobs as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Results = Mapping[str, Any]
TRENDING = {
    "full_s": ("full refresh", 20.0),
    "incremental_s": ("incremental refresh of the last quarter of an hour", 1.0),
    "implicit_feedback_s": ("the nightly job `implicit-feedback` over the same events", None),
    "evaluate_s": ("the nightly job `evaluate-online` over the same events", None),
}
"""The name of each figure, and its target in seconds; None: no target, as the job runs at night."""
EVENTS = {
    "full_s": "all hours of 60 days counted, lists published",
    "incremental_s": "the last quarter of an hour",
    "changed_s": "the same after a user deleted their events",
    "feedback_s": "implicit feedback of all users",
    "purge_day_s": "an old day purged (PostgreSQL: its partition dropped)",
    "delete_day_s": "an old day deleted row by row",
}
MILLION = 1_000_000
RETRAINED = 180.0
"""The target in seconds, from the snapshot to the updated index."""
NOTICED = 5.0
"""Seconds after which no response may come from a replaced model."""
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def headline(results: Results) -> str:
    """Return the tables; parts without results are omitted."""
    return "\n\n".join(
        table for table in (trending(results), events(results), publishing(results), retraining(results)) if table
    )


def trending(results: Results) -> str:
    """Return the table of trending lists over a million events."""
    found = results.get("trending")
    if not found:
        return ""
    over = f"{found['events']:,} events of {found['days']} days"
    lines = [f"| trending lists over {over} | target s | median s | worst s | processor s |", "|---|---|---|---|---|"]
    for kind, name in DATABASES.items():
        measured = found.get(kind, {})
        for figure, (words, most) in TRENDING.items():
            if figure in measured:
                lines.append(_row(f"{words}, {name}", measured[figure], most))
    return "\n".join(lines)


def _row(words: str, taken: Mapping[str, float], most: float | None) -> str:
    mark = "" if most is None else f" {_mark(taken['median'] <= most)}"
    figures = f"{taken['median']:.2f}{mark} | {taken['worst']:.2f} | {taken['own']:.2f}"
    return f"| {words} | {'' if most is None else f'≤ {most:g}'} | {figures} |"


def events(results: Results) -> str:
    """Return the table of counting by the number of events, with what a hundred million would take."""
    found = results.get("events")
    if not found:
        return ""
    kinds = [kind for kind in DATABASES if kind in found]
    columns = [(kind, size) for kind in kinds for size in found[kind]]
    heads = [f"{int(size) // MILLION} M, {DATABASES[kind]}" for kind, size in columns]
    derived = [kind for kind in kinds if len(found[kind]) > 1]
    heads += [f"100 M, {DATABASES[kind]}: derived" for kind in derived]
    lines = [f"| seconds by number of events | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for figure, words in EVENTS.items():
        cells = [f"{found[kind][size][figure]:.1f}" for kind, size in columns]
        cells += [_derived(found[kind], figure) for kind in derived]
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _derived(measured: Mapping[str, Mapping[str, float]], figure: str) -> str:
    """Return the seconds for 100 million events, with the slope between the two largest measured numbers."""
    (less, first), (more, second) = sorted((int(size), taken[figure]) for size, taken in measured.items())[-2:]
    slope = max(0.0, (second - first) / (more - less))
    return f"{second + slope * (100 * MILLION - more):.0f}"


def publishing(results: Results) -> str:
    """Return the table of models published under load and of killed publishers."""
    load, kills = results.get("publishing"), results.get("kills")
    lines = ["| publishing models | target | measured |", "|---|---|---|"]
    if load:
        wrong = load["errors"] + load["mixed"]
        lines += [
            f"| wrong responses of {load['answers']:,} to {load['clients']} users, {load['publications']} publications"
            f" | 0 | {wrong} {_mark(wrong == 0)} |",
            f"| requests refused as busy (503), repeated after `Retry-After` | | {load.get('refused', 0):,} |",
            f"| a replaced model serves for | ≤ 5 s | {load['oldest_s']:.1f} s {_mark(load['oldest_s'] <= NOTICED)} |",
        ]
    if kills:
        lost = kills["lost"] + kills["damaged"]
        lines.append(f"| models lost in {kills['kills']:,} kills at random moments | 0 | {lost} {_mark(lost == 0)} |")
    return "\n".join(lines) if load or kills else ""


def _mark(good: bool) -> str:
    return "ok" if good else "MISSED"


def retraining(results: Results) -> str:
    """Return the table of `retrain` on ml-latest-small, end to end."""
    found = results.get("retraining")
    if not found:
        return ""
    lines = [
        "| retrain on ml-latest-small, end to end | target s | s | CPU s | memory MB | epochs of ALS | NDCG@10 |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, run in found.items():
        mark = "ok" if run["seconds"] <= RETRAINED else "MISSED"
        epochs = f"{run['epochs'].get('als', 0)} + {run['epochs'].get('als, everything', 0)}"
        cells = (f"{run['cpu_seconds']:.0f}", run["memory_mb"], epochs, f"{run['metrics']['ndcg@10']:.4f}")
        lines.append(f"| {name} | ≤ {RETRAINED:g} | {run['seconds']:.0f} {mark} | {' | '.join(map(str, cells))} |")
    return "\n".join(lines)
