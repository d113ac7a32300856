"""Who watches a training: a job's `Work`, or bars of the command line that only look on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.jobs.runs import Watch, Work


class OnlyWatched:
    """Work that nobody can stop, and of whose figures nobody keeps any."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def say(self, sentence: str) -> None:
        """Something began or was decided."""
        self._watch.say(sentence)

    def step(self, name: str, done: int, total: int) -> None:
        """`done` of `total` parts are through the step `name`."""
        self._watch.step(name, done, total)

    def note(self, figures: Mapping[str, Any]) -> None:
        """Figures so far."""

    def check(self) -> None:
        """Never raises."""


DIGITS = 6
"""Significant digits of a loss that is told; more say nothing to anybody."""


class Losses:
    """The loss of each epoch of everything that is fitted, told as it comes: `{"loss": {"als": [...], …}}`."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._told: dict[str, list[float]] = {}

    @property
    def plain(self) -> dict[str, list[float]]:
        """Every curve so far, by its name."""
        return {name: list(values) for name, values in self._told.items()}

    def replace(self, name: str, values: tuple[float, ...]) -> None:
        """A curve as it stands now. Raises `Cancelled` where somebody asked to stop."""
        self._told[name] = [float(f"{value:.{DIGITS}g}") for value in values]
        self._work.note({"loss": self.plain})
        self._work.check()

    def add(self, name: str, value: float) -> None:
        """One more point of a curve. Raises `Cancelled` where somebody asked to stop."""
        self.replace(name, (*self._told.get(name, []), value))
