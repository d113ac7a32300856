"""The results of `benchmarks.web` as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Results = Mapping[str, Any]
KB, REQUESTS, LCP_MS, SHIFT, PAGE_MS = 100, 8, 1_000, 0.05, 60
"""Budgets: of a first visit before posters, and of the 95th percentile of a page."""


def headline(results: Results) -> str:
    """Return the tables."""
    return "\n\n".join((_browser(results["browser"]), _pages(results)))


def faults(results: Results) -> list[str]:
    """Return what is over its budget."""
    found = []
    for name, own in results["browser"].items():
        for figure, budget in (("kb", KB), ("requests", REQUESTS), ("lcp_ms", LCP_MS), ("shift", SHIFT)):
            if own[figure] > budget:
                found.append(f"{name}: {figure} {own[figure]:g} > {budget:g}")
    for name, own in results["pages"].items():
        if own["p95"] > PAGE_MS:
            found.append(f"{name}: p95 {own['p95']:.0f} ms > {PAGE_MS}")
    return found


def _browser(pages: Results) -> str:
    lines = [
        f"| first visit | requests (≤ {REQUESTS}) | KB, compressed (≤ {KB}) | LCP ms (≤ {LCP_MS:,}) "
        f"| layout shift (≤ {SHIFT:g}) | pictures | their KB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, own in pages.items():
        cells = (
            _marked(own["requests"], REQUESTS),
            _marked(own["kb"], KB),
            _marked(own["lcp_ms"], LCP_MS),
            _marked(own["shift"], SHIFT),
            f"{own['pictures']:.0f}",
            f"{own['pictures_kb']:.0f}",
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _pages(results: Results) -> str:
    lines = [
        f"{results['users']:,} users with {results['ratings']:,} ratings and {results['watches']:,} watchings; "
        f"{results['visitors']} of them open every page, one request at a time.",
        "",
        f"| page | p50 ms | p95 ms (≤ {PAGE_MS}) |",
        "|---|---|---|",
    ]
    for name, own in results["pages"].items():
        lines.append(f"| {name} | {own['p50']:.1f} | {_marked(round(own['p95'], 1), PAGE_MS)} |")
    return "\n".join(lines)


def _marked(figure: float, budget: float) -> str:
    return f"{figure:g}" if figure <= budget else f"{figure:g} MISSED"
