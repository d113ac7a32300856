"""The terms of a movie that tantivy indexes, and the analysis of its words."""

from __future__ import annotations

from collections.abc import Iterable

import tantivy
from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

from core.types import Movie
from indexer import documents, schema
from indexer.analysis import traits

UNSTEMMED = "people"
"""Names are not English words; the only word field without stemming and stop words."""
NAMES = ("title_key", "title_part", "title_word", *traits.FIELDS.values())
"""Fields of whole terms, compared literally."""


def document(row: int, movie: Movie, *, moods: Iterable[str]) -> tantivy.Document:
    """Return the document of a movie with its row."""
    made = tantivy.Document()
    made.add_unsigned("row", row)
    if movie.year is not None:
        made.add_integer("year", movie.year)
    for text in documents.phrase_texts(movie):
        made.add_text(schema.PHRASES, text)
    for name, values in {**documents.title_terms(movie), **traits.terms(movie, moods)}.items():
        for value in values:
            made.add_text(name, value)
    return made


def build_schema() -> tantivy.Schema:
    """Return the schema of a version's terms."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", fast=True)
    builder.add_text_field(schema.PHRASES, tokenizer_name="whitespace", index_option="position")
    for name in NAMES:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("year", indexed=True, fast=True)
    return builder.build()


def terms(text: str, field: str) -> list[str]:
    """Return the terms of a word field in order; `text` is as in `documents.word_fields`."""
    found: list[str] = (_NAMES if field == UNSTEMMED else _ENGLISH).analyze(text)
    return found


def asked_terms(text: str, field: str) -> list[str]:
    """Return the terms of a question in a word field; different words with the same stem count twice."""
    return terms(" ".join(documents.query_words(text)), field)


def _build_analyser(*filters: Filter) -> tantivy.TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.whitespace())
    for part in (Filter.lowercase(), Filter.ascii_fold(), *filters):
        builder = builder.filter(part)
    return builder.build()


_NAMES = _build_analyser()
_ENGLISH = _build_analyser(Filter.custom_stopword(list(schema.STOP_WORDS)), Filter.stemmer("english"))
