"""Verdicts on experiments as plain sentences. Pure."""

from __future__ import annotations

import math
from dataclasses import replace

from core.experiments import Drafted, Effect, ExperimentReport, Metric

WORDS = {
    Metric.SUCCESS: "share of users with a success",
    Metric.CLICK_THROUGH: "click-through",
    Metric.RATED_WELL: "movies rated well per user",
}


def with_verdict(report: ExperimentReport) -> ExperimentReport:
    """Return the report with its verdict."""
    return replace(report, verdict=tuple(_sentences(report)))


def _sentences(report: ExperimentReport) -> list[str]:
    if not any(variant.users for variant in report.variants):
        return ["No users have taken part yet."]
    if report.broken:
        counts = ", ".join(f"{one.users} {one.variant.name}" for one in report.variants)
        return [
            f"The numbers of users ({counts}) do not match the shares (p = {report.ratio_p:.2g}): one variant loses "
            "users, and no effect can be trusted until the cause is found."
        ]
    if report.moved:
        return [
            f"{report.moved} users saw another variant than these settings assign to them and are left out. The others "
            "are no random sample: their numbers are not compared with the shares, and no effect can be trusted. "
            "Start again under another name."
        ]
    sentences = [_effect(effect, report) for effect in report.effects if effect.difference.excludes_zero]
    if report.drafted:
        sentences.append(_drafted(report.drafted))
        sentences += _stopped(report.drafted)
    if report.effects and not any(effect.difference.excludes_zero for effect in report.effects):
        sentences.append(_nothing(report))
    return sentences or ["Only one variant has users so far."]


def _effect(effect: Effect, report: ExperimentReport) -> str:
    first, found = report.variants[0].variant.name, effect.difference
    better = "higher" if found.estimate > 0 else "lower"
    lift = f" ({effect.relative:+.0%})" if effect.relative is not None else ""
    return (
        f"{effect.variant}: {WORDS[effect.metric]} is {better} than {first}'s by {abs(found.estimate):.3g}{lift}, "
        f"{report.level:.0%} interval {found.low:+.3g} to {found.high:+.3g}."
    )


def _nothing(report: ExperimentReport) -> str:
    least = min((one.detectable for one in report.effects if one.metric is Metric.SUCCESS), default=float("inf"))
    if math.isinf(least):
        return "No significant difference: there are too few users to tell."
    return (
        f"No significant difference. With this number of users, a difference of {least:.3g} in the "
        f"{WORDS[Metric.SUCCESS]} would be detected four times in five."
    )


def _drafted(drafted: Drafted) -> str:
    first, second = drafted.wins
    count = f"{first} users preferred {drafted.teams[0]}, {second} {drafted.teams[1]} (p = {drafted.p:.2g})"
    return f"{count}: {drafted.winner} is better." if drafted.winner else f"{count}: no significant difference."


def _stopped(drafted: Drafted) -> list[str]:
    if drafted.until is None:
        return []
    return [
        f"It stopped: the last interleaved list was shown on {drafted.until:%Y-%m-%d} at {drafted.until:%H:%M} UTC. "
        "One of the two models was published since, or cannot be loaded; actions on lists of one model count for "
        "neither."
    ]
