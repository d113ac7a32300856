"""Models side by side on one split: the same viewers, the same films, the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.config import Settings
from core.taste import Floats, History, Ids
from engine.models import choosing, evaluate, metrics, parts
from engine.models.evaluate import Case, Ranking, Score
from engine.models.parts import Recipes, World
from engine.models.splits import Split
from engine.taste import als, ease, interactions, neighbours, places, popularity
from engine.taste.interactions import Interactions
from engine.taste.model import TasteModel

DEFAULTS = als.Recipe(factors=100, alpha=1.0, regularization=0.01, iterations=15)
"""What `implicit` takes where nothing is said."""
TUNED = als.Recipe(factors=64, alpha=9.5, regularization=48.0)
"""The best ALS by itself on validation data (`tune`)."""
BARELY = 1e-6
"""A weight that leaves the confidence 1 + α·w at 1: with default options and a matrix of ones, liked films weigh as
much as unseen ones."""
MODELS = ("TopPop", "implicit defaults", "item-kNN", "EASE", "ALS", "blend")


class Fitted(Protocol):
    """A trained scorer."""

    @property
    def movies(self) -> Ids:
        """The films that it knows."""
        ...

    def scores(self, history: History) -> Floats:
        """One score a film."""
        ...


@dataclass(frozen=True)
class Judged:
    """What one split gave: for each model the lists, and the figures of each viewer by name."""

    cases: Sequence[Case]
    rankings: Mapping[str, Ranking]
    figures: Mapping[str, Mapping[str, NDArray[np.float64]]]
    whole: Mapping[str, Mapping[str, float]]
    """Figures of all lists together: coverage, Gini."""
    blend: TasteModel


def over(ids: Ids, fitted: Fitted) -> Score:
    """A model's scores among all films, NaN for those that it does not know."""
    rows = places.find(ids, fitted.movies)

    def score(history: History) -> Floats:
        result = np.full(len(ids), np.nan, np.float32)
        result[rows] = fitted.scores(history)
        return result

    return score


def learned(split: Split, settings: Settings) -> Interactions:
    """What models may learn from of a split's training part."""
    return interactions.learnable(
        split.train, min_viewer_films=settings.min_viewer_films, min_film_ratings=settings.min_film_ratings
    )


def served(split: Split, world: World, settings: Settings, recipes: Recipes) -> TasteModel:
    """The blend as training publishes it: weights chosen inside the training part, then fitted to all of it."""
    chosen = choosing.choose(split.train, world, recipes, settings=settings)
    known = learned(split, settings)
    return choosing.apply(chosen, parts.fit(known, world, recipes, version="benchmark", rated=split.train, lists=False))


def models(split: Split, world: World, settings: Settings) -> tuple[dict[str, Score], TasteModel]:
    """Every model that is compared, trained on the same interactions."""
    known, recipes = learned(split, settings), Recipes()
    blend = served(split, world, settings, recipes)
    popular = popularity.count_likes(split.train, world.ids).astype(np.float32)
    found: dict[str, Score] = {
        "TopPop": lambda _history: popular,
        "implicit defaults": plain(over(world.ids, plain_als(known))),
        "item-kNN": over(world.ids, neighbours.fit(known, neighbours.Recipe())),
        "EASE": over(world.ids, ease.fit(known, recipes.ease)),
        "ALS": over(world.ids, als.fit(known, TUNED)),
        "blend": lambda history: blend.blend(history).total,
    }
    return found, blend


def plain_als(known: Interactions) -> als.Als:
    """ALS as `implicit` comes: default options on the films that were liked, weight 1 each."""
    liked = known.take(known.weights > 0)
    return als.fit(replace(liked, weights=np.full(len(liked), BARELY, np.float32)), DEFAULTS)


def plain(score: Score) -> Score:
    """Tells a model of the films that were liked alone, with the weight that `plain_als` learned from."""

    def told(history: History) -> Floats:
        rows = history.weights > 0
        weights = np.full(int(rows.sum()), BARELY, np.float32)
        return score(History(history.movies[rows], weights, history.stars[rows]))

    return told


def judge(split: Split, world: World, settings: Settings) -> Judged:
    """Train all, rank all, count all."""
    scores, blend = models(split, world, settings)
    cases = evaluate.cases(split, world.ids)
    rankings = {name: evaluate.rank(score, cases) for name, score in scores.items()}
    obvious = _shown(rankings["TopPop"], len(world.ids))
    share = evaluate.known_share(split.train, world.ids)
    learned_films = int(blend.rated.sum())
    figures = {name: _figures(found, world, share, obvious) for name, found in rankings.items()}
    whole = {name: _whole(found, learned_films, len(world.ids)) for name, found in rankings.items()}
    return Judged(cases, rankings, figures, whole, blend)


def _figures(
    found: Ranking, world: World, share: NDArray[np.float64], obvious: NDArray[np.bool_]
) -> dict[str, NDArray[np.float64]]:
    top = found.lists[:, : evaluate.TOP]
    hits = found.hits[:, : evaluate.TOP]
    return {
        "ndcg@10": found.ndcg(),
        "recall@20": metrics.recall(found.hits, found.relevant),
        "precision@10": metrics.precision(hits),
        "diversity@10": metrics.intra_list_diversity(top, world.vectors),
        "novelty@10": metrics.novelty(top, share),
        "serendipity@10": metrics.serendipity(hits, top, obvious),
    }


def _whole(found: Ranking, learned_films: int, films: int) -> dict[str, float]:
    top = found.lists[:, : evaluate.TOP]
    return {
        "coverage@10": metrics.coverage(top, learned_films),
        "catalogue coverage@10": metrics.coverage(top, films),
        "gini@10": metrics.gini(top, films),
    }


def _shown(popular: Ranking, films: int) -> NDArray[np.bool_]:
    result = np.zeros((len(popular.lists), films), np.bool_)
    np.put_along_axis(result, popular.lists[:, : evaluate.TOP], True, axis=1)
    return result
