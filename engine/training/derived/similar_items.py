"""The job `item-to-item`: recompute the lists of similar movies and publish them as a derived version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from core.config import Settings
from core.errors import BuildRejected, SearchUnavailable
from core.jobs.runs import Result, Work, check_parameters
from engine.catalogue.movies import Movies
from engine.job_context import JobContext
from engine.recommender.model import Recommender
from engine.recommender.models import interactions
from engine.recommender.similarity.similar_movies import Similar
from engine.registry import derived_versions, export
from engine.registry.artifacts import Loaded
from engine.training import dataset, factor_publication, service
from engine.training.dataset import Dataset
from engine.training.fit import components
from engine.training.fit.components import World

EXPORT = "exports/similar.json"
"""The exported lists, below the home folder."""
LISTS = "lists_hash"
"""Key of the manifest: hash of the ratings that the lists were computed from, if it differs from the model's."""
STEP = "lists"


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Recompute the lists, publish them with the rest of the model unchanged, and export them as JSON.

    Raises:
        ModelMissing: no model is published yet.
        Busy: another model was published meanwhile; its lists are just as recent.
        Cancelled, DataError, IndexMissing: nothing was published.
    """
    check_parameters({}, parameters)  # the job has no parameters
    settings, registry = context.settings, context.registry
    parent = derived_versions.parent(registry)
    work.step(STEP, 0, 3)
    given = service.gather(settings, work, stores=context.stores, index_store=context.index_store)
    work.check()
    work.step(STEP, 1, 3)
    if _made_of(parent.manifest) == given.hash:
        work.say("no new ratings since the lists were computed")
        return _finish(context, parent.model, work, {"version": parent.model.version, "changed": 0})
    child = renewed(parent, given, settings, version=registry.new_version())
    work.check()
    work.step(STEP, 2, 3)
    changed = differing(parent.model, child)
    work.say(f"the lists of {changed:,} of {len(child.movies):,} movies changed")
    if not changed:
        return _finish(context, parent.model, work, {"version": parent.model.version, "changed": 0})
    derived_versions.publish(registry, parent, child, {LISTS: given.hash})
    return _finish(context, child, work, {"version": child.version, "changed": changed, **_stamped(context, work)})


def renewed(parent: Loaded, given: Dataset, settings: Settings, *, version: str) -> Recommender:
    """Return the model with lists computed from the current ratings; all else, and so the scores, are unchanged."""
    model = parent.model
    rated = interactions.within(given.rated, model.movies)
    known = dataset.learnable(rated, settings)
    vectors = model.content.vectors
    world = World((), model.movies, vectors, np.zeros(vectors.shape[1], np.float32))  # centred already
    places, scores = components.neighbour_lists(known, world, derived_versions.fit_config(parent.manifest), model.rated)
    return replace(model, version=version, neighbour_places=places, neighbour_scores=scores)


def differing(before: Recommender, after: Recommender) -> int:
    """Return the number of movies whose list or order changed."""
    if before.neighbour_places.shape != after.neighbour_places.shape:
        return len(after.movies)
    return int(np.any(before.neighbour_places != after.neighbour_places, axis=1).sum())


def _made_of(manifest: Mapping[str, Any]) -> str:
    return str(manifest.get(LISTS) or manifest.get("data_hash", ""))


def _stamped(context: JobContext, work: Work) -> dict[str, int]:
    """Publish the unchanged factors again: the search engine identifies them by version."""
    try:
        return {"stamped": factor_publication.publish_factors(context.index_store, context.registry)}
    except (SearchUnavailable, BuildRejected) as error:
        work.say(f"could not publish the factors to the search engine: {error}")
        return {"stamped": 0}


def _finish(context: JobContext, model: Recommender, work: Work, figures: Mapping[str, Any]) -> Result:
    path = context.settings.home / EXPORT
    path.parent.mkdir(parents=True, exist_ok=True)
    index = context.index_store.open()
    export.export_similar(Similar(index, Movies(index)), path, model=model)
    work.step(STEP, 3, 3)
    return Result({**figures, "movies": len(model.movies), "export": EXPORT})
