"""The results as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HEAD = (
    "| fault | responses | 5xx | 503 | 503 after s | no response | longest gap, search s | longest gap, rating s "
    "| acknowledged ratings lost | all good after s |"
)


def headline(results: Mapping[str, Any]) -> str:
    """Return a table for each site."""
    return "\n\n".join(_table(name, rows) for name, rows in results.items() if isinstance(rows, list))


def _table(name: str, rows: list[Mapping[str, Any]]) -> str:
    lines = [f"**{name}**", "", HEAD, "|" + "---|" * HEAD.count("|", 1)]
    return "\n".join((*lines, *map(_row, rows)))


def _row(row: Mapping[str, Any]) -> str:
    aim = row["aim"]
    mark = "" if aim is None else f" (≤ {aim:g}, {'ok' if row['gap_s'] <= aim else 'MISSED'})"
    lost = f"{row['lost']} {'ok' if row['lost'] == 0 else 'MISSED'}"
    recovered = "never" if row["recovered_s"] is None else f"{row['recovered_s']:.1f}"
    refused = "–" if row.get("refused_s") is None else f"{row['refused_s']:.2f}"
    figures = f"{row['answers']:,} | {row['failed']} | {row['refused']:,} | {refused} | {row['silent']}"
    return (
        f"| {row['fault']} | {figures} | {row['gap_s']:.1f}{mark} | {row['rating_gap_s']:.1f} | {lost} | {recovered} |"
    )
