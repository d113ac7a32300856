"""API schemas of experiments."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from core.experiments import Drafted, Effect, ExperimentReport, Metric, VariantReport
from webapp.admin.api.serializers import plain
from webapp.http.schemas import View


class VariantView(View):
    """Figures of one variant."""

    name: str
    share: float = Field(description="Share of all users.")
    models: tuple[str, ...] = Field(description="The model that serves, or two that are interleaved.")
    settings: dict[str, float] = Field(description="Serving settings that differ from the site's.")
    users: int
    expected: float = Field(description="Number of users expected from the shares.")
    impressions: int
    clicks: int
    metrics: dict[Metric, float | None]


class EffectView(View):
    """Difference between a variant and the first one in one metric."""

    variant: str
    metric: Metric
    difference: float | None
    low: float | None = Field(description="Lower end of the interval.")
    high: float | None
    excludes_zero: bool = Field(description="Whether the interval excludes zero.")
    relative: float | None = Field(description="Difference as a share of the first variant's value.")
    detectable: float | None = Field(description="Minimum detectable effect at a power of 0.8.")


class InterleavingView(View):
    """Result of interleaving two models."""

    teams: tuple[str, str]
    credits: tuple[int, int] = Field(description="Credited movies, by the model that contributed them.")
    wins: tuple[int, int] = Field(description="Users with more credits for one model than for the other.")
    ties: int
    p: float | None = Field(description="p-value of the sign test.")
    winner: str = Field(description="Empty if the difference is not significant.")


class ExperimentView(View):
    """An experiment and its results so far."""

    name: str
    since: datetime | None = Field(description="Time of the first exposure.")
    variants: tuple[VariantView, ...] = Field(description="The first one is the control.")
    effects: tuple[EffectView, ...]
    ratio_p: float | None = Field(description="p-value of the sample ratio check.")
    broken: bool = Field(description="Whether there is a sample ratio mismatch.")
    level: float = Field(description="Confidence level of the intervals.")
    moved: int = Field(description="Number of excluded users, who saw more than one variant.")
    drafted: InterleavingView | None
    verdict: tuple[str, ...] = Field(description="The conclusion as sentences.")


class ExperimentsResponse(View):
    """All configured experiments."""

    results: tuple[ExperimentView, ...]


def report(found: ExperimentReport) -> ExperimentView:
    """Return the report of an experiment as a view."""
    return ExperimentView(
        name=found.experiment.name,
        since=found.since,
        variants=tuple(_variant(one) for one in found.variants),
        effects=tuple(_effect(one) for one in found.effects),
        ratio_p=plain(found.ratio_p),
        broken=found.broken,
        level=found.level,
        moved=found.moved,
        drafted=_drafted(found.drafted) if found.drafted else None,
        verdict=tuple(found.verdict),
    )


def _variant(found: VariantReport) -> VariantView:
    return VariantView(
        name=found.variant.name,
        share=found.variant.share,
        models=found.variant.models,
        settings={knob.value: value for knob, value in found.variant.values.items()},
        users=found.users,
        expected=found.expected,
        impressions=found.impressions,
        clicks=found.clicks,
        metrics=plain(found.metrics),
    )


def _effect(found: Effect) -> EffectView:
    return EffectView(
        variant=found.variant,
        metric=found.metric,
        difference=plain(found.difference.estimate),
        low=plain(found.difference.low),
        high=plain(found.difference.high),
        excludes_zero=found.difference.excludes_zero,
        relative=plain(found.relative),
        detectable=plain(found.detectable),
    )


def _drafted(found: Drafted) -> InterleavingView:
    return InterleavingView(
        teams=found.teams,
        credits=found.credits,
        wins=found.wins,
        ties=found.ties,
        p=plain(found.p),
        winner=found.winner,
    )
