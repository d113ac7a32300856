"""Evaluation on held-out ratings: full ranking, predicted stars, calibrated probabilities, and validity checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History, Ids
from core.users import LIKED_STARS, MAX_STARS, MIN_STARS
from engine.recommender import calibration, id_index
from engine.recommender.model import Recommender
from engine.recommender.models import interactions
from engine.training.evaluation import list_metrics, metrics
from engine.training.evaluation import ranking as evaluation_ranking
from engine.training.evaluation.ranking import TOP, Case, Ranking
from engine.training.evaluation.splits import Parts

MAX_USERS = 3_000
"""Test users: at this number, the standard error of their mean NDCG@10 is below .006."""
MOST_SCORE = 1e4
"""Scores are in standard deviations; larger ones mean that a fit has diverged."""
PROBES = 20
"""Users whose scores are checked by `sane`."""

RMSE_OF_MEAN = "rmse_mean"
"""The figure with the RMSE of predicting the mean of all stars."""

Portion = Callable[[], None]


@dataclass(frozen=True)
class Bench:
    """The test users and their held-out ratings, the same for all models that are compared.

    Attributes:
        movies: int64, (n,), ascending: all movies of the catalogue; all of them are ranked.
        cases: users with held-out movies that they liked.
        held: movies and stars of the held-out ratings of each case, int64 and float32.
        mean: of all stars outside the test part: the prediction of the simplest baseline.
        vectors: float32, (n, dim): centred description vectors, unit rows; empty if diversity is not measured.
        share: float64, (n,): the share of users who know each movie.
    """

    movies: Ids
    cases: Sequence[Case]
    held: Sequence[tuple[Ids, Floats]]
    mean: float
    vectors: Floats
    share: NDArray[np.float64]

    @cached_property
    def groups(self) -> NDArray[np.intp]:
        """The group of each case, for the popularity bias."""
        return list_metrics.user_groups([case.known for case in self.cases], self.share)

    @cached_property
    def obvious(self) -> NDArray[np.bool_]:
        """bool, (n_cases, n): the movies that plain popularity would show to each user."""
        result = np.zeros((len(self.cases), len(self.movies)), np.bool_)
        for row, case in zip(result, self.cases, strict=True):
            row[evaluation_ranking.best(self.share.astype(np.float32), case.known, depth=TOP)] = True
        return result


@dataclass(frozen=True)
class Judgement:
    """The evaluation of a model on a bench.

    Attributes:
        ndcg: float64, (n_cases,): NDCG@10 of each user, in the bench's order.
        ratings: the number of held-out ratings that were predicted.
        faults: what makes the model invalid.
    """

    ndcg: NDArray[np.float64]
    metrics: Mapping[str, float]
    reliability: tuple[tuple[float, float, int], ...] = ()
    ratings: int = 0
    faults: tuple[str, ...] = ()


def bench(parts: Parts, movies: Ids, vectors: Floats | None = None) -> Bench:
    """Return the users of the test part with their other interactions; an even sample if there are very many.

    Args:
        vectors: of the movies, for the diversity of lists; None: it is not measured.
    """
    rated = interactions.within(parts.test.select(~np.isnan(parts.test.stars)), movies)
    found = [
        (
            Case(history, _among(movies, history.movies), id_index.find(movies, held.movies[liked])),
            (held.movies, held.stars),
        )
        for history, held in zip(parts.told.histories(), rated.histories(), strict=True)
        if len(history) and (liked := held.stars >= LIKED_STARS).any()
    ]
    few = [found[place] for place in np.linspace(0, len(found) - 1, min(len(found), MAX_USERS)).astype(int)]
    stars = parts.told.stars[~np.isnan(parts.told.stars)]
    mean = float(stars.mean()) if len(stars) else 0.0
    share = list_metrics.known_share(parts.told, movies)
    about = np.empty((len(movies), 0), np.float32) if vectors is None else vectors
    return Bench(movies, [case for case, _ in few], [held for _, held in few], mean, about, share)


def judge(model: Recommender, bench: Bench, *, portion: Portion = lambda: None) -> Judgement:
    """Rank, predict and check a model; `portion` is called before each user."""
    lists, stars, sure, largest = [], [np.empty(0, np.float32)], [np.empty(0, np.float32)], 0.0
    for case, (movies, _) in zip(bench.cases, bench.held, strict=True):
        portion()
        blended = model.blend(case.history)
        predicted = model.stars(case.history, movies)
        lists.append(evaluation_ranking.best(_over(bench.movies, model.movies, blended.total), case.known))
        stars.append(predicted)
        sure.append(model.confidence(case.history, movies, blended=blended, stars=predicted))
        largest = max(largest, float(np.abs(blended.total).max(initial=0)))
    if not lists:
        return Judgement(np.empty(0), {}, faults=sane(model))
    actual = np.concatenate([said for _, said in bench.held])
    ranking = evaluation_ranking.collect(lists, bench.cases)
    predictions = _predictions(np.concatenate(stars), np.concatenate(sure), actual)
    figures = {
        **_ranked(ranking, _learned(bench.movies, model)),
        **beyond_accuracy(ranking, bench),
        **predictions.figures,
        RMSE_OF_MEAN: metrics.rmse(np.full(1, bench.mean), actual),
    }
    faults = (*sane(model), *_bounds(predictions, largest))
    rounded = {name: round(value, 5) for name, value in figures.items()}
    return Judgement(ranking.ndcg(), rounded, predictions.reliability, len(predictions.stars), faults)


def popular(values: Floats, bench: Bench, learned: NDArray[np.bool_]) -> Judgement:
    """Rank by popularity; `values` and `learned` are those of the bench's movies."""
    if not bench.cases:
        return Judgement(np.empty(0), {})
    lists = [evaluation_ranking.best(values, case.known) for case in bench.cases]
    ranking = evaluation_ranking.collect(lists, bench.cases)
    figures = {**_ranked(ranking, learned), **beyond_accuracy(ranking, bench)}
    return Judgement(ranking.ndcg(), {name: round(value, 5) for name, value in figures.items()})


def beyond_accuracy(ranking: Ranking, bench: Bench) -> dict[str, float]:
    """Return the metrics of the first ten movies of each list that are not about accuracy."""
    lists, hits = ranking.lists[:, :TOP], ranking.hits[:, :TOP]
    bias = list_metrics.popularity_bias(lists, [case.known for case in bench.cases], bench.groups, bench.share)
    described = bench.vectors.shape[1] and lists.shape[1] > 1
    return {
        **({"diversity": _mean(list_metrics.intra_list_diversity(lists, bench.vectors))} if described else {}),
        "novelty": _mean(list_metrics.novelty(lists, bench.share)),
        "serendipity": _mean(list_metrics.serendipity(hits, lists, bench.obvious)),
        "gini": list_metrics.gini(lists, len(bench.movies)),
        **{f"popularity_bias_{group}": value for group, value in bias.items()},
    }


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean())


def sane(model: Recommender, histories: Sequence[History] = ()) -> tuple[str, ...]:
    """Return what makes a model invalid, including its scores for some `histories`; empty if it is valid."""
    arrays = _arrays(model)
    faults = [f"{name} contain NaN or infinity" for name, values in arrays.items() if not np.isfinite(values).all()]
    for history in histories[:PROBES]:
        blended = model.blend(history)
        if not np.isfinite(blended.total).all() or np.abs(blended.total).max(initial=0) > MOST_SCORE:
            return (*faults, f"scores of a user are not finite or exceed {MOST_SCORE:g}")
        stars = model.stars(history, model.movies)
        if not _within(stars, MIN_STARS, MAX_STARS):
            return (*faults, f"predicted stars of a user are not within {MIN_STARS:g} to {MAX_STARS:g}")
        if not _within(model.confidence(history, model.movies, blended=blended, stars=stars), 0, 1):
            return (*faults, "probabilities of a user are not within 0 to 1")
    return tuple(faults)


def _arrays(model: Recommender) -> Mapping[str, NDArray[np.floating]]:
    """Return all numbers of a model by readable names."""
    calibration = model.calibration
    kept: dict[str, NDArray[Any]] = {
        "factors": model.factors,
        "weights of EASE": model.ease.rows.values,
        "descriptions": model.content.vectors,
        "popularity": model.popularity,
        "biases": model.baseline.biases,
        "neighbours": model.neighbour_scores,
        "weights of the blend": np.array([weight for step in model.schedule.steps for weight in step.weights.values()]),
        "weights of the calibration": np.array(
            [calibration.stars, calibration.place, calibration.constant, *calibration.user, *calibration.slope]
        ),
    }
    named = {"NCF's": model.ncf, "stars'": model.rating}
    kept |= {f"{owner} {name}": array for owner, part in named.items() if part for name, array in part.arrays().items()}
    kept |= {f"features' {name}": array for name, array in model.features.items()}
    return {name: array for name, array in kept.items() if np.issubdtype(array.dtype, np.floating)}


def _within(values: Floats, low: float, high: float) -> bool:
    return bool(((values >= low) & (values <= high)).all())  # False for NaN


@dataclass(frozen=True)
class _Predictions:
    """Predictions of the held-out ratings that the model can predict.

    Attributes:
        stars, sure: float32, (n,).
    """

    stars: Floats
    sure: Floats
    reliability: tuple[tuple[float, float, int], ...]
    figures: Mapping[str, float]


def _predictions(stars: Floats, sure: Floats, actual: Floats) -> _Predictions:
    known = ~np.isnan(stars)
    curve = calibration.reliability(sure[known], actual[known] >= LIKED_STARS) if known.any() else []
    errors = {
        "rmse": metrics.rmse(stars[known], actual[known]),
        "mae": metrics.mae(stars[known], actual[known]),
        "calibration_error": calibration.calibration_error(curve),
    }
    figures = errors if known.any() else {}
    return _Predictions(stars[known], sure[known], tuple((round(a, 4), round(b, 4), n) for a, b, n in curve), figures)


def _ranked(ranking: Ranking, learned: NDArray[np.bool_]) -> dict[str, float]:
    movies = int(learned.sum())
    shown = learned[np.unique(ranking.lists[:, :TOP])]
    return {
        f"ndcg@{TOP}": float(ranking.ndcg().mean()),
        f"recall@{evaluation_ranking.DEPTH}": float(metrics.recall(ranking.hits, ranking.relevant).mean()),
        f"precision@{TOP}": float(metrics.precision(ranking.hits[:, :TOP]).mean()),
        "coverage": float(shown.sum()) / movies if movies else 0.0,
    }


def _bounds(predictions: _Predictions, largest: float) -> tuple[str, ...]:
    faults = []
    if not largest <= MOST_SCORE:
        faults.append(f"a score of {largest:g} exceeds {MOST_SCORE:g}")
    if len(predictions.stars) and not (MIN_STARS <= predictions.stars.min() <= predictions.stars.max() <= MAX_STARS):
        faults.append(f"predicted stars range from {predictions.stars.min():g} to {predictions.stars.max():g}")
    if len(predictions.sure) and not (0 <= predictions.sure.min() <= predictions.sure.max() <= 1):
        faults.append(f"probabilities range from {predictions.sure.min():g} to {predictions.sure.max():g}")
    return tuple(faults)


def _learned(movies: Ids, model: Recommender) -> NDArray[np.bool_]:
    """Return bool, (n,): the bench's movies that a model learned from ratings; all if there are none."""
    found = np.isin(movies, model.movies[model.rated])
    return found if found.any() else np.ones(len(movies), np.bool_)


def _over(movies: Ids, known: Ids, total: Floats) -> Floats:
    """Return a model's scores of the bench's movies; NaN for movies that it does not know, which are ranked last."""
    found = id_index.find(known, movies)
    return np.where(found >= 0, total[found], np.nan).astype(np.float32)


def _among(movies: Ids, wanted: Ids) -> NDArray[np.intp]:
    found = id_index.find(movies, wanted)
    return found[found >= 0]
