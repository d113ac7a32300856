"""Candidates made by hand or by Hypothesis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from core.ports import Candidates


def make(
    *,
    ids: Sequence[int] = (1, 2, 3),
    words: Sequence[float] | None = None,
    cosine: Sequence[float] | None = None,
    match: Sequence[int] | None = None,
    year: Sequence[int] | None = None,
    votes: Sequence[int] | None = None,
    average: Sequence[float] | None = None,
    popularity: Sequence[float] | None = None,
    genres: Sequence[tuple[str, ...]] | None = None,
    languages: Sequence[str] | None = None,
    runtime: Sequence[int] | None = None,
    moods: Sequence[Sequence[float]] | None = None,
    words_best: float | None = None,
    terms: Sequence[bytes] = (),
    neighbours: Sequence[Sequence[int]] | None = None,
) -> Candidates:
    """Return candidates with neutral values in the columns that are not given."""
    n = len(ids)
    scores = np.array([0.0] * n if words is None else words, np.float32)
    return Candidates(
        ids=np.array(ids, np.int64),
        words=scores,
        cosine=np.array([np.nan] * n if cosine is None else cosine, np.float32),
        match=np.array([0] * n if match is None else match, np.int8),
        words_best=float(scores.max(initial=0.0)) if words_best is None else words_best,
        year=np.array([0] * n if year is None else year, np.int16),
        vote_count=np.array([0] * n if votes is None else votes, np.int32),
        vote_average=np.array([np.nan] * n if average is None else average, np.float32),
        popularity=np.array([0.0] * n if popularity is None else popularity, np.float32),
        genres=[()] * n if genres is None else list(genres),
        languages=[""] * n if languages is None else list(languages),
        runtime=np.array([0] * n if runtime is None else runtime, np.int32),
        moods=np.array([[]] * n if moods is None else moods, np.float32).reshape(n, -1 if n else 0),
        terms=terms,
        neighbours=np.array([[]] * n if neighbours is None else neighbours, np.int64).reshape(n, -1 if n else 0),
    )


@st.composite
def candidates(draw: st.DrawFn, max_size: int = 30) -> Candidates:
    """Draw any candidates: overlapping lists, movies without a cosine, movies without votes."""
    ids = sorted(draw(st.sets(st.integers(1, 10_000), max_size=max_size)))
    n = len(ids)

    def column(values: st.SearchStrategy[float]) -> list[float]:
        return draw(st.lists(values, min_size=n, max_size=n))

    return make(
        ids=ids,
        words=column(st.floats(0, 30, width=32)),
        cosine=column(st.one_of(st.just(float("nan")), st.floats(-1, 1, width=32))),
        match=[int(v) for v in column(st.sampled_from([0, 0, 0, 1, 2, 4, 3]))],
        year=[int(v) for v in column(st.integers(1900, 2030))],
        votes=[int(v) for v in column(st.integers(0, 20_000))],
        average=column(st.one_of(st.just(float("nan")), st.floats(0, 10, width=32))),
        popularity=column(st.floats(0, 500, width=32)),
    )
