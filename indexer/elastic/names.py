"""Preselection of names for the full comparison with a typed text, which is slow and fails for most names. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from core.types import Suggestion
from indexer.names import suggestions
from indexer.names.suggestions import Name, Typed


def choose(names: Iterable[Name], typed: str, *, limit: int) -> list[Suggestion]:
    """Return what `suggestions.rank` returns for `names`, without a full comparison of each of them.

    Args:
        names: candidate names.
        typed: the text as typed.
        limit: the maximum number of suggestions.
    """
    pool, text = list(names), Typed.of(typed)
    exact = suggestions.rank((name for name in pool if _begins(name, text)), typed, limit=limit)
    if len(exact) >= limit or len(text.text) < suggestions.MIN_LETTERS_FOR_TYPO:
        return exact
    return suggestions.rank((name for name in pool if _may_begin(name, text)), typed, limit=limit)


def _begins(name: Name, typed: Typed) -> bool:
    """Whether one of the name's words starts with the typed text, or one of its keys contains it."""
    if typed.text and f" {typed.text}" in f" {name.folded}":
        return True
    return any(spelling in key for spelling in typed.spellings for key in name.keys)


def _may_begin(name: Name, typed: Typed) -> bool:
    """Whether the name can match with one typo, which leaves one half of the typed text intact.

    Two transposed letters may lie on both sides of the middle, so the second half starts one letter later.
    """
    middle = len(typed.text) // 2
    if f" {typed.text[:middle]}" in f" {name.folded}" or typed.text[middle + 1 :] in name.folded:
        return True
    return any(typed.text[:middle] in key or typed.text[middle + 1 :] in key for key in name.keys)
