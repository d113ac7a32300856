"""The Elasticsearch engine: the same contract as the embedded one, on any number of machines."""

from indexer.elastic.store import ElasticStore

__all__ = ["ElasticStore"]
