"""The one composition root: settings become services. The only place that chooses between implementations."""

from __future__ import annotations

from core.config import Settings
from core.ports import Encoder, IndexStore, MovieIndex
from engine.films import Films
from engine.library import Library
from engine.search import encoder as encoders
from engine.search.search import Search
from engine.services import Services


def build(settings: Settings, *, index: MovieIndex | None = None, encoder: Encoder | None = None) -> Services:
    """Everything that pages, API and command line need, for serving: loads the exported encoder, never torch.

    Raises:
        ModelMissing: the encoder was not exported yet; says which command does it.
    """
    index = index or store(settings).open()
    encoder = encoder or encoders.load(settings)
    return Services(
        settings=settings,
        search=Search(index, encoder, relevance_floor=settings.relevance_floor),
        films=Films(index),
        library=Library(index, encoder),
    )


def store(settings: Settings) -> IndexStore:
    """The builds of the engine that the settings name."""
    if settings.elasticsearch_url:
        from indexer.elastic import ElasticStore  # noqa: PLC0415 - only who uses it pays for the client

        return ElasticStore(settings)
    from indexer.embedded import EmbeddedStore  # noqa: PLC0415 - nor for tantivy

    return EmbeddedStore(settings.home / "index")
