"""Taste reorders the results of a search, within a bounded band. Pure.

What somebody asked for comes first: taste decides between movies that answer about equally well, and never takes its
first place from a movie whose exact title was typed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ports import Match
from engine.search.ranking.fusion import Scores


@dataclass(frozen=True, slots=True)
class Lifted:
    """Scores after taste, and what it did, both float64 (n,).

    Attributes:
        score: the new scores.
        taste: what was added, as a share of the best score; negative where it was taken away.
    """

    score: Scores
    taste: Scores


def lift(score: Scores, *, match: NDArray[np.int8], affinity: NDArray[np.floating], band: float) -> Lifted:
    """Move each score by at most half the band, up for what suits the user, down for what does not.

    Two movies change places only if their scores differ by less than `band` times the best score.

    Args:
        match: bits of `Match`: movies named outright by their whole title stay where they are.
        suit: how well each movie suits the user, -1 to 1.
        band: the widest difference that taste may overcome, as a share of the best score.
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
