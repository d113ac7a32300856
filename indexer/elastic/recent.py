"""A bounded cache. Versions never change, so its entries never expire."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """A cache of the `room` most recently used values, by movie id. Thread-safe."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._values: OrderedDict[int, V] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, ids: Iterable[int], fetch: Callable[[list[int]], Mapping[int, V]]) -> dict[int, V]:
        """Return the value of each id; missing ones are fetched together, and ids without a value are omitted."""
        wanted = dict.fromkeys(ids)
        found = self._at_hand(wanted)
        missing = [key for key in wanted if key not in found]
        if missing:
            fetched = fetch(missing)
            self._keep(fetched)
            found |= fetched
        return found

    def _at_hand(self, wanted: Iterable[int]) -> dict[int, V]:
        with self._lock:
            found = {key: self._values[key] for key in wanted if key in self._values}
            for key in found:
                self._values.move_to_end(key)
            return found

    def _keep(self, fetched: Mapping[int, V]) -> None:
        with self._lock:
            self._values.update(fetched)
            while len(self._values) > self._room:
                self._values.popitem(last=False)
