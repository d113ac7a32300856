"""Writes item factors into an index in use: movies first, then, in one call, the `_meta` that refers to them.

An index stores only the movie of each document (`_source`), so a partial update with only the factors would lose all
other fields. Each update therefore sends the whole document: it is derived from the movie and the columns stored with
it (vector, moods, terms, neighbours), which are read back from the index, together with the factors in use.
"""

from __future__ import annotations

import base64
import contextlib
import logging
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from elasticsearch import helpers

from core.errors import BuildRejected, MarqueeError
from core.ports import Entry, Factors, Vectors
from indexer import documents, queries
from indexer import moods as rows
from indexer.elastic import answers, mapping, slots, vector_options
from indexer.elastic.cluster import clones, errors
from indexer.elastic.cluster.client import Connection
from indexer.elastic.mapping import Plain
from indexer.elastic.slots import StoredFactors

logger = logging.getLogger(__name__)

CHUNK = 500
"""Movies read and sent at once: about 5 MB, far below Elasticsearch's limit of 100 MB per request."""
RETRIES = 5
"""Retries for a movie that Elasticsearch rejects because it is busy."""
SETTLED = 2.0
"""Seconds after which no reader uses the slot before last: each reads `_meta` once a second."""

_GONE = "document_missing_exception"
"""The response to an update of a movie that has left the index since it was read; it is ignored."""
_OPEN = "-stamp"
"""Updates go through an alias that must exist, so that no update ever creates an index."""


class FactorUpdate:
    """One run over one index.

    Args:
        first_pause: seconds before a rejected movie is sent again.
    """

    def __init__(self, connection: Connection, index: str, written: Mapping[str, Any], *, first_pause: float) -> None:
        self._connection = connection
        self._index = index
        self._written = written
        self._info, _ = mapping.read_meta(written)
        self._live = slots.read(written)
        self._first_pause = first_pause

    def run(self, factors: Factors) -> int:
        """Write the factors and publish them; return how many movies have factors.

        Raises:
            BuildRejected: some could not be written; the previous factors still serve.
        """
        new = StoredFactors(
            model=factors.model,
            run=uuid.uuid4().hex,
            slot=slots.other(self._live),
            dimension=factors.vectors.shape[1],
            at=time.time(),
        )
        if self._live is not None:
            # Readers that have not noticed the last change may still read the slot to be written.
            time.sleep(min(max(0.0, self._live.at + SETTLED - time.time()), SETTLED))
        with errors.translated(self._connection.context), self._opened(new) as known:
            count = self._write(factors, new, known)
            self._settle(new, count)
            self._publish(new)
        logger.info("published factors for %d movies in %s from model %s", count, self._index, factors.model)
        return count

    @contextlib.contextmanager
    def _opened(self, stored: StoredFactors) -> Iterator[list[str]]:
        """Suspend refreshes: until everything is written, searches see the old state. Yields the slots' fields."""
        indices = self._connection.client.indices
        indices.put_mapping(
            index=self._index, properties=slots.properties(stored, vector_options.read(self._written["marquee"]))
        )
        indices.update_aliases(actions=[{"add": {"index": self._index, "alias": self._index + _OPEN}}])
        indices.put_settings(index=self._index, settings={"index": {"refresh_interval": "-1", **clones.WRITABLE}})
        known = indices.get_mapping(index=self._index).body[self._index]["mappings"]["properties"]
        try:
            yield slots.fields(known)
        finally:
            # A failed cleanup must not hide the original error; the next run cleans up too.
            with contextlib.suppress(MarqueeError), errors.translated(self._connection.context):
                indices.put_settings(index=self._index, settings={"index": {"refresh_interval": None}})
                indices.update_aliases(actions=[{"remove": {"index": self._index, "alias": self._index + _OPEN}}])

    def _write(self, factors: Factors, stored: StoredFactors, known: Sequence[str]) -> int:
        results = helpers.streaming_bulk(
            self._connection.client,
            self._updates(factors, stored, known),
            index=self._index + _OPEN,
            require_alias=True,
            chunk_size=CHUNK,
            max_retries=RETRIES,
            initial_backoff=self._first_pause,
            raise_on_error=False,
        )
        count, wanted, failures = 0, len(factors.movies), list[Mapping[str, Any]]()
        for done, item in results:
            answer = next(iter(item.values()))
            if done:
                count += 1
            elif (answer.get("error") or {}).get("type") != _GONE:
                failures.append(answer)
        if failures:
            raise BuildRejected(self._lost(f"{len(failures)} movies could not be written: {failures[0].get('error')}"))
        if count < wanted:
            logger.info("ignored %d movies that are not in the index", wanted - count)
        return count

    def _updates(self, factors: Factors, stored: StoredFactors, known: Sequence[str]) -> Iterator[Plain]:
        for start in range(0, len(factors.movies), CHUNK):
            ids = factors.movies[start : start + CHUNK].tolist()
            own = dict(zip(ids, factors.vectors[start : start + CHUNK], strict=True))
            body = queries.whole(ids, columns=_columns(self._live, mapping.vector_fields(self._info)))
            answer = self._connection.client.search(index=self._index, **body)
            for movie, hit in answers.read_hits(answer.body):
                yield {
                    "_op_type": "update",
                    "_id": str(movie),
                    "doc": _document(
                        hit, own[movie], stored=stored, live=self._live, known=known, moods=self._info.moods
                    ),
                }

    def _settle(self, stored: StoredFactors, count: int) -> None:
        """Make the written factors searchable, and verify their number."""
        client = self._connection.client
        client.indices.refresh(index=self._index)
        found = client.count(index=self._index, query={"term": {stored.mark: stored.run}})["count"]
        if found != count:
            raise BuildRejected(
                self._lost(f"{count} movies were written and {found} are found; another run may be active")
            )

    def _publish(self, stored: StoredFactors) -> None:
        published = StoredFactors(stored.model, stored.run, stored.slot, stored.dimension, at=time.time())
        self._connection.client.indices.put_mapping(index=self._index, meta=slots.meta(self._written, published))

    def _lost(self, reason: str) -> str:
        return f"the factors were not published in {self._index}; the previous ones still serve: {reason}"


def served(connection: Connection, index: str, live: StoredFactors, ids: Sequence[int]) -> dict[int, Plain]:
    """Return the fields with the factors in use of those of `ids` that have some."""
    body = queries.whole(ids, columns=["id", live.field, live.mark])
    answer = connection.client.search(index=index, **{**body, "_source": False})
    hits = answers.read_hits(answer.body)
    return {movie: found for movie, hit in hits if (found := _served(hit.get("fields", {}), live))}


def _served(columns: Mapping[str, Any], live: StoredFactors) -> Plain:
    if columns.get(live.mark) != [live.run]:
        return {}
    return {live.field: np.array(columns[live.field][0], dtype=np.float32), live.mark: live.run}


def _columns(live: StoredFactors | None, vectors: Iterable[str]) -> list[str]:
    return [
        "id",
        *vectors,
        "mood_scores",
        "terms",
        "neighbours",
        *((live.field, live.mark) if live is not None else ()),
    ]


def _document(
    hit: Mapping[str, Any],
    vector: Vectors,
    *,
    stored: StoredFactors,
    live: StoredFactors | None,
    known: Sequence[str],
    moods: Sequence[str],
) -> Plain:
    """Return the whole document of a movie, with the factors in use and the new ones.

    Fields of earlier models are set to empty, since an update keeps vectors that it does not mention.
    """
    columns = hit["fields"]
    movie = documents.from_plain(hit["_source"]["film"])
    kept = {} if live is None else _served(columns, live)
    second = columns.get(queries.MULTILINGUAL)
    scores = rows.by_name(mapping.unpack(columns["mood_scores"][0]).tolist(), moods)
    entry = Entry(
        movie,
        np.array(columns[queries.VECTOR][0], dtype=np.float32),
        scores,
        terms=base64.b64decode(columns.get("terms", [""])[0]),
        neighbours=mapping.unpack_ids(columns.get("neighbours", [""])[0]),
        multilingual=np.array(second[0], dtype=np.float32) if second else None,
    )
    return {
        **mapping.document(entry, moods=moods),
        **dict.fromkeys(known),
        **kept,
        **slots.values(stored, vector),
    }
