"""Where what runs by the clock keeps its records: ports like those of `core.stores`, with the same promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from core.jobs import Act, Lease, Outcome, Run
from core.trends import HourTally, TrendList, Window
from core.users import ViewerId


class JobStore(Protocol):
    """Runs of jobs. The database itself sees to it that at most one run of a job is asked for or running."""

    def ask(self, job: str, *, parameters: Mapping[str, Any], by: ViewerId | None, at: datetime) -> Run:
        """Leave a wish for the scheduler. Raises `Busy` where the job is asked for or runs already."""
        ...

    def asked(self) -> Sequence[Run]:
        """Wishes that nobody took up yet, the oldest first."""
        ...

    def start(
        self, job: str, *, holder: str, at: datetime, parameters: Mapping[str, Any] | None = None, attempt: int = 1
    ) -> Run:
        """Begin to run: takes up the wish for this job where there is one, else makes a run of its own.

        Raises:
            Busy: the job runs already.
        """
        ...

    def progress(
        self,
        run: int,
        *,
        share: float | None = None,
        doing: str | None = None,
        figures: Mapping[str, Any] | None = None,
        lines: str = "",
    ) -> bool:
        """Note how far a running run is; `figures` are merged, `lines` appended. Whether to go on: False once somebody
        asked it to stop, or it is no longer running (somebody took it for dead)."""
        ...

    def finish(
        self, run: int, *, outcome: Outcome, at: datetime, figures: Mapping[str, Any] | None = None, error: str = ""
    ) -> bool:
        """End a running run; False where it was ended already, and nothing changes."""
        ...

    def cancel(self, run: int, *, at: datetime) -> Run:
        """Ask a run to stop; one that nobody took up ends at once, an ended one stays as it is. Raises `NotFound`."""
        ...

    def abandon(self, *, holder: str, at: datetime) -> Sequence[Run]:
        """End everything that a dead process was running; what that was."""
        ...

    def get(self, run: int) -> Run:
        """One run. Raises `NotFound`."""
        ...

    def runs(self, job: str | None = None, *, limit: int = 50, before: int | None = None) -> Sequence[Run]:
        """The latest first; `before` is a run's id, for paging."""
        ...

    def live(self) -> Sequence[Run]:
        """Runs that are asked for or running."""
        ...

    def last(self, job: str, *, outcome: Outcome | None = None) -> Run | None:
        """The latest run of a job that ended (in this way)."""
        ...

    def asked_by(self, viewer: ViewerId) -> Sequence[Run]:
        """Runs that somebody asked for, the oldest first, for the export."""
        ...

    def upcoming(self) -> Mapping[str, datetime]:
        """When each job runs next, by its name; empty where no scheduler has ever run."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Delete ended runs that are older; how many."""
        ...


class LeaseStore(Protocol):
    """Rights to do something alone, held by one process of all machines. Callers' clocks agree within seconds."""

    def take(self, name: str, *, holder: str, at: datetime, until: datetime) -> bool:
        """Take a lease that is free, lapsed, or one's own already; whether it is held now."""
        ...

    def renew(self, name: str, *, holder: str, until: datetime) -> bool:
        """Hold on; False where another one has it by now."""
        ...

    def release(self, name: str, *, holder: str) -> None:
        """Give it back, if it is still one's own."""
        ...

    def get(self, name: str) -> Lease | None:
        """Who holds it, lapsed or not."""
        ...


class ActStore(Protocol):
    """What administrators did, for good."""

    def add(self, *, by: ViewerId | None, action: str, subject: str, details: Mapping[str, Any], at: datetime) -> None:
        """Write one line."""
        ...

    def latest(self, *, limit: int = 100, before: int | None = None) -> Sequence[Act]:
        """The latest first; `before` is an act's id, for paging."""
        ...

    def of_viewer(self, viewer: ViewerId) -> Sequence[Act]:
        """What one of them did, the oldest first, for the export."""
        ...


class TrendStore(Protocol):
    """What was counted of films by the hour, and the lists made of it."""

    def recount(self, *, since: int, tally: HourTally) -> None:
        """Replace all hours from `since` (hours since 1970) on by `tally`."""
        ...

    def hours(self, *, since: int) -> HourTally:
        """What was counted from an hour on."""
        ...

    def purge(self, *, before: int) -> int:
        """Delete older hours; how many rows."""
        ...

    def publish(self, lists: Sequence[TrendList]) -> None:
        """Replace these lists, all in one step."""
        ...

    def read(self, window: Window) -> TrendList | None:
        """One list as it was published last."""
        ...


class ExposureStore(Protocol):
    """Which variant of an experiment each viewer was given, written once."""

    def add(self, experiment: str, variants: Mapping[ViewerId, str], *, at: datetime) -> None:
        """Note first exposures; a viewer who has one keeps it. Viewers without an account are left out."""
        ...

    def read(self, experiment: str) -> dict[ViewerId, tuple[str, datetime]]:
        """Variant and time of every viewer."""
        ...

    def of_viewer(self, viewer: ViewerId) -> dict[str, tuple[str, datetime]]:
        """Variant and time of one viewer in every experiment, for the export."""
        ...
