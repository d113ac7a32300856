"""Fixed against searched options on ratings held out from the search: `python -m benchmarks.taste searched`.

For each split, a fifth of each user's movies is held out. Options are searched inside the rest, as in training, and
models with fixed and with searched options are fitted to the rest and evaluated on what was held out.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.taste import compare
from benchmarks.taste.datasets import Dataset
from core.config import Settings
from core.jobs.work import SilentWatch, UncancellableWork
from engine.training.checkpoints import Checkpoint
from engine.training.evaluation import metrics, ranking, splits
from engine.training.evaluation.splits import Split
from engine.training.fit import hyperparameter_search
from engine.training.options import Options

SEEDS = (4, 5)
"""Splits on which neither the defaults nor anything else was tuned; users and movies are the same as in others."""


def measure(data: Dataset, settings: Settings, *, trials: int, seeds: Sequence[int] = SEEDS) -> list[dict[str, Any]]:
    """Return a row for each model: NDCG@10 with fixed and with searched options, over the users of all splits."""
    found: dict[str, list[tuple[NDArray[np.float64], NDArray[np.float64]]]] = {}
    seconds, options = 0.0, []
    for seed in seeds:
        split = splits.by_user(data.interactions, seed=seed)
        started = time.perf_counter()
        searched = _search(data, split, settings, trials=trials)
        seconds += time.perf_counter() - started
        options.append({name: round(searched[name], 1) for name in hyperparameter_search.SEARCHED})
        both = [_ndcg(data, split, settings, one) for one in (Options.of({}), searched)]
        for model in both[0]:
            found.setdefault(model, []).append((both[0][model], both[1][model]))
    where = {"data": data.name, "options": options, "seconds": round(seconds / len(seeds))}
    return [{**where, "what": model, **_row(pairs)} for model, pairs in found.items()]


def words(row: dict[str, Any]) -> str:
    """Format a row as one line."""
    low, high = row["interval"]
    return (
        f"{row['data']}, {row['what']}: NDCG@10 {row['fixed']:.4f} fixed, {row['searched']:.4f} searched; "
        f"difference {row['searched'] - row['fixed']:+.4f} ({low:+.4f} to {high:+.4f}); {row['seconds']} s a search: "
        f"{row['options']}"
    )


def _search(data: Dataset, split: Split, settings: Settings, *, trials: int) -> Options:
    parts = splits.by_pair(split.train)
    inner = Split(parts.train, parts.validation)
    room = hyperparameter_search.Room(compare.learned(inner, settings), inner, data.world)
    asked = Options.of({"search_trials": trials, "search_seconds": 0})
    with tempfile.TemporaryDirectory() as folder:
        work = UncancellableWork(SilentWatch())
        return hyperparameter_search.run(room, asked, last={}, checkpoint=Checkpoint(Path(folder)), work=work)[0]


def _ndcg(data: Dataset, split: Split, settings: Settings, options: Options) -> dict[str, NDArray[np.float64]]:
    """Return NDCG@10 of each user with ALS alone, EASE alone and the blend as served."""
    cases = ranking.cases(split, data.world.ids)
    blend = compare.served(split, data.world, settings, options.fit_config)
    scores = {
        "ALS": compare.over(data.world.ids, blend.als),
        "EASE": compare.over(data.world.ids, blend.ease),
        compare.BLEND: compare.total(blend),
    }
    return {name: ranking.rank(score, cases).ndcg() for name, score in scores.items()}


def _row(pairs: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]]) -> dict[str, Any]:
    fixed, searched = (np.concatenate([pair[place] for pair in pairs]) for place in (0, 1))
    return {
        "fixed": float(fixed.mean()),
        "searched": float(searched.mean()),
        "interval": metrics.interval(searched - fixed),
    }
