"""The context of jobs: created by `engine.wiring` and passed on by `jobs`, so that jobs build nothing themselves."""

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
    """The services that jobs use. Index and registry are opened on first use: few jobs need both."""

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
    """The function of a job, named by its row in `core.jobs.job_catalogue`."""

    def __call__(self, context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
        """Run the job, report progress to `work`, and return the result."""
        ...


ContextFactory = Callable[[Settings, Stores, Clock], JobContext]
"""Creates the context of a run. It is pickled into the run's process, so it must be a module's function."""
