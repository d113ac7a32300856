"""One training from a snapshot to an evaluated model.

Fit a holdout model on the training part, tune, evaluate, then fit on everything. The holdout model has the same
configuration and is fitted on seven tenths of the ratings. It is the one that is evaluated: the published model has
learned from everything, so nothing is left to evaluate it with.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version as version_of
from typing import Any

import numpy as np

from core.config import Settings
from core.jobs.runs import Work
from engine.demo import upkeep
from engine.recommender.model import Recommender
from engine.recommender.models import als
from engine.recommender.models.als import Als, Epoch
from engine.recommender.models.interactions import Interactions
from engine.recommender.neural import fit as neural
from engine.recommender.neural.ncf import Ncf
from engine.recommender.ratings.bayes import Sweep
from engine.training import dataset
from engine.training.checkpoints import Checkpoint
from engine.training.dataset import Dataset
from engine.training.evaluation import cross_validation, holdout, promotion_gate, ranking, splits
from engine.training.evaluation.holdout import Judgement
from engine.training.evaluation.promotion_gate import Decision
from engine.training.evaluation.splits import Split
from engine.training.fit import blend_weights, components, hyperparameter_search, local_fit
from engine.training.fit.blend_weights import TunedBlend
from engine.training.fit.early_stopping import Stopping
from engine.training.fit.fitter import LOCAL, Fitter, Part
from engine.training.fit.local_fit import Course, FitConfig
from engine.training.options import Options
from engine.training.progress import Losses

HOLDOUT, WHOLE = "twin", "everything"
"""Names of the two fits in checkpoints and curves: on the training part, and on all ratings."""
POPULARITY, PUBLISHED = "popularity", "published"
"""Names of the baselines in the manifest: ranking by popularity, and the version that was published before."""
STEP = "training"
STEPS = 6
"""Search, holdout model, weights, evaluation, fit on everything, publication."""
ROUGHLY = 5
"""Report the loss of every fifth sweep of the rating predictor."""


@dataclass(frozen=True)
class Published:
    """The published version that a new training starts from and is compared with."""

    version: str | None = None
    model: Recommender | None = None
    holdout_model: Recommender | None = None
    manifest: Mapping[str, Any] | None = None

    @property
    def manifest_or_empty(self) -> Mapping[str, Any]:
        """The manifest; empty if there is none."""
        return self.manifest or {}


@dataclass(frozen=True)
class TrainingOutcome:
    """The result of a training, not yet published."""

    model: Recommender
    holdout_model: Recommender
    judgement: Judgement
    decision: Decision
    known: Interactions
    manifest: Mapping[str, Any]


class TrainingPipeline:
    """A running training."""

    def __init__(
        self,
        settings: Settings,
        given: Dataset,
        options: Options,
        *,
        work: Work,
        checkpoint: Checkpoint,
        published: Published,
        fitter: Fitter = LOCAL,
    ) -> None:
        self._settings, self._given, self._options, self._fitter = settings, given, options, fitter
        self._work, self._checkpoint, self._published = work, checkpoint, published
        self._losses = Losses(work)
        self._parts = splits.by_pair(given.rated)
        self._split = Split(self._parts.train, self._parts.validation)
        self._known = dataset.learnable(self._parts.train, settings)

    def run(self, version: str) -> TrainingOutcome:
        """Train and evaluate. Raises `Cancelled`."""
        started = time.perf_counter()
        self._step(0, "")
        options, experiments, searched = self._searched()
        self._step(1, f"fitting on {len(self._known):,} of {len(self._given.rated):,} ratings and marks")
        holdout_model, fit_config = self._holdout_model(options)
        self._step(2, "tuning blend weights on the validation part")
        chosen = blend_weights.choose_for(holdout_model, self._split, portion=self._work.check, among=fit_config.parts)
        holdout_model = blend_weights.apply(chosen, holdout_model)
        crossed = self._crossed(fit_config, chosen)
        self._step(3, "evaluating on the test part")
        bench = holdout.bench(self._parts, self._given.world.ids, self._given.world.vectors)
        judgement = holdout.judge(holdout_model, bench, portion=self._work.check)
        self._step(4, "fitting on everything")
        known = dataset.learnable(self._given.rated, self._settings)
        model = blend_weights.apply(chosen, self._whole(known, fit_config, version))
        baselines = self._baselines(bench, holdout_model)
        decision = self._decide(judgement, baselines, learned=int(holdout_model.rated.sum()), model=model)
        manifest = {
            **self._manifest(options, chosen, judgement, decision),
            "baselines": {name: _measured(found) for name, found in baselines.items() if found.metrics},
            "recipes": asdict(fit_config),
            "learned_from": dataset.described(known, self._given.rated),
            "features": self._given.world.space.described(),
            "users": model.users.described(),
            **({"search": experiments} if experiments else {}),
            **({hyperparameter_search.RECORD: searched} if searched else {}),
            **({"folds": crossed} if crossed else {}),
            "seconds": round(time.perf_counter() - started, 1),
        }
        return TrainingOutcome(model, holdout_model, judgement, decision, known, manifest)

    def _searched(self) -> tuple[Options, list[dict[str, Any]], Mapping[str, Any]]:
        """Return the options to train with, the trials of a search, and the record of the latest search.

        Options are searched if the ratings changed much; until then, those that the latest search found are used.
        """
        manifest, ratings = self._published.manifest_or_empty, len(self._given.rated)
        before = manifest.get(hyperparameter_search.RECORD, {})
        options = hyperparameter_search.recalled(self._options, before)
        # A search fits many models, which is not what a cluster is for; its options are those of this machine.
        possible = self._fitter.by_epoch and not self._given.demo
        if not possible or not hyperparameter_search.due(self._options, before, ratings=ratings):
            return options, [], before
        self._work.say("searching for the best options")
        room = hyperparameter_search.Room(self._known, self._split, self._given.world)
        last = manifest.get("parameters", {})
        options, experiments = hyperparameter_search.run(
            room, options, last=last, checkpoint=self._checkpoint, work=self._work
        )
        found = hyperparameter_search.record(options, experiments, ratings=ratings) if experiments else before
        return options, experiments, found

    def _holdout_model(self, options: Options) -> tuple[Recommender, FitConfig]:
        """Fit on the training part; return the model and the configuration with the best number of epochs."""
        fit_config, fitted = options.fit_config, None
        if len(self._known) and self._fitter.by_epoch:
            cases = ranking.cases(self._split, np.unique(self._known.movies))
            stopping = Stopping(cases, fit_config.als, patience=options["patience"], checkpoint=self._checkpoint)
            fitted, epochs = stopping.best(
                self._als(HOLDOUT, self._known, fit_config.als, before=self._published.holdout_model, stopping=stopping)
            )
            fit_config = replace(fit_config, als=replace(fit_config.als, iterations=epochs))
        network = self._ncf(HOLDOUT, self._known, fit_config)
        course = Course(fitted, network, sweep=self._sweep("stars"), portion=self._work.check)
        rated, world = self._parts.train, self._given.world
        fitter, part = self._fitter, Part.TRAINING
        model = components.fit(
            self._known,
            world,
            fit_config,
            version="",
            rated=rated,
            lists=False,
            course=course,
            fitter=fitter,
            part=part,
        )
        return model, fit_config

    def _whole(self, known: Interactions, fit_config: FitConfig, version: str) -> Recommender:
        """Fit on everything."""
        stepwise = len(known) and self._fitter.by_epoch
        fitted = self._als(WHOLE, known, fit_config.als, before=self._published.model) if stepwise else None
        network = self._ncf(WHOLE, known, fit_config)
        course = Course(fitted, network, sweep=self._sweep(f"stars, {WHOLE}"), portion=self._work.check)
        return components.fit(
            known,
            self._given.world,
            fit_config,
            version=version,
            rated=self._given.rated,
            course=course,
            fitter=self._fitter,
            part=Part.EVERYTHING,
        )

    def _als(
        self,
        name: str,
        known: Interactions,
        config: als.ALSConfig,
        *,
        before: Recommender | None,
        stopping: Stopping | None = None,
    ) -> Als:
        """Fit ALS, resuming from a checkpoint or starting from the factors of a model fitted on the same part.

        The holdout model may only start from a holdout model: the published model was fitted on the test part too.
        """
        curve = "als" if name == HOLDOUT else f"als, {name}"

        def after(epoch: Epoch) -> bool:
            # Evaluate before saving: a saved epoch is not evaluated again after an interruption.
            goes_on = stopping is None or stopping.goes_on(epoch)
            self._checkpoint.keep_epoch(name, epoch)
            self._losses.replace(curve, epoch.losses)
            return goes_on

        start = self._checkpoint.epoch(name)
        if start is not None:
            self._work.say(f"resuming a training that was interrupted after {len(start.losses)} epochs of ALS")
            self._losses.replace(curve, start.losses)
            if stopping is not None and stopping.over:
                config = replace(config, iterations=len(start.losses))
        elif self._options["warm_start"] and before is not None and before.rated.any():
            start = als.Start(before.movies, before.factors)
        return als.fit(known, config, start=start, after=after)

    def _ncf(self, name: str, known: Interactions, fit_config: FitConfig) -> Ncf | None:
        """Fit NCF, or load it from the checkpoint; None if the model does not include it."""
        if local_fit.NCF not in fit_config.parts or not len(known):
            return None
        kept = self._checkpoint.network(name)
        if kept is not None:
            self._work.say("resuming a training that was interrupted after NCF was fitted")
            return kept
        curve = "ncf" if name == HOLDOUT else f"ncf, {name}"

        def after(epoch: neural.Epoch) -> bool:
            self._losses.add(curve, epoch.loss)
            return True

        network = neural.fit(known, fit_config.ncf, after=after)
        self._checkpoint.keep_network(name, network)
        return network

    def _crossed(self, fit_config: FitConfig, chosen: TunedBlend) -> dict[str, Any]:
        count = self._options["folds"]
        return cross_validation.run(
            self._settings, self._given, fit_config, chosen, count=count, checkpoint=self._checkpoint, work=self._work
        )

    def _baselines(self, bench: holdout.Bench, holdout_model: Recommender) -> dict[str, Judgement]:
        """Evaluate popularity and the published version, if it has a holdout model, on the same users."""
        before = self._published.holdout_model
        popular = holdout.popular(holdout_model.popularity, bench, holdout_model.rated)
        published = holdout.judge(before, bench, portion=self._work.check) if before is not None else None
        return {POPULARITY: popular, **({PUBLISHED: published} if published is not None else {})}

    def _decide(
        self, judgement: Judgement, baselines: Mapping[str, Judgement], *, learned: int, model: Recommender
    ) -> Decision:
        before = self._published
        return promotion_gate.decide(
            judgement,
            popular=baselines[POPULARITY].ndcg,
            published=baselines.get(PUBLISHED),
            version=before.version if before.model is not None else None,  # a damaged model need not be beaten
            judged=bool(before.manifest_or_empty.get("metrics")),
            learned=learned,
            demand=self._options["gate"],
            faults=holdout.sane(model, self._given.rated.histories()[: holdout.PROBES]),
        )

    def _manifest(
        self, options: Options, chosen: TunedBlend, judgement: Judgement, decision: Decision
    ) -> dict[str, Any]:
        version = self._published.version
        return {
            "catalogue_hash": self._given.catalogue_hash,
            "data_hash": self._given.hash,
            "encoder": self._given.encoder,
            "trainer": self._fitter.name,
            **({upkeep.LEARNED: True} if self._given.demo else {}),
            "code": version_of("marquee"),
            "parents": [version] if version and options["warm_start"] else [],
            "parameters": dict(options.values),
            "metrics": _measured(judgement),
            "reasons": list(decision.reasons),
            "ladder": [{"films": step.movies, "weights": dict(step.weights)} for step in chosen.schedule.steps],
            "notes": list(self._given.notes),
            **chosen.report,
            **({"reliability": [list(point) for point in judgement.reliability]} if judgement.reliability else {}),
            "loss": self._losses.plain,
        }

    def _sweep(self, curve: str) -> Sweep:
        def report(number: int, error: float) -> None:
            if number % ROUGHLY == 0:
                self._losses.add(curve, error)

        return report

    def _step(self, done: int, message: str) -> None:
        self._work.check()
        self._work.step(STEP, done, STEPS)
        if message:
            self._work.say(message)


def _measured(judgement: Judgement) -> dict[str, float]:
    return {name: value for name, value in judgement.metrics.items() if name != holdout.RMSE_OF_MEAN}
