"""Training and publication: train on a dataset, apply the promotion gate, keep the version, publish what passes."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.config import Settings
from core.errors import Busy, ModelMissing, NotFound
from core.jobs.runs import Work
from core.recommendations.models import Status
from engine.demo import upkeep
from engine.recommender.model import Recommender
from engine.recommender.neural import fit as neural
from engine.registry import mlflow_export
from engine.registry.registry import Registry
from engine.training import checkpoints, demo_users, trainers
from engine.training.checkpoints import Checkpoint
from engine.training.dataset import Dataset
from engine.training.evaluation.promotion_gate import Decision
from engine.training.fit import local_fit
from engine.training.options import Options
from engine.training.pipeline import STEP, STEPS, Published, TrainingOutcome, TrainingPipeline

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PublicationReport:
    """The figures of a training run, the model, and whether it was published."""

    version: str
    model: Recommender
    manifest: Mapping[str, Any]
    decision: Decision
    published: bool
    users: int
    ratings: int
    movies: int
    """Movies with enough ratings to be learned."""
    seconds: float
    notes: tuple[str, ...] = ()


def learn(
    settings: Settings, given: Dataset, options: Options, work: Work, *, registry: Registry, force: bool
) -> PublicationReport:
    """Train, apply the promotion gate, and publish; resume an interrupted training with the same data and options.

    Args:
        force: publish a model that the gate refuses (a manual training), unless it is invalid.

    Raises:
        Cancelled: the run was cancelled; the published model is unchanged.
        ModelMissing: the registry is unreachable, the trained model is invalid, or NCF is requested without torch.
        Busy: another model was published meanwhile, or the same training is already running.
        InvalidRequest, InvalidSettings, ServiceUnavailable: Spark cannot train with these options, or does not work.
    """
    import scipy.linalg  # noqa: F401, PLC0415 - serving processes do not need it; loads the BLAS that is limited below
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    if local_fit.NCF in options.fit_config.parts:
        neural.check()
    trainers.check(settings, options)
    started = time.perf_counter()
    before = _comparable(published(registry), given)
    key = _key(settings, given, options, before)
    checkpoint = Checkpoint(settings.home / checkpoints.FOLDER / key)
    for note in given.notes:
        work.say(note)
    with checkpoint.alone(), trainers.opened(settings, given.rated, key=key) as fitter:
        learning = TrainingPipeline(
            settings, given, options, work=work, checkpoint=checkpoint, published=before, fitter=fitter
        )
        # Training solves thousands of small systems: BLAS threads would wait for one another and take 3 times as long.
        with threadpool_limits(1, "blas"):
            learned = learning.run(registry.new_version())
        made_public = learned.decision.promoted or (force and not learned.decision.broken)
        work.check()
        _keep(registry, learned, given, before, publish=made_public)
        work.step(STEP, STEPS, STEPS)
        checkpoint.done()
    mlflow_export.export_if_set(settings, registry, work)
    return PublicationReport(
        learned.model.version,
        learned.model,
        learned.manifest,
        learned.decision,
        made_public,
        len(np.unique(learned.known.users)),
        len(learned.known),
        int(learned.model.rated.sum()),
        time.perf_counter() - started,
        given.notes,
    )


def published(registry: Registry) -> Published:
    """Return the published version; a damaged model is not compared with."""
    version = registry.current()
    if version is None:
        return Published()
    try:
        loaded = registry.load(version)
    except ModelMissing as missing:
        log.warning("cannot compare with the published model: %s", missing)
        return Published(version)
    try:
        holdout_model = registry.load_holdout_model(version)
    except ModelMissing:
        holdout_model = None
    return Published(version, loaded.model, holdout_model, loaded.manifest)


def _keep(registry: Registry, learned: TrainingOutcome, given: Dataset, before: Published, *, publish: bool) -> None:
    """Store the version, also a refused one for inspection, and publish it if asked to."""
    manifest = {**learned.manifest, **({} if publish else {"status": Status.REJECTED.value})}
    known = demo_users.of(given.public)
    registry.add(learned.model, manifest, known=known, holdout_model=learned.holdout_model)
    if publish:
        registry.activate(learned.model.version, instead_of=before.version)
        if not given.demo:
            _delete_demo(registry)
    registry.prune_if_possible()


def _comparable(before: Published, given: Dataset) -> Published:
    """Return what a new model is compared with; a model trained on demo ratings only if the new one was, too."""
    return Published(before.version) if before.manifest_or_empty.get(upkeep.LEARNED) and not given.demo else before


def _delete_demo(registry: Registry) -> None:
    """Delete versions trained on demo ratings. A version that cannot be deleted is not served with other catalogues."""
    for version in registry.versions():
        try:
            if registry.manifest(version).get(upkeep.LEARNED):
                registry.delete(version)
        except (Busy, NotFound, ModelMissing, OSError) as error:
            log.warning("version %s, trained on demo ratings, could not be deleted: %s", version, error)


def _key(settings: Settings, given: Dataset, options: Options, before: Published) -> str:
    """Return the key of a training: a hash of all that it depends on."""
    least = (settings.min_user_ratings, settings.min_movie_ratings)
    return checkpoints.key(given.hash, given.catalogue_hash, dict(options.values), before.version, least)
