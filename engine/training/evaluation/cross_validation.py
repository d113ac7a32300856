"""Cross-validation: fit the configuration on each fold and evaluate it on the rest. The test part is not used."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.config import Settings
from core.jobs.runs import Work
from engine.recommender.models.interactions import Interactions
from engine.training import dataset
from engine.training.checkpoints import Checkpoint
from engine.training.dataset import Dataset
from engine.training.evaluation import holdout, splits
from engine.training.fit import blend_weights, components
from engine.training.fit.blend_weights import TunedBlend
from engine.training.fit.local_fit import Course, FitConfig

FOLDS = "folds"
SALT = "fold/"
"""Makes the folds independent of the train, validation and test parts."""


def run(
    settings: Settings,
    given: Dataset,
    fit_config: FitConfig,
    chosen: TunedBlend,
    *,
    count: int,
    checkpoint: Checkpoint,
    work: Work,
) -> dict[str, Any]:
    """Return the figures of each fold, their means and standard deviations; empty for fewer than two folds."""
    if count < 2:  # noqa: PLR2004 - a single fold leaves nothing to fit on
        return {}
    known = splits.by_pair(given.rated).told
    place = splits.classes(known, count, salt=SALT)
    for fold in range(len(checkpoint.get(FOLDS, [])), count):
        work.check()
        found = _figures(
            settings, given, fit_config, chosen, train=known.select(place != fold), test=known.select(place == fold)
        )
        checkpoint.append(FOLDS, found)
        work.step("cross-validation", fold + 1, count)
        work.note({"folds": checkpoint.get(FOLDS)})
    return summary(checkpoint.get(FOLDS))


def summary(figures: list[dict[str, float]]) -> dict[str, Any]:
    """Return mean and standard deviation of each figure that all folds have."""
    names = [name for name in figures[0] if all(name in fold for fold in figures)]
    values = {name: np.array([fold[name] for fold in figures]) for name in names}
    return {
        "each": figures,
        "mean": {name: round(float(found.mean()), 5) for name, found in values.items()},
        "spread": {name: round(float(found.std(ddof=1)), 5) for name, found in values.items()},
    }


def _figures(
    settings: Settings,
    given: Dataset,
    fit_config: FitConfig,
    chosen: TunedBlend,
    *,
    train: Interactions,
    test: Interactions,
) -> dict[str, float]:
    known = dataset.learnable(train, settings)
    fitted = components.fit(known, given.world, fit_config, version="", rated=train, lists=False, course=Course())
    bench = holdout.bench(splits.Parts(train, test.select(np.zeros(len(test), np.bool_)), test, train), given.world.ids)
    return dict(holdout.judge(blend_weights.apply(chosen, fitted), bench).metrics)
