"""Comparison of models on one split: the same users, movies and figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.baselines import item_neighbours, svd, svdpp
from core.config import Settings
from core.recommendations.records import Floats, History, Ids
from engine.recommender import id_index
from engine.recommender.model import Recommender
from engine.recommender.models import als, ease, interactions, popularity, user_neighbours
from engine.recommender.models.interactions import Interactions
from engine.recommender.neural import fit as neural
from engine.recommender.ratings.fold_in import FactorPredictor
from engine.training.evaluation import list_metrics, metrics, ranking, splits
from engine.training.evaluation.ranking import Case, Ranking, Score
from engine.training.evaluation.splits import Split
from engine.training.fit import blend_weights, components
from engine.training.fit.components import World
from engine.training.fit.local_fit import FitConfig

DEFAULTS = als.ALSConfig(factors=100, alpha=1.0, regularization=0.01, iterations=15)
"""The defaults of `implicit`."""
TUNED = als.ALSConfig(factors=64, alpha=9.5, regularization=48.0)
"""The best ALS alone on validation data (`tune`)."""
BARELY = 1e-6
"""A weight that leaves the confidence 1 + α·w at 1: with default options and a matrix of ones, liked movies weigh as
much as unseen ones."""
BLEND, WITH_NCF = "blend", "blend + NCF"
MODELS = ("TopPop", "SVD", "SVD++", "implicit defaults", "NCF", "UserKNN", "item-kNN", "EASE", "ALS", BLEND, WITH_NCF)
OTHERS = tuple(name for name in MODELS if name != BLEND)

Teach = Callable[[Ids, Ids, Floats], FactorPredictor]
"""Trains a model of stars, which ranks movies by predicted stars."""


class Fitted(Protocol):
    """A trained scorer."""

    @property
    def movies(self) -> Ids:
        """The movies that the model knows."""
        ...

    def scores(self, history: History) -> Floats:
        """Return one score per movie."""
        ...


@dataclass(frozen=True)
class Measured:
    """The results of a split: lists of each model, and figures of each user by name."""

    cases: Sequence[Case]
    rankings: Mapping[str, Ranking]
    figures: Mapping[str, Mapping[str, NDArray[np.float64]]]
    whole: Mapping[str, Mapping[str, float]]
    """Figures over all lists: coverage, Gini."""


@dataclass(frozen=True)
class Judged(Measured):
    """The results of every model, including the blend."""

    blend: Recommender


def over(ids: Ids, fitted: Fitted) -> Score:
    """Return a model's scores for all movies, NaN for unknown ones."""
    rows = id_index.find(ids, fitted.movies)

    def score(history: History) -> Floats:
        result = np.full(len(ids), np.nan, np.float32)
        result[rows] = fitted.scores(history)
        return result

    return score


def learned(split: Split, settings: Settings) -> Interactions:
    """Return the training data of a split's training part."""
    return interactions.learnable(
        split.train, min_user_ratings=settings.min_user_ratings, min_movie_ratings=settings.min_movie_ratings
    )


def served(split: Split, world: World, settings: Settings, fit_config: FitConfig) -> Recommender:
    """Return the blend as training publishes it: weights tuned inside the training part, then fitted to all of it."""
    chosen = choose_blend(split.train, world, fit_config, settings=settings)
    known = learned(split, settings)
    return blend_weights.apply(
        chosen, components.fit(known, world, fit_config, version="benchmark", rated=split.train, lists=False)
    )


def choose_blend(
    rated: Interactions, world: World, fit_config: FitConfig, *, settings: Settings
) -> blend_weights.TunedBlend:
    """Hold out a fifth of each user's movies, fit on the rest, and tune the weights on them."""
    split = splits.by_user(rated, seed=blend_weights.SEED)
    known = interactions.learnable(
        split.train, min_user_ratings=settings.min_user_ratings, min_movie_ratings=settings.min_movie_ratings
    )
    fitted = components.fit(known, world, fit_config, version="", rated=split.train, lists=False)
    return blend_weights.choose_for(fitted, split, among=fit_config.parts)


def models(split: Split, world: World, settings: Settings, *, names: Collection[str] = OTHERS) -> dict[str, Score]:
    """Train the compared models on the same interactions; all but the blend by default."""
    known, fit_config, ids = learned(split, settings), FitConfig(), world.ids
    popular = popularity.count_likes(split.train, ids).astype(np.float32)
    makers: dict[str, Callable[[], Score]] = {
        "TopPop": lambda: lambda _history: popular,
        "SVD": lambda: by_stars(ids, known, svd.train),
        "SVD++": lambda: by_stars(ids, known, svdpp.train),
        "implicit defaults": lambda: plain(over(ids, plain_als(known))),
        "NCF": lambda: over(ids, neural.fit(known, neural.NCFConfig())),
        "UserKNN": lambda: over(ids, user_neighbours.fit(known)),
        "item-kNN": lambda: over(ids, item_neighbours.fit(known, item_neighbours.NeighboursConfig())),
        "EASE": lambda: over(ids, ease.fit(known, fit_config.ease)),
        "ALS": lambda: over(ids, als.fit(known, TUNED)),
        WITH_NCF: lambda: total(served(split, world, settings, FitConfig(model="blend+ncf"))),
    }
    return {name: make() for name, make in makers.items() if name in names}


def total(model: Recommender) -> Score:
    """Return the total score that is served."""
    return lambda history: model.blend(history).total


def by_stars(ids: Ids, known: Interactions, teach: Teach) -> Score:
    """Rank movies by predicted stars, unclipped, so that favourites do not tie at five."""
    rated = known.select(~np.isnan(known.stars))
    predictor = teach(rated.users, rated.movies, rated.stars)
    return lambda history: predictor.mean_and_spread(history, ids)[0]


def plain_als(known: Interactions) -> als.Als:
    """Train ALS with the defaults of `implicit` on liked movies, with weight 1 each."""
    liked = known.select(known.weights > 0)
    return als.fit(replace(liked, weights=np.full(len(liked), BARELY, np.float32)), DEFAULTS)


def plain(score: Score) -> Score:
    """Restrict histories to liked movies, with the weight that `plain_als` was trained on."""

    def liked(history: History) -> Floats:
        rows = history.weights > 0
        weights = np.full(int(rows.sum()), BARELY, np.float32)
        return score(History(history.movies[rows], weights, history.stars[rows]))

    return liked


def judge(split: Split, world: World, settings: Settings) -> Judged:
    """Train all models, rank all movies and compute all figures."""
    blend = served(split, world, settings, FitConfig())
    scores = {**models(split, world, settings), BLEND: total(blend)}
    found = count(split, world, scores, learned_movies=int(blend.rated.sum()))
    return Judged(found.cases, found.rankings, found.figures, found.whole, blend)


def judge_some(split: Split, world: World, settings: Settings, *, names: Collection[str]) -> Measured:
    """Evaluate only some models, with the same users and figures."""
    scores = models(split, world, settings, names={"TopPop", *names})
    return count(split, world, scores, learned_movies=len(np.unique(learned(split, settings).movies)))


def count(split: Split, world: World, scores: Mapping[str, Score], *, learned_movies: int) -> Measured:
    """Rank all movies and compute all figures; the scores must include `TopPop`."""
    cases = ranking.cases(split, world.ids)
    rankings = {name: ranking.rank(score, cases) for name, score in scores.items()}
    obvious = _shown(rankings["TopPop"], len(world.ids))
    share = list_metrics.known_share(split.train, world.ids)
    figures = {name: _figures(found, world, share, obvious) for name, found in rankings.items()}
    whole = {name: _whole(found, learned_movies, len(world.ids)) for name, found in rankings.items()}
    return Measured(cases, rankings, figures, whole)


def _figures(
    found: Ranking, world: World, share: NDArray[np.float64], obvious: NDArray[np.bool_]
) -> dict[str, NDArray[np.float64]]:
    top = found.lists[:, : ranking.TOP]
    hits = found.hits[:, : ranking.TOP]
    return {
        "ndcg@10": found.ndcg(),
        "recall@20": metrics.recall(found.hits, found.relevant),
        "precision@10": metrics.precision(hits),
        "diversity@10": list_metrics.intra_list_diversity(top, world.vectors),
        "novelty@10": list_metrics.novelty(top, share),
        "serendipity@10": list_metrics.serendipity(hits, top, obvious),
    }


def _whole(found: Ranking, learned_movies: int, movies: int) -> dict[str, float]:
    top = found.lists[:, : ranking.TOP]
    return {
        "coverage@10": metrics.coverage(top, learned_movies),
        "catalogue coverage@10": metrics.coverage(top, movies),
        "gini@10": list_metrics.gini(top, movies),
    }


def _shown(popular: Ranking, movies: int) -> NDArray[np.bool_]:
    result = np.zeros((len(popular.lists), movies), np.bool_)
    np.put_along_axis(result, popular.lists[:, : ranking.TOP], True, axis=1)
    return result
