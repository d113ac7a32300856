"""The results as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.markdown import table

Results = Mapping[str, Any]
SLOWEST = 5.0
"""The target of a request, in seconds."""
GROWTH = 1.1
"""The most memory after the last part of the requests, as a multiple of that after the first."""
NAMES = {
    "path": "ids and names in paths",
    "query": "parameters",
    "form": "forms",
    "json": "JSON",
    "header": "headers",
    "method": "methods",
    "upload": "archives and files",
    "raw": "broken request lines",
}
COLUMNS = ("requests", "good", "refused", "busy", "errors", "unanswered", "slowest_s")


def headline(results: Results) -> str:
    """Return the table of counts by kind, and the memory of the server."""
    found = results.get("fuzz")
    if not found:
        return ""
    head = ["fuzzed", "requests", "2xx, 3xx", "4xx", "503 + Retry-After", "other 5xx", "no response", "slowest s"]
    kinds: Mapping[str, Mapping[str, float]] = found["kinds"]
    rows = [[NAMES[kind], *(f"{own[column]:,}" for column in COLUMNS)] for kind, own in kinds.items()]
    return f"{table(head, [*rows, _sums(kinds)])}\n\n{_memory(found)}"


def _sums(kinds: Mapping[str, Mapping[str, float]]) -> list[str]:
    counts = [sum(own[column] for own in kinds.values()) for column in COLUMNS[:-1]]
    slowest = max(own["slowest_s"] for own in kinds.values())
    return ["all", *(f"{count:,}" for count in counts), f"{slowest} {_mark(slowest <= SLOWEST)}"]


def _memory(found: Results) -> str:
    start, *rest = found["memory_mb"]
    flat = rest[-1] <= rest[0] * GROWTH
    return (
        f"Seed {found['seed']}, {found['routes']} routes. Memory of the server: {start:.0f} MB at the start, then "
        f"{', '.join(f'{value:.0f}' for value in rest)} MB after each quarter ({_mark(flat)})."
    )


def _mark(reached: bool) -> str:
    return "ok" if reached else "missed"
