"""Which candidates are close enough to show. Pure.

The floors are absolute, not relative to the best hit under the filters, so that a filter narrows the results and never
adds any: a movie that is shown under a filter is shown without it too (as long as no list is full).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ports import Candidates
from core.types import Mode
from engine.search.ranking.fusion import COSINE_RANGE

MIN_BEST_COSINE = 0.32
"""Of 27 nonsense queries 25 have no movie as near as this; of 1,844 real descriptions 99.5 % have (MiniLM)."""
MEANING_SPREADS = 2.5
"""Spreads above the query's mean cosine; 99 % of the movies meant that rank among the first ten lie above."""
MATCHING_SPREADS = 0.75
"""Spreads above the mean that a movie needs which matches by words alone: one rare word in a text about something else
("reverse proxy") names no movie."""
WORD_SCORE_SHARE = 0.177
"""Least word score per word asked, as a share of the log of the catalogue's size (the most that one rare word can
weigh): 1.5 among 4,803 movies, where a rare word that matches reaches 3 to 5 and a chance match among four words 1."""
MAX_COUNTED_WORDS = 4
"""Beyond so many words the floor rises no more: who writes a paragraph matches but a part of it."""
WORDS_SHARE = 0.5
"""Share of the best word score; it keeps long texts, whose every chance match is small, from filling the page."""
FAINT = 0.6
"""Share of the cosine floor that suffices where the words match half-way too: two faint signs make one."""


@dataclass(frozen=True, slots=True)
class Floors:
    """What a candidate must reach."""

    cosine: float
    words: float
    spreads: float = MEANING_SPREADS

    @classmethod
    def of(cls, *, cosine: float, asked: int, movies: int, spreads: float = MEANING_SPREADS) -> Floors:
        """The floors of a query.

        Args:
            cosine: least cosine that counts as near.
            asked: how many distinct telling words the query has.
            movies: the size of the catalogue.
            spreads: how far above the query's mean cosine counts as near.
        """
        counted = min(max(asked, 1), MAX_COUNTED_WORDS)
        return cls(cosine, WORD_SCORE_SHARE * float(np.log1p(movies)) * counted, spreads)


def relevant(
    candidates: Candidates, *, meaning: NDArray[np.float64], floors: Floors, mode: Mode = Mode.HYBRID
) -> NDArray[np.bool_]:
    """Which candidates are near in meaning, match in words, or are named outright.

    Who asks for words alone gets whatever matches well beside the best match.

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
