"""Reads the lists of related movies of the published index, and keeps those in use."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.errors import NotFound
from core.ports import MovieIndex
from indexer.related import lists
from indexer.related.lists import Related

KEPT = 16
"""Attachments kept in memory, 4 MB each: a catalogue of up to 32,000 movies as a whole."""


@dataclass(frozen=True)
class RelatedLists:
    """The lists of an index by movie. Thread-safe."""

    index: MovieIndex
    _kept: OrderedDict[tuple[str, str], Mapping[int, Related]] = field(
        default_factory=OrderedDict, init=False, repr=False
    )
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def of(self, movie: int) -> Related | None:
        """Return the list of a movie; None if the index has no such movie, or was built without lists."""
        return self._shard(movie % lists.count_of_shards(self.index.info().count)).get(movie)

    def movies(self) -> Iterator[int]:
        """Yield the ids of all movies with a list."""
        for shard in range(lists.count_of_shards(self.index.info().count)):
            yield from self._shard(shard)

    def _shard(self, shard: int) -> Mapping[int, Related]:
        key = (self.index.info().version, lists.name_of(shard))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        try:
            found: Mapping[int, Related] = lists.load(self.index.attachment(key[1]))
        except NotFound:
            found = {}
        with self._lock:
            for older in [one for one in self._kept if one[0] != key[0]]:
                del self._kept[older]
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found
