"""The benefit of parts on splits on which nothing was tuned: `python -m benchmarks.taste inner`.

The test part of seed 1 is removed, and the rest is split again by seeds that no tuning has used. Weights and
calibration are fitted on one half of the users and evaluated on the other, and vice versa.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.taste import compare
from benchmarks.taste.datasets import Dataset
from benchmarks.taste.tune import OUTER_SEED
from core.config import Settings
from engine.recommender import calibration
from engine.recommender.model import Recommender
from engine.training.evaluation import metrics, ranking, splits
from engine.training.evaluation.ranking import Case
from engine.training.fit import blend_weights, components, local_fit
from engine.training.fit.blend_weights import Contest, HeldOutRatings
from engine.training.fit.local_fit import FitConfig

SEEDS = (103, 104)
LENGTHS = (3, 14, 10_000)
"""The maximum numbers of movies in the histories."""
MAX_USERS = 600
ALL = max(LENGTHS)


def measure(data: Dataset, settings: Settings, *, seeds: Sequence[int] = SEEDS) -> list[dict[str, Any]]:
    """Return a row for each split and history length, and one for the probabilities of each split."""
    outer = splits.by_user(data.interactions, seed=OUTER_SEED).train
    rows = []
    for seed in seeds:
        split = splits.by_user(outer, seed=seed)
        known, fit_config = compare.learned(split, settings), FitConfig(model="blend+ncf")
        model = components.fit(known, data.world, fit_config, version="", rated=split.train, lists=False)
        where = {"data": data.name, "seed": seed}
        rows += [{**where, **_lists(model, split, length)} for length in LENGTHS]
        rows.append({**where, **_chances(model, split)})
    return rows


def words(row: dict[str, Any]) -> str:
    """Format a row as one line."""
    low, high = row["interval"]
    return (
        f"{row['data']}, seed {row['seed']}, {row['what']}: {row['without']:.4f} without, {row['with']:.4f} with; "
        f"difference {row['with'] - row['without']:+.4f} ({low:+.4f} to {high:+.4f})"
    )


def _lists(model: Recommender, split: splits.Split, length: int) -> dict[str, Any]:
    """Return NDCG@10 of the blend with NCF and without, with weights tuned on the other half of the users."""
    cases = ranking.cases(split, model.movies)
    few = [cases[place] for place in np.linspace(0, len(cases) - 1, min(len(cases), MAX_USERS)).astype(int)]
    short = [ranking.shortened(case, length, seed=blend_weights.SEED + place) for place, case in enumerate(few)]
    found = [_crossed(model, short, among, length) for among in (local_fit.BLEND, local_fit.MODELS["blend+ncf"])]
    what = "NDCG@10 and NCF, whole history" if length == ALL else f"NDCG@10 and NCF, {length} movies"
    return _row(what, *found)


def _crossed(model: Recommender, cases: Sequence[Case], among: Sequence[str], length: int) -> NDArray[np.float64]:
    """Return NDCG@10 by case, the even ones first: float64, (n_cases,)."""
    halves = [blend_weights.contest(model, cases[start::2], among) for start in (0, 1)]
    least = blend_weights.LEAST_COVERAGE if length == ALL else 0.0
    return np.concatenate(
        [_ndcg(own, blend_weights.search(other, least_coverage=least)[0]) for own, other in (halves, halves[::-1])]
    )


def _ndcg(asked: Contest, weights: dict[str, float]) -> NDArray[np.float64]:
    total = np.einsum("cpn,p->cn", asked.parts, np.array([weights.get(name, 0.0) for name in asked.names], np.float32))
    total[asked.padding] = -np.inf
    top = np.argsort(-total, axis=1, kind="stable")[:, : ranking.TOP]
    return metrics.ndcg(np.take_along_axis(asked.liked, top, axis=1), asked.relevant)


def _chances(model: Recommender, split: splits.Split) -> dict[str, Any]:
    """Return the log loss by user of probabilities with user features and without."""
    held = blend_weights.held_out_ratings(model, split)
    found = [_losses(held, figures=figures) for figures in (False, True)]
    return _row("log loss and user features", *found)


def _losses(held: HeldOutRatings, *, figures: bool) -> NDArray[np.float64]:
    one, other = held.halves()
    return np.concatenate([_by_user(own, by.fit(figures=figures)) for own, by in ((one, other), (other, one))])


def _by_user(held: HeldOutRatings, by: calibration.Calibration) -> NDArray[np.float64]:
    said = held.probabilities(by)
    users = [held.users == user for user in np.unique(held.users)]
    return np.array([calibration.log_loss(said[own], held.liked[own]) for own in users])


def _row(what: str, without: NDArray[np.float64], with_: NDArray[np.float64]) -> dict[str, Any]:
    interval = metrics.interval(with_ - without)
    return {"what": what, "without": float(without.mean()), "with": float(with_.mean()), "interval": interval}
