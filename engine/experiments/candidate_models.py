"""The models of experiments other than the published one: loaded in the background and cached."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection

from core.errors import ModelMissing
from engine import request_scope
from engine.recommender.model import Recommender

RETRY = 60.0
"""Seconds until loading a missing version is retried: it may have been restored."""

log = logging.getLogger("marquee.experiments")


class Versions:
    """The versions that experiments need, by name. Thread-safe; callers never wait for a model to be loaded."""

    def __init__(
        self,
        load: Callable[[str], Recommender],
        wanted: Collection[str] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`load` returns a version or raises `ModelMissing`."""
        self._load, self._wanted, self._clock = load, frozenset(wanted), clock
        self._loaded: dict[str, Recommender] = {}
        self._missed: set[str] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._tried = float("-inf")

    def get(self, version: str) -> Recommender | None:
        """Return a version if it is loaded; otherwise start loading it. Constant during a request."""
        return request_scope.once((self, version), lambda: self._at_hand(version))

    def settle(self, timeout: float = 60.0) -> None:
        """Wait until all available versions are loaded."""
        self._begin()
        thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _at_hand(self, version: str) -> Recommender | None:
        found = self._loaded.get(version)
        if found is None and version in self._wanted:
            self._begin()
        return found

    def _begin(self) -> None:
        with self._lock:
            busy = self._thread is not None and self._thread.is_alive()
            if busy or self._clock() - self._tried < RETRY or len(self._loaded) == len(self._wanted):
                return
            self._tried = self._clock()
            self._thread = threading.Thread(target=self._run, name="marquee-versions", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        for version in sorted(self._wanted - self._loaded.keys()):
            try:
                self._loaded[version] = self._load(version)
                log.info("loaded model %s for experiments", version)
            except ModelMissing as missing:
                if version not in self._missed:
                    log.error("experiments with model %s are paused: %s", version, missing)
                self._missed.add(version)
