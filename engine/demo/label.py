"""Whether what a site shows rests on demo data, for the notices of pages and API."""

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
"""The answer is remembered for so long: every page asks."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DemoLabel:
    """Tells whether demo data is in use."""

    store: DemoStore
    index: MovieIndex
    timer: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _held: list[tuple[float, bool]] = field(default_factory=list, init=False, repr=False)

    def in_use(self) -> bool:
        """Whether ratings and events of made-up users are among those that count here. Never fails."""
        return upkeep.sample(self.index) and self._loaded()

    def _loaded(self) -> bool:
        with self._lock:
            if self._held and self.timer() - self._held[0][0] < SECONDS:
                return self._held[0][1]
        found = self._read()
        with self._lock:
            self._held[:] = [(self.timer(), found)]
        return found

    def _read(self) -> bool:
        try:
            return bool(self.store.users())
        except StoreUnavailable as error:
            log.warning("whether demo data is loaded cannot be read: %s", error)
            return False
