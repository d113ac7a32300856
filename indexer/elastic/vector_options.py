"""How an index stores and searches vectors: chosen by the settings, recorded in `_meta`, and shown to operators. Pure.

Every option is always stated: the defaults of Elasticsearch differ between versions (one bit from 9.1 on).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from core.errors import BuildRejected
from core.ports import IndexInfo
from core.settings.search_engine import SearchEngineSettings

EXACT_UP_TO = 10_000
"""Movies up to which vectors are searched exactly: a scan takes a millisecond or two, and `k` can cover every movie."""
LINKS, BUILD = 16, 200
"""Links per movie, and candidates examined when it is added: twice Elasticsearch's 100, since builds are rare."""
OVERSAMPLES = {"int8_hnsw": 2.0, "bbq_hnsw": 3.0}
"""Cosines recomputed in float32 per requested movie, to compensate for rounding to a byte or to one bit."""
LEAST_FOR_BITS = 64
"""The least dimension that Elasticsearch accepts for `bbq_hnsw`."""
AUTO, FLAT, BITS = "auto", "flat", "bbq_hnsw"


@dataclasses.dataclass(frozen=True, slots=True)
class VectorOptions:
    """The options of the vector fields of an index.

    Attributes:
        kind: `flat`, `hnsw`, `int8_hnsw` or `bbq_hnsw`.
        links: links per movie in the graph.
        build: candidates examined when a movie is added.
        oversample: cosines recomputed exactly per requested movie; None for kinds that are exact anyway.
    """

    kind: str = FLAT
    links: int = LINKS
    build: int = BUILD
    oversample: float | None = None

    @property
    def exact(self) -> bool:
        """Whether every vector is compared."""
        return self.kind == FLAT

    def index_options(self) -> dict[str, Any]:
        """Return `index_options` of a `dense_vector`."""
        if self.exact:
            return {"type": FLAT}
        graph: dict[str, Any] = {"type": self.kind, "m": self.links, "ef_construction": self.build}
        return graph if self.oversample is None else graph | {"rescore_vector": {"oversample": self.oversample}}

    def for_factors(self) -> VectorOptions:
        """Return the options for item factors, whose lengths matter: one bit per number would lose them."""
        if self.kind != BITS:
            return self
        return dataclasses.replace(self, kind="int8_hnsw", oversample=OVERSAMPLES["int8_hnsw"])

    def described(self) -> str:
        """Return them in words."""
        if self.exact:
            return "vectors flat (searched exactly)"
        again = f", {self.oversample:g} times oversampled" if self.oversample is not None else ""
        return f"vectors {self.kind} (m={self.links}, ef_construction={self.build}{again})"


def chosen(settings: SearchEngineSettings, info: IndexInfo) -> VectorOptions:
    """Return the options for a new index.

    Raises:
        BuildRejected: the vectors are too short for `bbq_hnsw`.
    """
    kind: str = settings.elasticsearch_vectors
    if kind == AUTO:
        kind = FLAT if info.count <= EXACT_UP_TO else "int8_hnsw"
    spaces = [info.dimension, *([info.multilingual.dimension] if info.multilingual is not None else [])]
    if kind == BITS and min(spaces) < LEAST_FOR_BITS:
        raise BuildRejected(
            f"MARQUEE_ELASTICSEARCH_VECTORS: bbq_hnsw needs vectors of at least {LEAST_FOR_BITS} dimensions, but the "
            f"encoder's have {min(spaces)}; choose int8_hnsw"
        )
    oversample = settings.elasticsearch_oversample or OVERSAMPLES.get(kind) if kind in OVERSAMPLES else None
    return VectorOptions(kind, settings.elasticsearch_hnsw_links, settings.elasticsearch_hnsw_build, oversample)


def write(options: VectorOptions) -> dict[str, Any]:
    """Return the options for `_meta`."""
    return dataclasses.asdict(options)


def read(own: Mapping[str, Any]) -> VectorOptions:
    """Read the options of an index from Marquee's part of its `_meta`; indexes of older releases do not record them."""
    if "vectors" in own:
        return VectorOptions(**own["vectors"])
    return VectorOptions() if own["exact"] else VectorOptions("int8_hnsw", oversample=OVERSAMPLES["int8_hnsw"])
