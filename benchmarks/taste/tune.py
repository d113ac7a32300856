"""Select training options on validation data alone: `python -m benchmarks.taste tune`.

The test part of seed 1 is removed from each data set first. The rest is split again, and trials are evaluated there by
NDCG@10, the mean over both data sets and both inner seeds. The test part is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import optuna

from benchmarks.baselines import item_neighbours
from benchmarks.taste import compare
from benchmarks.taste.datasets import Dataset
from core.config import Settings
from engine.recommender.models import als, ease, interactions
from engine.recommender.models.interactions import Interactions
from engine.recommender.neural import fit as neural
from engine.training.evaluation import ranking, splits
from engine.training.evaluation.ranking import Case, Score
from engine.training.fit.components import World

OUTER_SEED = 1
INNER_SEEDS = (101, 102)
TRIALS = 40

Fit = Callable[[Interactions], compare.Fitted]
Suggest = Callable[[optuna.Trial], Fit]


@dataclass(frozen=True)
class Room:
    """An inner split: training data and evaluated users."""

    known: Interactions
    cases: Sequence[Case]
    world: World


def rooms(dataset: Dataset, settings: Settings) -> list[Room]:
    """Return the inner splits of a data set."""
    outer = splits.by_user(dataset.interactions, seed=OUTER_SEED).train
    found = []
    for seed in INNER_SEEDS:
        inner = splits.by_user(outer, seed=seed)
        known = interactions.learnable(
            inner.train, min_user_ratings=settings.min_user_ratings, min_movie_ratings=settings.min_movie_ratings
        )
        found.append(Room(known, ranking.cases(inner, dataset.world.ids), dataset.world))
    return found


def tune(datasets: Sequence[Dataset], settings: Settings, *, trials: int = TRIALS) -> dict[str, dict[str, float]]:
    """Return the best options of each model, printed as they are found."""
    inner = [room for dataset in datasets for room in rooms(dataset, settings)]
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    found = {}
    for name, suggest in SPACES.items():
        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=OUTER_SEED))
        study.optimize(partial(_judge, suggest, inner), n_trials=trials)
        found[name] = {**study.best_params, "ndcg@10": round(study.best_value, 4)}
        print(name, found[name], flush=True)
        for trial in sorted(study.trials, key=lambda trial: -(trial.value or 0))[1:4]:
            print("  then", {**trial.params, "ndcg@10": round(trial.value or 0, 4)}, flush=True)
    return found


def _judge(suggest: Suggest, inner: Sequence[Room], trial: optuna.Trial) -> float:
    fit = suggest(trial)
    return float(np.mean([_ndcg(fit(room.known), room) for room in inner]))


def _ndcg(fitted: compare.Fitted, room: Room) -> float:
    score: Score = compare.over(room.world.ids, fitted)
    return float(ranking.rank(score, room.cases).ndcg().mean())


def _als(trial: optuna.Trial) -> Fit:
    recipe = als.ALSConfig(
        factors=trial.suggest_categorical("factors", (64, 96, 128)),
        alpha=trial.suggest_float("alpha", 1, 40, log=True),
        regularization=trial.suggest_float("regularization", 1, 150, log=True),
    )
    return lambda known: als.fit(known, recipe)


def _ease(trial: optuna.Trial) -> Fit:
    recipe = ease.EASEConfig(
        regularization=trial.suggest_float("regularization", 20, 1000, log=True),
        against=trial.suggest_float("against", 0, 1),
    )
    return lambda known: ease.fit(known, recipe)


def _neighbours(trial: optuna.Trial) -> Fit:
    recipe = item_neighbours.NeighboursConfig(
        kept=trial.suggest_int("kept", 20, 500, log=True), shrinkage=trial.suggest_float("shrinkage", 1, 100, log=True)
    )
    return lambda known: item_neighbours.fit(known, recipe)


def _ncf(trial: optuna.Trial) -> Fit:
    recipe = neural.NCFConfig(
        negatives=trial.suggest_categorical("negatives", (4, 8, 16)),
        dropout=trial.suggest_float("dropout", 0, 0.6),
        history_dropout=trial.suggest_float("history_dropout", 0, 0.7),
        rate=trial.suggest_float("rate", 1e-3, 6e-3, log=True),
        decay=trial.suggest_float("decay", 1e-7, 1e-4, log=True),
    )
    return lambda known: neural.fit(known, recipe)


SPACES: Mapping[str, Suggest] = {
    "als": _als,
    "ease": _ease,
    "item-knn": _neighbours,
    "ncf": _ncf,
}
