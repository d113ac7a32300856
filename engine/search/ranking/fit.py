"""Trains the ranking of descriptions on queries whose movie is known, and judges it by movies it did not learn from.

A listwise softmax: of the candidates of a query, the movie that was meant shall score highest (Cao et al., "Learning to
Rank: From Pairwise Approach to Listwise Approach", 2007, with one relevant item a list). Numpy alone, no threads.
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
"""Penalty on squared standardised weights: up to 1e-2 held-out recall@10 of posts changes by less than .004."""
PRIOR_L2 = 0.1
"""Penalty on the squared distance from the weights of another model, for a model with few queries to learn from: of 160
short texts, held-out MRR is .583 with .1, .585 with .3 and .592 with .001, where the model forgets what others need."""
LEARNING_RATE = 0.02
STEPS = 140
"""Full-batch steps of Adam: held-out recall@10 of posts is .416 after 100, .418 after 140 and .415 after 200."""
MOMENTUM, SECOND_MOMENTUM, TINY = 0.9, 0.999, 1e-8
"""Adam's own defaults (Kingma and Ba, 2015)."""
UNUSED_POSTS = tuple(name for name in FEATURES if name.endswith("_idf") and name != "text_idf")
"""Features that the model for posts does without: held-out MRR is .270 without them, .265 with them. For other
descriptions it is the other way about: recall@10 of netflix is .925 without them, .930 with them."""
KEPT_SHORT = ("title_best", "title_idf", "people_best", "people_idf", "names")
"""Features whose weights the model for a few words takes from that for descriptions: the texts that it is learned from
name nothing, while people who type a few words often do."""
FOLDS = 5
LEAST_QUERIES = 50
"""Training queries below which a model is not fitted: it has some 35 weights."""
DEPTH = 10
"""Recall is measured at the first page's length."""
RESAMPLES, SEED = 2_000, 20_261
TOLERANCE = 0.01
"""Mean reciprocal rank that a new model may turn out worse by, at the lower end of the interval of the difference."""
_FAR = -1e9

Scores = NDArray[np.float64]
Ranks = NDArray[np.int64]
"""int64, (n_queries,): the rank from 1 of the movie meant, 0 where it is not among the candidates."""


@dataclass(frozen=True, slots=True)
class Example:
    """One training query: the features of its first candidates, and where the movie meant is."""

    movie: int
    features: NDArray[np.float32]
    """float32, (n, n_features), best first by the fused score, n ≤ `ranking.TOP`."""
    target: int
    """The row of the movie meant; -1 where it is not among them."""
    base_rank: int
    """Its rank by the fused score, from 1; 0 where it is no candidate."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How well a ranking finds the movies meant."""

    queries: int
    recall_1: float
    recall_10: float
    mrr: float

    @classmethod
    def of(cls, ranks: Ranks) -> Figures:
        """The figures of some ranks; NaN without any."""
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
    """Whether a new model may serve, and why."""

    accepted: bool
    reason: str


def fit(examples: Sequence[Example], *, unused: Sequence[str] = (), prior: Model | None = None) -> Model:
    """Fit a model; examples whose movie is not among the candidates teach nothing and are left out.

    Args:
        unused: features whose weight stays 0, or that of the prior.
        prior: another model from whose weights, mean and spread this one departs no more than it has reason to.

    Raises:
        ValueError: there are fewer than `LEAST_QUERIES` examples to learn from.
    """
    learnt = [example for example in examples if example.target >= 0]
    if len(learnt) < LEAST_QUERIES:
        raise ValueError(f"{len(learnt)} queries to learn from, fewer than {LEAST_QUERIES}")
    mean, spread = (prior.mean, prior.spread) if prior is not None else _standard(learnt)
    lists = _padded([((example.features - mean) / spread).astype(np.float32) for example in learnt])
    targets = np.array([example.target for example in learnt])
    used = np.array([name not in unused for name in FEATURES])
    start = np.zeros(len(FEATURES)) if prior is None else prior.weights
    return Model(mean, spread, _minimise(lists, targets, used, start=start, penalty=L2 if prior is None else PRIOR_L2))


def _standard(examples: Sequence[Example]) -> tuple[Scores, Scores]:
    """Mean and spread of each feature."""
    rows = np.concatenate([example.features for example in examples])
    spread = rows.std(axis=0, dtype=np.float64)
    return rows.mean(axis=0, dtype=np.float64), np.where(spread > 0, spread, 1.0)


def ranks(model: Model, examples: Sequence[Example]) -> Ranks:
    """The rank of the movie of each example after ranking by `model`; equal scores count as better ones."""
    return np.array([_rank(model, example) for example in examples], np.int64)


def base_ranks(examples: Sequence[Example]) -> Ranks:
    """The rank of the movie of each example by the fused score."""
    return np.array([example.base_rank for example in examples], np.int64)


def held_out_ranks(examples: Sequence[Example], *, fitted: Callable[[Sequence[Example]], Model] = fit) -> Ranks:
    """The rank of each example's movie by a model that was fitted without any query for that movie."""
    found = np.zeros(len(examples), np.int64)
    parts = np.array([fold(example.movie) for example in examples])
    for part in range(FOLDS):
        held_out = np.flatnonzero(parts == part)
        if len(held_out):
            model = fitted([example for example, own in zip(examples, parts, strict=True) if own != part])
            found[held_out] = ranks(model, [examples[at] for at in held_out.tolist()])
    return found


def fold(movie: int) -> int:
    """The fold of a movie: by a hash of its id, the same in every training."""
    return int.from_bytes(hashlib.sha256(str(movie).encode()).digest()[:4]) % FOLDS


def judge(new: Ranks, present: Ranks) -> Verdict:
    """Compare two rankings of the same queries; the new one may not be worse as far as can be told."""
    difference = reciprocal(new) - reciprocal(present)
    low, high = _interval(difference)
    mean = float(difference.mean())
    told = (
        f"MRR {reciprocal(new).mean():.4f}, the present ranking {reciprocal(present).mean():.4f}: "
        f"difference {mean:+.4f} ({low:+.4f} to {high:+.4f}) on {len(new)} queries"
    )
    accepted = mean >= 0 and low >= -TOLERANCE
    return Verdict(accepted, told if accepted else f"{told}; asked for: at least +0, and from {-TOLERANCE:+g} on")


def reciprocal(found: Ranks) -> Scores:
    """The reciprocal of each rank, 0 where the movie is not there."""
    return np.where(found > 0, 1.0 / np.maximum(found, 1), 0.0)


def _rank(model: Model, example: Example) -> int:
    if example.target < 0:
        return example.base_rank
    scores = model.scores(example.features.astype(np.float64))
    return int((scores >= scores[example.target]).sum())


def _padded(lists: Sequence[NDArray[np.float32]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """All lists at one length, and what is added to the scores so that padding never wins."""
    rows = np.zeros((len(lists), TOP, len(FEATURES)), np.float32)
    padding = np.full((len(lists), TOP), _FAR, np.float32)
    for at, one in enumerate(lists):
        rows[at, : len(one)], padding[at, : len(one)] = one, 0.0
    return rows, padding


def _minimise(
    lists: tuple[NDArray[np.float32], NDArray[np.float32]],
    targets: NDArray[np.int64],
    used: NDArray[np.bool_],
    *,
    start: Scores,
    penalty: float,
) -> Scores:
    """The weights of least loss, by Adam; the penalty is on their squared distance from where they start."""
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
    """The mean over queries of the features that the present softmax expects."""
    scores = rows @ weights + padding
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    expected: NDArray[np.float32] = chances.ravel() @ rows.reshape(-1, rows.shape[2]) / np.float32(len(rows))
    return expected


def _interval(values: Scores) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean."""
    draws = np.random.default_rng(SEED).integers(0, len(values), size=(RESAMPLES, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def example(movie: int, asked: reranker.QueryFeatures, found: reranker.Scored) -> Example:
    """What a query teaches, from its candidates."""
    top, features = reranker.training_features(asked, found)
    ids = found.candidates.ids
    better = np.flatnonzero(ids == movie)
    score = found.fused.score
    rank = int((score > score[better[0]]).sum()) + 1 if len(better) else 0
    target = np.flatnonzero(ids[top] == movie)
    return Example(movie, features.astype(np.float32), int(target[0]) if len(target) else -1, rank)
