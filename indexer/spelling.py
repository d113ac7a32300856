"""How far two words are apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable


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
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one):
        last, row = row, [i + 1]
        for j, b in enumerate(other):
            cost = min(last[j] + (a != b), last[j + 1] + 1, row[j] + 1)
            swapped = i > 0 and j > 0 and a == other[j - 1] and one[i - 1] == b
            row.append(min(cost, before[j - 1] + 1) if swapped else cost)
        before = last
    return row[-1]
