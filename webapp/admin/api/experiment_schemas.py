"""The shapes in which experiments leave the site."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from core.experiments import Drafted, Effect, ExperimentReport, Metric, VariantReport
from webapp.admin.api.serializers import plain
from webapp.http.schemas import View


class VariantView(View):
    """What the users of one variant did."""

    name: str
    share: float = Field(description="Of all viewers.")
    models: tuple[str, ...] = Field(description="The model that answers, or two that take turns.")
    settings: dict[str, float] = Field(description="Serving settings that differ from the site's.")
    users: int
    expected: float = Field(description="Viewers that the shares would have given.")
    impressions: int
    clicks: int
    metrics: dict[Metric, float | None]


class EffectView(View):
    """How a variant differs from the first one by one metric."""

    variant: str
    metric: Metric
    difference: float | None
    low: float | None = Field(description="Lower end of the interval.")
    high: float | None
    excludes_zero: bool = Field(description="Whether chance alone is an unlikely cause.")
    relative: float | None = Field(description="As a share of the first variant's value.")
    detectable: float | None = Field(description="The least true difference that would show four times in five.")


class InterleavingView(View):
    """How two models did in lists that both filled by turns."""

    teams: tuple[str, str]
    credits: tuple[int, int] = Field(description="Films taken up, by the model that drafted them.")
    wins: tuple[int, int] = Field(description="Viewers with more credits for the one than for the other.")
    ties: int
    p: float | None = Field(description="Of the sign test.")
    winner: str = Field(description="Empty where neither won beyond chance.")


class ExperimentView(View):
    """An experiment and what it came to so far."""

    name: str
    since: datetime | None = Field(description="The first exposure.")
    variants: tuple[VariantView, ...] = Field(description="The others are compared with the first.")
    effects: tuple[EffectView, ...]
    ratio_p: float | None = Field(description="Chance of such numbers of viewers if the splitter were right.")
    broken: bool = Field(description="Whether the numbers of viewers are not what the shares promise.")
    level: float = Field(description="Of the intervals.")
    moved: int = Field(description="Viewers left out, who saw more than one variant.")
    drafted: InterleavingView | None
    verdict: tuple[str, ...] = Field(description="What follows, in plain words.")


class ExperimentsResponse(View):
    """Every experiment of the settings."""

    results: tuple[ExperimentView, ...]


def report(found: ExperimentReport) -> ExperimentView:
    """What an experiment came to."""
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
