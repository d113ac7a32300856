"""Where an index keeps item factors: two slots that take turns, so that one is read while the other is written. Pure.

A slot is a vector field and a mark, the name of the run that wrote it. `_meta` names the slot, the model and the run
that are read, and is replaced in one call once everything is written; a search asks for movies with that mark only. So
what an unfinished run left behind is never read, and needs no clearing away.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.ports import Vectors
from indexer.elastic import mapping
from indexer.elastic.mapping import Plain

LEAST_WIDTH = 16
"""Numbers in the narrowest field."""
SLOTS = ("a", "b")


@dataclasses.dataclass(frozen=True, slots=True)
class StoredFactors:
    """Which factors an index holds, and where."""

    model: str
    run: str
    """Names one stamping: the mark of every movie that it wrote."""
    slot: str
    dimension: int
    at: float
    """When it was published, in seconds since 1970."""

    @property
    def field(self) -> str:
        """Name of the vector field."""
        return f"factors_{self.slot}_{width(self.dimension)}"

    @property
    def mark(self) -> str:
        """Name of the field that holds the run."""
        return f"factors_{self.slot}_run"


def width(dimension: int) -> int:
    """The next power of two: a mapping never forgets a field, so models of any dimension share a few."""
    return max(LEAST_WIDTH, 1 << (dimension - 1).bit_length())


def pad(vector: Vectors) -> Vectors:
    """The vector with zeros up to the width of its field, which leave every inner product as it is."""
    return np.pad(np.asarray(vector, dtype=np.float32), (0, width(len(vector)) - len(vector)))


def other(live: StoredFactors | None) -> str:
    """The slot that nobody reads."""
    return SLOTS[1] if live is not None and live.slot == SLOTS[0] else SLOTS[0]


def properties(stored: StoredFactors, *, exact: bool) -> Plain:
    """The fields of a stamp, to be added to the mapping."""
    field = {"type": "dense_vector", "dims": width(stored.dimension), "similarity": "max_inner_product"}
    return {
        stored.field: {**field, "index_options": mapping.vector_index(exact=exact)},
        stored.mark: {"type": "keyword"},
    }


def fields(known: Mapping[str, object]) -> list[str]:
    """Every field of a mapping that belongs to a slot."""
    return [name for name in known if name.startswith(tuple(f"factors_{slot}_" for slot in SLOTS))]


def values(stored: StoredFactors, vector: Vectors) -> Plain:
    """What a stamp writes into a movie."""
    return {stored.field: pad(vector), stored.mark: stored.run}


def read(written: Mapping[str, Any]) -> StoredFactors | None:
    """The stamp that `_meta` names, None where the index was never stamped.

    Raises:
        KeyError, TypeError: it was not written by this program.
    """
    plain = written["marquee"].get("factors")
    return None if plain is None else StoredFactors(**plain)


def meta(written: Mapping[str, Any], stored: StoredFactors) -> Plain:
    """`_meta` with another stamp and all else as it was."""
    return {**written, "marquee": {**written["marquee"], "factors": dataclasses.asdict(stored)}}
