"""What is chosen by validation: the blend's weights on each rung, and the calibration. Never sees a test split."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.config import Settings
from core.taste import Floats
from engine.models import evaluate, metrics, parts, splits
from engine.models.evaluate import Case
from engine.models.parts import Recipes, World
from engine.models.splits import Split
from engine.taste import blend, calibration, interactions, places
from engine.taste.blend import Ladder, Rung
from engine.taste.calibration import Calibration
from engine.taste.interactions import LIKED_STARS, Interactions
from engine.taste.model import TasteModel

SEED = 7
"""Of the validation split; the benchmark's test splits use others."""
MOST_VIEWERS = 1_000
"""Viewers that weights are chosen by: enough to tell .01 of NDCG@10 apart, few enough for seconds."""
LEAST_VIEWERS = 20
"""Below, nothing is chosen and the defaults stand."""
RUNGS: Mapping[int, int] = {1: 1, 2: 2, 3: 3, 5: 7, 10: 14, 20: 10_000}
"""Each rung by the number of films it begins with, and the number of films that its viewers are told of here."""
RANGES: Mapping[str, tuple[float, float]] = {
    "als": (0.0, 1.0),
    "ease": (0.0, 1.0),
    "content": (0.0, 0.8),
    "popularity": (-0.6, 2.0),
}
"""Weights that are tried; only their proportions matter. Below 0, popularity is held against a film."""
LEAST_ALS = 0.1
"""Of the weight of ALS: without it, films that nobody rated would have no personal score at all."""
DRAWS = 150
"""Weights drawn at random before the best of them is refined: one weight after the other alone ends on a side hill."""
NUDGES = (-0.2, -0.1, -0.05, 0.05, 0.1, 0.2)
ROUNDS = 2
"""Times that every weight is nudged; a third changes the third digit."""
POOL = 64
"""Best films of each part that compete while weights are chosen; the blend's first ten are nearly always among them."""
LEAST_COVERAGE = 0.22
"""Share of the learned films that the first ten places of all viewers of whom much is known should cover; a tenth more
than what is promised (.2), since viewers who are judged later differ from those by whom this is chosen."""
COVERAGE_PRICE = 1.0
"""NDCG that a missing share of coverage costs: among weights that are nearly as good, the fairer ones win."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What validation gave."""

    ladder: Ladder = blend.DEFAULT
    calibration: Calibration = field(default_factory=Calibration)
    report: Mapping[str, Any] = field(default_factory=dict)


def choose(rated: Interactions, world: World, recipes: Recipes, *, settings: Settings) -> Chosen:
    """Hold out a fifth of each viewer's films, fit on the rest, and see which weights find them."""
    split = splits.by_viewer(rated, seed=SEED)
    known = interactions.learnable(
        split.train, min_viewer_films=settings.min_viewer_films, min_film_ratings=settings.min_film_ratings
    )
    return choose_for(parts.fit(known, world, recipes, version="", rated=split.train, lists=False), split)


def choose_for(model: TasteModel, split: Split, *, portion: Callable[[], None] = lambda: None) -> Chosen:
    """See which weights find the held-out films of a split whose training part `model` was fitted to.

    Args:
        portion: called between portions of the work; may raise to end it.
    """
    asked = evaluate.cases(split, model.movies)
    if len(asked) < LEAST_VIEWERS or not model.rated.any():
        return Chosen(report={"chosen": "defaults: too few viewers to choose by"})
    few = [asked[place] for place in np.linspace(0, len(asked) - 1, min(len(asked), MOST_VIEWERS)).astype(int)]
    ladder, figures = choose_ladder(model, few, portion=portion)
    model = replace(model, ladder=ladder)
    calibrated, curve = _calibrate(model, split)
    return Chosen(
        ladder,
        calibrated,
        {
            "chosen": f"on {len(few)} viewers, by films of theirs that were held out",
            "validation_ndcg": figures,
            "reliability": curve,
            "calibration_error": round(calibration.calibration_error(curve), 4),
        },
    )


def apply(chosen: Chosen, model: TasteModel) -> TasteModel:
    """The model with the weights that were chosen."""
    return replace(model, ladder=chosen.ladder, calibration=chosen.calibration)


def choose_ladder(
    model: TasteModel, asked: Sequence[Case], *, portion: Callable[[], None] = lambda: None
) -> tuple[Ladder, dict[str, float]]:
    """Weights for each rung, from viewers of whom only some films are told, and the NDCG@10 that they give."""
    rungs = [Rung(0, {"popularity": 1.0})]
    figures: dict[str, float] = {}
    for films, told in RUNGS.items():
        portion()
        cases = [evaluate.shortened(case, told, seed=SEED + place) for place, case in enumerate(asked)]
        # Whoever is told of few films is one of many new viewers, for whom finding anything comes first.
        least = LEAST_COVERAGE if films == max(RUNGS) else 0.0
        weights, figure = search(contest(model, cases), least_coverage=least)
        rungs.append(Rung(films, weights))
        figures[f"from {films} films"] = round(figure, 4)
    return Ladder(tuple(rungs)), figures


@dataclass(frozen=True, slots=True)
class Contest:
    """The films that may come first for each viewer, with what each part says of them.

    Attributes:
        parts: float32, (n_cases, n_parts, n_pool), in the order of `blend.PARTS`, at weight 1.
        padding: bool, (n_cases, n_pool), fills up short pools; never comes first.
        pool: intp, (n_cases, n_pool), places of the films.
        liked: bool, (n_cases, n_pool).
        relevant: int64, (n_cases,).
        films: how many films were learned from ratings.
    """

    parts: NDArray[np.float32]
    padding: NDArray[np.bool_]
    pool: NDArray[np.intp]
    liked: NDArray[np.bool_]
    relevant: NDArray[np.int64]
    films: int


def contest(model: TasteModel, cases: Sequence[Case]) -> Contest:
    """The best films of each part, for every case."""
    every = replace(model, ladder=Ladder((Rung(0, dict.fromkeys(blend.PARTS, 1.0)),)))
    depth = min(len(blend.PARTS) * POOL, len(model.movies))
    rows, pools, paddings = [], [], []
    for case in cases:
        found = every.blend(case.history).parts
        best = [evaluate.best(found[name], case.known, depth=POOL) for name in blend.PARTS]
        pool = np.unique(np.concatenate(best))
        pool = pool[~np.isin(pool, case.known)]
        filled = np.pad(pool, (0, depth - len(pool)), mode="edge")
        rows.append(np.stack([found[name][filled] for name in blend.PARTS]))
        pools.append(filled)
        paddings.append(np.arange(depth) >= len(pool))
    liked = np.stack([np.isin(pool, case.liked) for pool, case in zip(pools, cases, strict=True)])
    relevant = np.array([len(case.liked) for case in cases], np.int64)
    return Contest(np.stack(rows), np.stack(paddings), np.stack(pools), liked, relevant, int(model.rated.sum()))


def search(asked: Contest, *, least_coverage: float) -> tuple[dict[str, float], float]:
    """The best of many weights drawn at random, then nudged; the first found of equals. Gives the NDCG@10 too."""
    low, high = (np.array([RANGES[name][end] for name in blend.PARTS]) for end in (0, 1))
    drawn = np.random.default_rng(SEED).uniform(low, high, (DRAWS, len(blend.PARTS))).round(2)
    singles = np.eye(len(blend.PARTS))[: len(blend.PERSONAL)]
    best = max((*singles, *drawn), key=lambda weights: worth(asked, weights, least_coverage=least_coverage)[0]).copy()
    for _ in range(ROUNDS):
        for part in range(len(best)):
            tried = [np.clip(best + nudge * (np.arange(len(best)) == part), low, high) for nudge in NUDGES]
            best = max((best, *tried), key=lambda weights: worth(asked, weights, least_coverage=least_coverage)[0])
    best[blend.PARTS.index("als")] = max(best[blend.PARTS.index("als")], LEAST_ALS)
    weights = {name: round(float(weight), 2) for name, weight in zip(blend.PARTS, best, strict=True)}
    return {name: weight for name, weight in weights.items() if weight}, worth(asked, best, least_coverage=0)[1]


def worth(asked: Contest, weights: NDArray[np.float64], *, least_coverage: float) -> tuple[float, float]:
    """NDCG@10 less the price of what is missing of the coverage, and NDCG@10 alone."""
    total = np.einsum("cpn,p->cn", asked.parts, weights.astype(np.float32))
    total[asked.padding] = -np.inf
    depth = min(evaluate.TOP, total.shape[1])
    likely = np.argpartition(-total, depth - 1, axis=1)[:, :depth]
    order = np.argsort(-np.take_along_axis(total, likely, axis=1), axis=1, kind="stable")
    top = np.take_along_axis(likely, order, axis=1)
    hits = np.take_along_axis(asked.liked, top, axis=1)
    ndcg = float(metrics.ndcg(hits, asked.relevant).mean())
    shown = metrics.coverage(np.take_along_axis(asked.pool, top, axis=1), asked.films)
    return ndcg - COVERAGE_PRICE * max(0.0, least_coverage - shown), ndcg


def _calibrate(model: TasteModel, split: Split) -> tuple[Calibration, list[tuple[float, float, int]]]:
    """Fit on one half of the viewers, draw the curve of the other half."""
    stars, place, liked, viewers = held_out(model, split)
    even = viewers % 2 == 0
    fitted = calibration.fit(stars[even], place[even], liked[even])
    curve = calibration.reliability(fitted.probability(stars[~even], place[~even]), liked[~even])
    return calibration.fit(stars, place, liked), [(round(a, 4), round(b, 4), n) for a, b, n in curve]


def held_out(model: TasteModel, split: Split) -> tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.int64]]:
    """Predicted stars, standing, whether it was liked, and the viewer, of every held-out rating."""
    rated = split.test.take(~np.isnan(split.test.stars))
    stars, place = [np.empty(0, np.float32)], [np.empty(0, np.float32)]
    for history, held in zip(split.train.histories(), rated.histories(), strict=True):
        if len(held):
            stars.append(model.stars(history, held.movies))
            standing = model.standing(model.blend(history).total)
            place.append(standing[places.find(model.movies, held.movies)])
    return np.concatenate(stars), np.concatenate(place), rated.stars >= LIKED_STARS, rated.viewers
