"""The names of movies and people of a version, for as-you-type suggestions."""

from __future__ import annotations

import hashlib
from array import array
from pathlib import Path

import numpy as np
import orjson
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from core.types import Movie, MovieId, Suggestion
from indexer.embedded.columns import Rows
from indexer.names import suggestions
from indexer.names.suggestions import Name, Typed

WRITER_HEAP = 64_000_000
LONGEST = 60
"""Characters of a typed text that are used; enough to identify any name."""


class NamesWriter:
    """Collects the names of a draft in a file, and writes their index at the end.

    A movie has some 25 names, most of them of people of many movies. In memory they would take 9 kB for each movie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._draft = folder, folder.with_suffix(".draft")
        self._file = self._draft.open("wb")
        self._keys, self._weights, self._offsets = array("Q"), array("d"), array("Q", [0])

    def add(self, movie: Movie) -> None:
        """Add a movie's titles and people."""
        for name in suggestions.names(movie):
            self._keys.append(_hash(name))
            self._weights.append(name.weight)
            self._offsets.append(self._offsets[-1] + self._file.write(_payload(name)))

    def finish(self) -> None:
        """Write the index."""
        self._file.close()
        self._folder.mkdir()
        writer = tantivy.Index(_schema(), path=str(self._folder)).writer(WRITER_HEAP, 1)
        with self._draft.open("rb") as file:
            for number in _chosen(np.array(self._keys), np.array(self._weights)).tolist():
                file.seek(self._offsets[number])
                writer.add_document(_name_document(file.read(self._offsets[number + 1] - self._offsets[number])))
        self._draft.unlink()
        writer.commit()
        writer.wait_merging_threads()

    def abandon(self) -> None:
        """Close the file of a draft that will not be finished."""
        self._file.close()


def _chosen(keys: NDArray[np.uint64], weights: NDArray[np.float64]) -> Rows:
    """Return the position of the greatest weight of each key, the first of equal ones, in the order of the keys."""
    order = np.lexsort((-weights, keys))
    _, starts = np.unique(keys[order], return_index=True)
    first = np.minimum.reduceat(order, starts) if len(order) else order
    return order[starts][np.argsort(first)]


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


def _hash(name: Name) -> int:
    """Return what identifies a name, in 8 bytes: of a billion names, two would share it once in forty catalogues."""
    identity = f"{name.key}\n{name.folded}".encode()
    return int.from_bytes(hashlib.blake2b(identity, digest_size=8).digest())


def _payload(name: Name) -> bytes:
    return orjson.dumps([name.kind, name.text, name.folded, name.weight, name.id, name.year, name.keys])


def _name_document(payload: bytes) -> tantivy.Document:
    name = _read_name(payload)
    document = tantivy.Document(payload=payload.decode(), weight=float(name.weight))
    for field, tails in (("start", suggestions.starts(name)), ("later", suggestions.later_starts(name))):
        for tail in tails:
            document.add_text(field, tail)
    return document


def _read_name(payload: str | bytes) -> Name:
    kind, text, folded, weight, movie_id, year, keys = orjson.loads(payload)
    return Name(kind, text, folded, weight, MovieId(movie_id) if movie_id else None, year, tuple(keys))
