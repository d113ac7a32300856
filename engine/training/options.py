"""What a training may be told: every parameter with its range, and the recipes that they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.jobs.runs import Kind, Parameter, check_parameters
from engine.recommender.models import als, ease
from engine.recommender.neural import fit as neural
from engine.training.evaluation import promotion_gate
from engine.training.fit.components import MODELS, FitConfig

_ALS, _EASE, _NCF, _PLAIN = als.ALSConfig(), ease.EASEConfig(), neural.NCFConfig(), FitConfig()


def _table(*parameters: Parameter) -> dict[str, Parameter]:
    return {parameter.name: parameter for parameter in parameters}


PARAMETERS: Mapping[str, Parameter] = _table(
    Parameter("model", Kind.CHOICE, None, None, _PLAIN.model, "what is trained and served", tuple(MODELS)),
    Parameter("factors", Kind.WHOLE, 4, 256, _ALS.factors, "length of a film's factors"),
    Parameter("alpha", Kind.NUMBER, 0.1, 100, _ALS.alpha, "how much surer ALS is of a film that was spoken of"),
    Parameter("regularization", Kind.NUMBER, 0.01, 150, _ALS.regularization, "what keeps the factors of ALS small"),
    Parameter("iterations", Kind.WHOLE, 1, 100, _ALS.iterations, "epochs of ALS, at most"),
    Parameter("patience", Kind.WHOLE, 0, 20, 0, "epochs without a better validation before ALS stops; 0: never early"),
    Parameter(
        "ease_regularization", Kind.NUMBER, 1, 5_000, _EASE.regularization, "what keeps the weights of EASE small"
    ),
    Parameter("ncf_factors", Kind.WHOLE, 8, 256, _NCF.shape.factors, "length of a film's vector in NCF's product"),
    Parameter("ncf_dropout", Kind.NUMBER, 0, 0.8, _NCF.dropout, "share of NCF left out at random while it learns"),
    Parameter("ncf_rate", Kind.NUMBER, 1e-5, 0.1, _NCF.rate, "length of NCF's steps"),
    Parameter("ncf_epochs", Kind.WHOLE, 1, 200, _NCF.epochs, "epochs of NCF, at most"),
    Parameter("ncf_patience", Kind.WHOLE, 1, 50, _NCF.patience, "epochs without a better one before NCF stops"),
    Parameter(
        "neighbour_share", Kind.NUMBER, 0, 1, _PLAIN.neighbour_share, "part of viewers in lists of similar films"
    ),
    Parameter("search_trials", Kind.WHOLE, 0, 200, 0, "recipes that are tried on validation; 0: none"),
    Parameter(
        "search_seconds", Kind.NUMBER, 0, 14_400, 600, "seconds after which no further recipe is tried; 0: no end"
    ),
    Parameter("folds", Kind.WHOLE, 0, 10, 0, "parts of a cross-validation; 0 and 1: none"),
    Parameter("warm_start", Kind.SWITCH, None, None, False, "whether ALS starts from the published factors"),
    Parameter(
        "gate", Kind.CHOICE, None, None, promotion_gate.EVEN, "what it takes to be published", promotion_gate.DEMANDS
    ),
    Parameter("seed", Kind.WHOLE, 0, 2**31 - 1, _ALS.seed, "of everything drawn at random"),
)
"""Parameters of the job `retrain`. Defaults are what `benchmarks.taste tune` chose."""


@dataclass(frozen=True, slots=True)
class Options:
    """Parameters that were checked."""

    values: Mapping[str, Any]

    @staticmethod
    def of(given: Mapping[str, Any]) -> Options:
        """Raises `InvalidRequest` that names each fault."""
        return Options(check_parameters(PARAMETERS, given))

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - the table says what each is
        return self.values[name]

    def but(self, **changed: Any) -> Options:  # noqa: ANN401
        """The same with some values changed."""
        return replace(self, values={**self.values, **changed})

    @property
    def fit_config(self) -> FitConfig:
        """How each model is trained."""
        return FitConfig(
            model=self["model"],
            als=als.ALSConfig(
                factors=self["factors"],
                alpha=float(self["alpha"]),
                regularization=float(self["regularization"]),
                iterations=self["iterations"],
                seed=self["seed"],
            ),
            ease=ease.EASEConfig(regularization=float(self["ease_regularization"])),
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
