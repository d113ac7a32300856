"""Experiments at the moment of one request: which model answers a user, and with which settings."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, replace

from core.experiments import PUBLISHED, Experiment, Knob
from core.users import User
from engine import clock, request_scope
from engine.experiments import team_draft
from engine.experiments.candidate_models import Versions
from engine.experiments.drafted_lists import DraftedLists
from engine.experiments.exposure_recorder import ExposureRecorder
from engine.experiments.plan import USUAL, Plan, Treatment
from engine.recommender.lists import Lists
from engine.recommender.model import TasteModel
from engine.recommender.user_context import UserContext

IN_LISTS = frozenset({Knob.MODEL, Knob.COLD_SHARE})
"""What a list of recommendations depends on."""
IN_SEARCHES = frozenset({Knob.MODEL, Knob.SEARCH_TASTE})
"""What a search result depends on."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What one user is answered with."""

    reading: UserContext
    lists: Lists


@dataclass(frozen=True)
class RunningExperiments:
    """The experiments that run. Without any, everybody is answered as usual."""

    plan: Plan
    versions: Versions
    exposing: ExposureRecorder
    now: clock.Clock = clock.now

    def serve(self, user: User, usual: Serving, *, shown: Collection[Knob] = ()) -> Serving:
        """What answers this user.

        Args:
            shown: what the answer will depend on, once a user sees it; empty where nobody who counts looks.
        """
        treatment = self._treatment(user, usual.reading.model)
        if treatment is USUAL:
            return usual
        self._note(user, treatment, usual.reading, shown)
        model = self._model(treatment.model, usual.reading.model)
        reading = usual.reading if model is usual.reading.model else replace(usual.reading, model=model)
        return Serving(reading, self._lists(user, treatment, usual))

    def model(self, user: User, published: TasteModel | None) -> TasteModel | None:
        """The model that answers this user."""
        return self._model(self._treatment(user, published).model, published)

    def value(self, user: User, knob: Knob, usual: float, *, published: TasteModel | None) -> float:
        """A setting as it is for this user."""
        if not self.plan.experiments:
            return usual
        return self.plan.treatment(user, able=self._able(published)).value(knob, usual)

    def _treatment(self, user: User, published: TasteModel | None) -> Treatment:
        """Without a published model nobody is shown anything that experiments are about."""
        if published is None or not self.plan.experiments:
            return USUAL
        return self.plan.treatment(user, able=self._able(published))

    def _able(self, published: TasteModel | None) -> Callable[[Experiment], bool]:
        """Whether an experiment goes on: all its models are at hand, and none was published meanwhile."""

        def able(experiment: Experiment) -> bool:
            there = [self._named(version) is not None for version in sorted(experiment.versions)]
            same = published is not None and PUBLISHED in experiment.models and published.version in experiment.versions
            return all(there) and not same

        return able

    def _model(self, version: str, published: TasteModel | None) -> TasteModel | None:
        return published if version == PUBLISHED else self._named(version) or published

    def _named(self, version: str) -> TasteModel | None:
        """A version, there or not for the whole of one answer."""
        return request_scope.once((self.versions, version), lambda: self.versions.get(version))

    def _lists(self, user: User, treatment: Treatment, usual: Serving) -> Lists:
        share = treatment.value(Knob.COLD_SHARE, usual.lists.cold_share)
        lists = usual.lists if share == usual.lists.cold_share else replace(usual.lists, cold_share=share)
        part = treatment.part(Knob.MODEL)
        if part is None or not treatment.against:
            return lists
        seed = team_draft.seed(part.experiment.name, user.id, self.now().date())
        given = {field.name: getattr(lists, field.name) for field in fields(lists)}
        return DraftedLists(**given, rival=self._model(treatment.against, usual.reading.model), seed=seed)

    def _note(self, user: User, treatment: Treatment, usual: UserContext, shown: Collection[Knob]) -> None:
        """Whether a user counts is asked of the published model alone, or it would hang on what is compared."""
        parts = [part for part in treatment.parts if part.experiment.knobs & frozenset(shown)]
        if parts and usual.personal:
            self.exposing.note(user.id, parts)
