"""Health checks: the parts of the site, checked continuously in threads of their own, so that a probe never waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from webapp.server import refusals
from webapp.server.refusals import Reply

EVERY = 2.0
"""Seconds between two checks of a part."""
OVERDUE = 5.0
"""Seconds after which a check that has not ended counts as failed."""
PENDING = "not checked yet"
OVERDUE_TEXT = "does not respond"

Check = Callable[[], str]
"""Returns what is wrong with a part, or an empty text."""


@dataclass
class _Part:
    check: Check
    problem: str = PENDING
    since: float | None = None
    """When the running check began; None between two checks."""


@dataclass
class Health:
    """The state of the parts by name. Thread-safe."""

    checks: Mapping[str, Check]
    details: Callable[[], Mapping[str, object]]
    """Further fields of the answer: catalogue, number of movies and version of the index."""
    every: float = EVERY
    clock: Callable[[], float] = time.monotonic
    draining: bool = False
    """Set when the server is told to stop: load balancers then send new requests elsewhere."""
    _parts: dict[str, _Part] = field(init=False)
    _stop: threading.Event = field(default_factory=threading.Event, init=False)

    def __post_init__(self) -> None:
        self._parts = {name: _Part(check) for name, check in self.checks.items()}

    def start(self) -> None:
        """Check every part once, then continuously in the background."""
        threads = [threading.Thread(target=self._follow, args=[part], daemon=True) for part in self._parts.values()]
        for thread in threads:
            thread.start()

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

    def live(self) -> Reply:
        """Return 200: this process runs."""
        return refusals.as_json(HTTPStatus.OK, {"status": "ok"})

    def ready(self, *, strict: bool) -> Reply:
        """Return whether this server should get requests, with the degraded parts.

        Args:
            strict: answer 503 if any part is degraded, not only while the server drains.
        """
        problems = self.problems()
        if self.draining:
            return _unready({"server": "shutting down", **problems})
        if problems and strict:
            return _unready(problems)
        status = "degraded" if problems else "ok"
        return refusals.as_json(HTTPStatus.OK, {"status": status, **self.details(), "degraded": problems})

    def _follow(self, part: _Part) -> None:
        while not self._stop.is_set():
            part.since = self.clock()
            part.problem = part.check()
            part.since = None
            self._stop.wait(self.every)


def _unready(problems: Mapping[str, str]) -> Reply:
    detail = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
    content = {**refusals.problem(HTTPStatus.SERVICE_UNAVAILABLE, detail), "degraded": dict(problems)}
    return refusals.as_json(
        HTTPStatus.SERVICE_UNAVAILABLE, content, kind="application/problem+json", extra=[(b"retry-after", b"5")]
    )
