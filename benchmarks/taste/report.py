"""The results as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Results = Mapping[str, Any]
FIGURES = (
    "ndcg@10",
    "recall@20",
    "precision@10",
    "coverage@10",
    "gini@10",
    "diversity@10",
    "novelty@10",
    "serendipity@10",
)
SHOWN_WITH_INTERVAL = ("ndcg@10", "recall@20")


def headline(results: Results) -> str:
    """Return the main table: both data sets, every model, the main figures."""
    columns = ("NDCG@10", "recall@20", "coverage")
    names = list(results["datasets"])
    lines = [
        "| | " + " | ".join(f"{name}: {column}" for name in names for column in columns) + " |",
        "|---" * (1 + len(names) * len(columns)) + "|",
    ]
    models = results["datasets"][names[0]]["by viewer"]["models"]
    for model in models:
        cells = []
        for name in names:
            row = results["datasets"][name]["by viewer"]["models"][model]
            cells += [_short(row["ndcg@10"]), _short(row["recall@20"]), _plain(row["coverage@10"])]
        strong = "**" if model == "blend" else ""
        lines.append(f"| {strong}{model}{strong} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *_gains(results)])


def details(results: Results) -> str:
    """Every table."""
    parts = []
    for name, found in results["datasets"].items():
        parts.append(
            f"## {name}\n\n{found['interactions']:,} ratings of {found['viewers']:,} users; "
            f"{found['learned_films']:,} trained movies, {found['catalogue']:,} compete"
        )
        parts += [
            f"### {split}: {found[split]['viewers']:,} lists\n\n{_table(found[split]['models'])}"
            for split in ("by viewer", "by time")
        ]
        parts.append(f"### New users, NDCG@10\n\n{_curve(found['new viewers'])}")
        parts.append(_certainty(found["calibration"]))
        parts.append(_speed(found["speed"]))
    if "cold" in results:
        parts.append("## Movies without ratings\n\n" + _cold(results["cold"]))
    if "rating" in results:
        parts.append("## Predicted ratings (ml-100k, u1…u5)\n\n" + _rating(results["rating"]))
    return "\n\n".join(parts)


def _gains(results: Results) -> list[str]:
    lines = []
    for name, found in results["datasets"].items():
        popular, ease = (found["by viewer"][f"against {other}"] for other in ("TopPop", "EASE"))
        low, high = ease["interval"]
        lines.append(
            f"{name}: the blend's NDCG@10 is {popular['gain']:+.0%} against popularity, {ease['gain']:+.1%} "
            f"against tuned EASE (difference {ease['difference']:+.4f}, 95 % interval {low:+.4f} to {high:+.4f})."
        )
        added = found["by viewer"]["with NCF"]
        low, high = added["interval"]
        lines[-1] += (
            f" Adding NCF changes it by {added['gain']:+.1%} "
            f"(difference {added['difference']:+.4f}, {low:+.4f} to {high:+.4f})."
        )
    return lines


def _table(models: Mapping[str, Any]) -> str:
    shown = [figure for figure in (*FIGURES[:4], "catalogue coverage@10", *FIGURES[4:]) if figure in models["blend"]]
    lines = ["| | " + " | ".join(shown) + " |", "|---" * (len(shown) + 1) + "|"]
    for model, row in models.items():
        cells = [_short(row[figure]) if figure in SHOWN_WITH_INTERVAL else _plain(row[figure]) for figure in shown]
        lines.append(f"| {model} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _curve(curves: Mapping[str, Any]) -> str:
    movies = list(curves["blend"])
    popular = _short(curves["popularity"]["0"])
    lines = ["| ratings | " + " | ".join(movies) + " |", "|---" * (len(movies) + 1) + "|"]
    lines.append("| popularity | " + " | ".join([popular] * len(movies)) + " |")
    lines += [
        f"| {name} | " + " | ".join(_short(curves[name][count]) for count in movies) + " |"
        for name in ("ALS alone", "blend")
    ]
    return "\n".join(lines)


def _certainty(found: Mapping[str, Any]) -> str:
    return (
        f"Confidence: {found['error']:.3f} mean distance between predicted and observed, "
        f"over {found['ratings']:,} held-out ratings. Log loss {_number(found['log loss'])}; fitted on one half of "
        f"these users and evaluated on the other, {found['halves']['with figures']:.4f} with user features, "
        f"{found['halves']['without']:.4f} without."
    )


def _speed(found: Mapping[str, Any]) -> str:
    return "Milliseconds, p50 (p95): " + ", ".join(
        f"{name} {times['p50']:.2f} ({times['p95']:.2f})" for name, times in found.items()
    )


def _cold(found: Mapping[str, float]) -> str:
    ways = {
        "mapped": "by mapped factors",
        "content": "by similarity of descriptions",
        "votes": "by votes",
        "chance": "by chance",
        "learned": "by factors trained on their own ratings",
    }
    figures = ", ".join(f"{found[f'ndcg {key}']:.3f} {words}" for key, words in ways.items())
    return (
        f"{found['films']} movies hidden from training and ranked among themselves for {found['viewers']} users: "
        f"NDCG@10 {figures}; R² of the map {found['r2']:.2f}."
    )


def _rating(found: Mapping[str, Any]) -> str:
    lines = ["| | RMSE | MAE |", "|---|---|---|"]
    for name, folds in found["folds"].items():
        rmse, mae = (sum(fold[figure] for fold in folds) / len(folds) for figure in ("rmse", "mae"))
        lines.append(f"| {name} | {_number(rmse)} | {_number(mae)} |")
    return "\n".join(lines)


def _short(cell: Mapping[str, Any]) -> str:
    if "interval" not in cell:
        return _plain(cell)
    low, high = cell["interval"]
    return f"{_number(cell['mean'])} ({_number(low)}–{_number(high)})"


def _plain(cell: Mapping[str, Any]) -> str:
    return _number(cell["mean"])


def _number(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")
