"""Counts over results, by genre, decade, language and mood. Pure.

What is counted: every result of the query under its filters, after the cut-off, on all pages together. So a count is
the number of results that stay when its link is followed (exactly so while no candidate list is full).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.ports import Candidates
from core.types import Facets, FacetValue


def count(candidates: Candidates, chosen: NDArray[np.intp], *, moods: Sequence[str] = ()) -> Facets:
    """Count the candidates at the positions `chosen`.

    Args:
        moods: the names of the columns of `candidates.moods` (`IndexInfo.moods`).
    """
    genres = Counter(genre for i in chosen for genre in candidates.genres[i])
    decades = Counter(str(int(year) // 10 * 10) for year in candidates.year[chosen] if year)
    languages = Counter(candidates.languages[i] for i in chosen if candidates.languages[i])
    having = np.count_nonzero(candidates.moods[chosen] > 0, axis=0).tolist()
    return {
        "genre": _ranked(genres.items()),
        "decade": _ranked(decades.items()),
        "language": _ranked(languages.items()),
        "mood": _ranked((mood, number) for mood, number in zip(moods, having, strict=False) if number),
    }


def _ranked(counts: Iterable[tuple[str, int]]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(value, n) for value, n in sorted(counts, key=lambda pair: (-pair[1], pair[0])))
