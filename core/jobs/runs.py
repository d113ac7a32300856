"""The records of scheduled work: jobs, runs, leases and the audit log. Immutable."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol

from core.errors import InvalidRequest
from core.users import UserId

AGAIN = "again:"
"""Prefix of a job's name in the schedule: the row of its next retry."""


class Outcome(StrEnum):
    """The state of a run."""

    QUEUED = "queued"
    """Requested; the scheduler starts it within seconds."""
    RUNNING = "running"
    DONE = "done"
    REJECTED = "rejected"
    """Completed, but the result was not good enough to be used; the figures say why."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"
    """Its process died."""

    @property
    def ended(self) -> bool:
        """Whether the run has reached a final state."""
        return self not in (Outcome.QUEUED, Outcome.RUNNING)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job, from being queued to its outcome."""

    id: int
    job: str
    outcome: Outcome
    queued_at: datetime
    queued_by: UserId | None = None
    """The administrator who requested it; None: the scheduler or the command line."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    holder: str = ""
    """The process that runs it: `host:pid:random`."""
    parameters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    attempt: int = 1
    progress: float | None = None
    """0 to 1; None if unknown."""
    doing: str = ""
    """The current step, in a few words."""
    figures: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """The results as plain JSON values; during the run, live figures such as the loss per epoch."""
    error: str = ""
    """The traceback of a failure."""
    log: str = ""
    """The last `LONGEST_LOG` characters of the run's log."""
    cancel: bool = False
    """Whether it was requested to stop."""


LONGEST_LOG = 20_000


@dataclass(frozen=True, slots=True)
class JobTime:
    """When a job runs next: at a regular time of its schedule, or as a retry."""

    id: str
    """The name of the job; a retry has the prefix `AGAIN`."""
    job: str
    at: datetime
    schedule: str
    """The text of the trigger that computed the time; empty for a retry."""
    grace: timedelta
    """How late the run may start; later, it is skipped."""
    attempt: int = 1
    parameters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def retry(self) -> bool:
        """Whether this is a retry, rather than a regular time."""
        return self.id.startswith(AGAIN)


@dataclass(frozen=True, slots=True)
class Lease:
    """The exclusive right to an operation until a point in time."""

    name: str
    holder: str
    taken_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An action of an administrator (or of the system, if `by` is None)."""

    id: int
    at: datetime
    by: UserId | None
    action: str
    """`activate`, `delete`, `run`, `cancel`, …"""
    subject: str
    """The object of the action: a version, a job, a run."""
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a job."""

    figures: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Plain JSON values."""
    rejected: str = ""
    """Why the result is not used; empty if it is."""


class Watch(Protocol):
    """An observer of long work, such as the progress bar of the command line or the log of a run."""

    def say(self, sentence: str) -> None:
        """Report a decision or the start of a step."""
        ...

    def step(self, name: str, done: int, total: int) -> None:
        """Report that `done` of `total` parts of the step `name` are complete."""
        ...


class Work(Watch, Protocol):
    """The run as seen by the work itself: reports progress and checks for cancellation."""

    def note(self, figures: Mapping[str, Any]) -> None:
        """Record figures as plain JSON values; merged into the previous ones."""
        ...

    def check(self) -> None:
        """Raise `Cancelled` if the run was requested to stop. Call it between portions of long work."""
        ...


class Kind(StrEnum):
    """The type of a job's parameter."""

    WHOLE = "whole number"
    NUMBER = "number"
    SWITCH = "true or false"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a job with its accepted values."""

    name: str
    kind: Kind
    least: float | None
    most: float | None
    """Inclusive bounds of a number; None for switches and choices."""
    default: Any
    meaning: str
    """What it does, for users."""
    choices: tuple[str, ...] = ()

    def fault(self, value: object) -> str:
        """Return why a value is invalid, or an empty string if it is valid."""
        if self.kind is Kind.SWITCH:
            return "" if isinstance(value, bool) else f"expected true or false, got {value!r}"
        if self.kind is Kind.CHOICE:
            return "" if value in self.choices else f"expected one of {', '.join(self.choices)}, got {value!r}"
        if isinstance(value, bool) or not isinstance(value, (int,) if self.kind is Kind.WHOLE else (int, float)):
            return f"expected a {self.kind}, got {value!r}"
        least = -math.inf if self.least is None else self.least
        most = math.inf if self.most is None else self.most
        # Written this way so that NaN, which compares false with everything, is refused as well.
        return "" if least <= value <= most else f"expected {least:g} to {most:g}, got {value!r}"


def check_parameters(table: Mapping[str, Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every parameter of the table with its given value or its default.

    Raises:
        InvalidRequest: names each unknown or invalid parameter.
    """
    faults = {name: table[name].fault(value) if name in table else "no such parameter" for name, value in given.items()}
    if any(faults.values()):
        raise InvalidRequest({name: fault for name, fault in faults.items() if fault})
    return {name: given.get(name, parameter.default) for name, parameter in table.items()}
