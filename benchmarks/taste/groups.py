"""Lists for several people: `python -m benchmarks.taste groups`.

Groups are drawn from the test users. Every strategy orders the movies that none of a group knows, and each user's
NDCG@10 is measured against the held-out movies that they liked (as by Kaya, Bridge and Tintarev, "Ensuring fairness in
group recommendations by rank-sensitive balancing of relevance", 2020). The strategy is chosen on half of the groups,
and the figures of the others are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.taste import compare
from benchmarks.taste.datasets import Dataset
from core.config import Settings
from engine.recommender import groups
from engine.training.evaluation import metrics, ranking, splits
from engine.training.evaluation.ranking import Case
from engine.training.fit.local_fit import FitConfig

SEED = 29
SIZES = (2, 3, 5)
GROUPS = 300
"""Groups of each size and kind; half of them for the choice."""
NEAREST = 30
"""A similar group is drawn from so many users with the most similar taste."""
TOP = 10
WEIGHTS = (0.25, 0.5, 1.0, 2.0, 4.0)

Scores = NDArray[np.float64]
Strategy = Callable[[Scores], Scores]
"""Returns (n_movies,) for standardized scores of (n_users, n_movies)."""


@dataclass(frozen=True, slots=True)
class Group:
    """The users of a group, as rows of the test users."""

    members: tuple[int, ...]
    kind: str


def strategies() -> Mapping[str, Strategy]:
    """Return the strategies by name; the first is the baseline."""
    return {
        "average": groups.aggregate,
        "least misery": lambda scores: scores.min(axis=0),
        "most pleasure": lambda scores: scores.max(axis=0),
        "Borda count": lambda scores: scores.argsort(axis=1).argsort(axis=1).mean(axis=0),
        **{f"average + {weight:g} least": partial(_with_least, weight=weight) for weight in WEIGHTS},
    }


def measure(data: Dataset, settings: Settings) -> list[dict[str, Any]]:
    """Return a row for each size, kind and strategy: the mean over groups of the mean and of the least NDCG@10."""
    split = splits.by_user(data.interactions, seed=SEED)
    model = compare.served(split, data.world, settings, FitConfig())
    cases = ranking.cases(split, data.world.ids)
    scores = np.stack([model.standardized_scores(model.blend(case.history).total) for case in cases]).astype(float)
    taste = np.stack([model.user_vector(case.history) for case in cases])
    rows = []
    for size in SIZES:
        for kind in ("random", "similar"):
            drawn = draw(taste, size=size, kind=kind)
            for name, strategy in strategies().items():
                figures = np.array([_figures(group, strategy, scores, cases) for group in drawn])
                for half, part in (("tuning", figures[0::2]), ("reporting", figures[1::2])):
                    mean, least = part.mean(axis=0)
                    row = {"data": data.name, "size": size, "kind": kind, "strategy": name, "half": half}
                    rows.append({**row, "mean": round(float(mean), 4), "least": round(float(least), 4)})
    return rows


def draw(taste: NDArray[np.floating], *, size: int, kind: str) -> list[Group]:
    """Return groups of different users: any, or some with similar taste."""
    random = np.random.default_rng((SEED, size))
    unit = taste / np.maximum(np.linalg.norm(taste, axis=1, keepdims=True), 1e-9)
    found = []
    for _ in range(GROUPS):
        first = int(random.integers(len(taste)))
        near = np.argsort(-(unit @ unit[first]), kind="stable")
        others = near[near != first]
        pool = others[:NEAREST] if kind == "similar" else others
        found.append(Group((first, *map(int, random.choice(pool, size - 1, replace=False))), kind))
    return found


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the reported half as Markdown: NDCG@10 of a group's users, the mean and that of the least satisfied."""
    kept = [row for row in rows if row["half"] == "reporting"]
    columns = list(dict.fromkeys((row["data"], row["size"], row["kind"]) for row in kept))
    lines = [
        "| strategy | " + " | ".join(f"{data}, {size} {kind}" for data, size, kind in columns) + " |",
        "|---|" + "---|" * len(columns),
    ]
    for name in dict.fromkeys(row["strategy"] for row in kept):
        own = {(row["data"], row["size"], row["kind"]): row for row in kept if row["strategy"] == name}
        cells = [f"{own[key]['mean']:.3f} / {own[key]['least']:.3f}" for key in columns]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def chosen(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the strategy with the best sum of mean and least NDCG@10 over all groups of the tuning half."""
    totals: dict[str, float] = {}
    for row in rows:
        if row["half"] == "tuning":
            totals[row["strategy"]] = totals.get(row["strategy"], 0.0) + row["mean"] + row["least"]
    return max(totals, key=totals.__getitem__)


def _with_least(scores: Scores, weight: float) -> Scores:
    """Return the mean plus the weighted score of the least satisfied user."""
    return np.asarray(groups.aggregate(scores) + weight * scores.min(axis=0))


def _figures(group: Group, strategy: Strategy, scores: Scores, cases: Sequence[Case]) -> tuple[float, float]:
    total = strategy(scores[list(group.members)])
    known = np.unique(np.concatenate([cases[member].known for member in group.members]))
    total[known] = -np.inf
    shown = np.argsort(-total, kind="stable")[:TOP]
    found = []
    for member in group.members:
        liked = np.setdiff1d(cases[member].liked, known)
        hits = np.isin(shown, liked)[None]
        found.append(float(metrics.ndcg(hits, np.array([max(len(liked), 1)], np.int64))[0]))
    return float(np.mean(found)), float(np.min(found))
