"""What a job works with: made by `engine.wiring`, handed through by `jobs`, so that no job builds its own parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from core.config import Settings
from core.jobs.runs import Result, Work
from core.ports import IndexStore
from data.database import Stores
from engine.clock import Clock, now

if TYPE_CHECKING:
    from engine.registry.registry import Registry  # the scheduler, which runs no job itself, loads no models


@dataclass(frozen=True)
class JobContext:
    """The parts of a site that jobs use. Index and registry are opened when first used: few jobs need both."""

    settings: Settings
    stores: Stores
    open_index_store: Callable[[], IndexStore]
    open_registry: Callable[[], Registry]
    clock: Clock = now

    @cached_property
    def index_store(self) -> IndexStore:
        """The builds of the search index."""
        return self.open_index_store()

    @cached_property
    def registry(self) -> Registry:
        """The trained models."""
        return self.open_registry()


class JobFunction(Protocol):
    """What a job does: the function that a row of `core.jobs.job_catalogue` names."""

    def __call__(self, context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
        """Do it, tell `work` how far it is, and say what came of it."""
        ...


ContextFactory = Callable[[Settings, Stores, Clock], JobContext]
"""Makes the context of a run. It is pickled into the run's process: a function of a module, no lambda."""
