"""Demo data at the start of `marquee run`: loaded with the sample catalogue, removed otherwise."""

from __future__ import annotations

import contextlib
from enum import StrEnum

from core.errors import Busy, ModelMissing, StoreUnavailable
from core.jobs.job_catalogue import EVALUATE_ONLINE
from core.jobs.runs import Work
from engine.demo import upkeep
from engine.job_context import JobContext
from engine.trending.refresh import refresh


class Outcome(StrEnum):
    """What was done with demo data."""

    NONE = "none"
    """There is and was no demo data."""
    LOADED = "loaded"
    KEPT = "kept"
    """It was loaded before; its times were moved up to today."""
    REMOVED = "removed"


def settle(context: JobContext, work: Work) -> Outcome:
    """Load demo data if the sample catalogue is served and nobody has an account yet; remove it with other catalogues.

    Trending lists are updated at once, and the online evaluation is queued, so that the site shows both.

    Raises:
        StoreUnavailable, SearchUnavailable, DataError.
    """
    outcome = _settled(context)
    if outcome is not Outcome.NONE:
        refresh(context, work, parameters={"full": True})
    if outcome is Outcome.LOADED:
        with contextlib.suppress(Busy):
            context.stores.jobs.enqueue(EVALUATE_ONLINE, parameters={}, by=None, at=context.clock())
    return outcome


def unlearned(context: JobContext) -> str:
    """Return why the published model does not match the loaded demo data; empty if it does."""
    try:
        version = context.registry.current()
        learned = bool(version) and bool(context.registry.manifest(version or "").get(upkeep.LEARNED))
        loaded = bool(context.stores.demo.users())
    except (ModelMissing, StoreUnavailable):
        return ""
    if learned == loaded:
        return ""
    return "demo ratings were loaded" if loaded else "demo ratings were removed"


def _settled(context: JobContext) -> Outcome:
    demo, index = context.stores.demo, context.index_store.open()
    loaded = bool(demo.users())
    if not (context.settings.demo and upkeep.sample(index)):
        return Outcome.REMOVED if demo.remove() else Outcome.NONE
    if not loaded and not demo.alone():
        return Outcome.NONE  # people use this site already
    upkeep.load(context.stores, index, context.clock())
    return Outcome.KEPT if loaded else Outcome.LOADED
