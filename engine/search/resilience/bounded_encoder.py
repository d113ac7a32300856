"""An encoder whose calls end in time: in threads of its own, behind a circuit breaker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from core.errors import DeadlineExceeded, EncoderUnavailable
from core.limits import deadline
from core.limits.circuit_breaker import CircuitBreaker, CircuitOpen
from core.ports import Encoder, RecallingEncoder, Vectors

QUICK_FAILURES = 3
"""Failures in a row after which the encoder is left alone for a moment."""
PROBE = "a film"
"""Text that a check encodes."""

log = logging.getLogger(__name__)


class BoundedEncoder:
    """Encodes with another encoder; raises `EncoderUnavailable` whatever fails, and after `seconds`.

    A session that hangs cannot be interrupted. It keeps a thread of this encoder, not one that answers requests.

    Args:
        encoder: the encoder, safe to share between threads.
        seconds: the longest wait for one call.
        workers: calls at the same time.
    """

    def __init__(self, encoder: Encoder, *, seconds: float, workers: int) -> None:
        self._encoder, self._seconds = encoder, seconds
        self._pool = ThreadPoolExecutor(workers, "marquee-encoder")
        self._breaker = CircuitBreaker(
            share=workers, quick=QUICK_FAILURES, counts=lambda error: not isinstance(error, DeadlineExceeded)
        )

    @property
    def name(self) -> str:
        """Return the identity of the vector space."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; float32, (n_texts, dimension), unit rows. Raises `EncoderUnavailable`."""
        return self._call(self._encoder.encode, texts)

    def encode_recalled(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that recall a movie; like `encode` if the encoder does not distinguish them."""
        if isinstance(self._encoder, RecallingEncoder):
            return self._call(self._encoder.encode_recalled, texts)
        return self.encode(texts)

    def check(self) -> None:
        """Raise `EncoderUnavailable` if the last calls failed and another one fails too."""
        if self._breaker.is_open():
            self.encode([PROBE])

    def _call(self, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Vectors:
        try:
            with self._breaker.call():
                return self._result(self._pool.submit(encode, texts))
        except CircuitOpen as reason:
            raise EncoderUnavailable(f"the encoder {reason}") from None

    def _result(self, pending: Future[Vectors]) -> Vectors:
        seconds = deadline.bounded(self._seconds)
        try:
            failure = pending.exception(seconds)
        except TimeoutError:
            pending.cancel()
            raise EncoderUnavailable(
                f"the encoder did not respond within {seconds:.2g} s; check the load of this machine, or raise "
                "MARQUEE_ENCODER_TIMEOUT"
            ) from None
        if failure is not None:
            log.error("the encoder failed", exc_info=failure)
            raise EncoderUnavailable(f"the encoder failed: {type(failure).__name__}") from failure
        return pending.result()
