"""Tokens of a search text with their positions. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core import texts

# In scripts without spaces between words, each character is a token, so that words of the tables are found inside runs.
_UNSPACED = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
_ELIDED = r"(?<![^\W_])(?:[ldcjnmst]|qu|dell|nell|all|sull|dall)(?=['’][^\W_]{3})"
"""Articles and prepositions that are joined to the next word in French and Italian: `l'actrice`, `dell'orrore`."""
_TOKEN = re.compile(rf"[{_UNSPACED}]|{_ELIDED}|[^\W_{_UNSPACED}]+(?:['’][^\W_{_UNSPACED}]+)*", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”„«»]\s*([^\"“”„«»]{2,200}?)\s*[\"“”„«»]")
NO_QUOTES = dict.fromkeys(map(ord, '"“”„«»'), " ")
"""Table for `str.translate` that replaces quotation marks by spaces, which keeps positions."""
_BREAK = re.compile(r"[,;:.!?()\[\]…\n、。]|\s[-–—]\s")
"""Matches the end of a clause; full stops inside words and numbers are part of tokens."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text."""

    word: str
    """The folded word."""
    start: int
    end: int
    ends_clause: bool = False
    """Whether a comma, full stop etc. separates it from the next token."""
    minus: bool = False
    """Whether a minus sign precedes it directly, as in `-horror`."""


def split(text: str) -> tuple[Token, ...]:
    """Split `text` into tokens."""
    found = list(_TOKEN.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    tokens = []
    for match, following in zip(found, ends, strict=True):
        start, end = match.span()
        for word in _folded(match.group()):
            gap = text[end:following]
            ends_clause = gap != " " and _BREAK.search(gap) is not None
            tokens.append(Token(word, start, end, ends_clause, _has_minus(text, start)))
    return tuple(tokens)


def _folded(typed: str) -> Sequence[str]:
    """Return the folded form of a token, or nothing if it is empty."""
    if typed.isascii() and typed.isalnum():  # folding would only lower it
        return (typed.lower(),)
    return texts.words(typed)[:1]


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a phrase, as split by `split`."""
    return tuple(token.word for token in split(text))


def fold(text: str) -> str:
    """Return the folded words of a phrase joined by single spaces."""
    return " ".join(words(text))


def quoted(text: str) -> list[tuple[int, int]]:
    """Return the spans between quotation marks, without the marks."""
    return [match.span(1) for match in _QUOTED.finditer(text)]


def cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return `text` without the given spans of characters."""
    kept, at = [], 0
    for start, end in sorted(spans):
        kept.append(text[at:start])
        at = max(at, end)
    kept.append(text[at:])
    return re.sub(r"\s+", " ", " ".join(kept)).strip()


def _has_minus(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] in "-−" and (start == 1 or text[start - 2].isspace())
