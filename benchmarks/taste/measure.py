"""All figures of the table: three seeds by user and one split by time, on both data sets."""

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
from engine.training.fit.local_fit import FitConfig

SEEDS = (1, 2, 3)


def dataset(data: Dataset, settings: Settings, *, seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """Return all figures of a data set."""
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
    """Return the rows of some models for both splits, to merge with stored results."""
    by_user = [splits.by_user(data.interactions, seed=seed) for seed in seeds]
    found = {}
    for name, parts in {"by viewer": by_user, "by time": [datasets.by_time(data.interactions)]}.items():
        judged = [compare.judge_some(split, data.world, settings, names=names) for split in parts]
        found[name] = {model: _row(judged, model) for model in names}
    return found


def table(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return for each model the mean of each figure over the users of all seeds, with its 95 % bootstrap interval."""
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
    """Return the relative gain in NDCG@10 of a model over another, and the paired interval of the difference."""
    ours = np.concatenate([one.figures[own]["ndcg@10"] for one in judged])
    theirs = np.concatenate([one.figures[other]["ndcg@10"] for one in judged])
    return {
        "gain": float(ours.mean() / theirs.mean() - 1),
        "difference": float((ours - theirs).mean()),
        "interval": metrics.interval(ours - theirs),
    }


def reliability(one: Judged, split: splits.Split) -> dict[str, Any]:
    """Evaluate the served confidence on the test part, which neither the model nor its calibration has seen."""
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
    """Return the log loss of each half of the users with a calibration fitted on the other half."""
    halves = held.halves()
    losses = [
        calibration.log_loss(other.probabilities(one.fit(figures=figures)), other.liked)
        for one, other in (halves, halves[::-1])
    ]
    return float(np.average(losses, weights=[len(half.liked) for half in halves[::-1]]))


def fit_config() -> Mapping[str, Any]:
    """Return the tuned options, for the file of results."""
    found = FitConfig()
    return {
        "als": str(found.als),
        "ease": str(found.ease),
        "neighbour_share": found.neighbour_share,
        "ncf": str(neural.NCFConfig()),
    }
