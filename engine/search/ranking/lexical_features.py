"""Word matches of a query with each candidate, by field, from the terms stored in the index. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import terms

MAX_NAME_WORDS = 3
"""Words of the longest part of a query that is looked up as a full name."""
_FILTER_BITS = 16
"""Terms are prefiltered by their last bits, which skips 99 of 100 terms for a query of a hundred words."""
_FILTER_MASK = (1 << _FILTER_BITS) - 1
_FIELDS = len(terms.Field)
_WORDS = np.isin(np.arange(_FIELDS), terms.WORD_FIELDS)

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Matches:
    """The matches of a query with its candidates.

    Attributes:
        bm25: float64, (n, n_fields): BM25 of each `indexer.analysis.terms.Field`.
        matched: float64, (n,): total idf of the query words that the movie has in any field.
        asked: total idf of the query words that any candidate has.
        names: float64, (n,): number of full names of the movie's people in the query.
        length: float64, (n,): number of distinct terms of the movie.
    """

    bm25: Scores
    matched: Scores
    asked: float
    names: Scores
    length: Scores


def query_terms(words: Sequence[str]) -> NDArray[np.uint32]:
    """Return the terms of a query: stems, words of names, pairs of adjacent stems, and full names.

    Args:
        words: folded words in the order of the text.

    Returns:
        uint32, (n_terms,), ascending and distinct.
    """
    stemmed = terms.stems(words)
    found = {terms.word_hash(stem) for stem in stemmed} | set(terms.bigram_hashes(stemmed))
    found |= {terms.people_hash(word) for word in set(words)}
    for size in range(2, MAX_NAME_WORDS + 1):
        found |= {terms.name_hash(" ".join(words[at : at + size])) for at in range(len(words) - size + 1)}
    return np.array(sorted(found), np.uint32)


def match(wanted: NDArray[np.uint32], blobs: Sequence[bytes]) -> Matches:
    """Match the terms of a query against the terms of each candidate.

    Args:
        wanted: the result of `query_terms`.
        blobs: the candidates' terms, records of dtype `indexer.analysis.terms.RECORD`.
    """
    n = len(blobs)
    sizes = np.fromiter((len(blob) for blob in blobs), np.int64, n) // terms.RECORD.itemsize
    pairs = np.frombuffer(b"".join(blobs), "<u4").reshape(-1, 2)
    at, term = _found(wanted, pairs[:, 0])
    weighed = (pairs[at, 1] & 255) < _FIELDS
    at, term = at[weighed], term[weighed]
    movie = np.searchsorted(np.cumsum(sizes), at, side="right")
    packed = pairs[at, 1]
    field, impact, idf = packed & 255, (packed >> 8) & 255, (packed >> 16) / terms.IDF_STEPS
    score = idf * impact / terms.IMPACT_STEPS
    bm25 = np.bincount(movie * _FIELDS + field, score, minlength=n * _FIELDS).astype(np.float64).reshape(n, _FIELDS)
    counts = np.bincount(movie[field == terms.Field.NAMES], minlength=n).astype(np.float64)
    matched, whole = _coverage(movie, term, idf, _WORDS[field], (n, len(wanted)))
    return Matches(bm25, matched, whole, counts, _lengths(pairs[:, 1], sizes))


def _found(wanted: NDArray[np.uint32], every: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the positions of wanted terms in `every`, and the index of the wanted term at each."""
    if not len(wanted):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    possible = np.zeros(_FILTER_MASK + 1, np.bool_)
    possible[wanted & _FILTER_MASK] = True
    at = np.flatnonzero(possible[every & _FILTER_MASK])
    place = np.searchsorted(wanted, every[at]).clip(max=len(wanted) - 1)
    same = wanted[place] == every[at]
    return at[same], place[same]


def _lengths(packed: NDArray[np.uint32], sizes: NDArray[np.int64]) -> Scores:
    """Count the weighted terms in each movie's records; the other records are word positions."""
    before = np.concatenate(([0], np.cumsum((packed & 255) < _FIELDS)))
    ends = np.cumsum(sizes)
    return np.asarray(before[ends] - before[ends - sizes], np.float64)


def _coverage(
    movie: NDArray[np.intp],
    term: NDArray[np.intp],
    idf: NDArray[np.float64],
    of_word: NDArray[np.bool_],
    shape: tuple[int, int],
) -> tuple[Scores, float]:
    """Return the total idf of the words that each movie has, and that of the words that any movie has."""
    has = np.zeros(shape)
    has[movie[of_word], term[of_word]] = idf[of_word]
    return has.sum(axis=1), float(has.max(axis=0, initial=0.0).sum())
