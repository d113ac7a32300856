"""Whether a site uses demo data, for the notices on pages and in the API."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from core.errors import StoreUnavailable
from core.ports import MovieIndex
from data.database.stores.demo import DemoStore
from engine.demo import upkeep

SECONDS = 5.0
"""How long the answer is cached, because every page needs it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DemoLabel:
    """A cached check whether demo data is in use."""

    store: DemoStore
    index: MovieIndex
    timer: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _cached: list[tuple[float, bool]] = field(default_factory=list, init=False, repr=False)

    def in_use(self) -> bool:
        """Return whether ratings and events of made-up users are used. Never fails."""
        return upkeep.sample(self.index) and self._loaded()

    def _loaded(self) -> bool:
        with self._lock:
            if self._cached and self.timer() - self._cached[0][0] < SECONDS:
                return self._cached[0][1]
        found = self._read()
        with self._lock:
            self._cached[:] = [(self.timer(), found)]
        return found

    def _read(self) -> bool:
        try:
            return bool(self.store.users())
        except StoreUnavailable as error:
            log.warning("could not check whether demo data is loaded: %s", error)
            return False
