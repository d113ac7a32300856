"""Versions in Elasticsearch: one index each, and an alias for the published one."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from elasticsearch import helpers

from core.config import Settings
from core.errors import BuildRejected, IndexMissing, MarqueeError
from core.ports import Changes, Entry, Factors, IndexInfo, MovieIndex
from indexer import attachments, moods
from indexer import factors as shared
from indexer.elastic import blobs, factor_writes, mapping, published_index, slots, vector_options
from indexer.elastic.cluster import build_lock, builders, client, clones, errors, merges
from indexer.elastic.cluster.builders import Heartbeat
from indexer.elastic.factor_writes import FactorUpdate
from indexer.elastic.mapping import Plain
from indexer.elastic.published_index import ElasticIndex
from indexer.elastic.slots import StoredFactors
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
    changes: Changes | None = None
    """What is written, if the draft started as a copy; all movies otherwise."""
    factors: StoredFactors | None = None
    """The factors of the version that was copied, which movies keep."""
    created: bool = False
    """Whether its index exists, with metadata of its own."""
    finished: bool = False
    """Whether it is complete, and waits to be published or deleted."""

    def writes(self, movie: int) -> bool:
        """Whether a movie is written rather than kept."""
        return self.changes is None or movie not in self.changes.kept


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
        patience: float = merges.PATIENCE,
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

    def begin(self, info: IndexInfo, *, changes: Changes | None = None) -> bool:
        """Create an index that is not visible to readers, as a copy if the older version stores vectors alike.

        Raises:
            BuildRejected: the version exists, or another build is running.
        """
        options = vector_options.chosen(self._settings, info)
        known = self._read()
        if running := next((own["builder"] for own in known.values() if self._is_of_another(own)), None):
            raise build_lock.taken(self.batch, running)
        if info.version in known:
            raise BuildRejected(
                f"version {info.version} already exists in Elasticsearch at {self.batch.context.address}"
            )
        build_lock.acquire(self.batch, self._alias)
        draft = self._drafts[info.version] = _VersionWriter(info, options)
        if changes is not None and self._is_alike(known.get(changes.base), draft):
            draft.changes = changes
        # A copy takes a while: the build must be known as running.
        self._heartbeat = self._heartbeat or Heartbeat(self._beat)
        try:
            self._create(draft)
        except MarqueeError:
            self._end(info.version)
            raise
        draft.created = True
        return draft.changes is not None

    def _create(self, draft: _VersionWriter) -> None:
        index, alias = self._index(draft.info.version), self._index(draft.info.version) + _DRAFT
        if draft.changes is not None:
            clones.copy(self.batch, self._index(draft.changes.base), index, alias=alias)
            _, copied = published_index.read_one(self.batch, index)
            draft.factors = slots.read(copied)
            with errors.translated(self.batch.context):
                self.batch.client.indices.put_mapping(index=index, meta=self._meta(draft))
            return
        body = mapping.create(
            draft.info,
            alias=self._alias,
            shards=self._settings.elasticsearch_shards,
            builder=builders.identity(),
            options=draft.options,
        )
        with errors.translated(self.batch.context):
            self.batch.client.indices.create(index=index, aliases={alias: {}}, **body)

    def _is_alike(self, base: Mapping[str, Any] | None, draft: _VersionWriter) -> bool:
        """Whether a version is stored as a new one would be, so that it can be copied."""
        if base is None or not base["finished"] or base["shards"] != self._settings.elasticsearch_shards:
            return False
        return "vectors" in base and vector_options.read(base) == draft.options

    def fill(self, version: str, entries: Iterable[Entry]) -> None:
        """Send movies to the draft; those rejected because the cluster is busy are sent again."""
        draft = self._drafting(version)
        with errors.translated(self.batch.context):
            documents = _documents(entries, draft)
            actions = documents if draft.factors is None else self._with_factors(documents, draft)
            failures = list(self._send(version, actions, chunk=CHUNK))
        if failures:
            raise BuildRejected(self._describe([next(iter(item.values())) for item in failures]))

    def _with_factors(self, documents: Iterator[Plain], draft: _VersionWriter) -> Iterator[Plain]:
        """Add the factors that movies had in the version that was copied."""
        assert draft.factors is not None  # noqa: S101 - checked by the caller
        while chunk := list(itertools.islice(documents, CHUNK)):
            ids = [document["id"] for document in chunk]
            kept = factor_writes.served(self.batch, self._index(draft.info.version), draft.factors, ids)
            yield from ({**document, **kept.get(document["id"], {})} for document in chunk)

    def attach(self, version: str, name: str, content: bytes) -> None:
        """Send a blob to the draft, one document per part."""
        self._drafting(version)
        self._attach(version, attachments.check_free(name), content)

    def finish(self, version: str) -> None:
        """Merge, refresh, add replicas, and mark the version as finished."""
        draft = self._drafting(version)
        self._attach(version, attachments.SPELLING, draft.vocabulary.content())
        self._remove(draft)
        index = self._index(version)
        _, meta = published_index.read_one(self.batch, index)
        _, layout = mapping.read_meta(meta)
        whole = {"index": {"number_of_replicas": self._settings.elasticsearch_replicas, "refresh_interval": None}}
        indices = self.batch.client.indices
        with errors.translated(self.batch.context):
            indices.refresh(index=index)
            # It has no replicas yet, for which overwritten documents would be kept.
            merges.tidy(
                self.batch, index, segments=merges.segments_wanted(self._settings, exact=layout.exact), patience=0.0
            )
            indices.put_settings(index=index, settings=whole)
            # A repeated call must not fail because the first one succeeded after all.
            gone = {"remove": {"index": index, "alias": index + _DRAFT, "must_exist": False}}
            indices.update_aliases(actions=[gone])
            with self._writing_meta:
                draft.finished = True
                indices.put_mapping(index=index, meta=self._meta(draft))

    def _beat(self) -> None:
        """Record that the builds of this store are running."""
        build_lock.renew(self.batch, self._alias)
        for draft in list(self._drafts.values()):
            with self._writing_meta:
                if draft.finished or not draft.created:
                    continue
                with errors.translated(self.batch.context):
                    self.batch.client.indices.put_mapping(index=self._index(draft.info.version), meta=self._meta(draft))

    def _meta(self, draft: _VersionWriter) -> Plain:
        """Return the metadata of a draft, or of a version once it is finished."""
        layout = mapping.new_layout(draft.info, shards=self._settings.elasticsearch_shards, options=draft.options)
        given: dict[str, Any] = {"alias": self._alias, "layout": layout, "options": draft.options}
        if draft.finished:
            made = mapping.meta(draft.info, finished=True, **given)
        else:
            made = mapping.draft_meta(draft.info, builder=builders.identity(), **given)
        return made if draft.factors is None else slots.meta(made, draft.factors)

    def _remove(self, draft: _VersionWriter) -> None:
        """Delete the movies that only the copied version has."""
        gone = draft.changes.removed if draft.changes is not None else ()
        actions = ({"_op_type": "delete", "_id": str(movie)} for movie in gone)
        with errors.translated(self.batch.context):
            lost = [next(iter(item.values())) for item in self._send(draft.info.version, actions, chunk=CHUNK)]
        if failures := [item for item in lost if item["status"] != HTTPStatus.NOT_FOUND]:
            raise BuildRejected(self._describe(failures))

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
        count = FactorUpdate(self.batch, index, meta, first_pause=self._first_pause).run(factors)
        _, layout = mapping.read_meta(meta)
        merges.tidy(
            self.batch,
            index,
            segments=merges.segments_wanted(self._settings, exact=layout.exact),
            patience=self._patience,
        )
        return count

    def remove_abandoned(self) -> list[str]:
        """Delete every draft whose build no longer runs, and undo what a build that was killed while copying left."""
        self._repair()
        dead = sorted(
            version
            for version, own in self._read().items()
            if not own["finished"] and version not in self._drafts and not self._is_of_another(own)
        )
        for version in dead:
            self.delete(version)
        return dead

    def _repair(self) -> None:
        """Delete copies that never became drafts, and let their sources be written again."""
        metas = self._metas()
        if not metas or self._drafts or build_lock.is_of_another(self.batch, self._alias):
            return
        clones.release(self.batch, f"{self._alias}-*")
        for index, own in metas.items():
            if index != self._index(own["info"]["version"]):
                logger.info("deleting %s, which a killed build left", index)
                with errors.translated(self.batch.context):
                    self.batch.client.indices.delete(index=index, ignore_unavailable=True)

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
        metas = self._metas().items()
        return {own["info"]["version"]: own for index, own in metas if index == self._index(own["info"]["version"])}

    def _metas(self) -> dict[str, Mapping[str, Any]]:
        """Return the metadata of all indexes under this alias, by index; an unfinished copy has those of its source."""
        metas = published_index.read_metas(self.batch, f"{self._alias}-*")
        found = {index: meta["marquee"] for index, meta in metas.items() if "marquee" in meta}
        return {index: own for index, own in found.items() if own.get("alias") == self._alias}

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


def _documents(entries: Iterable[Entry], draft: _VersionWriter) -> Iterator[Plain]:
    """Yield the documents of the movies that are written; all movies are checked, and have words."""
    for entry in entries:
        if fault := _fault(entry, draft):
            raise BuildRejected(f"movie {entry.movie.id} ({entry.movie.title}) cannot be written: {fault}")
        draft.ids.add(entry.movie.id)
        draft.vocabulary.add(entry.movie)
        if draft.writes(entry.movie.id):
            yield {"_id": str(entry.movie.id), **mapping.document(entry, moods=draft.info.moods)}


def _fault(entry: Entry, draft: _VersionWriter) -> str:
    if entry.movie.id in draft.ids:
        return "its id occurs twice in the catalogue"
    return spaces.fault(entry, draft.info) or moods.fault(entry.moods, draft.info.moods)


def _reason(item: Mapping[str, Any]) -> str:
    error = item.get("error") or {}
    cause = error.get("caused_by") or error
    return str(cause.get("reason", f"status {item.get('status')}"))
