"""Personalized reordering of search results within a bounded band. Pure.

Relevance comes first: taste only decides between movies that match about equally well, and never moves a movie whose
exact title was typed from first place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ports import Match
from engine.search.ranking.fusion import Scores


@dataclass(frozen=True, slots=True)
class Lifted:
    """Personalized scores and the adjustments made, both float64 (n,).

    Attributes:
        score: the adjusted scores.
        taste: the adjustments as a share of the best score.
    """

    score: Scores
    taste: Scores


def lift(score: Scores, *, match: NDArray[np.int8], affinity: NDArray[np.floating], band: float) -> Lifted:
    """Adjust each score by at most half the band, in proportion to the user's affinity.

    Two movies change places only if their scores differ by less than `band` times the best score.

    Args:
        match: bits of `Match`; movies whose full title is the query keep their scores.
        affinity: the user's affinity to each movie, -1 to 1.
        band: the largest score difference that taste may overcome, as a share of the best score.
    """
    best = float(np.abs(score).max(initial=0.0))
    if best == 0 or band == 0:
        return Lifted(score, np.zeros(len(score)))
    named = (match & int(Match.TITLE)) > 0
    shift = np.where(named, 0.0, 0.5 * band * best * np.clip(affinity, -1, 1))
    lifted = score + shift
    first = int(np.argmax(score))
    if named[first]:
        below = np.nextafter(score[first], -np.inf)
        lifted = np.where(named, lifted, np.minimum(lifted, below))
    return Lifted(np.asarray(lifted), np.asarray((lifted - score) / best))
