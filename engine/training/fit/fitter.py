"""The interface of what fits the part of a model that grows with the number of ratings."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from engine.recommender.models.interactions import Interactions
from engine.training.fit import local_fit
from engine.training.fit.local_fit import ALONE, Course, FitConfig, Fitted


class Part(StrEnum):
    """Which interactions are learned from."""

    TRAINING = "training"
    """Those of the training part (`splits.by_pair`), for the holdout model."""
    EVERYTHING = "everything"


class Fitter(Protocol):
    """Fits ALS, item-item weights and the predictor of stars."""

    @property
    def name(self) -> str:
        """The name for manifests, as in `MARQUEE_TRAINER`."""
        ...

    @property
    def by_epoch(self) -> bool:
        """Whether ALS can be fitted epoch by epoch before: with early stopping, a warm start, and resumed."""
        ...

    def fit(self, known: Interactions, config: FitConfig, *, part: Part, course: Course = ALONE) -> Fitted:
        """Fit all components.

        Args:
            known: the interactions to learn from (`interactions.learnable`); at least one.
            part: where they come from: a fitter may read the same ones elsewhere.
            course: finished components, and callbacks; `als` and `ncf` only if fitted epoch by epoch.

        Raises:
            DataError: the interactions cannot be fitted.
            ServiceUnavailable: other machines are needed and do not answer.
        """
        ...


class LocalFitter:
    """Fits on this machine (`engine.training.fit.local_fit`)."""

    name = "local"
    by_epoch = True

    def fit(
        self,
        known: Interactions,
        config: FitConfig,
        *,
        part: Part,  # noqa: ARG002 - `known` has it
        course: Course = ALONE,
    ) -> Fitted:
        """Fit all components."""
        return local_fit.fit(known, config, course=course)


LOCAL = LocalFitter()
