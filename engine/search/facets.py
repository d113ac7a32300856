"""Facet counts of results by genre, decade, language and mood. Pure.

All results under the current filters are counted, after the cut-off and across all pages. A count is therefore the
number of results left after following its link (exact unless a candidate list is full).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from core.ports import Candidates
from core.types import Facets, FacetValue


def count(candidates: Candidates, chosen: NDArray[np.intp], *, moods: Sequence[str] = ()) -> Facets:
    """Count the candidates at the positions `chosen`.

    Args:
        moods: names of the columns of `candidates.moods` (`IndexInfo.moods`).
    """
    rows = chosen.tolist()
    genres = Counter(chain.from_iterable(map(candidates.genres.__getitem__, rows)))
    decades = Counter(year // 10 * 10 for year in candidates.year[chosen].tolist() if year)
    languages = Counter(filter(None, map(candidates.languages.__getitem__, rows)))
    having = np.count_nonzero(candidates.moods[chosen] > 0, axis=0).tolist()
    return {
        "genre": _ranked(genres.items()),
        "decade": _ranked((str(decade), number) for decade, number in decades.items()),
        "language": _ranked(languages.items()),
        "mood": _ranked((mood, number) for mood, number in zip(moods, having, strict=False) if number),
    }


def _ranked(counts: Iterable[tuple[str, int]]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(value, n) for value, n in sorted(counts, key=lambda pair: (-pair[1], pair[0])))
