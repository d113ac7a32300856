"""The experiments of a site, and what each user gets of them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from core import experiments
from core.experiments import PUBLISHED, Experiment, Knob, Variant
from core.users import User
from engine.experiments import assignment


@dataclass(frozen=True, slots=True)
class Part:
    """The part that a user has in one experiment."""

    experiment: Experiment
    variant: Variant


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a user is served, by the experiments that they are part of; what everybody is, without any."""

    parts: tuple[Part, ...] = ()

    @property
    def model(self) -> str:
        """The version that answers, or `published`."""
        part = self.part(Knob.MODEL)
        return part.variant.model if part else PUBLISHED

    @property
    def against(self) -> str:
        """The version that drafts a list together with `model`; empty where it answers alone."""
        part = self.part(Knob.MODEL)
        return part.variant.against if part else ""

    def value(self, knob: Knob, usual: float) -> float:
        """A serving setting: the variant's, or the usual one."""
        part = self.part(knob)
        return part.variant.values.get(knob, usual) if part else usual

    def part(self, knob: Knob) -> Part | None:
        """The part that has a say about something; there is at most one."""
        return next((part for part in self.parts if knob in part.experiment.knobs), None)


USUAL = Treatment()


@dataclass(frozen=True)
class Plan:
    """Every experiment that runs. Where two set the same thing, the one named first has its users to itself."""

    experiments: tuple[Experiment, ...] = ()

    @classmethod
    def of(cls, text: str) -> Self:
        """The plan that the settings write."""
        return cls(experiments.parse(text))

    @property
    def versions(self) -> frozenset[str]:
        """Versions of the model that must be at hand besides the published one."""
        return experiments.versions(self.experiments)

    def treatment(self, user: User, *, able: Callable[[Experiment], bool] = lambda _: True) -> Treatment:
        """What a user gets. Users whose visits are not noticed are not part of anything.

        Args:
            able: whether everything that an experiment needs is at hand; without, it stands still for all users, or
                its variants would differ in more than what it asks.
        """
        parts: list[Part] = []
        taken: frozenset[Knob] = frozenset()
        for experiment in self.experiments if user.preferences.keep_events else ():
            variant = None if taken & experiment.knobs else assignment.assign(experiment, user.id)
            if variant is not None and able(experiment):
                parts.append(Part(experiment, variant))
            if variant is not None:
                taken |= experiment.knobs
        return Treatment(tuple(parts)) if parts else USUAL
