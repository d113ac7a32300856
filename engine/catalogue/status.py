"""The published index and the encoder, and whether searches work."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import SearchUnavailable
from core.ports import Encoder, IndexInfo, MovieIndex
from core.types import Filters, Sort
from engine.search import search
from engine.search.resilience.popular_movies import PopularMovies
from engine.search.resilience.reloading_encoder import ReloadingEncoder


@dataclass(frozen=True)
class Library:
    """The published index and its encoder."""

    index: MovieIndex
    encoder: Encoder
    abroad: MovieIndex | None = None
    """The index in the vector space of the multilingual encoder; None without that encoder."""
    popular: PopularMovies | None = None
    """Kept while searches work. They read the engine itself, not what is remembered of its answers."""

    def info(self) -> IndexInfo:
        """Return catalogue, count and version of the published index. Raises `IndexMissing`."""
        return self.index.info()

    def known(self) -> IndexInfo | None:
        """Return the same; None while the engine cannot be asked and no index was loaded before."""
        try:
            return self.index.info()
        except SearchUnavailable:
            return None

    def check(self) -> None:
        """Check that searches work: the index exists, the engine answers and the encoder is the index's own.

        Sends a query to the engine, because its description is cached.

        Raises:
            SearchUnavailable, EncoderMismatch, EncoderUnavailable: with the reason.
        """
        engine = self.popular.index if self.popular is not None else self.index
        if self.popular is None or not self.popular.refresh():
            engine.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=1)
        if isinstance(self.encoder, ReloadingEncoder):
            self.encoder.check()
        search.check_encoder(self.encoder, self.index.info())
        if self.abroad is not None:
            self.abroad.info()
