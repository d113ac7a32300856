"""Experiments: how the settings write them, and the records of what they came to. Pure, frozen.

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
"""The model that serves everybody."""
INTERLEAVE = "interleave"
TOLERANCE = 1e-9
"""Shares are written with few digits; their sum may miss 1 by rounding."""
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
VERSION = re.compile(r"\d{8}-\d{6}-\d{6}(-[0-9a-f]+)?")
"""Versions of the model, as the registry names them."""
LABEL = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
PHASE = "@"
"""Between the name of an experiment and its phase; no name has it."""
_VARIANT = re.compile(r"([^=()]+?)\s*(?:\(([^()]*)\))?\s*=\s*([^=()]*)")
_OUTSIDE = re.compile(r",(?![^()]*\))")
"""Commas that stand in no parentheses."""


class Knob(StrEnum):
    """What an experiment may set."""

    MODEL = "model"
    """The version of the model that answers."""
    COLD_SHARE = "cold_share"
    SEARCH_TASTE = "search_taste"


@dataclass(frozen=True, slots=True)
class Variant:
    """What some users get."""

    name: str
    share: float
    """Of all users, above 0 up to 1."""
    model: str = PUBLISHED
    against: str = ""
    """The second model of a list that both draft by turns; empty for a list of one model."""
    values: Mapping[Knob, float] = field(default_factory=lambda: MappingProxyType({}))
    """Serving settings that differ from the site's."""

    @property
    def models(self) -> tuple[str, ...]:
        """The models that answer: one, or two that take turns."""
        return (self.model, self.against) if self.against else (self.model,)


@dataclass(frozen=True, slots=True)
class Experiment:
    """A question put to users; the first variant is what the others are compared with."""

    name: str
    variants: tuple[Variant, ...]

    @property
    def phase(self) -> str:
        """The name under which exposures are kept: another once variants or shares change.

        Users of before had other odds, and longer to succeed; to judge both together is to find what is not there.
        """
        words = sorted(
            repr((one.name, one.share, one.models, sorted((str(knob), value) for knob, value in one.values.items())))
            for one in self.variants
        )
        return f"{self.name}{PHASE}{hashlib.sha256(repr(words).encode()).hexdigest()[:10]}"

    @property
    def knobs(self) -> frozenset[Knob]:
        """What differs between variants; the model, where nothing does (two names for the same: a test of the test)."""
        values = {knob for variant in self.variants for knob in variant.values}
        models = {variant.models for variant in self.variants}
        return frozenset(values | {Knob.MODEL} if len(models) > 1 or self.interleaved or not values else values)

    @property
    def interleaved(self) -> bool:
        """Whether some users get lists of two models."""
        return any(variant.against for variant in self.variants)

    @property
    def teams(self) -> tuple[str, str] | None:
        """The two models that draft lists, if any do."""
        return next(((variant.model, variant.against) for variant in self.variants if variant.against), None)

    @property
    def models(self) -> frozenset[str]:
        """Every model that answers somebody, `published` or a version."""
        return frozenset(model for variant in self.variants for model in variant.models)

    @property
    def versions(self) -> frozenset[str]:
        """The versions of the model that it needs besides the published one."""
        return self.models - {PUBLISHED}


def name_of(phase: str) -> str:
    """The experiment's name without its phase."""
    return phase.partition(PHASE)[0]


def parse(text: str) -> tuple[Experiment, ...]:
    """The experiments that a text names.

    Raises:
        ValueError: lists every fault, with what was expected.
    """
    faults: list[str] = []
    found = [_experiment(part, faults) for part in text.split(";") if part.strip()]
    names = [one.name for one in found]
    faults += [f"{name}: named twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    if faults:
        raise ValueError("; ".join(faults))
    return tuple(found)


def check(text: str) -> str:
    """The text itself, where it can be read. Raises `ValueError` with every fault."""
    parse(text)
    return text


def versions(experiments: Iterable[Experiment]) -> frozenset[str]:
    """Every version of the model that experiments need besides the published one."""
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
        faults.append("a variant is named twice")
    total = sum(variant.share for variant in experiment.variants)
    if total > 1 + TOLERANCE:
        faults.append(f"shares come to {total:g}, expected at most 1")
    if len(names) < 2 and not experiment.interleaved:  # noqa: PLR2004 - one cannot be compared
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
    """What variants are compared by; every figure is of users, who are what chance assigned."""

    SUCCESS = "success"
    """Share of users who opened, swiped right, put on a list or rated 4 or better a movie that they were shown."""
    CLICK_THROUGH = "click-through"
    """Mean over users of clicks per movie shown."""
    RATED_WELL = "rated-well"
    """Mean over users of movies shown and then rated 4 or better."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate, and the values that the data do not speak against."""

    estimate: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether chance alone is an unlikely cause."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class VariantReport:
    """What the users of one variant did."""

    variant: Variant
    users: int
    expected: float
    """Users that the shares would have given."""
    impressions: int
    clicks: int
    metrics: Mapping[Metric, float]
    """Empty without users."""


@dataclass(frozen=True, slots=True)
class Effect:
    """How a variant differs from the first one by one metric."""

    variant: str
    metric: Metric
    difference: Interval
    relative: float | None
    """The difference as a share of the first variant's value; None where that is 0."""
    detectable: float
    """The least true difference that so many users show four times in five."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """How two models did in lists that both filled by turns."""

    teams: tuple[str, str]
    """As the settings name them."""
    credits: tuple[int, int]
    """Movies opened, swiped right, put on a list or rated 4 or better, by who drafted them."""
    wins: tuple[int, int]
    """Users with more credits for the one than for the other."""
    ties: int
    p: float
    """Of the sign test over users: the chance of such wins if neither were better."""
    until: datetime | None = None
    """When both drafted a list last, where users got lists of one model alone since; None while it goes on."""

    @property
    def winner(self) -> str:
        """The team that won beyond chance (p < .05); empty where none did."""
        if self.p >= 0.05:  # noqa: PLR2004 - the usual bound
            return ""
        return self.teams[0] if self.wins[0] > self.wins[1] else self.teams[1]


@dataclass(frozen=True, slots=True)
class ExperimentReport:
    """What an experiment came to so far."""

    experiment: Experiment
    since: datetime | None
    """The first user's first exposure since variants and shares are as they are; None where there is none."""
    variants: tuple[VariantReport, ...]
    effects: tuple[Effect, ...]
    ratio_p: float | None
    """The chance of such numbers of users if the splitter were right; None while there are too few, and where some
    were moved."""
    broken: bool
    """Whether the numbers of users are not what the shares promise: no effect can be believed then."""
    level: float
    """Of the intervals: .95 for one comparison, more where several are made."""
    moved: int
    """Users left out, who were given another variant than the settings give them. Who is left is no fair draw."""
    drafted: Drafted | None
    verdict: tuple[str, ...]
    """In plain words."""
