"""Models side by side on one split: the same users, the same movies, the same figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.baselines import item_neighbours, svd, svdpp
from benchmarks.taste import list_metrics
from core.config import Settings
from core.recommendations.records import Floats, History, Ids
from engine.recommender import id_index
from engine.recommender.model import TasteModel
from engine.recommender.models import als, ease, interactions, popularity
from engine.recommender.models.interactions import Interactions
from engine.recommender.neural import fit as neural
from engine.recommender.ratings.fold_in import FactorPredictor
from engine.training.evaluation import metrics, ranking, splits
from engine.training.evaluation.ranking import Case, Ranking, Score
from engine.training.evaluation.splits import Split
from engine.training.fit import blend_weights, components
from engine.training.fit.components import FitConfig, World

DEFAULTS = als.ALSConfig(factors=100, alpha=1.0, regularization=0.01, iterations=15)
"""What `implicit` takes where nothing is said."""
TUNED = als.ALSConfig(factors=64, alpha=9.5, regularization=48.0)
"""The best ALS by itself on validation data (`tune`)."""
BARELY = 1e-6
"""A weight that leaves the confidence 1 + α·w at 1: with default options and a matrix of ones, liked movies weigh as
much as unseen ones."""
BLEND, WITH_NCF = "blend", "blend + NCF"
MODELS = ("TopPop", "SVD", "SVD++", "implicit defaults", "NCF", "item-kNN", "EASE", "ALS", BLEND, WITH_NCF)
OTHERS = tuple(name for name in MODELS if name != BLEND)

Teach = Callable[[Ids, Ids, Floats], FactorPredictor]
"""Trains a model of stars; what it ranks first is what it says would be rated best."""


class Fitted(Protocol):
    """A trained scorer."""

    @property
    def movies(self) -> Ids:
        """The movies that it knows."""
        ...

    def scores(self, history: History) -> Floats:
        """One score a movie."""
        ...


@dataclass(frozen=True)
class Measured:
    """What one split gave: for each model the lists, and the figures of each user by name."""

    cases: Sequence[Case]
    rankings: Mapping[str, Ranking]
    figures: Mapping[str, Mapping[str, NDArray[np.float64]]]
    whole: Mapping[str, Mapping[str, float]]
    """Figures of all lists together: coverage, Gini."""


@dataclass(frozen=True)
class Judged(Measured):
    """The same of every model, with the blend itself."""

    blend: TasteModel


def over(ids: Ids, fitted: Fitted) -> Score:
    """A model's scores among all movies, NaN for those that it does not know."""
    rows = id_index.find(ids, fitted.movies)

    def score(history: History) -> Floats:
        result = np.full(len(ids), np.nan, np.float32)
        result[rows] = fitted.scores(history)
        return result

    return score


def learned(split: Split, settings: Settings) -> Interactions:
    """What models may learn from of a split's training part."""
    return interactions.learnable(
        split.train, min_user_ratings=settings.min_user_ratings, min_movie_ratings=settings.min_movie_ratings
    )


def served(split: Split, world: World, settings: Settings, fit_config: FitConfig) -> TasteModel:
    """The blend as training publishes it: weights chosen inside the training part, then fitted to all of it."""
    chosen = choose_blend(split.train, world, fit_config, settings=settings)
    known = learned(split, settings)
    return blend_weights.apply(
        chosen, components.fit(known, world, fit_config, version="benchmark", rated=split.train, lists=False)
    )


def choose_blend(
    rated: Interactions, world: World, fit_config: FitConfig, *, settings: Settings
) -> blend_weights.TunedBlend:
    """Hold out a fifth of each user's movies, fit on the rest, and see which weights find them."""
    split = splits.by_user(rated, seed=blend_weights.SEED)
    known = interactions.learnable(
        split.train, min_user_ratings=settings.min_user_ratings, min_movie_ratings=settings.min_movie_ratings
    )
    fitted = components.fit(known, world, fit_config, version="", rated=split.train, lists=False)
    return blend_weights.choose_for(fitted, split, among=fit_config.parts)


def models(split: Split, world: World, settings: Settings, *, names: Collection[str] = OTHERS) -> dict[str, Score]:
    """Models that are compared, trained on the same interactions; all but the blend where no names are given."""
    known, fit_config, ids = learned(split, settings), FitConfig(), world.ids
    popular = popularity.count_likes(split.train, ids).astype(np.float32)
    makers: dict[str, Callable[[], Score]] = {
        "TopPop": lambda: lambda _history: popular,
        "SVD": lambda: by_stars(ids, known, svd.train),
        "SVD++": lambda: by_stars(ids, known, svdpp.train),
        "implicit defaults": lambda: plain(over(ids, plain_als(known))),
        "NCF": lambda: over(ids, neural.fit(known, neural.NCFConfig())),
        "item-kNN": lambda: over(ids, item_neighbours.fit(known, item_neighbours.NeighboursConfig())),
        "EASE": lambda: over(ids, ease.fit(known, fit_config.ease)),
        "ALS": lambda: over(ids, als.fit(known, TUNED)),
        WITH_NCF: lambda: total(served(split, world, settings, FitConfig(model="blend+ncf"))),
    }
    return {name: make() for name, make in makers.items() if name in names}


def total(model: TasteModel) -> Score:
    """All that is served as one score."""
    return lambda history: model.blend(history).total


def by_stars(ids: Ids, known: Interactions, teach: Teach) -> Score:
    """A list of the movies that a user would give most stars; not clipped, so that favourites do not tie at five."""
    rated = known.select(~np.isnan(known.stars))
    predictor = teach(rated.users, rated.movies, rated.stars)
    return lambda history: predictor.mean_and_spread(history, ids)[0]


def plain_als(known: Interactions) -> als.Als:
    """ALS as `implicit` comes: default options on the movies that were liked, weight 1 each."""
    liked = known.select(known.weights > 0)
    return als.fit(replace(liked, weights=np.full(len(liked), BARELY, np.float32)), DEFAULTS)


def plain(score: Score) -> Score:
    """Tells a model of the movies that were liked alone, with the weight that `plain_als` learned from."""

    def told(history: History) -> Floats:
        rows = history.weights > 0
        weights = np.full(int(rows.sum()), BARELY, np.float32)
        return score(History(history.movies[rows], weights, history.stars[rows]))

    return told


def judge(split: Split, world: World, settings: Settings) -> Judged:
    """Train all, rank all, count all."""
    blend = served(split, world, settings, FitConfig())
    scores = {**models(split, world, settings), BLEND: total(blend)}
    found = count(split, world, scores, learned_movies=int(blend.rated.sum()))
    return Judged(found.cases, found.rankings, found.figures, found.whole, blend)


def judge_some(split: Split, world: World, settings: Settings, *, names: Collection[str]) -> Measured:
    """Some models alone, by the same users and figures."""
    scores = models(split, world, settings, names={"TopPop", *names})
    return count(split, world, scores, learned_movies=len(np.unique(learned(split, settings).movies)))


def count(split: Split, world: World, scores: Mapping[str, Score], *, learned_movies: int) -> Measured:
    """Rank all, count all; `TopPop` must be among them."""
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
