"""This machine against Spark on the same held-out ratings: `python -m benchmarks.taste trainers`.

Spark's options (`engine.spark.factors.SHARE`) were tuned inside the training part of this split, as those of `tune`;
its test part was not used. Blend weights are tuned for each trainer by itself, inside the training part.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.taste import compare, tune
from benchmarks.taste.datasets import Dataset
from core.config import Settings
from engine.recommender.model import Recommender
from engine.recommender.models.interactions import Interactions
from engine.spark import fitter as spark
from engine.spark import session
from engine.training.evaluation import metrics, ranking, splits
from engine.training.evaluation.splits import Split
from engine.training.fit import blend_weights, components
from engine.training.fit.fitter import LOCAL, Fitter, Part
from engine.training.fit.local_fit import FitConfig

LOCALLY, ON_SPARK = "local", "spark"
MODELS = ("ALS", "EASE", "blend")
KEY = "benchmark"


@dataclass(frozen=True)
class Trained:
    """A blend with tuned weights, NDCG@10 of each user by model, and the seconds of both fits."""

    ndcg: dict[str, NDArray[np.float64]]
    seconds: float


def measure(data: Dataset, settings: Settings) -> Iterator[dict[str, Any]]:
    """Yield a row for each model: NDCG@10 of both trainers, and the paired difference."""
    split = splits.by_user(data.interactions, seed=tune.OUTER_SEED)
    own = _trained(LOCALLY, data, split, settings)
    with session.opened(settings, name=KEY):
        other = _trained(ON_SPARK, data, split, settings)
    for model in MODELS:
        difference = other.ndcg[model] - own.ndcg[model]
        yield {
            "data": data.name,
            "what": model,
            LOCALLY: float(own.ndcg[model].mean()),
            ON_SPARK: float(other.ndcg[model].mean()),
            "difference": float(difference.mean()),
            "interval": metrics.interval(difference),
            "seconds": {LOCALLY: round(own.seconds), ON_SPARK: round(other.seconds)},
        }


def words(row: dict[str, Any]) -> str:
    """Format a row as one line."""
    low, high = row["interval"]
    seconds = row["seconds"]
    return (
        f"{row['data']}, {row['what']}: NDCG@10 {row[LOCALLY]:.4f} local, {row[ON_SPARK]:.4f} Spark; difference "
        f"{row['difference']:+.4f} ({low:+.4f} to {high:+.4f}); two fits {seconds[LOCALLY]} s and {seconds[ON_SPARK]} s"
    )


def _trained(trainer: str, data: Dataset, split: Split, settings: Settings) -> Trained:
    """Tune the weights on a fifth of the training part, then fit to all of it, as `compare.served` does."""
    inner = splits.by_user(split.train, seed=blend_weights.SEED)
    tuned, first = _fitted(trainer, inner.train, data, settings)
    chosen = blend_weights.choose_for(tuned, inner)
    model, second = _fitted(trainer, split.train, data, settings)
    model = blend_weights.apply(chosen, model)
    cases, ids = ranking.cases(split, data.world.ids), data.world.ids
    scores = {
        "ALS": compare.over(ids, model.als),
        "EASE": compare.over(ids, model.ease),
        "blend": compare.total(model),
    }
    return Trained({name: ranking.rank(score, cases).ndcg() for name, score in scores.items()}, first + second)


def _fitted(trainer: str, rated: Interactions, data: Dataset, settings: Settings) -> tuple[Recommender, float]:
    started = time.perf_counter()
    known = compare.learned(Split(rated, rated), settings)
    with _fitter(trainer, rated, settings) as fitter:
        model = components.fit(
            known,
            data.world,
            FitConfig(),
            version=KEY,
            rated=rated,
            lists=False,
            fitter=fitter,
            part=Part.EVERYTHING,
        )
    return model, time.perf_counter() - started


def _fitter(trainer: str, rated: Interactions, settings: Settings) -> AbstractContextManager[Fitter]:
    return spark.opened(settings, rated, key=KEY) if trainer == ON_SPARK else nullcontext(LOCAL)
