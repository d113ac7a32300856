"""Whether a site uses demo data, for the notices on pages and in the API."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from cachetools import TTLCache, cachedmethod

from core.errors import StoreUnavailable
from core.ports import MovieIndex
from data.database.stores.demo import DemoStore
from engine.demo import upkeep

SECONDS = 5.0
"""How long the answer is cached, because every page needs it."""

log = logging.getLogger(__name__)


class DemoLabel:
    """A cached check whether demo data is in use. Thread-safe."""

    def __init__(self, store: DemoStore, index: MovieIndex, timer: Callable[[], float] = time.monotonic) -> None:
        self._store, self._index = store, index
        self._cache: TTLCache[object, bool] = TTLCache(maxsize=1, ttl=SECONDS, timer=timer)
        self._lock = threading.Lock()

    def in_use(self) -> bool:
        """Return whether ratings and events of made-up users are used. Never fails."""
        return upkeep.sample(self._index) and self._loaded()

    @cachedmethod(lambda self: self._cache, lock=lambda self: self._lock)
    def _loaded(self) -> bool:
        try:
            return bool(self._store.users())
        except StoreUnavailable as error:
            log.warning("could not check whether demo data is loaded: %s", error)
            return False
