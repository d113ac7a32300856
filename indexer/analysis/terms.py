"""The terms of a movie, weighed when it is indexed: what ranking reads of each candidate. Pure, one for both engines.

Each term is a 32-bit hash with its field, its inverse document frequency and its saturated frequency, so that a
candidate brings all that its BM25 scores need and no table of the catalogue has to be at hand:

    BM25(term, field) = idf × tf / (tf + k1 (1 − b + b length / mean length))

(Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, in Lucene's form.)
The document frequency counts movies that have the term in any field: short fields say too little about rarity.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.types import Movie
from indexer import schema
from indexer.analysis.stemmer import stem


class Field(IntEnum):
    """The parts of a movie whose terms are weighed apart."""

    TITLE = 0
    PEOPLE = 1
    """Single words of names, not stemmed."""
    OVERVIEW = 2
    TAGLINE = 3
    KEYWORDS = 4
    """Keywords and genres."""
    CHARACTERS = 5
    BIGRAMS = 6
    """Neighbouring stems of overview, tagline, keywords and title."""
    NAMES = 7
    """Whole names of directors, writers and cast."""
    TAGS = 8
    """What people tagged the movie with."""


PLACES = {"overview": len(Field), "tagline": len(Field) + 1}
"""What stands in place of a field in a record that says where a stem stands in a text (`places`)."""
WORD_FIELDS = (Field.TITLE, Field.PEOPLE, Field.OVERVIEW, Field.TAGLINE, Field.KEYWORDS, Field.CHARACTERS, Field.TAGS)
"""Fields of single words."""
RECORD = np.dtype([("term", "<u4"), ("field", "u1"), ("impact", "u1"), ("idf", "u1"), ("spare", "u1")])
"""One weighed term; eight bytes, so that a blob can also be read as pairs of 32-bit words."""
POSITION = np.dtype([("term", "<u4"), ("field", "u1"), ("start", "<u2"), ("length", "u1")])
"""Where a stem stands: characters from the start of the text. As long as a `RECORD`, and kept among them."""
COUNT = np.dtype([("term", "<u4"), ("field", "u1"), ("count", "u1")])
"""One counted term of a movie, before the catalogue is known as a whole."""
IMPACT_STEPS = 255
"""The impact `tf / (tf + …)` lies between 0 and 1 and is kept in as many steps: an error of .2 % at most."""
IDF_STEPS = 16
"""Steps of a unit of idf: 255 of them reach a rarity of 1 in 8 million movies; the error is .03, rare words have 8."""
MAX_COUNT = 255
MAX_START, MAX_LENGTH = 65_535, 255

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
"""A word as it stands in a text."""

Counts = NDArray[np.void]
"""Counted terms of one movie, dtype `COUNT`, (n_terms,)."""
_STOP_WORDS = frozenset(schema.STOP_WORDS)


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the weights of a movie's terms depend on besides the movie.

    Attributes:
        movies: the size of the catalogue.
        terms: uint32, (n_terms,), ascending.
        frequencies: int64, (n_terms,), the number of movies that have each term.
        lengths: float64, (n_fields,), the mean number of terms of each field, where the field is not empty.
    """

    movies: int
    terms: NDArray[np.uint32]
    frequencies: NDArray[np.int64]
    lengths: NDArray[np.float64]

    @classmethod
    def of(cls, counted: Sequence[Counts]) -> Weighing:
        """The weighing of a catalogue."""
        present = [np.unique(counts["term"]) for counts in counted]
        terms, frequencies = np.unique(np.concatenate(present or [np.zeros(0, np.uint32)]), return_counts=True)
        own = np.array([_lengths(counts) for counts in counted]).reshape(-1, len(Field))
        lengths = own.sum(axis=0) / np.maximum(np.count_nonzero(own, axis=0), 1)
        return cls(len(counted), terms.astype(np.uint32), frequencies, np.maximum(lengths, 1.0))

    def weigh(self, counts: Counts) -> bytes:
        """The weighed terms of one movie, as the engines keep them: records of dtype `RECORD`."""
        frequency = self.frequencies[np.searchsorted(self.terms, counts["term"])]
        idf = np.log1p((self.movies - frequency + 0.5) / (frequency + 0.5))
        length = (_lengths(counts) / self.lengths)[counts["field"]]
        saturation = schema.BM25_K1 * (1 - schema.BM25_B + schema.BM25_B * length)
        impact = counts["count"] / (counts["count"] + saturation)
        weighed = np.zeros(len(counts), RECORD)
        weighed["term"], weighed["field"] = counts["term"], counts["field"]
        weighed["impact"] = np.rint(impact * IMPACT_STEPS)
        weighed["idf"] = np.rint(np.minimum(idf * IDF_STEPS, 255)).clip(min=1)
        return weighed.tobytes()


def count(movie: Movie) -> Counts:
    """The terms of a movie by field, each with its number of occurrences."""
    rows = [
        (term, int(name), min(times, MAX_COUNT))
        for name, terms in _terms(movie).items()
        for term, times in Counter(terms).items()
    ]
    return np.array(rows, COUNT)


def positions(movie: Movie) -> bytes:
    """Where the stems of overview and tagline stand, stop words left out: records of dtype `POSITION`."""
    rows = [
        (word_hash(one), field, token.start(), token.end() - token.start())
        for name, field in PLACES.items()
        for token in TOKEN.finditer(getattr(movie, name))
        if token.start() <= MAX_START and token.end() - token.start() <= MAX_LENGTH
        for one in stems(texts.words(token.group()))
    ]
    return np.array(rows, POSITION).tobytes()


def stems(words: Iterable[str]) -> list[str]:
    """The stems of folded words, stop words left out, in order."""
    return [stem(word) for word in words if word not in _STOP_WORDS]


@lru_cache(maxsize=100_000)
def word_hash(stemmed: str) -> int:
    """The term of a stem."""
    return zlib.crc32(stemmed.encode())


def people_hash(word: str) -> int:
    """The term of a word of a name: another one than that of the same word in a text."""
    return zlib.crc32(f"@{word}".encode())


def name_hash(name: str) -> int:
    """The term of a whole folded name."""
    return zlib.crc32(f"={name}".encode())


def bigram_hashes(stemmed: Sequence[str]) -> list[int]:
    """The terms of neighbouring stems."""
    return [zlib.crc32(f"{first} {second}".encode()) for first, second in pairwise(stemmed)]


def _terms(movie: Movie) -> Mapping[Field, list[int]]:
    names = [texts.words(name) for name in movie.people]
    told = {
        Field.TITLE: movie.titles,
        Field.OVERVIEW: [movie.overview],
        Field.TAGLINE: [movie.tagline],
        Field.KEYWORDS: [*movie.keywords, *movie.genres],
        Field.CHARACTERS: [member.character for member in movie.cast],
        Field.TAGS: movie.tags,
    }
    stemmed = {name: [stems(texts.words(part)) for part in parts] for name, parts in told.items()}
    paired = (Field.TITLE, Field.OVERVIEW, Field.TAGLINE, Field.KEYWORDS)
    return {
        **{name: [word_hash(one) for part in parts for one in part] for name, parts in stemmed.items()},
        Field.PEOPLE: [people_hash(word) for name in names for word in name],
        Field.BIGRAMS: [term for name in paired for part in stemmed[name] for term in bigram_hashes(part)],
        Field.NAMES: [name_hash(" ".join(name)) for name in names if len(name) > 1],
    }


def _lengths(counts: Counts) -> NDArray[np.float64]:
    """The number of terms of each field, float64, (n_fields,)."""
    return np.bincount(counts["field"], counts["count"], minlength=len(Field)).astype(np.float64)
