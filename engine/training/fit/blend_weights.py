"""What is chosen by validation: the blend's weights on each step, and the calibration. Never sees a test split."""

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
from engine.recommender.model import TasteModel
from engine.recommender.models import user_features
from engine.training.evaluation import metrics, ranking
from engine.training.evaluation.ranking import Case
from engine.training.evaluation.splits import Split
from engine.training.fit import components

SEED = 7
"""Of the validation split; the benchmark's test splits use others."""
MAX_USERS = 1_000
"""Users that weights are chosen by: enough to tell .01 of NDCG@10 apart, few enough for seconds."""
MIN_USERS = 20
"""Below, nothing is chosen and the defaults stand."""
STEPS: Mapping[int, int] = {1: 1, 2: 2, 3: 3, 5: 7, 10: 14, 20: 10_000}
"""Each step by the number of movies it begins with, and the number of movies that its users are told of here."""
RANGES: Mapping[str, tuple[float, float]] = {
    "als": (0.0, 1.0),
    "ease": (0.0, 1.0),
    "content": (0.0, 0.8),
    "ncf": (0.0, 1.0),
    "popularity": (-0.6, 2.0),
}
"""Weights that are tried; only their proportions matter. Below 0, popularity is held against a movie."""
DRAWS = 150
"""Weights drawn at random before the best of them is refined: one weight after the other alone ends on a side hill."""
NUDGES = (-0.2, -0.1, -0.05, 0.05, 0.1, 0.2)
ROUNDS = 2
"""Times that every weight is nudged; a third changes the third digit."""
POOL = 64
"""Best movies of each part that compete while weights are chosen; the blend's first ten are nearly always there."""
LEAST_COVERAGE = 0.22
"""Share of the learned movies that the first ten places of all users of whom much is known should cover; a tenth more
than what is promised (.2), since users who are judged later differ from those by whom this is chosen."""
COVERAGE_PRICE = 1.0
"""NDCG that a missing share of coverage costs: among weights that are nearly as good, the fairer ones win."""


@dataclass(frozen=True, slots=True)
class TunedBlend:
    """What validation gave."""

    schedule: BlendSchedule = blend.DEFAULT
    calibration: Calibration = field(default_factory=Calibration)
    report: Mapping[str, Any] = field(default_factory=dict)


def choose_for(
    model: TasteModel,
    split: Split,
    *,
    among: Sequence[str] = components.BLEND,
    portion: Callable[[], None] = lambda: None,
) -> TunedBlend:
    """See which weights find the held-out movies of a split whose training part `model` was fitted to.

    Args:
        among: the parts that are weighed.
        portion: called between portions of the work; may raise to end it.
    """
    asked = ranking.cases(split, model.movies)
    if len(asked) < MIN_USERS or not model.rated.any():
        return TunedBlend(model.schedule, report={"chosen": "defaults: too few viewers to choose by"})
    few = [asked[place] for place in np.linspace(0, len(asked) - 1, min(len(asked), MAX_USERS)).astype(int)]
    schedule, figures = choose_schedule(model, few, among=among, portion=portion)
    model = replace(model, schedule=schedule)
    calibrated, told = _calibrate(model, split)
    return TunedBlend(
        schedule,
        calibrated,
        {
            "chosen": f"on {len(few)} viewers, by films of theirs that were held out",
            "validation_ndcg": figures,
            **told,
        },
    )


def apply(chosen: TunedBlend, model: TasteModel) -> TasteModel:
    """The model with the weights that were chosen."""
    return replace(model, schedule=chosen.schedule, calibration=chosen.calibration)


def choose_schedule(
    model: TasteModel,
    asked: Sequence[Case],
    *,
    among: Sequence[str] = components.BLEND,
    portion: Callable[[], None] = lambda: None,
) -> tuple[BlendSchedule, dict[str, float]]:
    """Weights for each step, from users of whom only some movies are told, and the NDCG@10 that they give."""
    steps = [BlendStep(0, {"popularity": 1.0})]
    figures: dict[str, float] = {}
    for movies, told in STEPS.items():
        portion()
        cases = [ranking.shortened(case, told, seed=SEED + place) for place, case in enumerate(asked)]
        # Whoever is told of few movies is one of many new users, for whom finding anything comes first.
        least = LEAST_COVERAGE if movies == max(STEPS) else 0.0
        weights, figure = search(contest(model, cases, among), least_coverage=least)
        steps.append(BlendStep(movies, weights))
        figures[f"from {movies} films"] = round(figure, 4)
    return BlendSchedule(tuple(steps)), figures


@dataclass(frozen=True, slots=True)
class Contest:
    """The movies that may come first for each user, with what each part says of them.

    Attributes:
        names: the parts that are weighed.
        parts: float32, (n_cases, n_parts, n_pool), in the order of `names`, at weight 1.
        padding: bool, (n_cases, n_pool), fills up short pools; never comes first.
        pool: intp, (n_cases, n_pool), places of the movies.
        liked: bool, (n_cases, n_pool).
        relevant: int64, (n_cases,).
        movies: how many movies were learned from ratings.
    """

    names: Sequence[str]
    parts: NDArray[np.float32]
    padding: NDArray[np.bool_]
    pool: NDArray[np.intp]
    liked: NDArray[np.bool_]
    relevant: NDArray[np.int64]
    movies: int


def contest(model: TasteModel, cases: Sequence[Case], among: Sequence[str] = components.BLEND) -> Contest:
    """The best movies of each part, for every case."""
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
    """The best of many weights drawn at random, then nudged; the first found of equals. Gives the NDCG@10 too."""
    names = asked.names
    low, high = (np.array([RANGES[name][end] for name in names]) for end in (0, 1))
    drawn = np.random.default_rng(SEED).uniform(low, high, (DRAWS, len(names))).round(2)
    singles = np.eye(len(names))[[name != "popularity" for name in names]]
    best = max((*singles, *drawn), key=lambda weights: worth(asked, weights, least_coverage=least_coverage)[0]).copy()
    for _ in range(ROUNDS):
        for part in range(len(best)):
            tried = [np.clip(best + nudge * (np.arange(len(best)) == part), low, high) for nudge in NUDGES]
            best = max((best, *tried), key=lambda weights: worth(asked, weights, least_coverage=least_coverage)[0])
    if "als" in names:
        best[names.index("als")] = max(best[names.index("als")], blend.LEAST_ALS)
    weights = {"als": blend.LEAST_ALS, **dict(zip(names, (round(float(weight), 2) for weight in best), strict=True))}
    return {name: weight for name, weight in weights.items() if weight}, worth(asked, best, least_coverage=0)[1]


def worth(asked: Contest, weights: NDArray[np.float64], *, least_coverage: float) -> tuple[float, float]:
    """NDCG@10 less the price of what is missing of the coverage, and NDCG@10 alone."""
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


def _calibrate(model: TasteModel, split: Split) -> tuple[Calibration, dict[str, Any]]:
    """Fit on one half of the users, draw the curve of the other half; what is served is fitted on all."""
    found = held_out_ratings(model, split)
    one, other = found.halves()
    said = other.probabilities(one.fit())
    curve = calibration.reliability(said, other.liked)
    told = {
        "reliability": [(round(a, 4), round(b, 4), n) for a, b, n in curve],
        "calibration_error": round(calibration.calibration_error(curve), 4),
        "log_loss": round(calibration.log_loss(said, other.liked), 4),
        "log_loss_without_figures": round(
            calibration.log_loss(other.probabilities(one.fit(figures=False)), other.liked), 4
        ),
    }
    return found.fit(), told if len(other.liked) else {}


@dataclass(frozen=True, slots=True)
class HeldOutRatings:
    """What confidence is learned from: one row for each held-out rating.

    Attributes:
        stars, place: float32, (n,): predicted stars, and the blend's score in spreads.
        figures: float64, (n, 5): what the user's history is like.
        liked: bool, (n,). users: int64, (n,): whose rating it is.
    """

    stars: Floats
    place: Floats
    figures: NDArray[np.float64]
    liked: NDArray[np.bool_]
    users: NDArray[np.int64]

    def select(self, rows: NDArray[np.bool_]) -> HeldOutRatings:
        """Some of the rows."""
        return HeldOutRatings(
            self.stars[rows], self.place[rows], self.figures[rows], self.liked[rows], self.users[rows]
        )

    def halves(self) -> tuple[HeldOutRatings, HeldOutRatings]:
        """The rows of every other user, and the rest."""
        even = self.users % 2 == 0
        return self.select(even), self.select(~even)

    def fit(self, *, figures: bool = True) -> Calibration:
        """The calibration of these; without `figures`, by stars and place alone."""
        return calibration.fit(self.stars, self.place, self.figures[:, : None if figures else 0], self.liked)

    def probabilities(self, by: Calibration) -> Floats:
        """float32, (n,): the chances that a calibration gives."""
        return by.probability(self.stars, self.place, self.figures)


def held_out_ratings(model: TasteModel, split: Split) -> HeldOutRatings:
    """Every held-out rating with what the model says of it."""
    rated = split.test.select(~np.isnan(split.test.stars))
    stars, place = [np.empty(0, np.float32)], [np.empty(0, np.float32)]
    figures = [np.empty((0, len(user_features.FIGURES)))]
    for history, held in zip(split.train.histories(), rated.histories(), strict=True):
        if len(held):
            stars.append(model.stars(history, held.movies))
            standardized_scores = model.standardized_scores(model.blend(history).total)
            place.append(standardized_scores[id_index.find(model.movies, held.movies)])
            figures.append(np.tile(model.user_figures(history), (len(held), 1)))
    return HeldOutRatings(
        np.concatenate(stars), np.concatenate(place), np.concatenate(figures), rated.stars >= LIKED_STARS, rated.users
    )
