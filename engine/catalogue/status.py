"""What is being served, and whether a search would work now."""

from __future__ import annotations

from dataclasses import dataclass

from core.ports import Encoder, IndexInfo, MovieIndex
from core.types import Filters, Sort
from engine.search import search


@dataclass(frozen=True)
class Library:
    """What is being served: the published index and the encoder that asks it."""

    index: MovieIndex
    encoder: Encoder
    abroad: MovieIndex | None = None
    """The index in its second space, where searches in other languages need it."""

    def info(self) -> IndexInfo:
        """The published index: catalogue, count, version. Raises `IndexMissing`."""
        return self.index.info()

    def check(self) -> None:
        """Whether a search would work now: index there, engine answering, encoder at hand and the index's own.

        Asks the engine, since what it said of itself is remembered.

        Raises `SearchUnavailable`, `EncoderMismatch` or `ModelMissing` in words.
        """
        search.check_encoder(self.encoder, self.index.info())
        if self.abroad is not None:
            self.abroad.info()
        self.index.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=1)
