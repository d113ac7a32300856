"""The variant of a request: the model and the settings that serve a user."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, replace
from datetime import UTC, tzinfo

from core.experiments import PUBLISHED, Experiment, Knob
from core.language import time_zones
from core.users import User
from engine import clock, request_scope
from engine.experiments import team_draft
from engine.experiments.candidate_models import Versions
from engine.experiments.drafted_lists import DraftedLists
from engine.experiments.exposure_recorder import ExposureRecorder
from engine.experiments.plan import USUAL, Plan, Treatment
from engine.recommender.lists import Lists
from engine.recommender.model import Recommender
from engine.recommender.user_context import UserContext

IN_LISTS = frozenset({Knob.MODEL, Knob.COLD_SHARE})
"""Knobs that affect lists of recommendations."""
IN_SEARCHES = frozenset({Knob.MODEL, Knob.SEARCH_TASTE})
"""Knobs that affect search results."""


@dataclass(frozen=True, slots=True)
class Serving:
    """The context and the list builder that serve a user."""

    reading: UserContext
    lists: Lists


@dataclass(frozen=True)
class RunningExperiments:
    """The running experiments. Without any, all users are served as usual."""

    plan: Plan
    versions: Versions
    exposing: ExposureRecorder
    now: clock.Clock = clock.now
    zone: tzinfo = UTC
    """The site's time zone, for users who chose none."""

    def serve(self, user: User, usual: Serving, *, shown: Collection[Knob] = ()) -> Serving:
        """Return what serves this user, and record the exposure.

        Args:
            shown: the knobs that affect what the user sees; empty if the response must not count as an exposure.
        """
        treatment = self._treatment(user, usual.reading.model)
        if treatment is USUAL:
            return usual
        self._note(user, treatment, usual.reading, shown)
        model = self._model(treatment.model, usual.reading.model)
        reading = usual.reading if model is usual.reading.model else replace(usual.reading, model=model)
        return Serving(reading, self._lists(user, treatment, usual))

    def model(self, user: User, published: Recommender | None) -> Recommender | None:
        """Return the model that serves this user."""
        return self._model(self._treatment(user, published).model, published)

    def value(self, user: User, knob: Knob, usual: float, *, published: Recommender | None) -> float:
        """Return a setting for this user."""
        if not self.plan.experiments:
            return usual
        return self.plan.treatment(user, able=self._able(published)).value(knob, usual)

    def _treatment(self, user: User, published: Recommender | None) -> Treatment:
        """Return the user's treatment; without a published model, the usual one."""
        if published is None or not self.plan.experiments:
            return USUAL
        return self.plan.treatment(user, able=self._able(published))

    def _able(self, published: Recommender | None) -> Callable[[Experiment], bool]:
        """Return whether an experiment runs: all its models are loaded, and none of them was published meanwhile."""

        def able(experiment: Experiment) -> bool:
            there = [self._named(version) is not None for version in sorted(experiment.versions)]
            same = published is not None and PUBLISHED in experiment.models and published.version in experiment.versions
            return all(there) and not same

        return able

    def _model(self, version: str, published: Recommender | None) -> Recommender | None:
        return published if version == PUBLISHED else self._named(version) or published

    def _named(self, version: str) -> Recommender | None:
        """Return a version if it is loaded; constant during a request."""
        return request_scope.once((self.versions, version), lambda: self.versions.get(version))

    def _lists(self, user: User, treatment: Treatment, usual: Serving) -> Lists:
        share = treatment.value(Knob.COLD_SHARE, usual.lists.cold_share)
        lists = usual.lists if share == usual.lists.cold_share else replace(usual.lists, cold_share=share)
        part = treatment.part(Knob.MODEL)
        if part is None or not treatment.against:
            return lists
        today = time_zones.day(self.now(), time_zones.zone(user.preferences.time_zone, self.zone))
        seed = team_draft.seed(part.experiment.name, user.id, today)
        given = {field.name: getattr(lists, field.name) for field in fields(lists)}
        return DraftedLists(**given, rival=self._model(treatment.against, usual.reading.model), seed=seed)

    def _note(self, user: User, treatment: Treatment, usual: UserContext, shown: Collection[Knob]) -> None:
        """Record the exposure if the published model knows the user: asking the variants' models would bias counts."""
        parts = [part for part in treatment.parts if part.experiment.knobs & frozenset(shown)]
        if parts and usual.personal:
            self.exposing.note(user.id, parts)
