"""The published version: readers follow the pointer file."""

from __future__ import annotations

import logging
import threading
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import IndexMissing, SearchUnavailable
from core.ports import Candidates, FactorMatches, IndexInfo, Listing, Question, Vectors
from core.types import Correction, Filters, Movie, MovieId, Sort, Suggestion
from indexer import schema
from indexer.embedded.files import checksums, factors
from indexer.embedded.version import Version, read_info
from indexer.embedded.version_writer import WORDS

LOOK_EVERY = 1.0
"""Seconds between two checks of the pointer file and of the manifest of the factors."""
_ATTEMPTS = 3
"""Attempts to open a version: it can be pruned between reading the pointer and opening the folder by two builds."""

log = logging.getLogger(__name__)

Fingerprint = tuple[int, int]


class Published:
    """A `MovieIndex` that follows publications; each call is answered by a single version."""

    def __init__(self, root: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._root = root
        self._clock = clock
        self._lock = threading.Lock()
        self._version: Version | None = None
        self._fingerprint: Fingerprint = (0, 0)
        self._factors_fingerprint: Fingerprint = (0, 0)
        self._looked = float("-inf")
        self._lost = False
        """Whether the last publication could not be read; logged once."""

    def info(self) -> IndexInfo:
        """Return the metadata of the published version."""
        return self._current().info()

    def candidates(self, question: Question) -> Candidates:
        """See `Version.candidates`."""
        return self._current().candidates(question)

    def listing(self, filters: Filters, *, sort: Sort, offset: int, size: int) -> Listing:
        """See `Version.listing`."""
        return self._current().listing(filters, sort=sort, offset=offset, size=size)

    def movies(self, ids: Sequence[MovieId]) -> list[Movie]:
        """See `Version.movies`."""
        return self._current().movies(ids)

    def vectors(self, ids: Sequence[MovieId], *, multilingual: bool = False) -> Vectors:
        """See `Version.vectors`."""
        return self._current().vectors(ids, multilingual=multilingual)

    def moods(self, ids: Sequence[MovieId]) -> Vectors:
        """See `Version.moods`."""
        return self._current().moods(ids)

    def attachment(self, name: str) -> bytes:
        """See `Version.attachment`."""
        return self._current().attachment(name)

    def factors_version(self) -> str:
        """See `Version.factors_version`."""
        return self._current().factors_version()

    def search_by_factors(
        self, vector: Vectors, *, model: str, filters: Filters, without: Sequence[int], depth: int
    ) -> FactorMatches:
        """See `Version.search_by_factors`."""
        return self._current().search_by_factors(vector, model=model, filters=filters, without=without, depth=depth)

    def suggest(self, text: str, *, limit: int) -> list[Suggestion]:
        """See `Version.suggest`."""
        return self._current().suggest(text, limit=limit)

    def correct(self, words: Sequence[str]) -> dict[str, Correction]:
        """See `Version.correct`."""
        return self._current().correct(words)

    def _current(self) -> Version:
        version = self._version
        if version is not None and self._clock() - self._looked < LOOK_EVERY:
            return version
        with self._lock:
            if self._version is None:
                self._look()
            elif self._clock() - self._looked >= LOOK_EVERY:
                self._look_or_keep()
            assert self._version is not None  # noqa: S101 (_look raises otherwise)
            return self._version

    def _look_or_keep(self) -> None:
        """Follow a publication; while it cannot be read, keep the loaded version."""
        try:
            self._look()
        except (SearchUnavailable, OSError, ValueError) as error:
            if not self._lost:
                log.error("keeping the loaded index: %s", error)
            self._lost = True
            self._looked = self._clock()
        else:
            self._lost = False

    def _look(self) -> None:
        fingerprint = _fingerprint(self._root / POINTER)
        if self._version is None or fingerprint != self._fingerprint:
            self._version = _load(self._root)
            self._fingerprint = fingerprint
            self._factors_fingerprint = (0, 0)
        # Recorded before the factors are read: a publication in between is noticed at the next check.
        manifest = _fingerprint(self._root / self._version.info().version / factors.MANIFEST)
        if manifest != self._factors_fingerprint:
            self._version = self._version.with_factors()
            self._factors_fingerprint = manifest
        self._looked = self._clock()


POINTER = "current"
"""Name of the file with the published version; replaced atomically."""


def read_pointer(root: Path) -> str | None:
    """Return the published version, or None."""
    try:
        return (root / POINTER).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def load(root: Path, version: str) -> Version:
    """Open a version.

    Raises:
        IndexMissing: it does not exist, or has another schema revision.
        SearchUnavailable: its files cannot be read.
    """
    folder = root / version
    if not (folder / "info.json").is_file():
        raise IndexMissing(f"there is no index version {version!r} in {root}; build one with `marquee index`")
    if not (folder / WORDS).is_dir():
        raise IndexMissing(
            f"the index in {folder} was built by an older version of Marquee; rebuild it with `marquee index`"
        )
    try:
        revision = read_info(folder).schema
        opened = _verified(folder) if revision == schema.REVISION else None
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise SearchUnavailable(
            f"the index in {folder} cannot be read ({error}); rebuild it with `marquee index`"
        ) from error
    if opened is None:
        raise IndexMissing(
            f"the index in {folder} has schema revision {revision}, expected {schema.REVISION}; "
            "rebuild it with `marquee index`"
        )
    return opened


def _verified(folder: Path) -> Version:
    checksums.verify(folder)
    return Version(folder)


def _load(root: Path) -> Version:
    for attempt in range(_ATTEMPTS):
        version = read_pointer(root)
        if version is None:
            break
        try:
            return load(root, version)
        except IndexMissing:
            if attempt == _ATTEMPTS - 1 or read_pointer(root) == version:
                raise
    raise IndexMissing(f"no index is published in {root}; build one with `marquee index`")


def _fingerprint(pointer: Path) -> Fingerprint:
    try:
        status = pointer.stat()
    except FileNotFoundError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_ino)
