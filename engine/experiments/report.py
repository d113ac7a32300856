"""Reports of experiments: intervals, tests and verdicts from exposures, events and diaries."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from core.experiments import Drafted, Effect, Experiment, ExperimentReport, Metric, VariantReport
from core.users import EventKind, UserId
from data.database import Stores
from engine import clock
from engine.experiments import assignment, statistics, team_draft, user_outcomes, verdicts
from engine.experiments.attribution import Votes
from engine.experiments.plan import Plan
from engine.experiments.statistics import Sample
from engine.experiments.user_outcomes import UserOutcomes

FRESH = timedelta(seconds=30)
"""Age up to which a report is reused: computing it reads all events since the experiment began."""
ENDED = timedelta(days=1)
"""Interleaving has ended if only lists of one model were shown for this long."""
KINDS = (EventKind.IMPRESSION, EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT)
Exposed = Mapping[UserId, tuple[str, datetime]]


@dataclass
class Experiments:
    """The experiments of this site and their reports. Thread-safe."""

    plan: Plan
    stores: Stores
    now: clock.Clock = clock.now
    _made: tuple[datetime, Sequence[ExperimentReport]] | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def reports(self) -> Sequence[ExperimentReport]:
        """Return a report for each experiment of the settings, in their order; at most `FRESH` old."""
        with self._lock:
            now = self.now()
            if self._made is None or not timedelta() <= now - self._made[0] < FRESH:
                self._made = now, [self._report(one, now) for one in self.plan.experiments]
            return self._made[1]

    def _report(self, experiment: Experiment, now: datetime) -> ExperimentReport:
        exposed = self.stores.exposures.read(experiment.phase)
        since = min((at for _, at in exposed.values()), default=now)
        events = self.stores.events.columns(since=since, until=now + timedelta(seconds=1), kinds=KINDS)
        begun = {user: at for user, (_, at) in exposed.items()}
        said = self.stores.diaries.snapshot()
        outcomes = user_outcomes.outcomes(begun, events, said, experiment)
        return judge(experiment, exposed, outcomes)


def judge(experiment: Experiment, exposed: Exposed, outcomes: Mapping[UserId, UserOutcomes]) -> ExperimentReport:
    """Compute the report from the exposed users and their outcomes."""
    groups, moved = _groups(experiment, exposed)
    ratio = None if moved else _ratio(experiment, groups)
    level = 1 - (1 - statistics.LEVEL) / max(len(experiment.variants) - 1, 1)  # Bonferroni's correction
    members = {name: [outcomes[user] for user in group] for name, group in groups.items()}
    report = ExperimentReport(
        experiment=experiment,
        since=min((at for _, at in exposed.values()), default=None),
        variants=_variants(experiment, members),
        effects=_effects(experiment, members, level),
        ratio_p=ratio,
        broken=ratio is not None and ratio < statistics.SUSPICIOUS,
        level=level,
        moved=moved,
        drafted=_drafted(experiment, groups, outcomes),
        verdict=(),
    )
    return verdicts.with_verdict(report)


def _ratio(experiment: Experiment, groups: Mapping[str, Sequence[UserId]]) -> float | None:
    """Test the sample ratio. Not used if users were moved: the remaining ones do not match the shares."""
    counts = [len(groups[variant.name]) for variant in experiment.variants]
    return statistics.ratio_mismatch(counts, [variant.share for variant in experiment.variants])


def _groups(experiment: Experiment, exposed: Exposed) -> tuple[dict[str, list[UserId]], int]:
    """Return the users of each variant, and the number of those exposed to another variant than they are assigned.

    Exposures under other shares belong to other phases, so moved users were recorded by something else.
    """
    groups: dict[str, list[UserId]] = {variant.name: [] for variant in experiment.variants}
    moved = 0
    for user, (name, _) in exposed.items():
        variant = assignment.assign(experiment, user)
        if variant is None or variant.name != name:
            moved += 1
        else:
            groups[name].append(user)
    return groups, moved


def _variants(experiment: Experiment, members: Mapping[str, Sequence[UserOutcomes]]) -> tuple[VariantReport, ...]:
    total = sum(map(len, members.values()))
    shares = sum(variant.share for variant in experiment.variants)
    return tuple(
        VariantReport(
            variant=variant,
            users=len(mine),
            expected=total * variant.share / shares,
            impressions=sum(one.impressions for one in mine),
            clicks=sum(one.clicks for one in mine),
            metrics={metric: _sample(mine, metric).mean for metric in Metric} if mine else {},
        )
        for variant in experiment.variants
        for mine in [members[variant.name]]
    )


def _effects(experiment: Experiment, members: Mapping[str, Sequence[UserOutcomes]], level: float) -> tuple[Effect, ...]:
    """Compare each variant with the first one, if both have users."""
    names = [variant.name for variant in experiment.variants]
    return tuple(
        _effect(name, metric, members[names[0]], members[name], level)
        for name in names[1:]
        if members[names[0]] and members[name]
        for metric in Metric
    )


def _effect(
    name: str, metric: Metric, usual: Sequence[UserOutcomes], other: Sequence[UserOutcomes], level: float
) -> Effect:
    first, second = _sample(usual, metric), _sample(other, metric)
    if metric is Metric.SUCCESS:
        counts = [(sum(one.value(metric) > 0 for one in group), len(group)) for group in (usual, other)]
        difference = statistics.proportions(counts[0], counts[1], level=level)
    else:
        difference = statistics.means(first, second, level=level)
    relative = difference.estimate / first.mean if first.mean else None
    return Effect(name, metric, difference, relative, statistics.detectable(first, second, level=level))


def _drafted(
    experiment: Experiment, groups: Mapping[str, Sequence[UserId]], outcomes: Mapping[UserId, UserOutcomes]
) -> Drafted | None:
    """Return the sign test over the users of the interleaved variant."""
    variant = next((one for one in experiment.variants if one.against), None)
    if variant is None:
        return None
    votes = {user: outcomes[user].votes for user in groups[variant.name]}
    tally = team_draft.judge({user: one.credits for user, one in votes.items()})
    teams = variant.model, variant.against
    return Drafted(teams, tally.credits, tally.wins, tally.ties, tally.p, _until(list(votes.values())))


def _until(votes: Sequence[Votes]) -> datetime | None:
    """Return when interleaving ended: some users always get lists of one model alone, so a day must pass."""
    drafted = max((one.drafted for one in votes), default=-math.inf)
    alone = max((one.alone for one in votes), default=-math.inf)
    over = math.isfinite(drafted) and alone - drafted > ENDED.total_seconds()
    return datetime.fromtimestamp(drafted, UTC) if over else None


def _sample(members: Sequence[UserOutcomes], metric: Metric) -> Sample:
    return Sample.of([one.value(metric) for one in members])
