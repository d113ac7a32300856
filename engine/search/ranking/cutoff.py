"""The relevance cut-off: which candidates are close enough to show. Pure.

Thresholds are absolute rather than relative to the best hit under the filters, so a filter only narrows the results: a
movie shown under a filter is also shown without it (unless a candidate list is full).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ports import Candidates
from core.types import Mode
from engine.search.ranking.fusion import COSINE_RANGE

MIN_BEST_COSINE = 0.32
"""25 of 27 nonsense queries have no movie this near; 99.5 % of 1,844 real descriptions have one (MiniLM)."""
MEANING_SPREADS = 2.5
"""Standard deviations above the query's mean cosine; 99 % of the target movies in the top ten are above."""
MATCHING_SPREADS = 0.75
"""Standard deviations above the mean required for movies that match by words alone: one rare word in an unrelated text
("reverse proxy") does not make a match."""
WORD_SCORE_SHARE = 0.177
"""Minimum word score per query word, as a share of the log of the catalogue's size (the maximum weight of a rare word):
1.5 for 4,803 movies, where a matching rare word reaches 3 to 5 and a chance match among four words 1."""
MAX_COUNTED_WORDS = 4
"""Number of words from which on the threshold stays constant: only part of a paragraph ever matches."""
WORDS_SHARE = 0.5
"""Minimum share of the best word score; keeps the many small chance matches of long texts off the page."""
FAINT = 0.6
"""Share of the cosine threshold that suffices if the words also reach half their threshold: two weak signals."""


@dataclass(frozen=True, slots=True)
class Floors:
    """The thresholds for a query."""

    cosine: float
    words: float
    spreads: float = MEANING_SPREADS

    @classmethod
    def of(cls, *, cosine: float, asked: int, movies: int, spreads: float = MEANING_SPREADS) -> Floors:
        """Return the thresholds for a query.

        Args:
            cosine: minimum cosine that counts as near.
            asked: number of distinct content words in the query.
            movies: size of the catalogue.
            spreads: standard deviations above the query's mean cosine that count as near.
        """
        counted = min(max(asked, 1), MAX_COUNTED_WORDS)
        return cls(cosine, WORD_SCORE_SHARE * float(np.log1p(movies)) * counted, spreads)


def relevant(
    candidates: Candidates, *, meaning: NDArray[np.float64], floors: Floors, mode: Mode = Mode.HYBRID
) -> NDArray[np.bool_]:
    """Return which candidates are near in meaning, match by words, or are named in the query.

    In words mode, all candidates that match well relative to the best match are relevant.

    Args:
        meaning: normalised cosines (`fusion.normalise_cosine`).
    """
    good_share = (candidates.words > 0) & (candidates.words >= WORDS_SHARE * candidates.words_best)
    if mode is Mode.WORDS:
        return np.asarray(good_share)
    cosine = np.nan_to_num(candidates.cosine, nan=-1.0)
    near = (cosine >= floors.cosine) & (meaning >= floors.spreads / COSINE_RANGE)
    not_far = np.isnan(candidates.cosine) | (meaning >= MATCHING_SPREADS / COSINE_RANGE)
    matching = (candidates.words >= floors.words) & good_share & not_far
    faint = (cosine >= FAINT * floors.cosine) & (candidates.words >= floors.words / 2) & good_share
    return np.asarray(near | matching | faint | (candidates.match != 0))
