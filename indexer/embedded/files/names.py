"""The names of movies and people of a version, for as-you-type suggestions."""

from __future__ import annotations

from pathlib import Path

import orjson
import tantivy
from tantivy import Occur, Query

from core.types import Movie, MovieId, Suggestion
from indexer.names import suggestions
from indexer.names.suggestions import Name, Typed

WRITER_HEAP = 64_000_000
LONGEST = 60
"""Characters of a typed text that are used; enough to identify any name."""


class NamesWriter:
    """Collects the names of a draft and writes their index at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[tuple[str, str], Name] = {}

    def add(self, movie: Movie) -> None:
        """Add a movie's titles and people."""
        for name in suggestions.names(movie):
            key = (name.key, name.folded)
            if key not in self._names or name.weight > self._names[key].weight:
                self._names[key] = name

    def finish(self) -> None:
        """Write the index."""
        self._folder.mkdir()
        writer = tantivy.Index(_schema(), path=str(self._folder)).writer(WRITER_HEAP, 1)
        for name in self._names.values():
            writer.add_document(_name_document(name))
        writer.commit()
        writer.wait_merging_threads()


class Names:
    """The names of one version."""

    def __init__(self, folder: Path) -> None:
        index = tantivy.Index.open(str(folder))
        self._schema, self._searcher = index.schema, index.searcher()

    def suggest(self, text: str, *, limit: int) -> list[Suggestion]:
        """Return suggestions for a typed text, best first (`suggestions.rank`)."""
        typed = Typed.of(text[:LONGEST])
        if not typed.spellings or limit < 1:
            return []
        # A movie has up to two names, so twice the limit is sure to yield enough movies.
        found = [name for spelling in typed.spellings for name in self._whole(spelling, 2 * limit)]
        found += self._beginnings("start", typed, 2 * limit)
        if len(found) < limit:
            found += self._beginnings("later", typed, 2 * limit)
        if len(found) < limit and len(typed.text) >= suggestions.MIN_LETTERS_FOR_TYPO:
            for field in ("start", "later"):
                found += self._beginning(field, typed.text, 1, 3 * limit)
        return suggestions.rank(found, text[:LONGEST], limit=limit)

    def _beginnings(self, field: str, typed: Typed, limit: int) -> list[Name]:
        return [name for spelling in typed.spellings for name in self._beginning(field, spelling, 0, limit)]

    def _whole(self, typed: str, limit: int) -> list[Name]:
        query = Query.term_query(self._schema, "start", typed)
        return [_read_name(payload) for payload in self._heaviest(query, limit)]

    def _beginning(self, field: str, typed: str, typos: int, limit: int) -> list[Name]:
        query = Query.fuzzy_term_query(self._schema, field, typed, typos, prefix=True)
        return [_read_name(payload) for payload in self._heaviest(query, limit)]

    def _heaviest(self, query: Query, limit: int) -> list[str]:
        either = Query.boolean_query([(Occur.Must, query)])
        hits = self._searcher.search(either, limit, count=False, order_by_field="weight").hits
        return [str(self._searcher.doc(address).get_first("payload")) for _, address in hits]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("start", "later"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("payload", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_float_field("weight", fast=True)
    return builder.build()


def _name_document(name: Name) -> tantivy.Document:
    payload = orjson.dumps([name.kind, name.text, name.folded, name.weight, name.id, name.year, name.keys]).decode()
    document = tantivy.Document(payload=payload, weight=float(name.weight))
    for field, tails in (("start", suggestions.starts(name)), ("later", suggestions.later_starts(name))):
        for tail in tails:
            document.add_text(field, tail)
    return document


def _read_name(payload: str) -> Name:
    kind, text, folded, weight, movie_id, year, keys = orjson.loads(payload)
    return Name(kind, text, folded, weight, MovieId(movie_id) if movie_id else None, year, tuple(keys))
