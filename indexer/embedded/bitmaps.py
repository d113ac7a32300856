"""The movies with each value of a facet, as one bit per movie: counting a value takes microseconds, not a scan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.types import FacetValue

Mask = NDArray[np.bool_]
"""One boolean per movie, bool, (n_movies,)."""
Bits = NDArray[np.uint64]
"""One bit per movie, in words of 64."""

_WORD = 64


@dataclass(frozen=True, slots=True)
class Bitmaps:
    """The movies with each value, 125 kB for each value of a million movies.

    Attributes:
        names: the values.
        bits: uint64, (n_values, n_words).
    """

    names: tuple[str, ...]
    bits: Bits

    @classmethod
    def of(cls, masks: Iterable[tuple[str, Mask]]) -> Bitmaps:
        """Pack the masks of values."""
        packed = [(name, pack(mask)) for name, mask in masks]
        rows = [bits for _, bits in packed]
        return cls(tuple(name for name, _ in packed), np.stack(rows) if rows else np.zeros((0, 0), np.uint64))

    def count(self, among: Bits | None = None) -> tuple[FacetValue, ...]:
        """Count the movies with each value, all or those in `among`; the values that occur, most frequent first."""
        # One value at a time: the intersection of all would not stay in the cache of the processor.
        counts = [int(np.bitwise_count(row if among is None else row & among).sum()) for row in self.bits]
        found = [(name, count) for name, count in zip(self.names, counts, strict=True) if count]
        return tuple(FacetValue(name, count) for name, count in sorted(found, key=lambda pair: (-pair[1], pair[0])))


def pack(mask: Mask) -> Bits:
    """Return a mask as bits; those after the last movie are 0."""
    bits = np.packbits(mask)
    return np.pad(bits, (0, -len(bits) % (_WORD // 8))).view(np.uint64)
