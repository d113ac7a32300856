"""The capacity tables as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.capacity import costs
from benchmarks.capacity.growth import Growth

ENOUGH = 100
"""From here on, figures are shown without decimals."""


def headline(found: Mapping[str, Any]) -> str:
    """Return the table of growing costs, and that of web servers."""
    return "\n\n".join(filter(None, (_growths(costs.growths(found)), _servers(found))))


def _growths(growths: list[Growth]) -> str:
    if not growths:
        return ""
    head = "| cost | measured at | | ratio of sizes | ratio of costs | derived | printed by |"
    lines = [head, "|" + "---|" * head.count("|", 1)]
    for one in growths:
        measured = [f"{size:,} {one.of}: {_figure(cost)} {one.unit}" for size, cost in (one.small, one.large)]
        derived = "; ".join(f"{_words(goal)}: {_figure(one.at(goal))} {one.unit}" for goal in one.goals)
        ratios = f"{one.size_ratio:.1f} | {one.cost_ratio:.1f}"
        lines.append(f"| {one.cost} | {measured[0]} | {measured[1]} | {ratios} | {derived} | {one.command} |")
    return "\n".join(lines)


def _servers(found: Mapping[str, Any]) -> str:
    figures = costs.servers(found)
    if not figures:
        return ""
    goal, use = f"{costs.SEARCHES_PER_SECOND:,} searches a second", f"{costs.BUSY:.0%}"
    head = f"| web servers for {goal} | processor of a search | busy cores | servers of {costs.CORES} cores at {use} |"
    lines = [head, "|" + "---|" * head.count("|", 1)]
    for engine, one in figures.items():
        name = costs.ENGINES[engine]
        lines.append(f"| {name} | {one['processor_ms']:.0f} ms | {one['cores']:.0f} | {one['servers']:.0f} |")
    return "\n".join(lines)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= ENOUGH else f"{value:.1f}"


def _words(size: int) -> str:
    if size >= costs.BILLION:
        return f"{size / costs.BILLION:g} B"
    return f"{size / costs.MILLION:g} M"
