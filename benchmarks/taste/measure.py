"""Everything that the table shows: three seeds by user, one split by time, on both data sets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.taste import compare, datasets, newcomers, speed
from benchmarks.taste.compare import Judged, Measured
from benchmarks.taste.datasets import Dataset
from core.config import Settings
from engine.recommender import calibration
from engine.recommender.neural import fit as neural
from engine.training.evaluation import metrics, splits
from engine.training.fit import blend_weights
from engine.training.fit.components import FitConfig

SEEDS = (1, 2, 3)


def dataset(data: Dataset, settings: Settings, *, seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """All figures of one data set."""
    parts = [splits.by_user(data.interactions, seed=seed) for seed in seeds]
    judged = [compare.judge(split, data.world, settings) for split in parts]
    by_time = compare.judge(datasets.by_time(data.interactions), data.world, settings)
    curves = [newcomers.curve(one.blend, one.cases, seed=seed) for one, seed in zip(judged, seeds, strict=True)]
    return {
        "interactions": len(data.interactions),
        "viewers": len(np.unique(data.interactions.users)),
        "films": len(np.unique(data.interactions.movies)),
        "catalogue": len(data.world.ids),
        "learned_films": int(judged[0].blend.rated.sum()),
        "seeds": list(seeds),
        "by viewer": table(judged),
        "by time": table([by_time]),
        "new viewers": newcomers.summary(curves),
        "ladder": [{"films": step.movies, "weights": dict(step.weights)} for step in judged[0].blend.schedule.steps],
        "calibration": reliability(judged[0], parts[0]),
        "speed": speed.measure(judged[0].blend, data),
    }


def some(
    data: Dataset, settings: Settings, *, names: Collection[str], seeds: Sequence[int] = SEEDS
) -> dict[str, dict[str, Any]]:
    """The rows of some models for both splits, to be put beside those that were measured before."""
    by_user = [splits.by_user(data.interactions, seed=seed) for seed in seeds]
    found = {}
    for name, parts in {"by viewer": by_user, "by time": [datasets.by_time(data.interactions)]}.items():
        judged = [compare.judge_some(split, data.world, settings, names=names) for split in parts]
        found[name] = {model: _row(judged, model) for model in names}
    return found


def table(judged: Sequence[Judged]) -> dict[str, Any]:
    """For each model the mean of each figure over all seeds' users, and its 95 % bootstrap interval."""
    rows: dict[str, Any] = {"viewers": sum(len(one.cases) for one in judged)}
    rows["models"] = {name: _row(judged, name) for name in compare.MODELS}
    rows["against TopPop"] = _gain(judged, "TopPop")
    rows["against EASE"] = _gain(judged, "EASE")
    rows["with NCF"] = _gain(judged, compare.BLEND, own=compare.WITH_NCF)
    return rows


def _row(judged: Sequence[Measured], name: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for figure in judged[0].figures[name]:
        values = np.concatenate([one.figures[name][figure] for one in judged])
        row[figure] = {"mean": float(values.mean()), "interval": metrics.interval(values)}
    for figure in judged[0].whole[name]:
        row[figure] = {"mean": float(np.mean([one.whole[name][figure] for one in judged]))}
    return row


def _gain(judged: Sequence[Judged], other: str, *, own: str = compare.BLEND) -> dict[str, Any]:
    """A model's NDCG@10 over another one's, less 1, and the paired interval of the difference."""
    ours = np.concatenate([one.figures[own]["ndcg@10"] for one in judged])
    theirs = np.concatenate([one.figures[other]["ndcg@10"] for one in judged])
    return {
        "gain": float(ours.mean() / theirs.mean() - 1),
        "difference": float((ours - theirs).mean()),
        "interval": metrics.interval(ours - theirs),
    }


def reliability(one: Judged, split: splits.Split) -> dict[str, Any]:
    """The served confidence on the test part, which neither the model nor its calibration has seen."""
    held = blend_weights.held_out_ratings(one.blend, split)
    said = held.probabilities(one.blend.calibration)
    curve = calibration.reliability(said, held.liked)
    return {
        "curve": curve,
        "error": calibration.calibration_error(curve),
        "log loss": calibration.log_loss(said, held.liked),
        "halves": {"with figures": _crossed(held, figures=True), "without": _crossed(held, figures=False)},
        "ratings": len(held.liked),
    }


def _crossed(held: blend_weights.HeldOutRatings, *, figures: bool) -> float:
    """Log loss of either half of the users by what the other half teaches: what the figures of users are worth."""
    halves = held.halves()
    losses = [
        calibration.log_loss(other.probabilities(one.fit(figures=figures)), other.liked)
        for one, other in (halves, halves[::-1])
    ]
    return float(np.average(losses, weights=[len(half.liked) for half in halves[::-1]]))


def fit_config() -> Mapping[str, Any]:
    """What was tuned, for the file of results."""
    found = FitConfig()
    return {
        "als": str(found.als),
        "ease": str(found.ease),
        "neighbour_share": found.neighbour_share,
        "ncf": str(neural.NCFConfig()),
    }
