"""A search text as tokens that remember where they stand in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core import texts

# Scripts without blanks between words: each character is a token, so that a table's words can be found inside a run.
_UNSPACED = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
_ELIDED = r"(?<![^\W_])(?:[ldcjnmst]|qu|dell|nell|all|sull|dall)(?=['’][^\W_]{3})"
"""Articles and prepositions that French and Italian join to the next word: `l'actrice`, `dell'orrore`."""
_TOKEN = re.compile(rf"[{_UNSPACED}]|{_ELIDED}|[^\W_{_UNSPACED}]+(?:['’][^\W_{_UNSPACED}]+)*", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”„«»]\s*([^\"“”„«»]{2,200}?)\s*[\"“”„«»]")
NO_QUOTES = dict.fromkeys(map(ord, '"“”„«»'), " ")
"""For `str.translate`: quotation marks as blanks, so that positions stay."""
_BREAK = re.compile(r"[,;:.!?()\[\]…\n、。]|\s[-–—]\s")
"""What ends a clause. A full stop inside a word or a number ends none, since tokens hold it."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text."""

    word: str
    """Folded."""
    start: int
    end: int
    ends_clause: bool = False
    """Whether a comma, a full stop or the like stands between it and the next token."""
    minus: bool = False
    """Whether a minus sign stands directly before it, as in `-horror`."""


def split(text: str) -> tuple[Token, ...]:
    """The tokens of `text`, in order."""
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
    """A token as it is compared; none where nothing is left of it."""
    if typed.isascii() and typed.isalnum():  # folding would only lower it
        return (typed.lower(),)
    return texts.words(typed)[:1]


def words(text: str) -> tuple[str, ...]:
    """The folded words of a phrase, split as `split` does."""
    return tuple(token.word for token in split(text))


def fold(text: str) -> str:
    """The folded words of a phrase with single blanks between them."""
    return " ".join(words(text))


def quoted(text: str) -> list[tuple[int, int]]:
    """Where the stretches between quotation marks begin and end, without the marks."""
    return [match.span(1) for match in _QUOTED.finditer(text)]


def cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` without the given stretches of characters."""
    kept, at = [], 0
    for start, end in sorted(spans):
        kept.append(text[at:start])
        at = max(at, end)
    kept.append(text[at:])
    return re.sub(r"\s+", " ", " ".join(kept)).strip()


def _has_minus(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] in "-−" and (start == 1 or text[start - 2].isspace())
