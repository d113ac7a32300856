"""Search by words with tantivy: queries over the word index of a version."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from core import texts
from core.ports import Match
from core.types import Clause, Filters, Movie
from indexer import schema
from indexer.embedded import conditions, fields
from indexer.embedded.columns import Rows

WRITER_HEAP = 128_000_000
"""Bytes: enough to write tens of thousands of movies into one segment."""
_LUCENE_SCALE = 1 / (schema.BM25_K1 + 1)
"""Lucene omits the constant factor k1 + 1 of BM25; tantivy keeps it."""

Scores = NDArray[np.float32]


class WordsWriter:
    """Writes the word index of a draft."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        index = tantivy.Index(fields.build_schema(), path=str(folder))
        self._writer = fields.register(index).writer(WRITER_HEAP, 1)

    def add(self, row: int, movie: Movie, *, moods: Iterable[str] = ()) -> None:
        """Index a movie with its row."""
        self._writer.add_document(fields.document(row, movie, moods=moods))

    def finish(self) -> None:
        """Commit everything; no movie can be added afterwards."""
        self._writer.commit()
        self._writer.wait_merging_threads()

    def abandon(self) -> None:
        """Stop writing, since the writer's threads would otherwise write into a folder being deleted."""
        # A writer that has already failed or finished raises here, which can be ignored.
        with contextlib.suppress(ValueError, RuntimeError):
            self._writer.wait_merging_threads()


class Words:
    """The word index of one version. Movies are identified by row."""

    def __init__(self, folder: Path) -> None:
        self._index = fields.register(tantivy.Index.open(str(folder)))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    def query(self, text: str, weights: Sequence[tuple[str, float]]) -> Query | None:
        """Return the sum over fields and words of boost times BM25, or None if there are no words.

        Raises:
            ValueError: for a field that is not one of `schema.WORD_FIELDS`.
        """
        clauses = []
        for name, boost in weights:
            if name not in schema.WORD_FIELDS:
                raise ValueError(f"fields: expected some of {', '.join(schema.WORD_FIELDS)}, got {name!r}")
            terms = fields.analyse(text, name) if boost > 0 else []
            either = [(Occur.Should, self._term(name, term, "freq")) for term in terms]
            if either:
                clauses.append((Occur.Should, Query.boost_query(Query.boolean_query(either), boost * _LUCENE_SCALE)))
        return Query.boolean_query(clauses) if clauses else None

    def best(self, query: Query, *, filters: Filters, depth: int) -> tuple[Rows, Scores]:
        """Return the best rows and their scores, best first."""
        parts = conditions.of_filters(self._schema, filters)
        return self._search(Query.boolean_query([(Occur.Must, query), *parts]) if parts else query, depth)

    def score(self, query: Query, rows: Rows) -> Scores:
        """Return the score of each of `rows`, 0 if no word matches."""
        among = Query.const_score_query(Query.term_set_query(self._schema, "row", rows.tolist()), 0.0)
        found, scores = self._search(Query.boolean_query([(Occur.Must, among), (Occur.Must, query)]), len(rows))
        order = np.argsort(rows)
        every = np.zeros(len(rows), dtype=np.float32)
        every[order[np.searchsorted(rows, found, sorter=order)]] = scores
        return every

    def having(self, clause: Clause) -> Rows:
        """Return the movies with any of the clause's values, wanted or not."""
        query = Query.const_score_query(conditions.having(self._schema, clause), 0.0)
        return self._search(query, self._searcher.num_docs)[0]

    def named(self, name: str) -> dict[Match, Rows]:
        """Return the movies that `name` names, by kind of match."""
        keys = texts.title_query_keys(name)
        words = [(Occur.Must, self._term("title_word", word)) for word in texts.terms(name)]
        person = texts.fold(name)
        queries = {
            Match.TITLE: self._any("title_key", keys),
            Match.TITLE_PART: self._any("title_part", keys),
            Match.TITLE_WORDS: Query.boolean_query(words) if words else Query.empty_query(),
            Match.PERSON: self._any("person_name", (person,) if person else ()),
        }
        return {match: self._search(query, self._searcher.num_docs)[0] for match, query in queries.items()}

    def _term(self, field: str, term: str, option: str = "basic") -> Query:
        return Query.term_query(self._schema, field, term, index_option=option)

    def _any(self, field: str, terms: Iterable[str]) -> Query:
        return Query.boolean_query([(Occur.Should, self._term(field, term)) for term in terms])

    def _search(self, query: Query, depth: int) -> tuple[Rows, Scores]:
        hits = self._searcher.search(query, max(1, depth), count=False).hits if depth else []
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return np.array(rows, dtype=np.int64), np.array([score for score, _ in hits], dtype=np.float32)
