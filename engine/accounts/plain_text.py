"""Cleaning of texts that users write: reviews, notes, names and descriptions of lists."""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAK = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Bidirectional control characters: they would change the text direction of the page around a review."""


def clean(text: str) -> str:
    """Normalize line endings, collapse blank lines, and remove control characters."""
    if not text:
        return ""  # most rows of an import
    lines = _LINE_BREAK.sub("\n", text).replace("\t", " ")
    kept = (c for c in lines if c == "\n" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNING))
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in "".join(kept).split("\n"))).strip()
