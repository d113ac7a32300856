"""Versions in Elasticsearch: one index each, and an alias for the published one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import helpers

from core.config import Settings
from core.errors import BuildRejected, IndexMissing, MarqueeError
from core.ports import Entry, Factors, IndexInfo, MovieIndex
from indexer import attachments, moods
from indexer import factors as shared
from indexer.elastic import blobs, factor_writes, mapping, published_index, vector_options
from indexer.elastic.cluster import build_lock, builders, client, errors
from indexer.elastic.cluster.builders import Heartbeat
from indexer.elastic.factor_writes import FactorUpdate
from indexer.elastic.published_index import ElasticIndex
from indexer.elastic.vector_options import VectorOptions
from indexer.names.vocabulary import VocabularyWriter
from indexer.vectors import spaces

logger = logging.getLogger(__name__)

CHUNK = 500
"""Movies sent at once: about 5 MB, far below Elasticsearch's limit of 100 MB, but enough to amortize a call."""
RETRIES = 5
"""Retries for a movie that Elasticsearch rejects because it is busy."""
FIRST_PAUSE = client.FIRST_PAUSE
"""Seconds before the first of these retries; doubled each time, 15 s in total."""
NAMED_FAILURES = 5
"""Movies listed in a rejection; with more failures, the cause is not the movies."""

_DRAFT = "-draft"
"""Drafts are filled through an alias that must exist, so that no document ever creates an index."""


@dataclass(slots=True)
class _VersionWriter:
    """A draft being filled by this store."""

    info: IndexInfo
    options: VectorOptions
    ids: set[int] = field(default_factory=set)
    """The ids of movies sent."""
    vocabulary: VocabularyWriter = field(default_factory=VocabularyWriter)
    finished: bool = False
    """Whether it is complete, and waits to be published or deleted."""


class ElasticStore:
    """An `IndexStore` in an Elasticsearch cluster.

    Args:
        settings: the addresses, credentials and limits.
        interactive: whether somebody waits for what is read from the published version (short time-outs, no retries).
            Everything else is batch work.
        first_pause: seconds before the first retry of batch work.
        patience: seconds to wait for overwritten documents (`FactorUpdate`).
    """

    def __init__(
        self,
        settings: Settings,
        *,
        interactive: bool = False,
        first_pause: float = FIRST_PAUSE,
        patience: float = factor_writes.PATIENCE,
    ) -> None:
        self._settings = settings
        self._alias = settings.elasticsearch_index
        self._first_pause = first_pause
        self._patience = patience
        self.batch = client.connect(settings, batch=True, first_pause=first_pause)
        self._reader = client.connect(settings, batch=False) if interactive else self.batch
        self._drafts: dict[str, _VersionWriter] = {}
        self._heartbeat: Heartbeat | None = None
        """Tells other builds that this one runs, from `begin` until its version is published or deleted."""
        self._writing_meta = threading.Lock()

    def begin(self, info: IndexInfo) -> None:
        """Create an index that is not visible to readers.

        Raises:
            BuildRejected: the version exists, or another build is running.
        """
        index = self._index(info.version)
        shards = self._settings.elasticsearch_shards
        options = vector_options.chosen(self._settings, info)
        body = mapping.create(info, alias=self._alias, shards=shards, builder=builders.identity(), options=options)
        known = self._read()
        if running := next((own["builder"] for own in known.values() if self._is_of_another(own)), None):
            raise build_lock.taken(self.batch, running)
        if info.version in known:
            raise BuildRejected(
                f"version {info.version} already exists in Elasticsearch at {self.batch.context.address}"
            )
        build_lock.acquire(self.batch, self._alias)
        self._drafts[info.version] = _VersionWriter(info, options)
        try:
            with errors.translated(self.batch.context):
                self.batch.client.indices.create(index=index, aliases={index + _DRAFT: {}}, **body)
        except MarqueeError:
            self._end(info.version)
            raise
        self._heartbeat = self._heartbeat or Heartbeat(self._beat)

    def fill(self, version: str, entries: Iterable[Entry]) -> None:
        """Send movies to the draft; those rejected because the cluster is busy are sent again."""
        draft = self._drafting(version)
        with errors.translated(self.batch.context):
            actions = _actions(entries, draft)
            failures = list(self._send(version, actions, chunk=CHUNK))
        if failures:
            raise BuildRejected(self._describe([next(iter(item.values())) for item in failures]))

    def attach(self, version: str, name: str, content: bytes) -> None:
        """Send a blob to the draft, one document per part."""
        self._drafting(version)
        self._attach(version, attachments.check_free(name), content)

    def finish(self, version: str) -> None:
        """Merge, refresh, add replicas, and mark the version as finished."""
        self._attach(version, attachments.SPELLING, self._drafting(version).vocabulary.content())
        index = self._index(version)
        _, meta = published_index.read_one(self.batch, index)
        info, layout = mapping.read_meta(meta)
        options = vector_options.read(meta["marquee"])
        whole = {"index": {"number_of_replicas": self._settings.elasticsearch_replicas, "refresh_interval": None}}
        indices = self.batch.client.indices
        with errors.translated(self.batch.context):
            indices.refresh(index=index)
            if layout.exact:
                # One segment is fastest; with a graph of many movies, merging costs more than it gains.
                indices.forcemerge(index=index, max_num_segments=1)
            indices.put_settings(index=index, settings=whole)
            # A repeated call must not fail because the first one succeeded after all.
            gone = {"remove": {"index": index, "alias": index + _DRAFT, "must_exist": False}}
            indices.update_aliases(actions=[gone])
            with self._writing_meta:
                done = mapping.meta(info, alias=self._alias, layout=layout, finished=True, options=options)
                indices.put_mapping(index=index, meta=done)
                self._drafts[version].finished = True

    def _beat(self) -> None:
        """Record that the builds of this store are running."""
        build_lock.renew(self.batch, self._alias)
        for draft in list(self._drafts.values()):
            with self._writing_meta:
                if draft.finished:
                    continue
                shards = self._settings.elasticsearch_shards
                layout = mapping.new_layout(draft.info, shards=shards, options=draft.options)
                builder = builders.identity()
                meta = mapping.draft_meta(
                    draft.info, alias=self._alias, layout=layout, builder=builder, options=draft.options
                )
                with errors.translated(self.batch.context):
                    self.batch.client.indices.put_mapping(index=self._index(draft.info.version), meta=meta)

    def _end(self, version: str) -> None:
        """Forget a draft that was published or deleted; after the last one, other builds may begin."""
        if self._drafts.pop(version, None) is None or self._drafts:
            return
        if self._heartbeat is not None:
            self._heartbeat.stop()
            self._heartbeat = None
        try:
            build_lock.release(self.batch, self._alias)
        except MarqueeError as error:  # what was to be done is done; the lock ends with this process
            logger.warning("the lock of the build was not released: %s", error)

    def open(self, version: str | None = None) -> MovieIndex:
        """Open a version, or the published one, which then follows later publications."""
        if version is None:
            return ElasticIndex(self._reader)
        # A single version is opened by builds, to verify it: nobody waits for a page.
        return published_index.load(self.batch, *published_index.read_one(self.batch, self._index(version)))

    def publish(self, version: str) -> None:
        """Move the alias in one call."""
        if version not in self.versions():
            raise ValueError(f"version {version} is not finished and cannot be published")
        others = [self._index(other) for other in self._read() if other != version]
        actions: list[Mapping[str, Any]] = [
            *({"remove": {"index": other, "alias": self._alias, "must_exist": False}} for other in others),
            {"add": {"index": self._index(version), "alias": self._alias}},
        ]
        with errors.translated(self.batch.context):
            self.batch.client.indices.update_aliases(actions=actions)
        self._end(version)

    def published(self) -> str | None:
        """Return the version whose index has the alias."""
        try:
            _, meta = published_index.read_one(self.batch, self._alias)
            return mapping.read_meta(meta)[0].version
        except (IndexMissing, KeyError):
            return None

    def versions(self) -> list[str]:
        """Return all finished versions, oldest first."""
        return sorted(version for version, own in self._read().items() if own["finished"])

    def delete(self, version: str) -> None:
        """Delete a version or a draft."""
        if version == self.published():
            raise ValueError(f"version {version} is published and cannot be deleted")
        try:
            with errors.translated(self.batch.context):
                self.batch.client.indices.delete(index=self._index(version), ignore_unavailable=True)
        finally:
            self._end(version)

    def publish_factors(self, factors: Factors) -> int:
        """Update the movies of the published version, then point its `_meta` to the new factors.

        Readers see the factors within seconds; the call returns after half a minute, when overwritten documents are
        gone. Of two concurrent calls, the one whose movies were overwritten is rejected.
        """
        shared.check(factors)
        index, meta = published_index.read_one(self.batch, self._alias)
        published_index.load(self.batch, index, meta)
        run = FactorUpdate(self.batch, index, meta, first_pause=self._first_pause, patience=self._patience)
        return run.run(factors)

    def remove_abandoned(self) -> list[str]:
        """Delete every draft whose build no longer runs."""
        dead = sorted(
            version
            for version, own in self._read().items()
            if not own["finished"] and version not in self._drafts and not self._is_of_another(own)
        )
        for version in dead:
            self.delete(version)
        return dead

    def _attach(self, version: str, name: str, content: bytes) -> None:
        parts = blobs.parts(name, content)
        with errors.translated(self.batch.context):
            lost = [next(iter(item.values())) for item in self._send(version, parts, chunk=1)]
        if lost:
            raise BuildRejected(f"the attachment {name!r} could not be written: {_reason(lost[0])}")

    def _send(self, version: str, actions: Iterable[dict[str, Any]], *, chunk: int) -> Iterator[Mapping[str, Any]]:
        """Send documents to a draft; yield those that could not be written, with the reason."""
        answers = helpers.streaming_bulk(
            self.batch.client,
            actions,
            index=self._index(version) + _DRAFT,
            require_alias=True,
            chunk_size=chunk,
            max_retries=RETRIES,
            initial_backoff=self._first_pause,
            raise_on_error=False,
        )
        return (item for written, item in answers if not written)

    def _index(self, version: str) -> str:
        # Index names are lower case; versions are distinguished by their names in `_meta`.
        return f"{self._alias}-{version}".lower()

    def _is_of_another(self, own: Mapping[str, Any]) -> bool:
        """Whether a version is the draft of another build that is running."""
        if own["finished"] or own["info"]["version"] in self._drafts:
            return False
        return builders.is_running(own.get("builder", {}), now=time.time())

    def _read(self) -> dict[str, Mapping[str, Any]]:
        """Return the metadata of all versions and drafts under this alias."""
        metas = published_index.read_metas(self.batch, f"{self._alias}-*").values()
        ours = [meta["marquee"] for meta in metas if meta.get("marquee", {}).get("alias") == self._alias]
        return {own["info"]["version"]: own for own in ours}

    def _drafting(self, version: str) -> _VersionWriter:
        if version not in self._drafts or self._drafts[version].finished:
            raise ValueError(f"version {version} is not a draft of this store; call `begin` first")
        return self._drafts[version]

    def _describe(self, failures: list[Mapping[str, Any]]) -> str:
        """List the movies that could not be written, and why."""
        causes = {(item.get("error") or {}).get("reason", "no reason given") for item in failures}
        blocked = [cause for cause in causes if "read-only" in cause]
        if blocked:
            return errors.read_only(self.batch.context, blocked[0])
        named = [f"movie {item['_id']}: {_reason(item)}" for item in failures[:NAMED_FAILURES]]
        more = f"\n  and {len(failures) - NAMED_FAILURES} more" if len(failures) > NAMED_FAILURES else ""
        return f"{len(failures)} movies could not be written:\n  " + "\n  ".join(named) + more


def _actions(entries: Iterable[Entry], draft: _VersionWriter) -> Iterator[dict[str, Any]]:
    for entry in entries:
        if fault := _fault(entry, draft):
            raise BuildRejected(f"movie {entry.movie.id} ({entry.movie.title}) cannot be written: {fault}")
        draft.ids.add(entry.movie.id)
        draft.vocabulary.add(entry.movie)
        yield {"_id": str(entry.movie.id), **mapping.document(entry, moods=draft.info.moods)}


def _fault(entry: Entry, draft: _VersionWriter) -> str:
    if entry.movie.id in draft.ids:
        return "its id occurs twice in the catalogue"
    return spaces.fault(entry, draft.info) or moods.fault(entry.moods, draft.info.moods)


def _reason(item: Mapping[str, Any]) -> str:
    error = item.get("error") or {}
    cause = error.get("caused_by") or error
    return str(cause.get("reason", f"status {item.get('status')}"))
