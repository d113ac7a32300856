"""Storage of item factors in an index: two alternating slots, one read while the other is written. Pure.

A slot is a vector field and a marker, the name of the run that wrote it. `_meta` names the slot, the model and the run
in use, and is replaced in one call once everything is written; searches only match movies with that marker. Leftovers
of an unfinished run are therefore never read and need no cleanup.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.ports import Vectors
from indexer.elastic.mapping import Plain
from indexer.elastic.vector_options import VectorOptions

LEAST_WIDTH = 16
"""Dimension of the narrowest field."""
SLOTS = ("a", "b")


@dataclasses.dataclass(frozen=True, slots=True)
class StoredFactors:
    """The factors in use of an index, and their location."""

    model: str
    run: str
    """Identifies the run: the marker of every movie it wrote."""
    slot: str
    dimension: int
    at: float
    """Time of publication, in seconds since 1970."""

    @property
    def field(self) -> str:
        """Name of the vector field."""
        return f"factors_{self.slot}_{width(self.dimension)}"

    @property
    def mark(self) -> str:
        """Name of the marker field."""
        return f"factors_{self.slot}_run"


def width(dimension: int) -> int:
    """Return the next power of two: mappings keep fields forever, so models of all dimensions share a few."""
    return max(LEAST_WIDTH, 1 << (dimension - 1).bit_length())


def pad(vector: Vectors) -> Vectors:
    """Pad a vector with zeros to the width of its field, which does not change inner products."""
    return np.pad(np.asarray(vector, dtype=np.float32), (0, width(len(vector)) - len(vector)))


def other(live: StoredFactors | None) -> str:
    """Return the slot that is not in use."""
    return SLOTS[1] if live is not None and live.slot == SLOTS[0] else SLOTS[0]


def properties(stored: StoredFactors, options: VectorOptions) -> Plain:
    """Return the fields to be added to the mapping."""
    field = {"type": "dense_vector", "dims": width(stored.dimension), "similarity": "max_inner_product"}
    return {
        stored.field: {**field, "index_options": options.for_factors().index_options()},
        stored.mark: {"type": "keyword"},
    }


def fields(known: Mapping[str, object]) -> list[str]:
    """Return all fields of a mapping that belong to a slot."""
    return [name for name in known if name.startswith(tuple(f"factors_{slot}_" for slot in SLOTS))]


def values(stored: StoredFactors, vector: Vectors) -> Plain:
    """Return the values written into a movie."""
    return {stored.field: pad(vector), stored.mark: stored.run}


def read(written: Mapping[str, Any]) -> StoredFactors | None:
    """Return the factors that `_meta` refers to, None if there are none.

    Raises:
        KeyError, TypeError: it was not written by this program.
    """
    plain = written["marquee"].get("factors")
    return None if plain is None else StoredFactors(**plain)


def meta(written: Mapping[str, Any], stored: StoredFactors) -> Plain:
    """Return `_meta` with other factors, otherwise unchanged."""
    return {**written, "marquee": {**written["marquee"], "factors": dataclasses.asdict(stored)}}
