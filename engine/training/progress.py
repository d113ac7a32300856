"""The record of losses of a training."""

from __future__ import annotations

from core.jobs.runs import Work

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
