"""What `marquee run` does about demo data before it serves: load it where it belongs, else see that there is none."""

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
    """What became of the demo data."""

    NONE = "none"
    """There is none, and there was none."""
    LOADED = "loaded"
    KEPT = "kept"
    """It was there already; its times are of today."""
    REMOVED = "removed"


def settle(context: JobContext, work: Work) -> Outcome:
    """Load demo data beside the sample catalogue, where nobody has an account yet; remove it anywhere else.

    Trending lists are counted at once, and the figures of visits are asked for: visitors see both.

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
    """Why the published model does not go with the demo data at hand, in words; empty where it does."""
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
        return Outcome.NONE  # people use this site: it has a life of its own
    upkeep.load(context.stores, index, context.clock())
    return Outcome.KEPT if loaded else Outcome.LOADED
