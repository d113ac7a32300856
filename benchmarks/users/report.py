"""The results of `benchmarks.users` as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Results = Mapping[str, Any]
TARGETS = {"recommendations_ms": 8.0, "similar_ms": 3.0, "fold_in_ms": 1.0, "write_to_effect_ms": 50.0}
TRAINING_S = 60
NAMES = {
    "recommendations_ms": "recommendations over HTTP for a user with 50 ratings (fold-in, blend, diversity, reasons)",
    "similar_ms": "similar movies over HTTP",
    "explain_ms": "one explanation over HTTP",
    "write_to_effect_ms": "a rating and the next list that includes it, over HTTP",
    "fold_in_ms": "fold-in alone",
}


def headline(results: Results) -> str:
    """Return the main table."""
    lines = ["| | target | p50 ms | p95 ms |", "|---|---|---|---|"]
    for engine, speed in results.get("speed", {}).items():
        for name, words in NAMES.items():
            if name in speed:
                lines.append(_row(f"{words}, {engine}", speed[name], TARGETS.get(name)))
    return "\n".join([*lines, "", *_training(results), *_crowds(results), *_lists(results), *_searching(results)])


def _row(words: str, times: Mapping[str, float], target: float | None) -> str:
    mark = "" if target is None else " ok" if times["p50"] <= target else " MISSED"
    bound = "" if target is None else f"≤ {target:g}"
    return f"| {words} | {bound} | {times['p50']:.1f}{mark} | {times['p95']:.1f} |"


def _training(results: Results) -> list[str]:
    found = results.get("training")
    if not found:
        return []
    mark = "ok" if found["seconds"] <= TRAINING_S else "MISSED"
    return [
        f"Training on ml-latest-small ({found['ratings']:,} ratings, {found['films']:,} movies) and publication: "
        f"{found['seconds']:.0f} s (≤ {TRAINING_S}, {mark}), peak memory {found['peak_mb']} MB."
    ]


def _crowds(results: Results) -> list[str]:
    return [
        f"{own['viewers']} concurrent users rating and reading for {own['seconds']:.0f} s on {name}: "
        f"{own['writes']:,} writes and {own['reads']:,} reads, {own['errors']} errors, {own['lost']} ratings lost "
        f"(of {own['ratings_acknowledged']:,}, counted in the database)."
        for name, own in results.get("crowd", {}).items()
    ]


def _lists(results: Results) -> list[str]:
    found = results.get("lists", {}).get("reporting")
    if not found:
        return []
    full, served = found["full ranking"], found[f"share {results['lists']['served']['share']}, new 0.0"]
    return [
        f"Served lists against the full ranking of the blend: NDCG@10 {served['ndcg@10']:.3f} against "
        f"{full['ndcg@10']:.3f}, diversity {served['diversity@10']:.3f} against "
        f"{full['diversity@10']:.3f}."
    ]


def _searching(results: Results) -> list[str]:
    found = results.get("searching")
    if not found:
        return []
    place = found["bands"].index(found["served"])
    liked, disliked = (found["reporting"][kind] for kind in ("liked", "disliked"))
    rises = f"MRR {liked['mrr'][0]:.3f} → {liked['mrr'][place]:.3f}, {liked['searches']:,} searches"
    stays = f"{disliked['mrr'][0]:.3f} → {disliked['mrr'][place]:.3f}, {disliked['searches']:,} searches"
    return [
        f"Taste in search: the intended movie rises for users who turn out to like it ({rises}) and does not "
        f"fall for those who did not ({stays})."
    ]
