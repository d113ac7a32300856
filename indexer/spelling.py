"""How far two words are apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA


def nearest(word: str, known: Iterable[tuple[str, int]]) -> str | None:
    """The nearest of the known words, of several the most frequent; None where there is none.

    Args:
        word: the folded word to look for.
        known: words and their frequencies.
    """
    ranked = sorted((distance(word, other), -frequency, other) for other, frequency in known if other != word)
    return ranked[0][2] if ranked else None


def distance(one: str, other: str) -> int:
    """Letters to add, drop or change, and neighbours to swap, until the words are equal."""
    return int(OSA.distance(one, other))
