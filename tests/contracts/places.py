"""The storage of an engine's versions in a test, in a form that can be passed to another process."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from elasticsearch import Elasticsearch

from core.config import Settings
from core.ports import IndexStore


@dataclass(frozen=True, slots=True)
class Place:
    """An engine's name, and a folder or `<address> <alias>`."""

    engine: str
    where: str

    def open(self) -> IndexStore:
        """Return another store with the same versions."""
        if self.engine == "embedded":
            return _embedded(self.where)
        address, alias = self.where.split()
        return _elastic(address, alias)

    def remove(self) -> None:
        """Delete the data on a server; temporary folders are deleted automatically."""
        if self.engine == "embedded":
            return
        address, alias = self.where.split()
        with contextlib.closing(Elasticsearch(address)) as client:
            # By exact name: clusters refuse deletion by wildcard.
            for name in client.indices.get(index=f"{alias}-*").body:
                client.indices.delete(index=name)


def _embedded(folder: str) -> IndexStore:
    from indexer.embedded import EmbeddedStore  # noqa: PLC0415 - each engine is imported where it is tested

    return EmbeddedStore(Path(folder))


def _elastic(address: str, alias: str) -> IndexStore:
    from indexer.elastic import ElasticStore  # noqa: PLC0415

    return ElasticStore(
        Settings.model_validate(
            {"elasticsearch_url": address, "elasticsearch_index": alias, "elasticsearch_timeout": 20}
        ),
        patience=0.0,
    )
