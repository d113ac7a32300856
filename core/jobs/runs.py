"""The records of what runs by the clock: jobs, their runs, leases, and what administrators did. Frozen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol

from core.errors import InvalidRequest
from core.users import UserId

AGAIN = "again:"
"""Before the name of a job in the schedule: the row of its next try."""
JobName = str
"""Named in pickles of retries that the last release stored; to be removed in the next one."""


class Outcome(StrEnum):
    """How far a run has come."""

    QUEUED = "queued"
    """Somebody wants it; the scheduler takes it up within seconds."""
    RUNNING = "running"
    DONE = "done"
    REJECTED = "rejected"
    """Came to its end, and what it made was not good enough to be used; the figures say why."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"
    """The process that ran it died."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (Outcome.QUEUED, Outcome.RUNNING)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job, from the wish to the outcome."""

    id: int
    job: str
    outcome: Outcome
    queued_at: datetime
    queued_by: UserId | None = None
    """The administrator who asked; None: the clock or the command line."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    holder: str = ""
    """Process that runs it: `host:pid:random`."""
    parameters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    attempt: int = 1
    progress: float | None = None
    """0 to 1; None where nothing is known yet."""
    doing: str = ""
    """What is being done right now, in a few words."""
    figures: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What came out, as plain JSON values; live figures (loss per epoch) while it runs."""
    error: str = ""
    """The traceback of a failure."""
    log: str = ""
    """Lines that the run wrote, the newest `LONGEST_LOG` characters."""
    cancel: bool = False
    """Whether somebody asked it to stop."""


LONGEST_LOG = 20_000


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do something alone, until a moment."""

    name: str
    holder: str
    taken_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that an administrator did (or the clock, where `by` is None)."""

    id: int
    at: datetime
    by: UserId | None
    action: str
    """`activate`, `delete`, `run`, `cancel`, …"""
    subject: str
    """What it was done to: a version, a job, a run."""
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Result:
    """What a job came to."""

    figures: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Plain JSON values."""
    rejected: str = ""
    """Why what was made is not used; empty where it is."""


class Watch(Protocol):
    """Who watches long work: the command line's bars, a run's log, nobody."""

    def say(self, sentence: str) -> None:
        """Something began or was decided."""
        ...

    def step(self, name: str, done: int, total: int) -> None:
        """`done` of `total` parts are through the step `name`."""
        ...


class Work(Watch, Protocol):
    """The run as the work itself sees it: who watches, and whether to go on."""

    def note(self, figures: Mapping[str, Any]) -> None:
        """Figures so far, as plain JSON values; merged into those before."""
        ...

    def check(self) -> None:
        """Call it between portions of long work. Raises `Cancelled` once somebody asked it to stop."""
        ...


class Kind(StrEnum):
    """What a parameter of a job may be."""

    WHOLE = "whole number"
    NUMBER = "number"
    SWITCH = "true or false"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a job, with what it may be."""

    name: str
    kind: Kind
    least: float | None
    most: float | None
    """Bounds of a number, both included; None for switches and choices."""
    default: Any
    meaning: str
    """For people: what it does."""
    choices: tuple[str, ...] = ()

    def fault(self, value: object) -> str:
        """Why a value cannot be used, in words; empty where it can."""
        if self.kind is Kind.SWITCH:
            return "" if isinstance(value, bool) else f"expected true or false, got {value!r}"
        if self.kind is Kind.CHOICE:
            return "" if value in self.choices else f"expected one of {', '.join(self.choices)}, got {value!r}"
        if isinstance(value, bool) or not isinstance(value, (int,) if self.kind is Kind.WHOLE else (int, float)):
            return f"expected a {self.kind}, got {value!r}"
        least = -math.inf if self.least is None else self.least
        most = math.inf if self.most is None else self.most
        # Written so that NaN, which compares with nothing, is refused too.
        return "" if least <= value <= most else f"expected {least:g} to {most:g}, got {value!r}"


def check_parameters(table: Mapping[str, Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Every parameter of the table: what was given, else its default.

    Raises:
        InvalidRequest: names each parameter that is unknown or cannot be used.
    """
    faults = {name: table[name].fault(value) if name in table else "no such parameter" for name, value in given.items()}
    if any(faults.values()):
        raise InvalidRequest({name: fault for name, fault in faults.items() if fault})
    return {name: given.get(name, parameter.default) for name, parameter in table.items()}
