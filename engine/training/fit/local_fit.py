"""The fit on this machine: from the interactions to ALS factors, item-item weights and the predictor of stars.

This is all of a training that grows with the number of ratings. What is served besides is derived from its result and
the catalogue (`engine.training.fit.components`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.recommender import blend
from engine.recommender.models import als, ease
from engine.recommender.models.als import Als
from engine.recommender.models.ease import Ease
from engine.recommender.models.interactions import Interactions
from engine.recommender.neural import fit as neural
from engine.recommender.neural.ncf import Ncf
from engine.recommender.ratings import fit as ratings
from engine.recommender.ratings.bayes import Sweep
from engine.recommender.ratings.fold_in import FactorPredictor

BLEND = ("als", "ease", "content", "popularity")
EASE, NCF = "ease", "ncf"
MODELS: Mapping[str, tuple[str, ...]] = {
    "blend": BLEND,
    "blend+ncf": blend.PARTS,
    "als": ("als",),
    "ease": (EASE,),
    "ncf": (NCF,),
}
"""The models that can be served, and the components of their scores. All have popularity for users without history, ALS
factors for candidates and for movies without ratings, and predicted stars."""


@dataclass(frozen=True, slots=True)
class FitConfig:
    """The configuration of a training."""

    model: str = "blend"
    """One of `MODELS`."""

    als: als.ALSConfig = field(default_factory=als.ALSConfig)
    ease: ease.EASEConfig = field(default_factory=ease.EASEConfig)
    ncf: neural.NCFConfig = field(default_factory=neural.NCFConfig)
    neighbour_shrinkage: float = 30.0
    neighbour_share: float = 0.8
    """Collaborative share of a neighbour's score; the rest is content."""
    stars_budget: float = ratings.BUDGET
    """Million ratings times sweeps of the rating predictor."""
    seed: int = 0
    """Seed of the rating predictor; ALS and NCF have their own."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The components of the score."""
        return MODELS[self.model]


@dataclass(frozen=True, slots=True)
class Course:
    """Finished components of a resumed fit, and callbacks that report progress; a callback may raise to end the fit."""

    als: Als | None = None
    ncf: Ncf | None = None
    """An already fitted network; None: fit it, if it is a component."""
    sweep: Sweep | None = None
    """Called after each sweep of the rating predictor."""
    portion: Callable[[], None] = lambda: None
    """Called between components."""
    stars: bool = True
    """Whether to fit the rating predictor; comparing lists does not need it."""


ALONE = Course()
"""A fit from the start without callbacks."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learned from the interactions.

    Attributes:
        als: factors of the movies in the interactions.
        rows: item-item weights of the same movies; of none if the model has no use for them.
        stars: the predictor of stars; None if there are no stars, or if it was not asked for.
    """

    als: Als
    rows: Ease
    stars: FactorPredictor | None


def fit(known: Interactions, config: FitConfig, *, course: Course = ALONE) -> Fitted:
    """Fit all components to the interactions that models may learn from (`interactions.learnable`); at least one."""
    factors = course.als or als.fit(known, config.als)
    course.portion()
    rows = ease.fit(known, config.ease) if EASE in config.parts else ease.nothing(config.ease)
    course.portion()
    return Fitted(factors, rows, stars(known, config, course))


def stars(known: Interactions, config: FitConfig, course: Course) -> FactorPredictor | None:
    """Fit the rating predictor, if it is asked for and there are stars."""
    given = known.select(~np.isnan(known.stars))
    if not course.stars or not len(given):
        return None
    return ratings.train(
        given.users, given.movies, given.stars, seed=config.seed, sweep=course.sweep, budget=config.stars_budget
    )
