"""Parameters of training runs with their ranges, and the model configurations made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.jobs.runs import Kind, Parameter, check_parameters
from engine.recommender.models import als, ease
from engine.recommender.neural import fit as neural
from engine.training.evaluation import promotion_gate
from engine.training.fit.local_fit import MODELS, FitConfig

_ALS, _EASE, _NCF, _PLAIN = als.ALSConfig(), ease.EASEConfig(), neural.NCFConfig(), FitConfig()


def _table(*parameters: Parameter) -> dict[str, Parameter]:
    return {parameter.name: parameter for parameter in parameters}


PARAMETERS: Mapping[str, Parameter] = _table(
    Parameter("model", Kind.CHOICE, None, None, _PLAIN.model, "model to train and serve", tuple(MODELS)),
    Parameter("factors", Kind.WHOLE, 4, 256, _ALS.factors, "number of factors per movie"),
    Parameter("alpha", Kind.NUMBER, 0.1, 100, _ALS.alpha, "confidence weight of rated movies in ALS"),
    Parameter("regularization", Kind.NUMBER, 0.01, 150, _ALS.regularization, "L2 regularization of ALS"),
    Parameter("iterations", Kind.WHOLE, 1, 100, _ALS.iterations, "maximum number of ALS epochs"),
    Parameter("patience", Kind.WHOLE, 0, 20, 0, "epochs without improvement before ALS stops; 0: no early stopping"),
    Parameter("ease_regularization", Kind.NUMBER, 1, 5_000, _EASE.regularization, "L2 regularization of EASE"),
    Parameter("ease_memory", Kind.WHOLE, 0, 1_000_000, _EASE.memory_mb, "memory of EASE in MB; 0: no EASE"),
    Parameter(
        "stars_budget", Kind.NUMBER, 1, 100_000, _PLAIN.stars_budget, "million ratings × sweeps of predicted stars"
    ),
    Parameter("training_threads", Kind.WHOLE, 1, 64, _ALS.threads, "threads of ALS and EASE"),
    Parameter("ncf_factors", Kind.WHOLE, 8, 256, _NCF.shape.factors, "embedding size of NCF's product branch"),
    Parameter("ncf_dropout", Kind.NUMBER, 0, 0.8, _NCF.dropout, "dropout rate of NCF"),
    Parameter("ncf_rate", Kind.NUMBER, 1e-5, 0.1, _NCF.rate, "learning rate of NCF"),
    Parameter("ncf_epochs", Kind.WHOLE, 1, 200, _NCF.epochs, "maximum number of NCF epochs"),
    Parameter("ncf_patience", Kind.WHOLE, 1, 50, _NCF.patience, "epochs without improvement before NCF stops"),
    Parameter("neighbour_share", Kind.NUMBER, 0, 1, _PLAIN.neighbour_share, "share of ratings in item-to-item lists"),
    Parameter("search_trials", Kind.WHOLE, 0, 200, 0, "trials of the hyperparameter search; 0: as search_share says"),
    Parameter(
        "search_share", Kind.NUMBER, 0, 100, 0, "share of new ratings after which options are searched; 0: never"
    ),
    Parameter("search_seconds", Kind.NUMBER, 0, 14_400, 600, "seconds after which no new trial starts; 0: no limit"),
    Parameter("folds", Kind.WHOLE, 0, 10, 0, "cross-validation folds; 0 or 1: none"),
    Parameter("warm_start", Kind.SWITCH, None, None, False, "start ALS from the published factors"),
    Parameter(
        "gate", Kind.CHOICE, None, None, promotion_gate.EVEN, "what the promotion gate requires", promotion_gate.DEMANDS
    ),
    Parameter("seed", Kind.WHOLE, 0, 2**31 - 1, _ALS.seed, "random seed"),
)
"""Parameters of the job `retrain`. The defaults were tuned with `benchmarks.taste tune`."""


@dataclass(frozen=True, slots=True)
class Options:
    """Validated parameters."""

    values: Mapping[str, Any]

    @staticmethod
    def of(given: Mapping[str, Any]) -> Options:
        """Validate parameters. Raises `InvalidRequest`, naming each fault."""
        return Options(check_parameters(PARAMETERS, given))

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - the type depends on the parameter
        return self.values[name]

    def but(self, **changed: Any) -> Options:  # noqa: ANN401
        """Return a copy with some values changed."""
        return replace(self, values={**self.values, **changed})

    @property
    def fit_config(self) -> FitConfig:
        """The configuration of each model."""
        return FitConfig(
            model=self["model"],
            als=als.ALSConfig(
                factors=self["factors"],
                alpha=float(self["alpha"]),
                regularization=float(self["regularization"]),
                iterations=self["iterations"],
                seed=self["seed"],
                threads=self["training_threads"],
            ),
            ease=ease.EASEConfig(
                regularization=float(self["ease_regularization"]),
                memory_mb=self["ease_memory"],
                threads=self["training_threads"],
            ),
            stars_budget=float(self["stars_budget"]),
            ncf=replace(
                _NCF,
                shape=replace(_NCF.shape, factors=self["ncf_factors"]),
                dropout=float(self["ncf_dropout"]),
                rate=float(self["ncf_rate"]),
                epochs=self["ncf_epochs"],
                patience=self["ncf_patience"],
                seed=_NCF.seed if self["seed"] == _ALS.seed else self["seed"],
            ),
            neighbour_share=float(self["neighbour_share"]),
            seed=0 if self["seed"] == _ALS.seed else self["seed"],
        )
