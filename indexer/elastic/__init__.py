"""The Elasticsearch engine: the same promises as the embedded one, on as many machines as there are."""

from indexer.elastic.store import ElasticStore

__all__ = ["ElasticStore"]
