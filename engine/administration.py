"""What administrators may ask of the engine; `engine.services` has the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from core.evaluation import EvaluationRun, LabelledRequest
from core.experiments import ExperimentReport
from core.jobs import Act, Parameter, Run
from core.models import Comparison, ModelVersion
from core.users import Viewer, ViewerId


class Lifecycle(Protocol):
    """The versions of the model, for administrators."""

    def versions(self) -> Sequence[ModelVersion]:
        """Every version, the newest first."""
        ...

    def current(self) -> ModelVersion | None:
        """The one that is published."""
        ...

    def get(self, version: str) -> ModelVersion:
        """Raises `NotFound`."""
        ...

    def best(self, metric: str) -> ModelVersion:
        """The best by a metric. Raises `InvalidRequest` (field `metric`) for one that no version has."""
        ...

    def compare(self, first: str, second: str) -> Comparison:
        """Two versions side by side. Raises `NotFound`."""
        ...

    def activate(self, version: str, *, by: Viewer) -> ModelVersion:
        """Publish a version that is there, in one step; also how one rolls back. Written into the audit log.

        Raises:
            NotFound: there is no such version.
            ModelMissing: its files are damaged; nothing changed.
        """
        ...

    def delete(self, version: str, *, by: Viewer) -> None:
        """Delete a version. Raises `NotFound`; `Busy` for the one that serves."""
        ...


class Operations(Protocol):
    """Jobs and their runs, for administrators."""

    def ask(self, job: str, *, parameters: Mapping[str, Any], by: Viewer) -> Run:
        """Want a job to run; a scheduler takes it up within seconds. Written into the audit log.

        Raises:
            NotFound: there is no such job.
            InvalidRequest: a parameter is unknown or out of range; names it.
            Busy: the job is asked for or runs already.
            SchedulerAway: nobody would take it up; nothing is written.
        """
        ...

    def parameters(self, job: str) -> Mapping[str, Parameter]:
        """What may be asked of a job, by name. Raises `NotFound`."""
        ...

    def cancel(self, run: int, *, by: Viewer) -> Run:
        """Ask a run to stop. Raises `NotFound`."""
        ...

    def get(self, run: int) -> Run:
        """One run. Raises `NotFound`."""
        ...

    def runs(self, job: str | None = None, *, limit: int = 50, before: int | None = None) -> Sequence[Run]:
        """The latest first."""
        ...

    def live(self) -> Sequence[Run]:
        """What is asked for or running."""
        ...

    def upcoming(self) -> Mapping[str, datetime]:
        """When each job runs next, by its name; empty where no scheduler has ever run."""
        ...

    def scheduler(self) -> str:
        """Who runs jobs now (`host:pid`); empty where no scheduler is alive."""
        ...

    def acts(self, *, limit: int = 100, before: int | None = None) -> Sequence[Act]:
        """The audit log, the latest first."""
        ...

    def names(self, viewers: Iterable[ViewerId]) -> Mapping[ViewerId, str]:
        """What accounts are called; those that are gone are left out."""
        ...


class Experiments(Protocol):
    """Questions put to viewers, and what they came to so far."""

    def reports(self) -> Sequence[ExperimentReport]:
        """One for each experiment of the settings, in their order; some seconds old at most."""
        ...


@dataclass(frozen=True, slots=True)
class DataStatistics:
    """How much viewers of this site have said."""

    ratings_per_day: tuple[tuple[date, int], ...]
    """The last days (UTC), the oldest first."""
    viewers: int
    """Who rated anything."""
    films: int
    """Films that anybody rated."""
    ratings: int
    sparsity: float | None
    """Share of the pairs of these viewers and films without a rating; None while there are none."""
    cold_share: float | None
    """Share of the catalogue that the published model learned nothing about from ratings; None where unknown."""


@dataclass(frozen=True, slots=True)
class UnansweredSearch:
    """A text that several viewers searched for without clicking anything."""

    text: str
    """Folded."""
    times: int
    viewers: int


@dataclass(frozen=True, slots=True)
class OnlineFigures:
    """What was measured of what viewers did with what they were shown, see docs/online.md."""

    latest: Mapping[str, Any]
    """Figures of the latest `evaluate-online`, as plain JSON values; empty while there are none."""
    history: tuple[tuple[datetime, Mapping[str, Any]], ...]
    """When, and the shares `click_through`, `sessions` and `rated_well`, the oldest first."""


class Insights(Protocol):
    """What the data say about themselves, for administrators."""

    def data(self, *, days: int = 30) -> DataStatistics:
        """How much viewers have said, with the last days one by one."""
        ...

    def unanswered(self, *, days: int = 30, limit: int = 50) -> Sequence[UnansweredSearch]:
        """Searches of the last days that nobody clicked anything of, the most frequent first; never one person's."""
        ...

    def online(self) -> OnlineFigures:
        """The latest figures, and those before."""
        ...


@dataclass(frozen=True, slots=True)
class LabelsImported:
    """What became of a file of labelled requests."""

    written: int
    faults: tuple[str, ...]
    """Rows that cannot be used, each named by file and row."""


class Understandings(Protocol):
    """Labelled requests, and how well readers of search texts understand them; for administrators."""

    def labelled(self) -> Sequence[LabelledRequest]:
        """All labelled requests, the latest first."""
        ...

    def get(self, number: int) -> LabelledRequest:
        """One of them. Raises `NotFound`."""
        ...

    def label(self, text: str, stance: str, pieces: str, *, by: Viewer, source: str = "form") -> LabelledRequest:
        """Add a request, or replace the one with this text. Raises `InvalidRequest` (the faulty field)."""
        ...

    def edit(self, number: int, text: str, stance: str, pieces: str, *, by: Viewer) -> LabelledRequest:
        """Change one. Raises `NotFound`, `InvalidRequest`."""
        ...

    def delete(self, number: int, *, by: Viewer) -> None:
        """Delete one. Raises `NotFound`."""
        ...

    def load(self, content: bytes, *, name: str, by: Viewer) -> LabelsImported:
        """Import a file, TSV or JSON lines; rows with faults are left out. Raises `DataError` for the whole file."""
        ...

    def runs(self, *, limit: int = 60) -> Sequence[EvaluationRun]:
        """Evaluations of all readers, the latest first."""
        ...
