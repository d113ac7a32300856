"""Checks of clocks: leases, sessions and trends need those of all machines to agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from engine.clock import Clock
from engine.diagnosis.findings import Finding, ok, warning

CLOCK = "clock"
TOLERANCE = timedelta(seconds=5)


def clock(what: str, ask: Callable[[], datetime | None], own: Clock) -> list[Finding]:
    """Compare this machine's clock with another one; None if that is unknown."""
    before = own()
    other = ask()
    middle = before + (own() - before) / 2
    return [judge_clock(what, None if other is None else other - middle)]


def judge_clock(what: str, ahead: timedelta | None) -> Finding:
    """Return the finding about a clock that is `ahead` of this machine's; None if that is unknown."""
    if ahead is None:
        return ok(CLOCK, f"{what} does not show its clock to this user")
    found = (
        f"{what} is {abs(ahead).total_seconds():.1f} s {'ahead of' if ahead > timedelta() else 'behind'} this machine"
    )
    if abs(ahead) <= TOLERANCE:
        return ok(CLOCK, found)
    return warning(CLOCK, found, "synchronize the clocks of all machines with NTP (`timedatectl status`)")
