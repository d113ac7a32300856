"""The promotion gate: compare a new model with the published one and with popularity on the same users. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.training.evaluation import metrics
from engine.training.evaluation.holdout import RMSE_OF_MEAN, Judgement
from engine.training.evaluation.ranking import TOP

MIN_USERS = 20
"""Test users below which the result is chance; such a model is promoted only if it replaces no evaluated one."""
TOLERANCE = 0.005
"""NDCG@10 by which the lower end of the interval of the difference may be below 0. The mean difference may be below 0
by `ROUNDING` only."""
ROUNDING = 0.0005
EVEN, BETTER = "even", "better"
DEMANDS = (EVEN, BETTER)
"""Requirements against the published model: not worse within the tolerance, or significantly better."""
LEAST_COVERAGE = 0.1
"""Share of the learned movies that the lists can show at most; popularity alone reaches a few hundredths."""
MOST_CALIBRATION_ERROR = 0.1
LEAST_RATINGS = 500
"""Held-out ratings below which the calibration error is chance: a perfect model has .04 there."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the gate."""

    passed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision of the gate: all checks with their figures."""

    checks: tuple[Check, ...]
    broken: bool = False
    """Whether the model is invalid and must not be published even manually."""

    @property
    def promoted(self) -> bool:
        """Whether the new model may be published."""
        return all(check.passed for check in self.checks)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The result of each check."""
        return tuple(f"{'passed' if check.passed else 'refused'}: {check.words}" for check in self.checks)

    @property
    def rejected(self) -> str:
        """Why the model is refused; empty if it is not."""
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
    """Compare the models user by user.

    Args:
        popular: float64, (n_cases,): NDCG@10 of popularity on the same users.
        published: the published version's holdout model on the same users; None if it has none.
        version: the published version; None if there is none.
        judged: whether the published version was evaluated when it was trained.
        learned: movies that the new model learned from ratings.
        faults: of the model fitted on everything.
        demand: one of `DEMANDS`.
    """
    broken = tuple(Check(False, fault) for fault in dict.fromkeys((*new.faults, *faults)))
    if len(new.ndcg) < MIN_USERS:
        return Decision((*broken, _too_few(new, version, judged=judged)), bool(broken))
    sound = (_coverage(new, learned), *_stars(new))
    better = (_beats_popularity(new.ndcg, popular), _beats(new.ndcg, published, version, demand))
    return Decision((*broken, *sound, *better), bool(broken))


def not_worse(new: NDArray[np.float64], old: NDArray[np.float64]) -> Check:
    """Compare a version with the one that it is derived from; `new` and `old` are NDCG@10 of the same users."""
    mean, low, high = difference(new, old)
    words = f"NDCG@{TOP} {old.mean():.4f} before, {new.mean():.4f} after: {mean:+.4f} ({low:+.4f} to {high:+.4f})"
    return _even(mean, low, words)


def difference(new: NDArray[np.float64], old: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the mean of new minus old and its 95 % interval from paired bootstrap draws of users."""
    paired = new - old
    return float(paired.mean()), *metrics.interval(paired)


def _beats(new: NDArray[np.float64], published: Judgement | None, version: str | None, demand: str) -> Check:
    if version is None:
        return Check(True, "no published model to compare with")
    if published is None:
        words = f"the published {version} has no holdout model; compared with popularity alone"
        unproven = "; required: significantly better, which cannot be shown; publish the model manually"
        return Check(demand == EVEN, words if demand == EVEN else words + unproven)
    mean, low, high = difference(new, published.ndcg)
    words = (
        f"NDCG@{TOP} {new.mean():.4f}, the published {version} {published.ndcg.mean():.4f}: "
        f"difference {mean:+.4f} ({low:+.4f} to {high:+.4f})"
    )
    if demand == BETTER:
        return Check(low > 0, f"{words}; required: interval above 0")
    return _even(mean, low, words)


def _even(mean: float, low: float, words: str) -> Check:
    required = f"required: at least {-ROUNDING:+g}, interval from {-TOLERANCE:+g}"
    return Check(mean >= -ROUNDING and low >= -TOLERANCE, f"{words}; {required}")


def _beats_popularity(new: NDArray[np.float64], popular: NDArray[np.float64]) -> Check:
    mean, low, high = difference(new, popular)
    words = f"NDCG@{TOP} {new.mean():.4f}, popular movies {popular.mean():.4f}: difference {mean:+.4f}"
    return Check(low > 0, f"{words} ({low:+.4f} to {high:+.4f}); required: interval above 0")


def _coverage(new: Judgement, learned: int) -> Check:
    most = min(1.0, len(new.ndcg) * TOP / max(learned, 1))
    least = LEAST_COVERAGE * most
    return Check(
        new.metrics["coverage"] >= least,
        f"lists show {new.metrics['coverage']:.3f} of the learned movies; required: {least:.3f}",
    )


def _stars(new: Judgement) -> list[Check]:
    if not new.ratings:
        return []
    rmse, usual = new.metrics["rmse"], new.metrics[RMSE_OF_MEAN]
    checks = [Check(rmse <= usual, f"predicted stars have an RMSE of {rmse:.3f}, the mean of all stars {usual:.3f}")]
    if new.ratings >= LEAST_RATINGS:
        error = new.metrics["calibration_error"]
        words = f"probabilities have a calibration error of {error:.3f}; required: at most {MOST_CALIBRATION_ERROR:g}"
        checks.append(Check(error <= MOST_CALIBRATION_ERROR, words))
    return checks


def _too_few(new: Judgement, version: str | None, *, judged: bool) -> Check:
    """Keep an evaluated model rather than replace it by one that cannot be evaluated."""
    words = f"{len(new.ndcg)} test users, fewer than {MIN_USERS}"
    if judged:
        return Check(False, f"{words}; the published {version} was evaluated and stays")
    return Check(True, f"{words}; no evaluated model is replaced")
