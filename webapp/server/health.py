"""Health checks: the parts of the site, checked continuously in threads of their own, so that a probe never waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from engine.health import Blocking
from webapp.server import refusals
from webapp.server.refusals import Reply

EVERY = 2.0
"""Seconds between two checks of a part."""
OVERDUE = 5.0
"""Seconds after which a check that has not ended counts as failed."""
PENDING = "not checked yet"
OVERDUE_TEXT = "does not respond"

Check = Callable[[], str]
"""Returns what is wrong with a part, `Blocking` if the server must get no requests meanwhile, or an empty text."""


@dataclass
class _Part:
    check: Check
    problem: str
    since: float | None = None
    """When the running check began; None between two checks."""


@dataclass
class Health:
    """The state of the parts by name. Thread-safe."""

    checks: Mapping[str, Check]
    details: Callable[[], Mapping[str, object]]
    """Returns further fields of the answer: catalogue, number of movies and version of the index. It may wait."""
    pending: str = PENDING
    """What is said of a part before its first check; `Blocking` if no request may come before."""
    every: float = EVERY
    clock: Callable[[], float] = time.monotonic
    draining: bool = False
    """Set when this process is told to stop."""
    is_last: Callable[[], bool] = lambda: True
    """Returns whether nobody takes over when this process has drained, as somebody does after SIGHUP."""
    _details: Mapping[str, object] = field(default_factory=dict, init=False)
    _parts: dict[str, _Part] = field(init=False)
    _stop: threading.Event = field(default_factory=threading.Event, init=False)

    def __post_init__(self) -> None:
        self._parts = {name: _Part(check, self.pending) for name, check in self.checks.items()}

    def start(self) -> None:
        """Check every part once, then continuously in the background."""
        for part in self._parts.values():
            threading.Thread(target=self._follow, args=[part], daemon=True).start()
        threading.Thread(target=self._describe, daemon=True).start()

    def stop(self) -> None:
        """End the background threads after their current checks."""
        self._stop.set()

    def problems(self) -> dict[str, str]:
        """Return the degraded parts with what is wrong."""
        now = self.clock()
        found = {}
        for name, part in self._parts.items():
            since = part.since
            overdue = since is not None and now - since > OVERDUE
            if overdue or part.problem:
                found[name] = OVERDUE_TEXT if overdue else part.problem
        return found

    def ready(self, *, strict: bool) -> Reply:
        """Return whether this server should get requests, with the degraded parts.

        Args:
            strict: answer 503 if any part is degraded, not only while the server drains.
        """
        problems = self.problems()
        if self.draining and self.is_last():
            return _unready({"server": "shutting down", **problems})
        if any(isinstance(problem, Blocking) for problem in problems.values()):
            return _unready(problems)
        return readiness(problems, self._details, strict=strict)

    def _follow(self, part: _Part) -> None:
        while not self._stop.is_set():
            part.since = self.clock()
            part.problem = part.check()
            part.since = None
            self._stop.wait(self.every)

    def _describe(self) -> None:
        while not self._stop.is_set():
            self._details = self.details()
            self._stop.wait(self.every)


def live() -> Reply:
    """Return 200: this process runs."""
    return refusals.as_json(HTTPStatus.OK, {"status": "ok"})


def readiness(problems: Mapping[str, str], details: Mapping[str, object], *, strict: bool) -> Reply:
    """Return the answer of a site with these problems: it gets requests nevertheless, unless `strict`."""
    if problems and strict:
        return _unready(problems)
    status = "degraded" if problems else "ok"
    return refusals.as_json(HTTPStatus.OK, {"status": status, **details, "degraded": dict(problems)})


def _unready(problems: Mapping[str, str]) -> Reply:
    detail = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
    content = {**refusals.problem(HTTPStatus.SERVICE_UNAVAILABLE, detail), "degraded": dict(problems)}
    return refusals.as_json(
        HTTPStatus.SERVICE_UNAVAILABLE, content, kind="application/problem+json", extra=[(b"retry-after", b"5")]
    )
