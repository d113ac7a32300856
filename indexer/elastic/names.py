"""Which of many names are worth a full comparison with what was typed: that one is slow, and most fail it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from core.types import Suggestion
from indexer import suggestions
from indexer.suggestions import Name


def choose(names: Iterable[Name], typed: str, *, limit: int) -> list[Suggestion]:
    """What `suggestions.rank` makes of `names`, without comparing each of them letter by letter.

    Args:
        names: names that may fit.
        typed: the folded text.
        limit: the greatest number of suggestions.
    """
    pool = list(names)
    exact = suggestions.rank((name for name in pool if _begins(name, typed)), typed, limit=limit)
    if len(exact) >= limit or len(typed) < suggestions.MIN_LETTERS_FOR_TYPO:
        return exact
    return suggestions.rank((name for name in pool if _may_begin(name, typed)), typed, limit=limit)


def _begins(name: Name, typed: str) -> bool:
    """Whether one of the name's words begins what was typed."""
    return f" {typed}" in f" {name.folded}"


def _may_begin(name: Name, typed: str) -> bool:
    """Whether it may with one typo: that leaves one half of what was typed as it should be.

    Two swapped letters may lie on both sides of the middle, so the second half starts one letter later.
    """
    middle = len(typed) // 2
    return f" {typed[:middle]}" in f" {name.folded}" or typed[middle + 1 :] in name.folded
