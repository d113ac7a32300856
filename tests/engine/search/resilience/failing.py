"""An encoder and an index that fail in the ways that a test sets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.ports import Encoder, IndexInfo, MovieIndex, Vectors

PATIENCE = 30.0
"""Seconds after which a call that hangs ends nevertheless, so that no test leaves a thread behind for long."""


@dataclass
class FailingEncoder:
    """An encoder that raises an error, or hangs until it is released."""

    encoder: Encoder
    error: Exception | None = None
    hangs: bool = False
    calls: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def name(self) -> str:
        """Return the identity of the real encoder."""
        return self.encoder.name

    @property
    def dimension(self) -> int:
        """Return that of the real encoder."""
        return self.encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Fail or encode."""
        self.calls += 1
        if self.error is not None:
            raise self.error
        if self.hangs:
            self.released.wait(PATIENCE)
        return self.encoder.encode(texts)


@dataclass
class FailingIndex:
    """A real index whose engine can be switched off. Like a real one, it knows its metadata then too."""

    index: MovieIndex
    error: Exception | None = None

    def info(self) -> IndexInfo:
        """Return the metadata."""
        return self.index.info()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a method that works or fails, depending on when it is called."""

        def call(*positional: object, **named: object) -> object:
            if self.error is not None:
                raise self.error
            return getattr(self.index, name)(*positional, **named)

        return call
