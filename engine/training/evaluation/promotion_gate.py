"""Whether a new model may serve: pure, from how it, the published one and popularity did on the same users."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.training.evaluation import metrics
from engine.training.evaluation.holdout import USUAL, Judgement
from engine.training.evaluation.ranking import TOP

MIN_USERS = 20
"""Below, chance decides; such a model is promoted only where there is nothing better judged to lose."""
TOLERANCE = 0.005
"""NDCG@10 that the new model may turn out worse by, at the lower end of the interval of the difference. At its mean it
may not be worse by more than is lost in rounding."""
ROUNDING = 0.0005
EVEN, BETTER = "even", "better"
DEMANDS = (EVEN, BETTER)
"""What is asked for against the published model: as good, as far as can be told; or better beyond doubt."""
LEAST_COVERAGE = 0.1
"""Of the learned movies that the judging users' lists could show at most: popularity alone shows some hundredths."""
MOST_CALIBRATION_ERROR = 0.1
LEAST_RATINGS = 500
"""Held-out ratings below which calibration is chance: its error of a perfect model is .04 there."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    passed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate says; every check with its figures, whether it was passed or not."""

    checks: tuple[Check, ...]
    broken: bool = False
    """Whether the model does what none may do, so that nobody can want it."""

    @property
    def promoted(self) -> bool:
        """Whether the new model may serve."""
        return all(check.passed for check in self.checks)

    @property
    def reasons(self) -> tuple[str, ...]:
        """All that was looked at, in words."""
        return tuple(f"{'passed' if check.passed else 'refused'}: {check.words}" for check in self.checks)

    @property
    def rejected(self) -> str:
        """Why it may not serve; empty where it may."""
        return "; ".join(check.words for check in self.checks if not check.passed)


def decide(
    new: Judgement,
    *,
    popular: NDArray[np.float64],
    published: Judgement | None,
    version: str | None,
    judged: bool,
    learned: int,
    faults: tuple[str, ...] = (),
    demand: str = EVEN,
) -> Decision:
    """Compare user by user.

    Args:
        popular: float64, (n_cases,): NDCG@10 of popularity on the same users.
        published: the published model's holdout model on the same users; None where it has none.
        version: the published version; None where there is none.
        judged: whether the published version was judged when it was made.
        learned: movies that the new model learned from ratings.
        faults: of the model that was fitted on everything.
        demand: one of `DEMANDS`.
    """
    broken = tuple(Check(False, fault) for fault in dict.fromkeys((*new.faults, *faults)))
    if len(new.ndcg) < MIN_USERS:
        return Decision((*broken, _too_few(new, version, judged=judged)), bool(broken))
    sound = (_coverage(new, learned), *_stars(new))
    better = (_beats_popularity(new.ndcg, popular), _beats(new.ndcg, published, version, demand))
    return Decision((*broken, *sound, *better), bool(broken))


def difference(new: NDArray[np.float64], old: NDArray[np.float64]) -> tuple[float, float, float]:
    """Mean of new less old, and its 95 % interval: users drawn with replacement, each with both figures."""
    paired = new - old
    return float(paired.mean()), *metrics.interval(paired)


def _beats(new: NDArray[np.float64], published: Judgement | None, version: str | None, demand: str) -> Check:
    if version is None:
        return Check(True, "no model is published yet, so there is none to beat")
    if published is None:
        told = f"the published {version} has no twin to compare with; compared with popularity alone"
        unseen = "; asked for: better beyond doubt, which nothing can show: publish it by hand"
        return Check(demand == EVEN, told if demand == EVEN else told + unseen)
    mean, low, high = difference(new, published.ndcg)
    told = (
        f"NDCG@{TOP} {new.mean():.4f}, the published {version} {published.ndcg.mean():.4f}: "
        f"difference {mean:+.4f} ({low:+.4f} to {high:+.4f})"
    )
    if demand == BETTER:
        return Check(low > 0, f"{told}; asked for: above 0 throughout")
    asked = f"asked for: at least {-ROUNDING:+g}, and from {-TOLERANCE:+g} on"
    return Check(mean >= -ROUNDING and low >= -TOLERANCE, f"{told}; {asked}")


def _beats_popularity(new: NDArray[np.float64], popular: NDArray[np.float64]) -> Check:
    mean, low, high = difference(new, popular)
    told = f"NDCG@{TOP} {new.mean():.4f}, popular films {popular.mean():.4f}: difference {mean:+.4f}"
    return Check(low > 0, f"{told} ({low:+.4f} to {high:+.4f}); asked for: above 0 throughout")


def _coverage(new: Judgement, learned: int) -> Check:
    most = min(1.0, len(new.ndcg) * TOP / max(learned, 1))
    least = LEAST_COVERAGE * most
    return Check(
        new.metrics["coverage"] >= least,
        f"lists show {new.metrics['coverage']:.3f} of the learned films; asked for: {least:.3f}",
    )


def _stars(new: Judgement) -> list[Check]:
    if not new.ratings:
        return []
    rmse, usual = new.metrics["rmse"], new.metrics[USUAL]
    checks = [Check(rmse <= usual, f"predicted stars are off by {rmse:.3f} (RMSE), the mean of all by {usual:.3f}")]
    if new.ratings >= LEAST_RATINGS:
        error = new.metrics["calibration_error"]
        words = f"chances are off by {error:.3f} (calibration error); asked for: at most {MOST_CALIBRATION_ERROR:g}"
        checks.append(Check(error <= MOST_CALIBRATION_ERROR, words))
    return checks


def _too_few(new: Judgement, version: str | None, *, judged: bool) -> Check:
    """A model that was judged is not given up for one that cannot be."""
    told = f"{len(new.ndcg)} viewers to judge by, fewer than {MIN_USERS}"
    if judged:
        return Check(False, f"{told}; the published {version} was judged when it was made, and stays")
    return Check(True, f"{told}, and no judged model to lose")
