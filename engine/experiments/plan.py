"""The experiments of a site and users' treatments. Pure."""

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
    """A user's part in an experiment."""

    experiment: Experiment
    variant: Variant


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a user is served according to their experiments; the default without any."""

    parts: tuple[Part, ...] = ()

    @property
    def model(self) -> str:
        """The version that serves, or `published`."""
        part = self.part(Knob.MODEL)
        return part.variant.model if part else PUBLISHED

    @property
    def against(self) -> str:
        """The version that is interleaved with `model`; empty if there is none."""
        part = self.part(Knob.MODEL)
        return part.variant.against if part else ""

    def value(self, knob: Knob, usual: float) -> float:
        """Return a setting of the variant, or the usual one."""
        part = self.part(knob)
        return part.variant.values.get(knob, usual) if part else usual

    def part(self, knob: Knob) -> Part | None:
        """Return the part that controls a knob; there is at most one."""
        return next((part for part in self.parts if knob in part.experiment.knobs), None)


USUAL = Treatment()


@dataclass(frozen=True)
class Plan:
    """All running experiments. If two set the same knob, users of the first are not part of the second."""

    experiments: tuple[Experiment, ...] = ()

    @classmethod
    def of(cls, text: str) -> Self:
        """Parse the plan of the settings."""
        return cls(experiments.parse(text))

    @property
    def versions(self) -> frozenset[str]:
        """Versions of the model that are needed besides the published one."""
        return experiments.versions(self.experiments)

    def treatment(self, user: User, *, able: Callable[[Experiment], bool] = lambda _: True) -> Treatment:
        """Return the treatment of a user. Users who opted out of events are not part of any experiment.

        Args:
            able: whether all that an experiment needs is available; if not, it is paused for all users, since its
                variants would differ in more than intended.
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
