"""What the figures of an experiment say, in plain words. Pure."""

from __future__ import annotations

import math
from dataclasses import replace

from core.experiments import Drafted, Effect, ExperimentReport, Metric

WORDS = {
    Metric.SUCCESS: "share of viewers with a success",
    Metric.CLICK_THROUGH: "click-through",
    Metric.RATED_WELL: "films rated well per viewer",
}


def with_verdict(report: ExperimentReport) -> ExperimentReport:
    """The report with its verdict."""
    return replace(report, verdict=tuple(_sentences(report)))


def _sentences(report: ExperimentReport) -> list[str]:
    if not any(variant.users for variant in report.variants):
        return ["Nobody was part of it yet."]
    if report.broken:
        counts = ", ".join(f"{one.users} {one.variant.name}" for one in report.variants)
        return [
            f"The numbers of viewers ({counts}) are not what the shares promise (p = {report.ratio_p:.2g}): "
            "something loses viewers of one variant, and no effect can be believed until that is found."
        ]
    if report.moved:
        return [
            f"{report.moved} viewers were given another variant than these settings give them, and are left out. Those "
            "who remain are no fair draw: their numbers are not compared with the shares, and no effect can be "
            "believed. Begin anew under another name."
        ]
    sentences = [_effect(effect, report) for effect in report.effects if effect.difference.excludes_zero]
    if report.drafted:
        sentences.append(_drafted(report.drafted))
        sentences += _stopped(report.drafted)
    if report.effects and not any(effect.difference.excludes_zero for effect in report.effects):
        sentences.append(_nothing(report))
    return sentences or ["Only one variant has viewers so far."]


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
        return "No difference is proven: there are too few viewers to tell."
    return (
        f"No difference is proven. With so many viewers, a difference of {least:.3g} in the "
        f"{WORDS[Metric.SUCCESS]} would be found four times in five."
    )


def _drafted(drafted: Drafted) -> str:
    first, second = drafted.wins
    count = f"{first} viewers preferred {drafted.teams[0]}, {second} {drafted.teams[1]} (p = {drafted.p:.2g})"
    return f"{count}: {drafted.winner} is better." if drafted.winner else f"{count}: neither is better beyond chance."


def _stopped(drafted: Drafted) -> list[str]:
    if drafted.until is None:
        return []
    return [
        f"It stopped: the last list that both drafted was shown on {drafted.until:%Y-%m-%d} at {drafted.until:%H:%M} "
        "UTC. One of the two was published since, or cannot be loaded; what viewers do with lists of one model counts "
        "for neither."
    ]
