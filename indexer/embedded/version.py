"""One finished version, for reading: words from a matrix, cosines from vectors, terms from tantivy, and columns."""

from __future__ import annotations

import copy
import logging
from collections.abc import Mapping, Sequence, Sized
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from core.errors import NotFound
from core.ports import Candidates, FactorMatches, IndexInfo, Listing, Match, Question, Vectors
from core.types import Clause, Correction, Facets, Filters, Movie, MovieId, Sort, Suggestion, Trait
from indexer import attachments, documents
from indexer.analysis import traits
from indexer.embedded import bitmaps, words
from indexer.embedded.bitmaps import Bits, Mask
from indexer.embedded.columns import Columns, Rows
from indexer.embedded.exact_terms import ExactTerms
from indexer.embedded.files import factors, moods
from indexer.embedded.files.moods import Moods
from indexer.embedded.files.movies import Movies
from indexer.embedded.files.names import Names
from indexer.embedded.files.terms import Terms
from indexer.embedded.meaning import Comparison, Meaning
from indexer.embedded.version_writer import EXACT_TERMS, MULTILINGUAL, VECTORS, WORDS, read_attachment
from indexer.embedded.words import Words
from indexer.names import vocabulary
from indexer.names.vocabulary import Vocabulary
from indexer.vectors import spaces

logger = logging.getLogger(__name__)

MAX_NAMED = 50
"""Movies named by the query that join the candidates: whole titles first, then the most popular."""

_NOBODY: Rows = np.zeros(0, dtype=np.int64)

MASKS_KEPT = 128
"""Cached masks of clauses, one byte per movie each: the same few genres and moods are requested repeatedly."""


class Version:
    """A `MovieIndex` over the folder of one version. Immutable, so thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._info = read_info(folder)
        self._columns = Columns.load(folder)
        self._words = Words(folder / WORDS, len(self._columns.ids))
        self._exact = ExactTerms(folder / EXACT_TERMS)
        self._names = Names(folder / "names")
        self._movies = Movies(folder)
        self._moods = Moods.load(folder, self._info.moods)
        self._terms = Terms(folder)
        self._first = Meaning.load(folder / VECTORS, dimension=self._info.dimension)
        second = self._info.multilingual
        self._second = Meaning.load(folder / MULTILINGUAL, dimension=second.dimension) if second else self._first
        parts: tuple[Sized, ...] = (
            self._columns.ids, self._movies, self._first, self._second, self._moods.scores, self._terms,
        )  # fmt: skip
        counts = set(map(len, parts))
        if len(counts) > 1:
            raise ValueError(f"its files have different numbers of movies: {sorted(counts)}")
        self._folder = folder
        self._having = lru_cache(maxsize=MASKS_KEPT)(partial(_find, self._exact, len(self._columns.ids)))
        self._factors = _load_factors(folder, len(self._columns.ids))

    def with_factors(self) -> Version:
        """Return the same version with the current factors; this one keeps its own."""
        other = copy.copy(self)
        other._factors = _load_factors(self._folder, len(self._columns.ids))
        return other

    def info(self) -> IndexInfo:
        """Return the metadata of the version."""
        return self._info

    def candidates(self, question: Question) -> Candidates:
        """Return the union of the best by words, the nearest by meaning, and the movies named by the query."""
        documents.check_question(question, self._info)
        question = replace(question, filters=traits.visible(question.filters, self._info))
        mask = self._mask(question.filters) if question.filters.active else None
        named = self._named(question.name, mask)
        scores = self._words.scores(question.words, question.fields)
        worded = _NOBODY if scores is None else words.best(scores, mask, question.depth)
        meaning = self._compare(question)
        near = _NOBODY if meaning is None else meaning.nearest(mask, question.depth)
        merit = self._by_merit(question, mask)
        rows = np.unique(np.concatenate([worded, near, merit, self._first_named(named)]))
        rows = rows[np.argsort(self._columns.ids[rows])]
        return Candidates(
            words=np.zeros(len(rows), np.float32) if scores is None else scores[rows],
            cosine=np.full(len(rows), np.nan, np.float32) if meaning is None else meaning.cosines(rows),
            match=_bits(named, rows),
            words_best=0.0 if scores is None else float(scores.max(initial=0)),
            **self._facts(rows),
        )

    def listing(self, filters: Filters, *, sort: Sort, offset: int, size: int) -> Listing:
        """Return a slice of the movies that meet `filters`, with exact counts."""
        filters = traits.visible(filters, self._info)
        if not filters.active:
            rows = self._columns.first(sort, None, offset=offset, size=size)
            return Listing(tuple(self._movies.read(rows)), len(self._columns.ids), dict(self._all_facets))
        mask = self._mask(filters)
        rows = self._columns.first(sort, mask, offset=offset, size=size)
        total = int(np.count_nonzero(mask))
        return Listing(tuple(self._movies.read(rows)), total, self._count(bitmaps.pack(mask)))

    def movies(self, ids: Sequence[MovieId]) -> list[Movie]:
        """Return the movies of `ids` in that order, without unknown ids."""
        rows = self._columns.rows(ids)
        return self._movies.read(rows[rows >= 0])

    def vectors(self, ids: Sequence[MovieId], *, multilingual: bool = False) -> Vectors:
        """Return the vectors of `ids`."""
        spaces.check(self._info, multilingual=multilingual)
        return np.array(self._space(multilingual).vectors[self._known_rows(ids)])

    def moods(self, ids: Sequence[MovieId]) -> Vectors:
        """Return the mood scores of `ids`."""
        return np.array(self._moods.scores[self._known_rows(ids)])

    def attachment(self, name: str) -> bytes:
        """Return a blob from the version's folder."""
        return read_attachment(self._folder, name)

    def factors_version(self) -> str:
        """Return the model version of the factors when the version was opened."""
        return self._factors.model

    def search_by_factors(
        self, vector: Vectors, *, model: str, filters: Filters, without: Sequence[int], depth: int
    ) -> FactorMatches:
        """Return the movies with the greatest inner product, by a matrix-vector product."""
        stored = factors.require(self._factors, model)
        filters = traits.visible(filters, self._info)
        mask = self._mask(filters) if filters.active else None
        return stored.best(vector, self._columns, mask=mask, without=without, depth=depth)

    def suggest(self, text: str, *, limit: int) -> list[Suggestion]:
        """Return movies and people whose names start with `text`."""
        return self._names.suggest(text, limit=limit)

    def correct(self, words: Sequence[str]) -> dict[str, Correction]:
        """Return corrections for words that no movie contains."""
        return self._vocabulary.correct(words)

    @cached_property
    def _all_facets(self) -> Facets:
        return self._count(None)

    def _count(self, among: Bits | None) -> Facets:
        """Count every facet over all movies, or those in `among`."""
        values = {**self._columns.values, "mood": self._moods.values}
        return {name: found.count(among) for name, found in values.items()}

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return vocabulary.read(self.attachment(attachments.SPELLING))

    def _mask(self, filters: Filters) -> Mask:
        mask = self._columns.mask(filters)
        for clause in traits.clauses(filters):
            having = self._among(clause) if clause.trait is Trait.MOVIE else self._having(clause)
            mask &= having if clause.wanted else ~having
        return mask

    def _among(self, clause: Clause) -> Mask:
        """Return the movies that a clause names by id; not cached, because it may name thousands."""
        mask = np.zeros(len(self._columns.ids), np.bool_)
        rows = self._columns.rows([int(value) for value in traits.required_terms(clause)])
        mask[rows[rows >= 0]] = True
        return mask

    def _space(self, multilingual: bool) -> Meaning:
        return self._second if multilingual else self._first

    def _known_rows(self, ids: Sequence[MovieId]) -> Rows:
        rows = self._columns.rows(ids)
        if (rows < 0).any():
            raise NotFound(f"no movie has the id {ids[int(np.argmax(rows < 0))]}")
        return rows

    def _named(self, name: str, mask: Mask | None) -> dict[int, int]:
        """Map rows to `Match` bits, for every movie that `name` names."""
        bits: dict[int, int] = {}
        for match, rows in self._exact.named(name).items() if name else ():
            for row in (rows if mask is None else rows[mask[rows]]).tolist():
                bits[row] = bits.get(row, 0) | int(match)
        return bits

    def _first_named(self, named: Mapping[int, int]) -> Rows:
        """Return the movies named by the query that join the candidates: whole titles first, then the most popular."""
        rows = np.array(list(named), dtype=np.int64)
        other = np.array([not bits & Match.TITLE for bits in named.values()], dtype=np.bool_)
        columns = self._columns
        return rows[np.lexsort((columns.ids[rows], -columns.popularity[rows], other))[:MAX_NAMED]]

    def _compare(self, question: Question) -> Comparison | None:
        return None if question.vector is None else self._space(question.multilingual).compare(question.vector)

    def _by_merit(self, question: Question, mask: Mask | None) -> Rows:
        if not question.order:
            return _NOBODY
        rows = None if mask is None else np.flatnonzero(mask)
        return moods.best(question.order, self._columns, self._moods, rows=rows, depth=question.depth)

    def _facts(self, rows: Rows) -> dict[str, Any]:
        """Return the data that candidates carry in addition to their scores."""
        columns = self._columns
        return {
            "ids": columns.ids[rows],
            "year": columns.year[rows],
            "vote_count": columns.votes[rows],
            "vote_average": columns.rating[rows],
            "popularity": columns.popularity[rows],
            "genres": [columns.genre_sets[code] for code in columns.genre_set[rows].tolist()],
            "runtime": columns.runtime[rows],
            "moods": self._moods.scores[rows],
            "terms": self._terms.read(rows),
            "neighbours": self._terms.neighbours(rows),
            "languages": [columns.languages[code] for code in columns.language[rows].tolist()],
        }


def read_info(folder: Path) -> IndexInfo:
    """Return the metadata of the version in `folder`."""
    return documents.read_info(orjson.loads((folder / "info.json").read_bytes()))


def _find(terms: ExactTerms, count: int, clause: Clause) -> Mask:
    """Return the movies with any of the clause's values."""
    mask = np.zeros(count, dtype=np.bool_)
    mask[terms.having(clause)] = True
    return mask


def _bits(named: Mapping[int, int], rows: Rows) -> NDArray[np.int8]:
    """Return the `Match` bits of each of `rows`, int8, (n,)."""
    if not named:
        return np.zeros(len(rows), np.int8)
    return np.array([named.get(row, 0) for row in rows.tolist()], np.int8)


def _load_factors(folder: Path, count: int) -> factors.StoredFactors:
    """Load the factors; without them, scores are computed in the process, so errors are only logged."""
    try:
        return factors.load(folder, count)
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.warning("the factors of the index in %s cannot be read: %s; publish them again", folder, error)
        return factors.NONE
