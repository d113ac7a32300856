"""Fusion of two candidate lists: a convex combination of normalised scores over their union. Pure.

Normalisation does not depend on the filters, so filtering never reorders the remaining results: the cosine is centred
on the query's mean over the whole catalogue (`query @ centroid`), and the word score is a share of the best one in the
whole index. (Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023, find convex
combinations better than reciprocal ranks, and robust to the choice of their single weight.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ports import Candidates, Match
from core.recommendations.scores import prominence
from core.types import Mode, QueryKind

Scores = NDArray[np.float64]

COSINE_SPREAD = 0.085
"""Standard deviation of a query's cosines over a catalogue: median of real queries; .067 to .108 in 98 % of them."""
COSINE_RANGE = 7.0
"""Standard deviations above the mean that count as 1: the best movie of a good query lies 4 to 7 above."""
YEAR_TOLERANCE = 4.0
"""Distance in years from the named span at which the bonus has fallen to 1/e."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the normalised scores (each 0 to 1); `words` + `meaning` = 1."""

    meaning: float
    words: float
    popularity: float
    years: float
    title: float
    """Bonus for a title equal to the query; exceeds the best score of a movie with another title."""
    title_part: float
    """Bonus for a title with a part equal to the query, before or after a colon or dash."""
    title_words: float
    """Bonus for a title that contains all words of the query."""
    person: float
    """Bonus for movies with the person named in the query."""


# Chosen by `python -m benchmarks.tune` on one half of each query set; the README also reports the other half. The
# optimum is flat: .58 to .74 for meaning differ by a query or two (docs/decisions.md, 13).
_DESCRIPTION = Weights(
    meaning=0.68, words=0.32, popularity=0.06, years=0.09, title=0.0, title_part=0.0, title_words=0.0, person=0.0
)
WEIGHTS = {
    QueryKind.DESCRIPTION: _DESCRIPTION,
    QueryKind.TITLE: Weights(
        meaning=0.5, words=0.5, popularity=0.4, years=0.05, title=3.0, title_part=1.0, title_words=0.5, person=0.5
    ),
    QueryKind.PERSON: Weights(
        meaning=0.3, words=0.7, popularity=0.5, years=0.05, title=0.0, title_part=0.2, title_words=0.2, person=2.0
    ),
}


@dataclass(frozen=True, slots=True)
class Fused:
    """The components of each candidate's score, all float64 (n,), in the order of the candidates."""

    score: Scores
    meaning: Scores
    """0 to 1."""
    words: Scores
    """0 to 1."""
    popularity: Scores
    """0 to 1."""


def kind_of(candidates: Candidates) -> QueryKind:
    """Return the kind of a query, by the titles and people of the catalogue that it names."""
    bits = int(np.bitwise_or.reduce(candidates.match, initial=0))
    if bits & Match.TITLE:
        return QueryKind.TITLE
    if bits & Match.PERSON:
        return QueryKind.PERSON
    return QueryKind.TITLE if bits & (Match.TITLE_PART | Match.TITLE_WORDS) else QueryKind.DESCRIPTION


def fuse(
    candidates: Candidates,
    *,
    weights: Weights,
    mode: Mode = Mode.HYBRID,
    mean_cosine: float = 0.0,
    years: tuple[int, int] | None = None,
) -> Fused:
    """Score every candidate.

    Args:
        mean_cosine: the query's mean cosine over the whole catalogue.
        years: the span of years that the query names.
    """
    meaning = normalise_cosine(candidates.cosine, mean=mean_cosine)
    words = candidates.words / candidates.words_best if candidates.words_best > 0 else np.zeros(len(candidates))
    words = np.asarray(words, np.float64)
    popularity = prominence(candidates.vote_count, candidates.popularity)
    share = {Mode.HYBRID: (weights.meaning, weights.words), Mode.WORDS: (0.0, 1.0), Mode.MEANING: (1.0, 0.0)}[mode]
    score = share[0] * meaning + share[1] * words
    if mode is Mode.HYBRID:
        score = score + weights.popularity * popularity + weights.years * year_bonus(candidates.year, years)
        score = score + _name_bonus(candidates.match, weights)
    return Fused(score, meaning, words, popularity)


def normalise_cosine(cosine: NDArray[np.float32], *, mean: float) -> Scores:
    """Return the distance above the mean in units of `COSINE_RANGE` spreads; missing cosines count as the lowest."""
    known = cosine[~np.isnan(cosine)]
    if not known.size:
        return np.zeros(len(cosine))
    whole = np.nan_to_num(cosine.astype(np.float64), nan=float(known.min()))
    return (whole - mean) / (COSINE_SPREAD * COSINE_RANGE)


def year_bonus(year: NDArray[np.int16], span: tuple[int, int] | None) -> Scores:
    """Return 1 within the span, with a Gaussian decay outside; 0 for all movies if no span is named."""
    if span is None:
        return np.zeros(len(year))
    known = year.astype(np.float64)
    distance = np.maximum(np.maximum(span[0] - known, known - span[1]), 0.0)
    return np.exp(-np.square(distance / YEAR_TOLERANCE))


def order(score: Scores, ids: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return positions by descending score, ties by id, so that the order is stable across pages."""
    return np.lexsort((ids, -score))


def _name_bonus(match: NDArray[np.int8], weights: Weights) -> Scores:
    bonus = {
        Match.TITLE: weights.title,
        Match.TITLE_PART: weights.title_part,
        Match.TITLE_WORDS: weights.title_words,
        Match.PERSON: weights.person,
    }
    return np.asarray(sum(np.where(match & bit, value, 0.0) for bit, value in bonus.items()), np.float64)
