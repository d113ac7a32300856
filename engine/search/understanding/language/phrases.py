"""Lookup of phrases in a list of words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from engine.search.understanding.language import tokens


class Phrases:
    """A set of phrases to look up at or before a position in a list of words; the longest match counts."""

    def __init__(self, *texts: str) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        self._by_last: dict[str, list[tuple[str, ...]]] = {}
        for words in sorted({tokens.words(text) for text in texts}, key=lambda words: (-len(words), words)):
            self._by_first.setdefault(words[0], []).append(words)
            self._by_last.setdefault(words[-1], []).append(words)

    def at(self, words: Sequence[str], start: int) -> int:
        """Return the number of words of the longest phrase that begins at `start`; 0 if there is none."""
        for phrase in self._by_first.get(words[start], ()) if start < len(words) else ():
            if tuple(words[start : start + len(phrase)]) == phrase:
                return len(phrase)
        return 0

    def before(self, words: Sequence[str], end: int) -> int:
        """Return the number of words of the longest phrase that ends just before `end`; 0 if there is none."""
        for phrase in self._by_last.get(words[end - 1], ()) if end > 0 else ():
            if end >= len(phrase) and tuple(words[end - len(phrase) : end]) == phrase:
                return len(phrase)
        return 0
