"""`Watch` and `Work` where there is no run of a job: on the command line, in benchmarks and in tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.jobs.runs import Watch


class SilentWatch:
    """A `Watch` that ignores all reports."""

    def say(self, sentence: str) -> None:
        """Ignore the message."""

    def step(self, name: str, done: int, total: int) -> None:
        """Ignore the step."""


class UncancellableWork:
    """`Work` that reports progress to a `Watch`, cannot be cancelled, and discards figures."""

    def __init__(self, watch: Watch | None = None) -> None:
        self._watch = watch or SilentWatch()

    def say(self, sentence: str) -> None:
        """Show a message."""
        self._watch.say(sentence)

    def step(self, name: str, done: int, total: int) -> None:
        """Show that `done` of `total` parts of the step `name` are done."""
        self._watch.step(name, done, total)

    def note(self, figures: Mapping[str, Any]) -> None:
        """Discard figures."""

    def check(self) -> None:
        """Do nothing: the work cannot be cancelled."""
