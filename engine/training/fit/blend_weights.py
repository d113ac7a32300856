"""Tuning on validation data: the blend's weights for each step, and the calibration. Never uses the test part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats
from core.users import LIKED_STARS
from engine.recommender import blend, calibration, id_index
from engine.recommender.blend import BlendSchedule, BlendStep
from engine.recommender.calibration import Calibration
from engine.recommender.model import Recommender
from engine.recommender.models import user_features
from engine.training.evaluation import metrics, ranking
from engine.training.evaluation.ranking import Case
from engine.training.evaluation.splits import Split
from engine.training.fit import local_fit

SEED = 7
"""Seed of the validation split; the benchmark's test splits use other seeds."""
MAX_USERS = 1_000
"""Validation users, for the weights and for the calibration: enough to resolve .01 of NDCG@10, few enough to take
seconds."""
MIN_USERS = 20
"""Users below which the default weights are kept."""
HISTORY_LENGTHS: Mapping[int, int] = {1: 1, 2: 2, 3: 3, 5: 7, 10: 14, 20: 10_000}
"""The first number of rated movies of each step, and the length of the histories it is tuned with."""
RANGES: Mapping[str, tuple[float, float]] = {
    "als": (0.0, 1.0),
    "ease": (0.0, 1.0),
    "content": (0.0, 0.8),
    "ncf": (0.0, 1.0),
    "popularity": (-0.6, 2.0),
}
"""Ranges of the weights; only their proportions matter. A negative weight penalizes popular movies."""
DRAWS = 150
"""Random draws before the best one is refined: coordinate search alone ends in local optima."""
NUDGES = (-0.2, -0.1, -0.05, 0.05, 0.1, 0.2)
ROUNDS = 2
"""Passes over all weights; a third pass changes the third digit."""
POOL = 64
"""Candidates of each component during tuning; the blend's ten best movies are nearly always among them."""
LEAST_COVERAGE = 0.22
"""Share of the learned movies that the ten best of all users with long histories should cover: a tenth more than the
target (.2), since test users differ from validation users."""
COVERAGE_PRICE = 1.0
"""NDCG that missing coverage costs: among nearly equal weights, those with better coverage win."""
MOST_LOST = 0.002
"""NDCG@10 that better coverage may cost at most. Without this bound, a component of pure noise got a third of the
weight, because noise covers everything (`docs/decisions.md`)."""


@dataclass(frozen=True, slots=True)
class TunedBlend:
    """The tuned schedule and calibration."""

    schedule: BlendSchedule = blend.DEFAULT
    calibration: Calibration = field(default_factory=Calibration)
    report: Mapping[str, Any] = field(default_factory=dict)


def choose_for(
    model: Recommender,
    split: Split,
    *,
    among: Sequence[str] = local_fit.BLEND,
    portion: Callable[[], None] = lambda: None,
) -> TunedBlend:
    """Tune the weights on the held-out movies of a split whose training part `model` was fitted to.

    Args:
        among: the components to weigh.
        portion: called between portions of the work; may raise to end it.
    """
    cases = ranking.cases(split, model.movies)
    if len(cases) < MIN_USERS or not model.rated.any():
        return TunedBlend(model.schedule, report={"chosen": "defaults: too few users to tune on"})
    few = [cases[place] for place in np.linspace(0, len(cases) - 1, min(len(cases), MAX_USERS)).astype(int)]
    schedule, figures = choose_schedule(model, few, among=among, portion=portion)
    model = replace(model, schedule=schedule)
    calibrated, quality = _calibrate(model, split)
    return TunedBlend(
        schedule,
        calibrated,
        {
            "chosen": f"on the held-out movies of {len(few)} users",
            "validation_ndcg": figures,
            **quality,
        },
    )


def apply(chosen: TunedBlend, model: Recommender) -> Recommender:
    """Return the model with the tuned weights."""
    return replace(model, schedule=chosen.schedule, calibration=chosen.calibration)


def choose_schedule(
    model: Recommender,
    asked: Sequence[Case],
    *,
    among: Sequence[str] = local_fit.BLEND,
    portion: Callable[[], None] = lambda: None,
) -> tuple[BlendSchedule, dict[str, float]]:
    """Tune the weights of each step on shortened histories; return the schedule and its NDCG@10 per step."""
    steps = [BlendStep(0, {"popularity": 1.0})]
    figures: dict[str, float] = {}
    for movies, length in HISTORY_LENGTHS.items():
        portion()
        cases = [ranking.shortened(case, length, seed=SEED + place) for place, case in enumerate(asked)]
        # Coverage matters for long histories only: for new users, finding any good movie comes first.
        least = LEAST_COVERAGE if movies == max(HISTORY_LENGTHS) else 0.0
        weights, figure = search(contest(model, cases, among), least_coverage=least)
        steps.append(BlendStep(movies, weights))
        figures[f"from {movies} movies"] = round(figure, 4)
    return BlendSchedule(tuple(steps)), figures


@dataclass(frozen=True, slots=True)
class Contest:
    """The candidate movies of each user with the scores of each component.

    Attributes:
        names: the components to weigh.
        parts: float32, (n_cases, n_parts, n_pool), in the order of `names`, at weight 1.
        padding: bool, (n_cases, n_pool), fills short pools; ranked last.
        pool: intp, (n_cases, n_pool), rows of the movies.
        liked: bool, (n_cases, n_pool).
        relevant: int64, (n_cases,).
        movies: number of movies learned from ratings.
    """

    names: Sequence[str]
    parts: NDArray[np.float32]
    padding: NDArray[np.bool_]
    pool: NDArray[np.intp]
    liked: NDArray[np.bool_]
    relevant: NDArray[np.int64]
    movies: int


def contest(model: Recommender, cases: Sequence[Case], among: Sequence[str] = local_fit.BLEND) -> Contest:
    """Collect the best movies of each component for every case."""
    every = replace(model, schedule=BlendSchedule((BlendStep(0, dict.fromkeys(among, 1.0)),)))
    depth = min(len(among) * POOL, len(model.movies))
    rows, pools, paddings = [], [], []
    for case in cases:
        found = every.blend(case.history).parts
        best = [ranking.best(found[name], case.known, depth=POOL) for name in among]
        pool = np.unique(np.concatenate(best))
        pool = pool[~np.isin(pool, case.known)]
        filled = np.pad(pool, (0, depth - len(pool)), mode="edge")
        rows.append(np.stack([found[name][filled] for name in among]))
        pools.append(filled)
        paddings.append(np.arange(depth) >= len(pool))
    liked = np.stack([np.isin(pool, case.liked) for pool, case in zip(pools, cases, strict=True)])
    relevant = np.array([len(case.liked) for case in cases], np.int64)
    movies = int(model.rated.sum())
    return Contest(among, np.stack(rows), np.stack(paddings), np.stack(pools), liked, relevant, movies)


def search(asked: Contest, *, least_coverage: float) -> tuple[dict[str, float], float]:
    """Search weights by random draws, then coordinate steps; return the best weights and their NDCG@10.

    The most accurate weights come first. Better coverage is then looked for among weights that are almost as accurate.
    """
    names = asked.names
    best = _climb(asked, lambda weights: worth(asked, weights, least_coverage=0.0)[0])
    if least_coverage:
        floor = worth(asked, best, least_coverage=0.0)[1] - MOST_LOST

        def covering(weights: NDArray[np.float64]) -> float:
            value, ndcg = worth(asked, weights, least_coverage=least_coverage)
            return value if ndcg >= floor else -np.inf

        best = _climb(asked, covering, start=best)
    if "als" in names:
        best[names.index("als")] = max(best[names.index("als")], blend.LEAST_ALS)
    weights = {"als": blend.LEAST_ALS, **dict(zip(names, (round(float(weight), 2) for weight in best), strict=True))}
    return {name: weight for name, weight in weights.items() if weight}, worth(asked, best, least_coverage=0)[1]


def _climb(
    asked: Contest, value: Callable[[NDArray[np.float64]], float], *, start: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return the best weights of random draws (and of `start`), improved by coordinate steps."""
    names = asked.names
    low, high = (np.array([RANGES[name][end] for name in names]) for end in (0, 1))
    drawn = np.random.default_rng(SEED).uniform(low, high, (DRAWS, len(names))).round(2)
    singles = np.eye(len(names))[[name != "popularity" for name in names]]
    best: NDArray[np.float64] = max((*singles, *drawn, *([] if start is None else [start])), key=value).copy()
    for _ in range(ROUNDS):
        for part in range(len(best)):
            tried = [np.clip(best + nudge * (np.arange(len(best)) == part), low, high) for nudge in NUDGES]
            best = max((best, *tried), key=value)
    return best


def worth(asked: Contest, weights: NDArray[np.float64], *, least_coverage: float) -> tuple[float, float]:
    """Return NDCG@10 minus the cost of missing coverage, and NDCG@10 alone."""
    total = np.einsum("cpn,p->cn", asked.parts, weights.astype(np.float32))
    total[asked.padding] = -np.inf
    depth = min(ranking.TOP, total.shape[1])
    likely = np.argpartition(-total, depth - 1, axis=1)[:, :depth]
    order = np.argsort(-np.take_along_axis(total, likely, axis=1), axis=1, kind="stable")
    top = np.take_along_axis(likely, order, axis=1)
    hits = np.take_along_axis(asked.liked, top, axis=1)
    ndcg = float(metrics.ndcg(hits, asked.relevant).mean())
    shown = metrics.coverage(np.take_along_axis(asked.pool, top, axis=1), asked.movies)
    return ndcg - COVERAGE_PRICE * max(0.0, least_coverage - shown), ndcg


def _calibrate(model: Recommender, split: Split) -> tuple[Calibration, dict[str, Any]]:
    """Fit on half of the users and measure on the other half; return the calibration fitted on all users."""
    found = held_out_ratings(model, split)
    one, other = found.halves()
    predicted = other.probabilities(one.fit())
    curve = calibration.reliability(predicted, other.liked)
    quality = {
        "reliability": [(round(a, 4), round(b, 4), n) for a, b, n in curve],
        "calibration_error": round(calibration.calibration_error(curve), 4),
        "log_loss": round(calibration.log_loss(predicted, other.liked), 4),
        "log_loss_without_figures": round(
            calibration.log_loss(other.probabilities(one.fit(figures=False)), other.liked), 4
        ),
    }
    return found.fit(), quality if len(other.liked) else {}


@dataclass(frozen=True, slots=True)
class HeldOutRatings:
    """The data that confidence is fitted to: one row per held-out rating.

    Attributes:
        stars, place: float32, (n,): predicted stars, and the blend's standardized score.
        figures: float64, (n, 5): features of the user's history.
        liked: bool, (n,). users: int64, (n,): the rating's user.
    """

    stars: Floats
    place: Floats
    figures: NDArray[np.float64]
    liked: NDArray[np.bool_]
    users: NDArray[np.int64]

    def select(self, rows: NDArray[np.bool_]) -> HeldOutRatings:
        """Return the selected rows."""
        return HeldOutRatings(
            self.stars[rows], self.place[rows], self.figures[rows], self.liked[rows], self.users[rows]
        )

    def halves(self) -> tuple[HeldOutRatings, HeldOutRatings]:
        """Return the rows of every other user, and the rest."""
        even = self.users % 2 == 0
        return self.select(even), self.select(~even)

    def fit(self, *, figures: bool = True) -> Calibration:
        """Fit the calibration; without `figures`, to stars and score alone."""
        return calibration.fit(self.stars, self.place, self.figures[:, : None if figures else 0], self.liked)

    def probabilities(self, by: Calibration) -> Floats:
        """Return float32, (n,): the probabilities of a calibration."""
        return by.probability(self.stars, self.place, self.figures)


def held_out_ratings(model: Recommender, split: Split, *, most: int = MAX_USERS) -> HeldOutRatings:
    """Return the held-out ratings of an even sample of at most `most` users, with the model's predictions."""
    rated = split.test.select(~np.isnan(split.test.stars))
    having = np.unique(rated.users)
    chosen = having[np.linspace(0, len(having) - 1, min(len(having), most)).astype(np.intp)]
    rated = rated.select(np.isin(rated.users, chosen))
    told = split.train.select(np.isin(split.train.users, chosen))
    stars, place = [np.empty(0, np.float32)], [np.empty(0, np.float32)]
    figures = [np.empty((0, len(user_features.FIGURES)))]
    for history, held in zip(told.histories(), rated.histories(), strict=True):
        if len(held):
            stars.append(model.stars(history, held.movies))
            standardized_scores = model.standardized_scores(model.blend(history).total)
            place.append(standardized_scores[id_index.find(model.movies, held.movies)])
            figures.append(np.tile(model.user_figures(history), (len(held), 1)))
    return HeldOutRatings(
        np.concatenate(stars), np.concatenate(place), np.concatenate(figures), rated.stars >= LIKED_STARS, rated.users
    )
