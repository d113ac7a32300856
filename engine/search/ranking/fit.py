"""Training of the ranking for descriptions on queries with known target movies, evaluated on held-out movies.

A listwise softmax trains the target movie of each query to score highest among its candidates (Cao et al., "Learning
to Rank: From Pairwise Approach to Listwise Approach", 2007, with one relevant item per list). Pure numpy, no threads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.search.ranking import reranker
from engine.search.ranking.reranker import FEATURES, TOP, Model

L2 = 1e-3
"""Penalty on squared standardised weights: up to 1e-2, held-out recall@10 of posts changes by less than .004."""
PRIOR_L2 = 0.1
"""Penalty on the squared distance from the weights of a prior model, for models with few training queries: with 160
short texts, held-out MRR is .583 for .1, .585 for .3 and .592 for .001, which overfits at the cost of other texts."""
LEARNING_RATE = 0.02
STEPS = 140
"""Full-batch steps of Adam: held-out recall@10 of posts is .416 after 100, .418 after 140 and .415 after 200."""
MOMENTUM, SECOND_MOMENTUM, TINY = 0.9, 0.999, 1e-8
"""Adam's defaults (Kingma and Ba, 2015)."""
UNUSED_POSTS = tuple(name for name in FEATURES if name.endswith("_idf") and name != "text_idf")
"""Features not used by the model for posts: held-out MRR is .270 without them, .265 with them. For other descriptions,
the opposite holds: recall@10 of netflix is .925 without them, .930 with them."""
KEPT_SHORT = ("title_best", "title_idf", "people_best", "people_idf", "names")
"""Features whose weights the model for short texts copies from that for descriptions: its training texts name no movie
or person, but short texts in practice often do."""
FOLDS = 5
LEAST_QUERIES = 50
"""Minimum number of training queries: a model has some 35 weights."""
DEPTH = 10
"""Recall is measured on the first page."""
RESAMPLES, SEED = 2_000, 20_261
TOLERANCE = 0.01
"""Maximum loss of mean reciprocal rank at the lower end of the confidence interval of the difference."""
_FAR = -1e9

Scores = NDArray[np.float64]
Ranks = NDArray[np.int64]
"""int64, (n_queries,): the rank of the target movie from 1, or 0 if it is not a candidate."""


@dataclass(frozen=True, slots=True)
class Example:
    """A training query: the features of its top candidates and the position of the target movie."""

    movie: int
    features: NDArray[np.float32]
    """float32, (n, n_features), best first by the fused score, n ≤ `ranking.TOP`."""
    target: int
    """The row of the target movie, or -1 if it is not among them."""
    base_rank: int
    """Its rank by the fused score from 1, or 0 if it is not a candidate."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Metrics of a ranking."""

    queries: int
    recall_1: float
    recall_10: float
    mrr: float

    @classmethod
    def of(cls, ranks: Ranks) -> Figures:
        """Compute the metrics of ranks; NaN if there are none."""
        if not len(ranks):
            return cls(0, float("nan"), float("nan"), float("nan"))
        found = ranks > 0
        return cls(
            len(ranks),
            round(float(np.mean(ranks == 1)), 4),
            round(float(np.mean(found & (ranks <= DEPTH))), 4),
            round(float(reciprocal(ranks).mean()), 4),
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on whether to accept a new model, with its reason."""

    accepted: bool
    reason: str


def fit(examples: Sequence[Example], *, unused: Sequence[str] = (), prior: Model | None = None) -> Model:
    """Fit a model, ignoring examples whose movie is not among the candidates.

    Args:
        unused: features whose weight stays 0, or that of the prior.
        prior: a model whose mean and spread are used and whose weights are the starting point of regularization.

    Raises:
        ValueError: there are fewer than `LEAST_QUERIES` usable examples.
    """
    usable = [example for example in examples if example.target >= 0]
    if len(usable) < LEAST_QUERIES:
        raise ValueError(f"{len(usable)} training queries, expected at least {LEAST_QUERIES}")
    mean, spread = (prior.mean, prior.spread) if prior is not None else _standard(usable)
    lists = _padded([((example.features - mean) / spread).astype(np.float32) for example in usable])
    targets = np.array([example.target for example in usable])
    used = np.array([name not in unused for name in FEATURES])
    start = np.zeros(len(FEATURES)) if prior is None else prior.weights
    return Model(mean, spread, _minimise(lists, targets, used, start=start, penalty=L2 if prior is None else PRIOR_L2))


def _standard(examples: Sequence[Example]) -> tuple[Scores, Scores]:
    """Return mean and standard deviation of each feature."""
    rows = np.concatenate([example.features for example in examples])
    spread = rows.std(axis=0, dtype=np.float64)
    return rows.mean(axis=0, dtype=np.float64), np.where(spread > 0, spread, 1.0)


def ranks(model: Model, examples: Sequence[Example]) -> Ranks:
    """Return the rank of each example's movie by `model`; ties count against it."""
    return np.array([_rank(model, example) for example in examples], np.int64)


def base_ranks(examples: Sequence[Example]) -> Ranks:
    """Return the rank of each example's movie by the fused score."""
    return np.array([example.base_rank for example in examples], np.int64)


def held_out_ranks(examples: Sequence[Example], *, fitted: Callable[[Sequence[Example]], Model] = fit) -> Ranks:
    """Return the rank of each example's movie by a model fitted without any query for that movie."""
    found = np.zeros(len(examples), np.int64)
    parts = np.array([fold(example.movie) for example in examples])
    for part in range(FOLDS):
        held_out = np.flatnonzero(parts == part)
        if len(held_out):
            model = fitted([example for example, its in zip(examples, parts, strict=True) if its != part])
            found[held_out] = ranks(model, [examples[at] for at in held_out.tolist()])
    return found


def fold(movie: int) -> int:
    """Return the fold of a movie, by a hash of its id, so that it is the same in every training."""
    return int.from_bytes(hashlib.sha256(str(movie).encode()).digest()[:4]) % FOLDS


def judge(new: Ranks, present: Ranks) -> Verdict:
    """Compare two rankings of the same queries; accept the new one if it is not worse within the tolerance."""
    difference = reciprocal(new) - reciprocal(present)
    low, high = _interval(difference)
    mean = float(difference.mean())
    reason = (
        f"MRR {reciprocal(new).mean():.4f}, current ranking {reciprocal(present).mean():.4f}: "
        f"difference {mean:+.4f} ({low:+.4f} to {high:+.4f}) on {len(new)} queries"
    )
    accepted = mean >= 0 and low >= -TOLERANCE
    required = f"required: at least +0, with a lower bound of at least {-TOLERANCE:+g}"
    return Verdict(accepted, reason if accepted else f"{reason}; {required}")


def reciprocal(found: Ranks) -> Scores:
    """Return the reciprocal of each rank, 0 for missing movies."""
    return np.where(found > 0, 1.0 / np.maximum(found, 1), 0.0)


def _rank(model: Model, example: Example) -> int:
    if example.target < 0:
        return example.base_rank
    scores = model.scores(example.features.astype(np.float64))
    return int((scores >= scores[example.target]).sum())


def _padded(lists: Sequence[NDArray[np.float32]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Pad all lists to the same length, and return them with a mask to add to the scores."""
    rows = np.zeros((len(lists), TOP, len(FEATURES)), np.float32)
    padding = np.full((len(lists), TOP), _FAR, np.float32)
    for at, features in enumerate(lists):
        rows[at, : len(features)], padding[at, : len(features)] = features, 0.0
    return rows, padding


def _minimise(
    lists: tuple[NDArray[np.float32], NDArray[np.float32]],
    targets: NDArray[np.int64],
    used: NDArray[np.bool_],
    *,
    start: Scores,
    penalty: float,
) -> Scores:
    """Return the weights that minimise the loss, by Adam; the penalty is on their squared distance from `start`."""
    weights, (first, second) = start.copy(), (np.zeros(len(FEATURES)) for _ in range(2))
    wanted = lists[0][np.arange(len(targets)), targets].mean(axis=0)
    for step in range(1, STEPS + 1):
        gradient = used * (_expected(*lists, weights.astype(np.float32)) - wanted + penalty * (weights - start))
        first = MOMENTUM * first + (1 - MOMENTUM) * gradient
        second = SECOND_MOMENTUM * second + (1 - SECOND_MOMENTUM) * np.square(gradient)
        speed = np.sqrt(second / (1 - SECOND_MOMENTUM**step)) + TINY
        weights = weights - LEARNING_RATE * first / (1 - MOMENTUM**step) / speed
    return weights


def _expected(
    rows: NDArray[np.float32], padding: NDArray[np.float32], weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the mean over queries of the expected features under the current softmax."""
    scores = rows @ weights + padding
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    expected: NDArray[np.float32] = chances.ravel() @ rows.reshape(-1, rows.shape[2]) / np.float32(len(rows))
    return expected


def _interval(values: Scores) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean."""
    draws = np.random.default_rng(SEED).integers(0, len(values), size=(RESAMPLES, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def example(movie: int, query: reranker.QueryFeatures, found: reranker.Scored) -> Example:
    """Build the training example of a query from its candidates."""
    top, features = reranker.training_features(query, found)
    ids = found.candidates.ids
    better = np.flatnonzero(ids == movie)
    score = found.fused.score
    rank = int((score > score[better[0]]).sum()) + 1 if len(better) else 0
    target = np.flatnonzero(ids[top] == movie)
    return Example(movie, features.astype(np.float32), int(target[0]) if len(target) else -1, rank)
