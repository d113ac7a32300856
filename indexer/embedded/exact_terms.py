"""Movies with given titles, names, traits and phrases, found by tantivy: nothing here has a score."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import tantivy
from tantivy import Occur, Query

from core import texts
from core.ports import Match
from core.types import Clause, Movie
from indexer.embedded import conditions, fields
from indexer.embedded.columns import Rows

WRITER_HEAP = 128_000_000
"""Bytes: enough to write tens of thousands of movies into one segment."""


class ExactTermsWriter:
    """Writes the terms of a draft."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._writer = tantivy.Index(fields.build_schema(), path=str(folder)).writer(WRITER_HEAP, 1)

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


class ExactTerms:
    """The terms of one version. Movies are identified by row."""

    def __init__(self, folder: Path) -> None:
        index = tantivy.Index.open(str(folder))
        self._schema = index.schema
        self._searcher = index.searcher()

    def having(self, clause: Clause) -> Rows:
        """Return the movies with any of the clause's values, wanted or not."""
        return self._search(conditions.having(self._schema, clause))

    def named(self, name: str) -> dict[Match, Rows]:
        """Return the movies that `name` names, by kind of match."""
        keys = texts.title_query_keys(name)
        words = [(Occur.Must, conditions.term(self._schema, "title_word", word)) for word in texts.terms(name)]
        person = texts.fold(name)
        queries = {
            Match.TITLE: self._any("title_key", keys),
            Match.TITLE_PART: self._any("title_part", keys),
            Match.TITLE_WORDS: Query.boolean_query(words) if words else Query.empty_query(),
            Match.PERSON: self._any("person_name", (person,) if person else ()),
        }
        return {match: self._search(query) for match, query in queries.items()}

    def _any(self, field: str, values: Iterable[str]) -> Query:
        return conditions.any_of([conditions.term(self._schema, field, value) for value in values])

    def _search(self, query: Query) -> Rows:
        every = max(1, self._searcher.num_docs)
        hits = self._searcher.search(Query.const_score_query(query, 0.0), every, count=False).hits
        return np.array(self._searcher.fast_field_values("row", [address for _, address in hits]), dtype=np.int64)
