"""The embedded engine: tantivy for words, a float32 matrix for vectors, no server."""

from indexer.embedded.store import EmbeddedStore

__all__ = ["EmbeddedStore"]
