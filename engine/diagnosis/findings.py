"""Findings, and running checks: all at once, each with a deadline, so that no broken part stops the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from core.errors import MarqueeError
from core.settings import redaction
from core.settings.environment import Fault


class Status(StrEnum):
    """How serious a finding is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: one line, and one line of advice unless all is well."""

    check: str
    status: Status
    finding: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A check of one part."""

    name: str
    ask: Callable[[], Sequence[Finding]]
    advice: str
    """What to do if the part cannot be asked."""
    needs: tuple[str, ...] = ()
    """Beginnings of the names of the settings that it depends on."""


def ok(check: str, finding: str) -> Finding:
    """Return the finding that all is well."""
    return Finding(check, Status.OK, finding)


def warning(check: str, finding: str, advice: str) -> Finding:
    """Return the finding that something needs attention, but the site works."""
    return Finding(check, Status.WARNING, finding, advice)


def error(check: str, finding: str, advice: str) -> Finding:
    """Return the finding that something does not work."""
    return Finding(check, Status.ERROR, finding, advice)


def run(checks: Sequence[Check], *, seconds: float, faults: Sequence[Fault] = ()) -> list[Finding]:
    """Run all checks at the same time; return their findings in the order of the checks, without secrets.

    Args:
        checks: the checks; one that depends on a faulty setting is not run.
        seconds: deadline of each check.
        faults: the faulty settings.
    """
    running = [(check, _start(check) if not _unsettled(check, faults) else None) for check in checks]
    end = time.monotonic() + seconds
    found: list[Finding] = []
    for check, answer in running:
        if answer is None:
            found.append(_skipped(check, _unsettled(check, faults)))
        else:
            found += answer.wait(max(0.0, end - time.monotonic()), seconds)
    return [_clean(finding) for finding in found]


@dataclass
class _Answer:
    """The findings of a check that runs in a thread of its own."""

    check: Check
    thread: threading.Thread | None = None
    found: Sequence[Finding] | None = None

    def ask(self) -> None:
        try:
            self.found = self.check.ask()
        except (MarqueeError, OSError) as failure:
            self.found = [error(self.check.name, str(failure), self.check.advice)]

    def wait(self, remaining: float, seconds: float) -> Sequence[Finding]:
        if self.thread is not None:
            self.thread.join(remaining)
        if self.found is not None:
            return self.found
        name = self.check.name
        if self.thread is not None and self.thread.is_alive():
            advice = f"{self.check.advice}; `marquee doctor --timeout {4 * seconds:g}` waits longer"
            return [error(name, f"no answer within {seconds:g} s", advice)]
        return [error(name, "the check itself failed", "report the traceback above as a bug of Marquee")]


def _start(check: Check) -> _Answer:
    answer = _Answer(check)
    # A daemon: a call that hangs must not keep the command from exiting.
    answer.thread = threading.Thread(target=answer.ask, name=f"check of {check.name}", daemon=True)
    answer.thread.start()
    return answer


def _unsettled(check: Check, faults: Sequence[Fault]) -> list[str]:
    """Return the faulty settings that a check depends on."""
    return [fault.variable for fault in faults if fault.field.startswith(check.needs) and check.needs]


def _skipped(check: Check, variables: Sequence[str]) -> Finding:
    return warning(check.name, f"not checked, because {', '.join(variables)} is invalid", "correct the setting first")


def _clean(finding: Finding) -> Finding:
    """Return a finding in one line each, without secrets."""
    return replace(finding, finding=_line(finding.finding), advice=_line(finding.advice))


def _line(text: str) -> str:
    return " ".join(redaction.scrub(text).split())
