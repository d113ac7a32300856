"""Lists as served: candidates from the engine, the blend, diversity and the share of new movies.

Measures the accuracy and the diversity of diversified lists; the weight of diversity is selected on every other user,
and the figures of the rest are reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.taste import compare
from benchmarks.taste.datasets import Dataset
from core.config import Settings
from core.recommendations.records import History, RecommendationRequest
from core.types import MovieId
from core.users import Diary, Preferences, Rating
from engine import wiring
from engine.clock import now
from engine.recommender import id_index
from engine.recommender.explanations.evidence import Reasons
from engine.recommender.lists import Lists
from engine.recommender.model import Recommender
from engine.recommender.selection import diversity
from engine.recommender.selection.candidates import Candidates
from engine.recommender.user_context import UserContext
from engine.training.evaluation import list_metrics, metrics, ranking, splits
from engine.training.evaluation.ranking import Case
from engine.training.fit.components import World
from engine.training.fit.local_fit import FitConfig

SEED = 11
SHARES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.7)
COLD = (0.0, 0.1)
TOP = 10


def measure(settings: Settings, data: Dataset) -> dict[str, Any]:
    """Return NDCG@10, diversity, and the share of the full ranking's first ten that the served list contains."""
    split = splits.by_user(data.interactions, seed=SEED)
    model = replace(compare.served(split, data.world, settings, FitConfig()), version="benchmark")
    index = wiring.store(settings).open()
    candidates = Candidates(index)
    lists = Lists(index, candidates, Reasons(index, candidates))
    cases = ranking.cases(split, data.world.ids)
    found: dict[str, Any] = {"viewers": len(cases), "served": {"share": diversity.RELEVANCE_SHARE}}
    for name, asked in (("tuning", cases[0::2]), ("reporting", cases[1::2])):
        readings = [reading(case.history, model) for case in asked]
        full = ranking.collect(
            [ranking.best(r.blended.total, c.known) for r, c in zip(readings, asked, strict=True)], asked
        )
        found[name] = {
            "first 20 among the candidates": _held(lists, readings, full.lists, data.world),
            "full ranking": _figures(full.lists[:, :TOP], asked, data.world),
            **{
                f"share {share}, new {cold}": _served(lists, readings, asked, data.world, share=share, cold=cold)
                for share, cold in [*((share, 0.0) for share in SHARES), (diversity.RELEVANCE_SHARE, COLD[1])]
            },
        }
    return found


def reading(history: History, model: Recommender) -> UserContext:
    """Return a user context with this history."""
    at = now()
    ratings = {
        MovieId(int(movie)): Rating(MovieId(int(movie)), round(float(stars) * 2) / 2, at)
        for movie, stars in zip(history.movies, history.stars, strict=True)
    }
    return UserContext(Diary(ratings=ratings), Preferences(), model)


def _held(lists: Lists, readings: Sequence[UserContext], full: NDArray[np.intp], world: World) -> float:
    """Return the share of the full ranking's first 20 among the engine's candidates."""
    shares = []
    for one, best in zip(readings, full, strict=True):
        ids, _ = lists.ranked(one, RecommendationRequest(size=TOP))
        shares.append(float(np.isin(world.ids[best[:20]], ids).mean()))
    return round(float(np.mean(shares)), 4)


def _served(
    lists: Lists, readings: Sequence[UserContext], asked: Sequence[Case], world: World, *, share: float, cold: float
) -> dict[str, float]:
    own = replace(lists, cold_share=cold)
    shown = [_ids(own, one, share) for one in readings]
    return _figures(np.stack([id_index.find(world.ids, ids) for ids in shown]), asked, world)


def _ids(lists: Lists, one: UserContext, share: float) -> NDArray[np.int64]:
    ids, scores = lists.ranked(one, RecommendationRequest(size=TOP))
    chosen = lists.diverse(ids, scores, size=TOP, reading=one, share=share)
    return np.array([ids[place] for place in chosen], np.int64)


def _figures(shown: NDArray[np.intp], asked: Sequence[Case], world: World) -> dict[str, float]:
    hits = np.stack([np.isin(row, case.liked) for row, case in zip(shown, asked, strict=True)])
    relevant = np.array([len(case.liked) for case in asked], np.int64)
    return {
        "ndcg@10": round(float(metrics.ndcg(hits, relevant).mean()), 4),
        "diversity@10": round(float(list_metrics.intra_list_diversity(shown, world.vectors).mean()), 4),
        "catalogue coverage@10": round(metrics.coverage(shown, len(world.ids)), 4),
    }
