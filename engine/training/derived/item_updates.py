"""The job `update-items`: movies with new ratings get new factors each night, published as a derived version.

So that a new movie that a few users rated moves in lists before the next training. The holdout model is updated in the
same way, from the training part alone; if that makes its lists worse on the test part, nothing is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from core.config import Settings
from core.errors import ModelMissing
from core.jobs.runs import Result, Work, check_parameters
from engine.job_context import JobContext
from engine.recommender.model import Recommender
from engine.recommender.models.interactions import Interactions
from engine.registry import derived_versions, version_ids
from engine.registry.artifacts import Loaded
from engine.registry.registry import Registry
from engine.training import dataset, factor_publication, service
from engine.training.dataset import Dataset
from engine.training.derived import item_fold_in
from engine.training.derived.similar_items import LISTS
from engine.training.evaluation import holdout, promotion_gate, splits
from engine.training.evaluation.holdout import Judgement
from engine.training.evaluation.promotion_gate import MIN_USERS, Check
from engine.training.fit import components

ITEMS = "items_hash"
"""Key of the manifest: hash of the ratings that the items were updated with."""
MARGIN = timedelta(days=1)
"""How long before the published version was named its ratings may have been read: a training takes hours at most."""
STEP, STEPS = "items", 4
THREADS = 1


@dataclass(frozen=True, slots=True)
class Update:
    """An updated model with its holdout model and their evaluation.

    Attributes:
        movies: the number of movies with new factors. new: how many of them had no ratings in the model before.
    """

    model: Recommender
    holdout_model: Recommender
    before: Judgement
    after: Judgement
    movies: int
    new: int


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Fold new ratings into the items of the published model; publish it if its lists are not worse.

    Raises:
        ModelMissing: no model is published yet.
        Busy: another model was published meanwhile; it has learned from the same ratings.
        Cancelled, DataError, IndexMissing: nothing was published.
    """
    check_parameters({}, parameters)  # the job has no parameters
    registry = context.registry
    parent = derived_versions.parent(registry)
    work.step(STEP, 0, STEPS)
    given = service.gather(context.settings, work, stores=context.stores, index_store=context.index_store)
    why_not = _unfit(parent, given)
    if why_not:
        work.say(why_not)
        return Result({"version": parent.model.version, "updated": 0, "why": why_not})
    update = _update(context.settings, parent, given, work, registry=registry)
    if update is None:
        work.say("no movie has new ratings")
        return Result({"version": parent.model.version, "updated": 0})
    work.step(STEP, 3, STEPS)
    return _publish(context, parent, given, update, work)


def updated(
    model: Recommender,
    rated: Interactions,
    given: Dataset,
    settings: Settings,
    *,
    parent: Loaded,
    version: str,
    work: Work,
) -> tuple[Recommender, int, int]:
    """Return the model with items updated by `rated`, and the numbers of updated and of new movies."""
    known = dataset.learnable(rated, settings)
    made_at = version_ids.moment(parent.model.version)
    since = int((made_at - MARGIN).timestamp()) if made_at else 0
    movies = item_fold_in.changed(model, known, since=since)
    new = len(np.setdiff1d(movies, model.movies[model.rated]))
    found = item_fold_in.fold_in(
        model,
        known,
        movies,
        rated=rated,
        catalogue=given.world.movies,
        config=replace(
            derived_versions.fit_config(parent.manifest).ease,
            memory_mb=settings.ease_memory,
            threads=settings.training_threads,
        ),
        version=version,
        portion=work.check,
    )
    return found, len(movies), new


def check(before: Judgement, after: Judgement, model: Recommender) -> Check:
    """Return whether an update may be published: valid, and not worse than the model was without it."""
    faults = (*after.faults, *holdout.sane(model))
    if faults:
        return Check(False, "; ".join(dict.fromkeys(faults)))
    if len(after.ndcg) < MIN_USERS:
        return Check(True, f"{len(after.ndcg)} test users, fewer than {MIN_USERS}: not compared")
    return promotion_gate.not_worse(after.ndcg, before.ndcg)


def _unfit(parent: Loaded, given: Dataset) -> str:
    """Return why the published model cannot be updated; empty if it can."""
    if not np.array_equal(parent.model.movies, given.world.ids):
        return "the catalogue changed: the items are updated once the model is extended to it"
    if not parent.model.rated.any():
        return "the published model has no ratings: the next training learns from them"
    if parent.manifest.get(ITEMS, parent.manifest.get("data_hash")) == given.hash:
        return "no new ratings since the last update"
    return ""


def _update(settings: Settings, parent: Loaded, given: Dataset, work: Work, *, registry: Registry) -> Update | None:
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - serving processes do not need it

    holdout_model = _holdout_model(registry, parent)
    parts = splits.by_pair(given.rated)
    bench = holdout.bench(parts, given.world.ids, given.world.vectors)
    version = registry.new_version()
    with threadpool_limits(THREADS, "blas"):
        work.step(STEP, 1, STEPS)
        model, movies, new = updated(
            parent.model, given.rated, given, settings, parent=parent, version=version, work=work
        )
        if not movies:
            return None
        work.step(STEP, 2, STEPS)
        child, _, _ = updated(holdout_model, parts.train, given, settings, parent=parent, version="", work=work)
        before = holdout.judge(holdout_model, bench, portion=work.check)
        after = holdout.judge(child, bench, portion=work.check)
        places, scores = components.neighbour_lists(
            dataset.learnable(given.rated, settings),
            given.world,
            derived_versions.fit_config(parent.manifest),
            model.rated,
        )
    model = replace(model, neighbour_places=places, neighbour_scores=scores)
    return Update(model, child, before, after, movies, new)


def _holdout_model(registry: Registry, parent: Loaded) -> Recommender:
    try:
        return registry.load_holdout_model(parent.model.version)
    except ModelMissing as missing:
        raise ModelMissing("the published version has no holdout model, so updates cannot be evaluated") from missing


def _publish(context: JobContext, parent: Loaded, given: Dataset, update: Update, work: Work) -> Result:
    checked = check(update.before, update.after, update.model)
    figures = {
        "version": update.model.version,
        "updated": update.movies,
        "new": update.new,
        "before": dict(update.before.metrics),
        "after": dict(update.after.metrics),
    }
    if not checked.passed:
        work.say(f"kept the published version: {checked.words}")
        return Result({**figures, "version": parent.model.version}, rejected=checked.words)
    passed = (
        f"passed: {update.movies:,} movies with new ratings, {update.new:,} of them without any before; {checked.words}"
    )
    measured = {name: value for name, value in update.after.metrics.items() if name != holdout.RMSE_OF_MEAN}
    derived_versions.publish(
        context.registry,
        parent,
        update.model,
        {
            ITEMS: given.hash,
            LISTS: given.hash,
            "reasons": [*parent.manifest.get("reasons", ()), passed],
            **({"metrics": measured} if measured else {}),
        },
        holdout_model=update.holdout_model,
    )
    work.say(f"published model {update.model.version}: {update.movies:,} movies have new factors")
    stamped = factor_publication.publish_factors(context.index_store, context.registry)
    work.step(STEP, STEPS, STEPS)
    return Result({**figures, "stamped": stamped})
