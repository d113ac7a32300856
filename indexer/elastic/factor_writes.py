"""Writes item factors into an index that is being read: movies first, then, in one call, the `_meta` that names them.

An index keeps of each document only the movie (`_source`), so a partial update that sent the factors alone would lose
every other field. Each update therefore sends the document whole: it follows from the movie and what is kept beside it
(vector, moods, terms, neighbours), which are read back from the index, together with the factors that are served
meanwhile.
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
from indexer.elastic import answers, errors, mapping, slots
from indexer.elastic.client import Connection
from indexer.elastic.mapping import Plain
from indexer.elastic.slots import StoredFactors

logger = logging.getLogger(__name__)

CHUNK = 500
"""Movies read and sent at once: 5 MB or so, far below the 100 MB that Elasticsearch accepts."""
RETRIES = 5
"""Further tries for a movie that Elasticsearch turns away because it is busy."""
SETTLED = 2.0
"""Seconds after which no reader uses the slot before last: each looks at `_meta` once a second."""
PATIENCE = 45.0
"""Seconds to wait for Elasticsearch to let go of what was overwritten: it does so every 30 s."""
LOOK_EVERY = 0.5
"""Seconds between two looks whether it did."""

_GONE = "document_missing_exception"
"""The answer to an update of a movie that has left the index since it was read; it is passed over."""
_OPEN = "-stamp"
"""An index is stamped through an alias of its own that must exist, so that no update ever creates an index."""


class FactorUpdate:
    """One run over one index.

    Args:
        first_pause: seconds before a movie that was turned away is sent again.
        patience: seconds until what was overwritten is merged away however much of it Elasticsearch still keeps.
    """

    def __init__(
        self, connection: Connection, index: str, written: Mapping[str, Any], *, first_pause: float, patience: float
    ) -> None:
        self._connection = connection
        self._index = index
        self._written = written
        self._info, self._layout = mapping.read_meta(written)
        self._live = slots.read(written)
        self._first_pause = first_pause
        self._patience = patience

    def run(self, factors: Factors) -> int:
        """Write the factors and publish them; gives how many movies got some.

        Raises:
            BuildRejected: some could not be written; those before still serve.
        """
        new = StoredFactors(
            model=factors.model,
            run=uuid.uuid4().hex,
            slot=slots.other(self._live),
            dimension=factors.vectors.shape[1],
            at=time.time(),
        )
        if self._live is not None:
            # The slot to be written may still be read by whoever has not noticed yet that it was left.
            time.sleep(min(max(0.0, self._live.at + SETTLED - time.time()), SETTLED))
        with errors.translated(self._connection.context), self._opened(new) as known:
            count = self._write(factors, new, known)
            self._settle(new, count)
            self._publish(new)
        if self._layout.exact:
            # With a graph of many movies, merging costs more than it gives (as in a build).
            self._tidy()
        logger.info("stamped %d films of %s with %s", count, self._index, factors.model)
        return count

    @contextlib.contextmanager
    def _opened(self, stored: StoredFactors) -> Iterator[list[str]]:
        """Hold back refreshes: until all is written, searches see the index as it was. Gives the slots' fields."""
        indices = self._connection.client.indices
        indices.put_mapping(index=self._index, properties=slots.properties(stored, exact=self._layout.exact))
        indices.update_aliases(actions=[{"add": {"index": self._index, "alias": self._index + _OPEN}}])
        indices.put_settings(index=self._index, settings={"index": {"refresh_interval": "-1"}})
        known = indices.get_mapping(index=self._index).body[self._index]["mappings"]["properties"]
        try:
            yield slots.fields(known)
        finally:
            # A failure to clean up must not hide the reason for it; the next stamp cleans up too.
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
            raise BuildRejected(self._lost(f"{len(failures)} films could not be written: {failures[0].get('error')}"))
        if count < wanted:
            logger.info("passed over %d films that the index does not have", wanted - count)
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
        """Let searches see what was written, and make sure that it is all there."""
        client = self._connection.client
        client.indices.refresh(index=self._index)
        found = client.count(index=self._index, query={"term": {stored.mark: stored.run}})["count"]
        if found != count:
            raise BuildRejected(self._lost(f"{count} films were written and {found} are found; does another one run?"))

    def _publish(self, stored: StoredFactors) -> None:
        published = StoredFactors(stored.model, stored.run, stored.slot, stored.dimension, at=time.time())
        self._connection.client.indices.put_mapping(index=self._index, meta=slots.meta(self._written, published))

    def _tidy(self) -> None:
        try:
            with errors.translated(self._connection.context):
                self._merge()
        except MarqueeError as error:
            logger.warning("what the stamp overwrote on %s was not merged away: %s", self._index, error)

    def _merge(self) -> None:
        """Merge away what was overwritten: it still counts in the frequencies of words and takes time and room.

        Elasticsearch keeps it for copies of a shard that may have to catch up, until these have said how far they
        are, which they do every 30 s; a merge before that drops nothing.
        """
        indices, deadline = self._connection.client.indices, time.monotonic() + self._patience
        while time.monotonic() < deadline and self._still_kept():
            time.sleep(LOOK_EVERY)
        indices.flush(index=self._index, force=True)
        indices.forcemerge(index=self._index, max_num_segments=1)
        indices.refresh(index=self._index)

    def _still_kept(self) -> bool:
        wanted = "indices.*.shards.*.retention_leases.leases.retaining_seq_no,indices.*.shards.*.seq_no.max_seq_no"
        answer = self._connection.client.indices.stats(index=self._index, level="shards", filter_path=wanted)
        copies = [
            copy for index in answer.body["indices"].values() for shard in index["shards"].values() for copy in shard
        ]
        return any(
            lease["retaining_seq_no"] <= copy["seq_no"]["max_seq_no"]
            for copy in copies
            for lease in copy.get("retention_leases", {}).get("leases", ())
        )

    def _lost(self, reason: str) -> str:
        return f"the factors were not stamped on {self._index}; those before still serve: {reason}"


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
    """The whole document of a movie, with the factors that are served and the new ones.

    Fields of models before are said to be empty: an update keeps the vectors that it is not told of.
    """
    columns = hit["fields"]
    movie = documents.from_plain(hit["_source"]["film"])
    served: Plain = {}
    if live is not None and columns.get(live.mark) == [live.run]:
        served = {live.field: np.array(columns[live.field][0], dtype=np.float32), live.mark: live.run}
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
        **served,
        **slots.values(stored, vector),
    }
