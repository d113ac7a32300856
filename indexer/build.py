"""Zero-downtime builds: create a draft, fill, verify, publish atomically, prune. Shared by both engines."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.errors import BuildRejected, MarqueeError, NotFound, SearchUnavailable
from core.ports import Changes, Entry, IndexInfo, IndexStore, Vectors
from core.types import Movie
from indexer import changes, schema, verification
from indexer.analysis import terms
from indexer.vectors import neighbours, spaces

Progress = Callable[[int, int], None]
"""Called with the number of movies written and the total number."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a build's movies and vectors, stored in the index (`IndexInfo`)."""

    encoder: str
    recipe: str
    catalogue: str
    catalogue_hash: str
    notice: str = ""
    moods: tuple[str, ...] = ()
    """Names of the moods that the movies are scored by."""
    moods_hash: str = ""
    """Identifies the mood table that the scores were computed from."""
    multilingual: str = ""
    """Name of the encoder of the second space; empty if there is none."""
    tags: str = ""
    """Identifies the tag files used in addition to the catalogue; empty if there are none."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The result of a build."""

    version: str
    count: int
    seconds: float
    verified: int
    """Number of known queries that found their movie."""
    previous: str | None
    """The previously published version, kept for rollback."""
    pruned: tuple[str, ...]
    """Older versions and abandoned drafts that were deleted."""
    written: int
    """Movies that were written; the others were copied from the previous version."""
    changes: Changes | None = None
    """What was written, if the version began as a copy."""


def build(
    store: IndexStore,
    movies: Sequence[Movie],
    *,
    vectors: Vectors,
    origin: Origin,
    moods: Sequence[Mapping[str, float]] | None = None,
    multilingual: Vectors | None = None,
    attachments: Mapping[str, bytes] | None = None,
    progress: Progress = lambda _done, _total: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> BuildReport:
    """Build and publish a version with `movies`; readers see the old version until the new one is verified.

    Args:
        store: the engine's versions.
        movies: the movies, without duplicate ids.
        vectors: float32, (n_movies, dimension), unit rows, in the order of `movies`.
        origin: the metadata of movies and vectors.
        moods: the scores of each movie by mood (`Entry.moods`), in the order of `movies`; None without moods.
        multilingual: vectors of the second space, if any, in the format and order of `vectors`.
        attachments: blobs to store with the movies, by name (`IndexStore.attach`).
        progress: called after each movie written.
        now: the clock; versions are named after the time.

    Raises:
        BuildRejected: says why; the draft was deleted and the published version is unchanged.
    """
    started = time.monotonic()
    if faults := verification.check_input(movies, vectors, moods, multilingual):
        raise _rejection(faults)
    info = _info(movies, vectors, multilingual, origin, now())
    swept = store.remove_abandoned()
    previous = store.published()
    prepared = _Prepared(movies, vectors, multilingual, moods or [{}] * len(movies))
    plan = _since_published(store, info, prepared.digests)
    copied = store.begin(info, changes=plan[0] if plan is not None else None)
    changed, carried = plan if plan is not None and copied else (None, 0)
    added = {**(attachments or {}), changes.NAME: changes.Written(prepared.digests, carried).dump()}
    with contextlib.ExitStack() as undo, _failures_as_rejections():
        undo.callback(_discard, store, info.version)  # if the build ends before it is published
        store.fill(info.version, prepared.entries(progress))
        for name, content in added.items():
            store.attach(info.version, name, content)
        store.finish(info.version)
        drafted = store.open(info.version)
        verified, faults = verification.verify(drafted, movies, vectors=vectors, multilingual=multilingual, info=info)
        faults += verification.verify_attachments(drafted, added)
        if faults:
            raise _rejection(faults)
        store.publish(info.version)
        undo.pop_all()
    pruned = _prune(store, keep={info.version, previous})
    seconds = time.monotonic() - started
    written = len(movies) - (len(changed.kept) if changed is not None else 0)
    return BuildReport(info.version, len(movies), seconds, verified, previous, (*swept, *pruned), written, changed)


def rollback(store: IndexStore) -> str:
    """Publish the version before the published one and return its name.

    Raises:
        NotFound: there is no such version.
    """
    published = store.published()
    earlier = [version for version in store.versions() if published is not None and version < published]
    if not earlier:
        raise NotFound("there is no earlier version of the index to roll back to; it is kept from the second build on")
    store.open(earlier[-1]).info()
    store.publish(earlier[-1])
    return earlier[-1]


@contextlib.contextmanager
def _failures_as_rejections() -> Iterator[None]:
    """Turn external errors during a build into `BuildRejected`, which says why nothing was published."""
    try:
        yield
    except BuildRejected:
        raise
    except (OSError, MarqueeError) as error:
        raise _rejection([str(error)]) from error


def _info(
    movies: Sequence[Movie], vectors: Vectors, multilingual: Vectors | None, origin: Origin, now: datetime
) -> IndexInfo:
    return IndexInfo(
        version=now.strftime("%Y%m%d-%H%M%S-%f"),
        count=len(movies),
        dimension=vectors.shape[1],
        encoder=origin.encoder,
        recipe=origin.recipe,
        schema=schema.REVISION,
        catalogue=origin.catalogue,
        catalogue_hash=origin.catalogue_hash,
        built_at=now.isoformat(timespec="seconds"),
        centroid=spaces.centroid(vectors),
        notice=origin.notice,
        moods=origin.moods,
        moods_hash=origin.moods_hash,
        multilingual=None
        if multilingual is None
        else spaces.describe(origin.multilingual, multilingual, first=vectors),
        tagged=sum(bool(movie.tags) for movie in movies),
        adult=sum(movie.adult for movie in movies),
        tags=origin.tags,
    )


@dataclass(frozen=True)
class _Prepared:
    """The movies of a build, with everything that is written of them; one row of each for every movie."""

    movies: Sequence[Movie]
    vectors: Vectors
    multilingual: Vectors | None
    moods: Sequence[Mapping[str, float]]

    @cached_property
    def neighbours(self) -> NDArray[np.int64]:
        return neighbours.nearest(self.vectors, np.array([movie.id for movie in self.movies], np.int64))

    @cached_property
    def digests(self) -> changes.Digests:
        return changes.digests(self.movies, self.vectors, self.multilingual, self.neighbours)

    def entries(self, progress: Progress) -> Iterator[Entry]:
        """Yield what is written of each movie."""
        counted = deque(map(terms.count, self.movies))  # 3 kB each, and not needed after the movie
        weighing = terms.Weighing.of(counted)
        second = [None] * len(self.movies) if self.multilingual is None else self.multilingual
        rows = zip(self.movies, self.vectors, second, self.moods, self.neighbours, strict=True)
        for done, (movie, vector, other, scores, near) in enumerate(rows, start=1):
            weighed = weighing.weigh(counted.popleft()) + terms.positions(movie)
            yield Entry(movie, vector, scores, terms=weighed, neighbours=tuple(near.tolist()), multilingual=other)
            progress(done, len(self.movies))


def _since_published(store: IndexStore, info: IndexInfo, fresh: changes.Digests) -> tuple[Changes, int] | None:
    """Return what has changed since the published version; None without one, or if it is of another format."""
    try:
        published = store.open()
        return changes.since(changes.read(published.attachment(changes.NAME)), published.info(), info, fresh)
    except (SearchUnavailable, NotFound):  # none, unreadable, or of an older release: all movies are written
        return None


def _discard(store: IndexStore, version: str) -> None:
    # A failed cleanup must not hide the original error; the next build prunes what is left.
    with contextlib.suppress(MarqueeError, OSError):
        if store.published() != version:
            store.delete(version)


def _prune(store: IndexStore, *, keep: set[str | None]) -> list[str]:
    pruned = [version for version in store.versions() if version not in keep]
    for version in pruned:
        store.delete(version)
    return pruned


def _rejection(reasons: Sequence[str]) -> BuildRejected:
    return BuildRejected("the index was not published; the previous one still serves:\n  " + "\n  ".join(reasons))
