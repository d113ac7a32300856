"""What parts are worth where nothing was tuned: `python -m benchmarks.taste inner`.

The test part of seed 1 is taken away, what is left is split again by seeds that no tuning has used. Weights and
calibration are learned from one half of the users and judged on the other, then the halves change places.
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
from engine.recommender.model import TasteModel
from engine.training.evaluation import metrics, ranking, splits
from engine.training.evaluation.ranking import Case
from engine.training.fit import blend_weights, components
from engine.training.fit.blend_weights import Contest, HeldOutRatings
from engine.training.fit.components import FitConfig

SEEDS = (103, 104)
TOLD = (3, 14, 10_000)
"""Movies that users are told of, at most."""
MAX_USERS = 600
ALL = max(TOLD)


def measure(data: Dataset, settings: Settings, *, seeds: Sequence[int] = SEEDS) -> list[dict[str, Any]]:
    """One row for each split and number of movies told, and one for each split's chances."""
    outer = splits.by_user(data.interactions, seed=OUTER_SEED).train
    rows = []
    for seed in seeds:
        split = splits.by_user(outer, seed=seed)
        known, fit_config = compare.learned(split, settings), FitConfig(model="blend+ncf")
        model = components.fit(known, data.world, fit_config, version="", rated=split.train, lists=False)
        where = {"data": data.name, "seed": seed}
        rows += [{**where, **_lists(model, split, told)} for told in TOLD]
        rows.append({**where, **_chances(model, split)})
    return rows


def words(row: dict[str, Any]) -> str:
    """A row as one line."""
    low, high = row["interval"]
    return (
        f"{row['data']}, seed {row['seed']}, {row['what']}: {row['without']:.4f} without, {row['with']:.4f} with; "
        f"difference {row['with'] - row['without']:+.4f} ({low:+.4f} to {high:+.4f})"
    )


def _lists(model: TasteModel, split: splits.Split, told: int) -> dict[str, Any]:
    """NDCG@10 of the blend with NCF and without, each at the weights that the other half of the users chooses."""
    cases = ranking.cases(split, model.movies)
    few = [cases[place] for place in np.linspace(0, len(cases) - 1, min(len(cases), MAX_USERS)).astype(int)]
    short = [ranking.shortened(case, told, seed=blend_weights.SEED + place) for place, case in enumerate(few)]
    found = [_crossed(model, short, among, told) for among in (components.BLEND, components.MODELS["blend+ncf"])]
    what = "NDCG@10 and NCF, all films told" if told == ALL else f"NDCG@10 and NCF, {told} films told"
    return _row(what, *found)


def _crossed(model: TasteModel, cases: Sequence[Case], among: Sequence[str], told: int) -> NDArray[np.float64]:
    """float64, (n_cases,), the even ones first."""
    halves = [blend_weights.contest(model, cases[start::2], among) for start in (0, 1)]
    least = blend_weights.LEAST_COVERAGE if told == ALL else 0.0
    return np.concatenate(
        [_ndcg(own, blend_weights.search(other, least_coverage=least)[0]) for own, other in (halves, halves[::-1])]
    )


def _ndcg(asked: Contest, weights: dict[str, float]) -> NDArray[np.float64]:
    total = np.einsum("cpn,p->cn", asked.parts, np.array([weights.get(name, 0.0) for name in asked.names], np.float32))
    total[asked.padding] = -np.inf
    top = np.argsort(-total, axis=1, kind="stable")[:, : ranking.TOP]
    return metrics.ndcg(np.take_along_axis(asked.liked, top, axis=1), asked.relevant)


def _chances(model: TasteModel, split: splits.Split) -> dict[str, Any]:
    """Log loss of chances that read what a user's history is like, and of such as do not; by user."""
    held = blend_weights.held_out_ratings(model, split)
    found = [_losses(held, figures=figures) for figures in (False, True)]
    return _row("log loss and figures of viewers", *found)


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
