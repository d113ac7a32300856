"""Progress of a training: adapters and the record of losses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.jobs.runs import Watch, Work


class OnlyWatched:
    """`Work` of the command line: shows progress, cannot be cancelled, and discards figures."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def say(self, sentence: str) -> None:
        """Show a message."""
        self._watch.say(sentence)

    def step(self, name: str, done: int, total: int) -> None:
        """Show that `done` of `total` parts of the step `name` are done."""
        self._watch.step(name, done, total)

    def note(self, figures: Mapping[str, Any]) -> None:
        """Discard figures."""

    def check(self) -> None:
        """Do nothing: the run cannot be cancelled."""


DIGITS = 6
"""Significant digits of a reported loss."""


class Losses:
    """The loss of each epoch of each fit, reported as it comes: `{"loss": {"als": [...], …}}`."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._curves: dict[str, list[float]] = {}

    @property
    def plain(self) -> dict[str, list[float]]:
        """All curves so far, by name."""
        return {name: list(values) for name, values in self._curves.items()}

    def replace(self, name: str, values: tuple[float, ...]) -> None:
        """Replace a curve. Raises `Cancelled` if the run was cancelled."""
        self._curves[name] = [float(f"{value:.{DIGITS}g}") for value in values]
        self._work.note({"loss": self.plain})
        self._work.check()

    def add(self, name: str, value: float) -> None:
        """Append a point to a curve. Raises `Cancelled` if the run was cancelled."""
        self.replace(name, (*self._curves.get(name, []), value))
