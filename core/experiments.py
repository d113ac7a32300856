"""Experiments: their notation in the settings and the records of their results. Pure, immutable.

ranker: published=0.5, 20261121-143000-123456=0.5;
bolder: control=0.1, bold(cold_share=0.2)=0.1;
drafts: interleave(published, 20261121-143000-123456)=1
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

PUBLISHED = "published"
"""The published model, which serves by default."""
INTERLEAVE = "interleave"
TOLERANCE = 1e-9
"""Tolerance for the sum of shares, which are written with few digits."""
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
VERSION = re.compile(r"\d{8}-\d{6}-\d{6}(-[0-9a-f]+)?")
"""Versions of the model, as named by the registry."""
LABEL = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
PHASE = "@"
"""Separates an experiment's name from its phase; names never contain it."""
_VARIANT = re.compile(r"([^=()]+?)\s*(?:\(([^()]*)\))?\s*=\s*([^=()]*)")
_OUTSIDE = re.compile(r",(?![^()]*\))")
"""Commas outside parentheses."""


class Knob(StrEnum):
    """The settings that an experiment can vary."""

    MODEL = "model"
    """The version of the model that serves."""
    COLD_SHARE = "cold_share"
    SEARCH_TASTE = "search_taste"


@dataclass(frozen=True, slots=True)
class Variant:
    """What a share of the users gets."""

    name: str
    share: float
    """Share of all users, above 0 up to 1."""
    model: str = PUBLISHED
    against: str = ""
    """The second model of an interleaved list; empty for a list of one model."""
    values: Mapping[Knob, float] = field(default_factory=lambda: MappingProxyType({}))
    """Serving settings that differ from the site's."""

    @property
    def models(self) -> tuple[str, ...]:
        """The models that serve: one, or two that are interleaved."""
        return (self.model, self.against) if self.against else (self.model,)


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment; the other variants are compared with the first."""

    name: str
    variants: tuple[Variant, ...]

    @property
    def phase(self) -> str:
        """The name under which exposures are stored: it changes with the variants and shares.

        Earlier users had other odds and more time to succeed; pooling both would show effects that do not exist.
        """
        words = sorted(
            repr((one.name, one.share, one.models, sorted((str(knob), value) for knob, value in one.values.items())))
            for one in self.variants
        )
        return f"{self.name}{PHASE}{hashlib.sha256(repr(words).encode()).hexdigest()[:10]}"

    @property
    def knobs(self) -> frozenset[Knob]:
        """The settings that differ between variants; the model if none do (two names for the same: an A/A test)."""
        values = {knob for variant in self.variants for knob in variant.values}
        models = {variant.models for variant in self.variants}
        return frozenset(values | {Knob.MODEL} if len(models) > 1 or self.interleaved or not values else values)

    @property
    def interleaved(self) -> bool:
        """Whether some users get interleaved lists of two models."""
        return any(variant.against for variant in self.variants)

    @property
    def teams(self) -> tuple[str, str] | None:
        """The two interleaved models, if any."""
        return next(((variant.model, variant.against) for variant in self.variants if variant.against), None)

    @property
    def models(self) -> frozenset[str]:
        """All models that serve somebody: `published` or a version."""
        return frozenset(model for variant in self.variants for model in variant.models)

    @property
    def versions(self) -> frozenset[str]:
        """The model versions it needs in addition to the published one."""
        return self.models - {PUBLISHED}


def name_of(phase: str) -> str:
    """Return the experiment's name without its phase."""
    return phase.partition(PHASE)[0]


def parse(text: str) -> tuple[Experiment, ...]:
    """Parse the experiments of the settings.

    Raises:
        ValueError: lists all errors with what was expected.
    """
    faults: list[str] = []
    found = [_experiment(part, faults) for part in text.split(";") if part.strip()]
    names = [one.name for one in found]
    faults += [f"{name}: defined twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    if faults:
        raise ValueError("; ".join(faults))
    return tuple(found)


def check(text: str) -> str:
    """Return the text if it can be parsed. Raises `ValueError` with all errors."""
    parse(text)
    return text


def versions(experiments: Iterable[Experiment]) -> frozenset[str]:
    """Return all model versions that the experiments need in addition to the published one."""
    return frozenset().union(*(one.versions for one in experiments))


def _experiment(text: str, faults: list[str]) -> Experiment:
    name, colon, rest = (part.strip() for part in text.partition(":"))
    if not colon or not NAME.fullmatch(name):
        faults.append(f"{name or text.strip()!r}: expected `name: variant=share, …`, a name of a-z, 0-9 and -")
        return Experiment(name, ())
    mine: list[str] = []
    read = [_variant(part.strip(), mine) for part in _OUTSIDE.split(rest)]
    found = Experiment(name, tuple(variant for variant in read if variant))
    faults += [f"{name}: {fault}" for fault in mine or _together(found)]
    return found


def _together(experiment: Experiment) -> list[str]:
    faults = []
    names = [variant.name for variant in experiment.variants]
    if len(set(names)) < len(names):
        faults.append("two variants have the same name")
    total = sum(variant.share for variant in experiment.variants)
    if total > 1 + TOLERANCE:
        faults.append(f"shares add up to {total:g}, expected at most 1")
    if len(names) < 2 and not experiment.interleaved:  # noqa: PLR2004 - a single one has nothing to be compared with
        faults.append("expected at least two variants to compare")
    return faults


def _variant(text: str, faults: list[str]) -> Variant | None:
    found = _VARIANT.fullmatch(text)
    if not found:
        faults.append(f"{text!r}: expected `variant=share`")
        return None
    label, inside, share = found.group(1).strip(), found.group(2), _share(found.group(3), faults)
    if label == INTERLEAVE:
        first, second = _two(inside or "", faults)
        return Variant(INTERLEAVE, share, model=first, against=second)
    if VERSION.fullmatch(label):
        if inside is not None:
            faults.append(f"{label}: a version takes no settings; write `name(model={label}, …)`")
        return Variant(label, share, model=label)
    if not LABEL.fullmatch(label) or label[0].isdigit():
        faults.append(f"{label!r}: expected a version of the model or a name of a-z, 0-9 and -")
    model, values = _inside(inside or "", faults)
    return Variant(label, share, model=model, values=values)


def _share(text: str, faults: list[str]) -> float:
    value = _number(text)
    if value is None or not 0 < value <= 1:
        faults.append(f"{text.strip()!r}: expected a share above 0, at most 1")
        return 0.0
    return value


def _two(text: str, faults: list[str]) -> tuple[str, str]:
    names = [part.strip() for part in text.split(",")]
    if len(names) != 2 or names[0] == names[1] or not all(map(_is_model, names)):  # noqa: PLR2004 - a pair
        faults.append(f"{INTERLEAVE}({text}): expected two different models, `{PUBLISHED}` or a version")
        return PUBLISHED, PUBLISHED
    return names[0], names[1]


def _inside(text: str, faults: list[str]) -> tuple[str, Mapping[Knob, float]]:
    model, values = PUBLISHED, dict[Knob, float]()
    for part in filter(None, map(str.strip, text.split(","))):
        name, _, given = (word.strip() for word in part.partition("="))
        value = _number(given)
        if name == Knob.MODEL and _is_model(given):
            model = given
        elif name in (Knob.COLD_SHARE, Knob.SEARCH_TASTE) and value is not None and 0 <= value <= 1:
            values[Knob(name)] = value
        else:
            faults.append(f"{part!r}: expected `model=` a version, `cold_share=` or `search_taste=` 0 to 1")
    return model, MappingProxyType(values)


def _is_model(text: str) -> bool:
    return text == PUBLISHED or VERSION.fullmatch(text) is not None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


class Metric(StrEnum):
    """Metrics for comparing variants; all are computed per user, since users are the unit of randomization."""

    SUCCESS = "success"
    """Share of users who opened, swiped right, listed, or rated 4 or better a movie they were shown."""
    CLICK_THROUGH = "click-through"
    """Mean over users of clicks per movie shown."""
    RATED_WELL = "rated-well"
    """Mean over users of movies shown and then rated 4 or better."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its confidence interval."""

    estimate: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the difference is significant."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class VariantReport:
    """The results of one variant."""

    variant: Variant
    users: int
    expected: float
    """Expected number of users by the shares."""
    impressions: int
    clicks: int
    metrics: Mapping[Metric, float]
    """Empty without users."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The difference between a variant and the first one in one metric."""

    variant: str
    metric: Metric
    difference: Interval
    relative: float | None
    """The difference as a share of the first variant's value; None where that is 0."""
    detectable: float
    """The smallest true difference that this number of users detects with a power of 80 %."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The result of interleaving two models."""

    teams: tuple[str, str]
    """The models as named in the settings."""
    credits: tuple[int, int]
    """Movies opened, swiped right, listed, or rated 4 or better, by the model that drafted them."""
    wins: tuple[int, int]
    """Users with more credits for one model than for the other."""
    ties: int
    p: float
    """P-value of the sign test over users: the chance of such wins if neither model were better."""
    until: datetime | None = None
    """End of the last interleaved list, if users got lists of one model since; None while interleaving goes on."""

    @property
    def winner(self) -> str:
        """The significantly better model (p < .05); empty if there is none."""
        if self.p >= 0.05:  # noqa: PLR2004 - the usual bound
            return ""
        return self.teams[0] if self.wins[0] > self.wins[1] else self.teams[1]


@dataclass(frozen=True, slots=True)
class ExperimentReport:
    """The results of an experiment so far."""

    experiment: Experiment
    since: datetime | None
    """Time of the first exposure in the current phase; None without exposures."""
    variants: tuple[VariantReport, ...]
    effects: tuple[Effect, ...]
    ratio_p: float | None
    """P-value of the user counts if the assignment is correct; None while there are too few users, and if some were
    moved."""
    broken: bool
    """Whether the user counts contradict the shares (sample ratio mismatch); effects are then unreliable."""
    level: float
    """Confidence level of the intervals: .95 for one comparison, higher for several."""
    moved: int
    """Excluded users, who were given a variant other than their assigned one; the rest is no longer a random sample."""
    drafted: Drafted | None
    verdict: tuple[str, ...]
    """The conclusions in plain English."""
