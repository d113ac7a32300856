"""Search by words with tantivy: what is indexed of a film, and the queries over it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import FieldType, Filter, Occur, Query, TextAnalyzerBuilder, Tokenizer

from core import texts
from core.types import Filters, Movie
from indexer import documents, schema
from indexer.embedded.columns import Rows

UNSTEMMED = "people"
"""Names are not English words; the only word field that is neither stemmed nor rid of stop words."""
WRITER_HEAP = 128_000_000
"""Bytes: tens of thousands of films fit into one segment."""
_LUCENE_SCALE = 1 / (schema.BM25_K1 + 1)
"""Lucene leaves the constant factor k1 + 1 out of BM25, tantivy keeps it."""
_LARGEST = 2**53
"""Bounds beyond it would not fit a column and mean no bound."""

Scores = NDArray[np.float32]


class WordsWriter:
    """Writes the word index of a draft."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._writer = _open(tantivy.Index(_schema(), path=str(folder))).writer(WRITER_HEAP, 1)

    def add(self, row: int, movie: Movie) -> None:
        """Index one film under its row."""
        document = tantivy.Document(**documents.word_fields(movie))
        document.add_unsigned("row", row)
        for name, value in (("votes", movie.vote_count), ("year", movie.year), ("runtime", movie.runtime)):
            if value is not None:
                document.add_integer(name, value)
        if movie.vote_average is not None:
            document.add_float("rating", movie.vote_average)
        for name, terms in _terms(movie).items():
            for term in terms:
                document.add_text(name, term)
        self._writer.add_document(document)

    def finish(self) -> None:
        """Make everything durable; no film can be added afterwards."""
        self._writer.commit()
        self._writer.wait_merging_threads()

    def abandon(self) -> None:
        """Stop writing: until its threads have ended they would write into a folder that is being removed."""
        # A writer that has failed or finished says so here, which is no news.
        with contextlib.suppress(ValueError, RuntimeError):
            self._writer.wait_merging_threads()


class Words:
    """The word index of one version. Films are rows here."""

    def __init__(self, folder: Path) -> None:
        self._index = _open(tantivy.Index.open(str(folder)))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    def query(self, text: str, fields: Sequence[tuple[str, float]]) -> Query | None:
        """The sum over fields and words of boost times BM25; None where nothing is left to look for.

        Raises:
            ValueError: for a field that is not one of `schema.WORD_FIELDS`.
        """
        clauses = []
        for name, boost in fields:
            if name not in schema.WORD_FIELDS:
                raise ValueError(f"fields: expected some of {', '.join(schema.WORD_FIELDS)}, got {name!r}")
            terms = self._analyse(text, name) if boost > 0 else []
            either = [(Occur.Should, self._term(name, term, "freq")) for term in terms]
            if either:
                clauses.append((Occur.Should, Query.boost_query(Query.boolean_query(either), boost * _LUCENE_SCALE)))
        return Query.boolean_query(clauses) if clauses else None

    def best(self, query: Query, *, filters: Filters, depth: int) -> tuple[Rows, Scores]:
        """The best rows and their scores, best first."""
        conditions = [(Occur.Must, Query.const_score_query(part, 0.0)) for part in self._conditions(filters)]
        return self._search(Query.boolean_query([(Occur.Must, query), *conditions]) if conditions else query, depth)

    def score(self, query: Query, rows: Rows) -> Scores:
        """The score of each of `rows`, 0 where no word matches."""
        among = Query.const_score_query(Query.term_set_query(self._schema, "row", rows.tolist()), 0.0)
        found, scores = self._search(Query.boolean_query([(Occur.Must, among), (Occur.Must, query)]), len(rows))
        order = np.argsort(rows)
        every = np.zeros(len(rows), dtype=np.float32)
        every[order[np.searchsorted(rows, found, sorter=order)]] = scores
        return every

    def titled(self, name: str) -> Rows:
        """The films whose folded title or original title is `name`."""
        return self._matching([("title_name", name)])

    def with_title_words(self, name: str) -> Rows:
        """The films whose titles have every word of `name`."""
        return self._matching([("title_word", word) for word in texts.words(name)])

    def of_person(self, name: str) -> Rows:
        """The films among whose people the folded `name` is."""
        return self._matching([("person_name", name)])

    def knows(self, word: str) -> bool:
        """Whether a search for `word` finds anything, or leaves it out as a stop word."""
        terms = self._analyse(word, "text")
        return not terms or any(
            self._searcher.doc_freq(name, term) > 0
            for name in ("text", UNSTEMMED)
            for term in self._analyse(word, name)
        )

    def _analyse(self, text: str, field: str) -> list[str]:
        analyser = _NAMES if field == UNSTEMMED else _ENGLISH
        terms: list[str] = analyser.analyze(" ".join(documents.query_words(text)))
        return terms

    def _term(self, field: str, term: str, option: str = "basic") -> Query:
        return Query.term_query(self._schema, field, term, index_option=option)

    def _matching(self, terms: Iterable[tuple[str, str]]) -> Rows:
        clauses = [(Occur.Must, self._term(field, term)) for field, term in terms if term]
        if not clauses:
            return np.zeros(0, dtype=np.int64)
        return self._search(Query.boolean_query(clauses), max(1, self._searcher.num_docs))[0]

    def _search(self, query: Query, depth: int) -> tuple[Rows, Scores]:
        hits = self._searcher.search(query, max(1, depth), count=False).hits if depth else []
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return np.array(rows, dtype=np.int64), np.array([score for score, _ in hits], dtype=np.float32)

    def _conditions(self, filters: Filters) -> list[Query]:
        genres = [self._term("genre", texts.fold(genre)) for genre in filters.genres]
        either = [Query.boolean_query([(Occur.Should, genre) for genre in genres])] if genres else []
        terms = (("person_name", texts.fold(filters.person)), ("language", filters.language))
        ranges = (
            ("year", FieldType.Integer, filters.year_from, filters.year_to),
            ("runtime", FieldType.Integer, filters.runtime_min, filters.runtime_max),
            ("votes", FieldType.Integer, filters.votes_min, None),
            ("rating", FieldType.Float, filters.rating_min, None),
        )
        return [
            *(genres if filters.all_genres else either),
            *(self._term(field, term) for field, term in terms if term),
            *(self._range(*bounds) for bounds in ranges if bounds[2] is not None or bounds[3] is not None),
        ]

    def _range(self, field: str, kind: FieldType, least: float | None, most: float | None) -> Query:
        low, high = (-_LARGEST if least is None else least), (_LARGEST if most is None else most)
        as_number = float if kind is FieldType.Float else int
        low, high = (as_number(min(max(bound, -_LARGEST), _LARGEST)) for bound in (low, high))
        return Query.range_query(self._schema, field, kind, low, high)


def _terms(movie: Movie) -> dict[str, list[str]]:
    """The whole terms of a film: what filters and names are compared with, letter by letter."""
    return {
        "title_name": documents.title_names(movie),
        "title_word": documents.title_words(movie),
        "person_name": documents.person_names(movie),
        "genre": [texts.fold(genre) for genre in movie.genres],
        "language": [movie.language] if movie.language else [],
    }


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    for name in schema.WORD_FIELDS:
        builder.add_text_field(name, tokenizer_name=_analyser_name(name), index_option="freq")
    for name in ("title_name", "title_word", "person_name", "genre", "language"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("year", "runtime", "votes"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_float_field("rating", indexed=True, fast=True)
    return builder.build()


def _open(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer("english", _ENGLISH)
    index.register_tokenizer("names", _NAMES)
    return index


def _analyser_name(field: str) -> str:
    return "names" if field == UNSTEMMED else "english"


def _build_analyser(*filters: Filter) -> tantivy.TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.whitespace())
    for part in (Filter.lowercase(), Filter.ascii_fold(), *filters):
        builder = builder.filter(part)
    return builder.build()


_NAMES = _build_analyser()
_ENGLISH = _build_analyser(Filter.custom_stopword(list(schema.STOP_WORDS)), Filter.stemmer("english"))
