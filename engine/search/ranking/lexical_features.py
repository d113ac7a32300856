"""How the words of a query match each candidate, field by field, from the terms that the index keeps. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import terms

MAX_NAME_WORDS = 3
"""The longest stretch of a query that is looked up as somebody's whole name."""
_FILTER_BITS = 16
"""Terms whose last bits no term of the query has are skipped unseen: 99 of 100 for a query of a hundred words."""
_FILTER_MASK = (1 << _FILTER_BITS) - 1
_FIELDS = len(terms.Field)
_WORDS = np.isin(np.arange(_FIELDS), terms.WORD_FIELDS)

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Matches:
    """How a query matches candidates.

    Attributes:
        bm25: float64, (n, n_fields): BM25 of each `indexer.analysis.terms.Field`.
        matched: float64, (n,): summed idf of the query's words that the movie has in any field.
        asked: summed idf of the query's words that any candidate has.
        names: float64, (n,): how many whole names of the movie's people the query has.
        length: float64, (n,): number of the movie's different terms.
    """

    bm25: Scores
    matched: Scores
    asked: float
    names: Scores
    length: Scores


def query_terms(words: Sequence[str]) -> NDArray[np.uint32]:
    """The terms of a query: stems, words of names, neighbouring stems and names.

    Args:
        words: folded words in the order of the text.

    Returns:
        uint32, (n_terms,), ascending, each once.
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
        wanted: from `asked`.
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
    """Where in `every` the wanted terms stand, and which of them stands there."""
    if not len(wanted):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    possible = np.zeros(_FILTER_MASK + 1, np.bool_)
    possible[wanted & _FILTER_MASK] = True
    at = np.flatnonzero(possible[every & _FILTER_MASK])
    place = np.searchsorted(wanted, every[at]).clip(max=len(wanted) - 1)
    same = wanted[place] == every[at]
    return at[same], place[same]


def _lengths(packed: NDArray[np.uint32], sizes: NDArray[np.int64]) -> Scores:
    """How many of each movie's records are weighed terms; the others say where words stand."""
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
    """The idf of the words that each movie has, and that of the words which any of them has."""
    has = np.zeros(shape)
    has[movie[of_word], term[of_word]] = idf[of_word]
    return has.sum(axis=1), float(has.max(axis=0, initial=0.0).sum())
