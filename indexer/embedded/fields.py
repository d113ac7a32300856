"""The fields that tantivy indexes of a movie, and their analysis."""

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
    made = tantivy.Document(**documents.word_fields(movie))
    made.add_unsigned("row", row)
    for name, value in (("votes", movie.vote_count), ("year", movie.year), ("runtime", movie.runtime)):
        if value is not None:
            made.add_integer(name, value)
    if movie.vote_average is not None:
        made.add_float("rating", movie.vote_average)
    for text in documents.phrase_texts(movie):
        made.add_text(schema.PHRASES, text)
    for name, terms in {**documents.title_terms(movie), **traits.terms(movie, moods)}.items():
        for term in terms:
            made.add_text(name, term)
    return made


def build_schema() -> tantivy.Schema:
    """Return the schema of a version's word index."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    for name in schema.WORD_FIELDS:
        builder.add_text_field(name, tokenizer_name=_analyser_name(name), index_option="freq")
    builder.add_text_field(schema.PHRASES, tokenizer_name="whitespace", index_option="position")
    for name in NAMES:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("year", "runtime", "votes"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_float_field("rating", indexed=True, fast=True)
    return builder.build()


def register(index: tantivy.Index) -> tantivy.Index:
    """Register the analysers that the schema refers to."""
    index.register_tokenizer("english", _ENGLISH)
    index.register_tokenizer("names", _NAMES)
    return index


def analyse(text: str, field: str) -> list[str]:
    """Return the distinct terms of a question in a word field."""
    analyser = _NAMES if field == UNSTEMMED else _ENGLISH
    terms: list[str] = analyser.analyze(" ".join(documents.query_words(text)))
    return terms


def _analyser_name(field: str) -> str:
    return "names" if field == UNSTEMMED else "english"


def _build_analyser(*filters: Filter) -> tantivy.TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.whitespace())
    for part in (Filter.lowercase(), Filter.ascii_fold(), *filters):
        builder = builder.filter(part)
    return builder.build()


_NAMES = _build_analyser()
_ENGLISH = _build_analyser(Filter.custom_stopword(list(schema.STOP_WORDS)), Filter.stemmer("english"))
