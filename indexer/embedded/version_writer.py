"""Writer of a version: a folder that is not visible to readers."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import orjson

from core.errors import BuildRejected, NotFound
from core.ports import Entry, IndexInfo, Vectors
from indexer import attachments, documents
from indexer import moods as scores
from indexer.embedded.columns import ColumnsWriter
from indexer.embedded.exact_terms import ExactTermsWriter
from indexer.embedded.files import checksums, moods
from indexer.embedded.files.movies import MoviesWriter
from indexer.embedded.files.names import NamesWriter
from indexer.embedded.files.terms import TermsWriter
from indexer.embedded.meaning import Meaning, graph_folder
from indexer.embedded.words import WordsWriter
from indexer.names.vocabulary import VocabularyWriter
from indexer.vectors import graph, spaces
from indexer.vectors.graph import Graph

WORDS, EXACT_TERMS = "word-scores", "exact-terms"
"""Folders of the scores of words, and of the terms that tantivy finds."""
VECTORS, MULTILINGUAL = "vectors.f32", "multilingual.f32"
"""Files with movie vectors, in the first and the second space."""


class VersionWriter:
    """Writes movies and vectors incrementally; `finish` writes the files that require all of them."""

    def __init__(self, folder: Path, info: IndexInfo, *, exact_up_to: int = graph.EXACT_UP_TO) -> None:
        self.info = info
        self.folder = folder
        self._exact_up_to = exact_up_to
        self._ids: set[int] = set()
        self._moods: list[Mapping[str, float]] = []
        folder.mkdir(parents=True)
        self._columns = ColumnsWriter()
        self._words = WordsWriter(folder / WORDS)
        self._exact = ExactTermsWriter(folder / EXACT_TERMS)
        self._names = NamesWriter(folder / "names")
        self._movies = MoviesWriter(folder)
        self._vocabulary = VocabularyWriter()
        self._terms = TermsWriter(folder)
        self._vectors = (folder / VECTORS).open("wb")
        self._multilingual = (folder / MULTILINGUAL).open("wb") if info.multilingual is not None else None

    def fill(self, entries: Iterable[Entry]) -> None:
        """Append movies.

        Raises:
            BuildRejected: names the movie that cannot be written, and why.
        """
        for entry in entries:
            movie = f"movie {entry.movie.id} ({entry.movie.title})"
            if fault := self._fault(entry):
                raise BuildRejected(f"{movie} cannot be written: {fault}")
            try:
                self._add(entry)
            except (OSError, ValueError) as error:  # tantivy reports a full disk as a ValueError
                raise BuildRejected(f"{movie} cannot be written: {error}") from error

    def attach(self, name: str, content: bytes) -> None:
        """Write a blob, preceded by its checksum.

        Raises:
            BuildRejected: it cannot be written.
        """
        path = self.folder / attachment_name(name)
        try:
            path.write_bytes(attachments.checksum(content).encode() + b"\n" + content)
        except OSError as error:
            raise BuildRejected(f"the attachment {name!r} cannot be written: {error}") from error

    def finish(self) -> None:
        """Write the remaining files and sync everything to disk."""
        self._close_vectors()
        self._write_graphs()
        self._movies.finish()
        self._terms.finish()
        self._columns.save(self.folder)
        moods.save(self.folder, self._moods, self.info.moods)
        self._words.finish()
        self._exact.finish()
        self._names.finish()
        self.attach(attachments.SPELLING, self._vocabulary.content())
        (self.folder / "info.json").write_bytes(orjson.dumps(documents.plain_info(self.info)))
        checksums.save(self.folder)
        for path in (*self.folder.rglob("*"), self.folder):
            sync(path)

    def abandon(self) -> None:
        """Close all files of a draft that will not be finished, even if a full disk keeps them from being flushed."""
        parts = (self._movies, self._terms, self._words, self._exact, self._names)
        for close in (self._close_vectors, *(part.abandon for part in parts)):
            with contextlib.suppress(OSError, ValueError):
                close()

    def _fault(self, entry: Entry) -> str:
        if entry.movie.id in self._ids:
            return "its id occurs twice in the catalogue"
        return spaces.fault(entry, self.info) or scores.fault(entry.moods, self.info.moods)

    def _close_vectors(self) -> None:
        self._vectors.close()
        if self._multilingual is not None:
            self._multilingual.close()

    def _write_graphs(self) -> None:
        """Write the graphs for approximate search, if there are many movies."""
        if len(self._ids) <= self._exact_up_to:
            return
        second = self.info.multilingual
        spaces = {VECTORS: self.info.dimension, **({MULTILINGUAL: second.dimension} if second is not None else {})}
        for name, dimension in spaces.items():
            vectors = Meaning.load(self.folder / name, dimension=dimension).vectors
            Graph.build(vectors).save(graph_folder(self.folder / name))

    def _add(self, entry: Entry) -> None:
        movie = entry.movie
        self._words.add(movie)
        self._exact.add(len(self._ids), movie, moods=entry.moods)
        self._moods.append(entry.moods)
        self._names.add(movie)
        self._columns.add(movie)
        self._movies.add(movie)
        self._vocabulary.add(movie)
        self._terms.add(entry)
        self._vectors.write(_bytes(entry.vector))
        if self._multilingual is not None and entry.multilingual is not None:
            self._multilingual.write(_bytes(entry.multilingual))
        self._ids.add(movie.id)


def _bytes(vector: Vectors) -> bytes:
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def attachment_name(name: str) -> str:
    """Return the name of the file with an attachment."""
    return f"attachment-{attachments.check_name(name)}"


def read_attachment(folder: Path, name: str) -> bytes:
    """Return the blob that `VersionWriter.attach` wrote.

    Raises:
        NotFound: no attachment has this name.
        SearchUnavailable: it is damaged.
    """
    try:
        expected, _, content = (folder / attachment_name(name)).read_bytes().partition(b"\n")
    except FileNotFoundError:
        raise NotFound(f"the index {folder.name} has no attachment {name!r}") from None
    return attachments.check_content(name, content, expected.decode("ascii", errors="replace"))


def sync(path: Path) -> None:
    """Sync a file, or the entries of a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
