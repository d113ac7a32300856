"""How names and words are folded before they are compared. Pure; both engines and the pages share it."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def fold(text: str) -> str:
    """Lower case, without accents and punctuation, single blanks: `WALL·E` and `wall e` fold alike."""
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """The folded words of `text`, in order; apostrophes inside a word are dropped (`schindler's` → `schindlers`)."""
    bare = text.lower() if text.isascii() else _without_accents(text)
    return [word.replace("'", "").replace("’", "") for word in _WORD.findall(bare)]


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c))
