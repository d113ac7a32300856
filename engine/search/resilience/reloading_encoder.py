"""An encoder that may not be there yet: a server starts without it and loads it as soon as its files are right."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from core.errors import EncoderUnavailable, ModelMissing
from core.ports import Encoder, RecallingEncoder, Vectors
from engine.search.resilience.bounded_encoder import BoundedEncoder

RETRY_SECONDS = 30.0
"""Seconds between two attempts to load: reading a model takes a second of one processor."""

log = logging.getLogger(__name__)


class ReloadingEncoder:
    """The encoder that `load` returns. Thread-safe.

    Args:
        load: loads the encoder, given what makes its calls end in time.
        seconds: the longest wait for one call.
        workers: calls at the same time.
        retry_seconds: seconds between two attempts to load.
    """

    def __init__(
        self,
        load: Callable[[Callable[[Encoder], Encoder]], Encoder],
        *,
        seconds: float,
        workers: int,
        retry_seconds: float = RETRY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load, self._seconds, self._workers = load, seconds, workers
        self._retry_seconds, self._clock = retry_seconds, clock
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._bounded: BoundedEncoder | None = None
        self._problem = ""
        self._tried = float("-inf")
        self._try()

    @property
    def name(self) -> str:
        """Return the identity of the vector space. Raises `EncoderUnavailable`."""
        return self._loaded().name

    @property
    def dimension(self) -> int:
        """Return the length of a vector. Raises `EncoderUnavailable`."""
        return self._loaded().dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; float32, (n_texts, dimension), unit rows. Raises `EncoderUnavailable`."""
        return self._loaded().encode(texts)

    def encode_recalled(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that recall a movie; like `encode` if the encoder does not distinguish them."""
        encoder = self._loaded()
        return encoder.encode_recalled(texts) if isinstance(encoder, RecallingEncoder) else encoder.encode(texts)

    def check(self) -> None:
        """Try to load what is missing. Raises `EncoderUnavailable` if the encoder does not work."""
        if self._encoder is None and self._clock() - self._tried >= self._retry_seconds:
            self._try()
        self._loaded()
        if self._bounded is not None:
            self._bounded.check()

    def _loaded(self) -> Encoder:
        if self._encoder is None:
            raise EncoderUnavailable(self._problem)
        return self._encoder

    def _try(self) -> None:
        with self._lock:
            self._tried = self._clock()
            try:
                self._encoder = self._load(self._bound)
            except (ModelMissing, OSError) as error:
                self._problem = str(error)
                log.error("searches use words alone: %s", error)

    def _bound(self, encoder: Encoder) -> Encoder:
        self._bounded = BoundedEncoder(encoder, seconds=self._seconds, workers=self._workers)
        return self._bounded
