"""Hot reload: a serving process always uses the currently published model."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable

from core.errors import ModelMissing
from engine.recommender.model import Recommender
from engine.registry.artifacts import Loaded
from engine.registry.registry import Registry

RETRY, LONGEST_RETRY = 2.0, 300.0
"""Seconds until loading a published version is retried after a failure: doubled each time."""
NEVER = float("inf")

log = logging.getLogger(__name__)


class HotReload:
    """Polls the pointer and loads models in a background thread, so that no request waits for a newer model.

    Only the first callers wait, until the first poll is complete. If a version cannot be loaded, the previous one stays
    in service. The thread starts with the first call in each process and ends with this object.
    """

    def __init__(self, registry: Registry, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._registry, self._clock = registry, clock
        self._looking, self._beginning = threading.Lock(), threading.Lock()
        self._thread: threading.Thread | None = None
        self._loaded: Loaded | None = None
        self._seen: object = self
        """The pointer's fingerprint at the last poll; initially an object that equals no fingerprint."""
        self._problem, self._unreachable = "", ""
        self._again, self._pause = NEVER, RETRY
        """The time of the next retry, and the pause after the next failure."""

    def current(self) -> Recommender | None:
        """Return the model, or None if there is none."""
        loaded = self.loaded()
        return loaded.model if loaded else None

    def loaded(self) -> Loaded | None:
        """Return the model with its manifest and demo users."""
        if self._thread is None or not self._thread.is_alive():
            self._begin()
        return self._loaded

    def problem(self) -> str:
        """Return why the published version does not serve; an empty text if it does, or if none is published."""
        self.loaded()
        return self._unreachable or self._problem

    def look(self) -> None:
        """Poll once, and load a new version."""
        with self._looking:
            try:
                stamp = self._registry.fingerprint()
            except (ModelMissing, OSError) as unreachable:
                self._fail(unreachable)
                self._unreachable = str(unreachable)
                if self._loaded is None:
                    self._try(self._load_published)
                return
            self._unreachable = ""
            if stamp != self._seen or self._clock() >= self._again:
                self._seen = stamp
                self._try(self._load_version)

    def _begin(self) -> None:
        with self._beginning:
            if self._thread is not None and self._thread.is_alive():
                return
            self.look()
            arguments = (weakref.ref(self), self._registry.storage.look_every)
            self._thread = threading.Thread(target=_poll, args=arguments, name="marquee-models", daemon=True)
            self._thread.start()

    def _load_version(self) -> None:
        published = self._registry.current()
        if self._loaded is None or self._loaded.model.version != published:
            found = self._found(published)
            if self._loaded is None or found.model.version != self._loaded.model.version:
                self._loaded = found
                log.info("serving model %s", found.model.version)
            if found.model.version != published:
                self._problem = self._unusable(published)
                self._wait()
                return
        self._again, self._pause, self._problem = NEVER, RETRY, ""

    def _found(self, published: str | None) -> Loaded:
        try:
            return self._registry.load()
        except (ModelMissing, OSError, MemoryError):
            self._problem = self._unusable(published)
            raise

    def _load_published(self) -> None:
        self._loaded = self._registry.load()

    def _try(self, take: Callable[[], None]) -> None:
        try:
            take()
        except (ModelMissing, OSError, MemoryError) as missing:  # two models are in memory while a new one is loaded
            self._fail(missing)

    def _fail(self, why: Exception) -> None:
        if self._again == NEVER:
            level = logging.ERROR if self._loaded else logging.WARNING
            log.log(level, "cannot load a newer model, %s: %s", self._stays(), why)
        self._wait()

    def _unusable(self, published: str | None) -> str:
        return f"the published model {published} cannot be loaded; {self._stays()}" if published else ""

    def _stays(self) -> str:
        return f"{self._loaded.model.version} stays" if self._loaded else "none is loaded yet"

    def _wait(self) -> None:
        self._again = self._clock() + self._pause
        self._pause = min(2 * self._pause, LONGEST_RETRY)


def _poll(reference: weakref.ref[HotReload], every: float) -> None:
    while True:
        time.sleep(every)
        reload = reference()
        if reload is None:
            return
        reload.look()
        del reload
