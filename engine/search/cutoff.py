"""Which candidates are close enough to show. Pure.

The floors are absolute, not relative to the best hit, so that a filter narrows the results and never adds any:
a film that is shown under a filter is shown without it too (as long as no list is full).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.ports import Candidates
from engine.search.fusion import COSINE_RANGE

MEANING_SPREADS = 2.5
"""Spreads above the query's mean cosine; 99 % of the films meant that rank among the first ten lie above."""
WORDS_PER_WORD = 1.5
"""Word score per word asked: one rare word that matches reaches 3 to 5, one chance match among four words 1."""
MAX_COUNTED_WORDS = 4
"""Beyond so many words the floor rises no more: who writes a paragraph matches but a part of it."""
WORDS_SHARE = 0.5
"""Share of the best word score; it keeps long texts, whose every chance match is small, from filling the page."""
FAINT = 0.62
"""Share of the cosine floor that suffices where the words match half-way too: two faint signs make one."""
MIN_BEST_COSINE = 0.32
"""Of 27 nonsense queries 25 have no film as near as this, of 798 clean descriptions 798 have (MiniLM)."""


def relevant(candidates: Candidates, *, meaning: NDArray[np.float64], floor: float, asked: int) -> NDArray[np.bool_]:
    """Which candidates are near in meaning, match in words, or are named outright.

    Args:
        meaning: normalised cosines (`fusion.normalise_cosine`).
        floor: the least cosine that counts as near.
        asked: how many distinct words the query has.
    """
    cosine = np.nan_to_num(candidates.cosine, nan=-1.0)
    enough_words = WORDS_PER_WORD * min(max(asked, 1), MAX_COUNTED_WORDS)
    good_share = candidates.words >= WORDS_SHARE * candidates.words_best
    near = (cosine >= floor) & (meaning >= MEANING_SPREADS / COSINE_RANGE)
    matching = (candidates.words >= enough_words) & good_share
    faint = (cosine >= FAINT * floor) & (candidates.words >= enough_words / 2) & good_share
    return np.asarray(near | matching | faint | (candidates.match != 0))
