"""Folding of texts for comparison. Pure."""

from __future__ import annotations

import re
import unicodedata

from core.language import han

_LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t",
    "ŋ": "n", "ĸ": "k", "ƒ": "f", "ə": "e", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƙ": "k", "ǥ": "g", "ɨ": "i", "ʉ": "u",
    "ɛ": "e", "ɔ": "o", "ƶ": "z", "ƴ": "y",
}  # fmt: skip
"""Letters that Unicode does not decompose, as typed on keyboards that lack them (`ß` is handled by case folding)."""
_VOICED_KANA = 8
"""Combining class of the marks that distinguish `バ` from `ハ`: different letters, not accents."""
_MARKS = "".join(
    chr(code)
    for first, last in ((0x0900, 0x109F), (0x1780, 0x17DD), (0x0E30, 0x0E4E))
    for code in range(first, last + 1)
    if unicodedata.category(chr(code)).startswith("M")
)
"""Vowel signs of South and South-East Asian scripts, which Python does not count as part of a word."""
_WORD = re.compile(rf"[^\W_][^\W_{_MARKS}]*(?:[{_MARKS}]+[^\W_{_MARKS}]*)*(?:['’][^\W_](?:[^\W_]|[{_MARKS}])*)*")
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
"""The same in a text of ASCII characters in lower case, in a quarter of the time."""
_SMALL = re.compile("[²³¹⁰⁴-⁹₀-₉¼-¾⅐-⅞]")
_RAISED = re.compile(rf"(?<=\w)(?={_SMALL.pattern})")
"""Positions where a small digit or a fraction follows a letter or a digit: `Creature³` is two words."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u3096\u309d-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""Runs of scripts without spaces between words. Korean has spaces, but attaches particles and compounds to words."""


def fold(text: str) -> str:
    """Return `text` in lower case, without accents and punctuation, single-spaced: `WALL·E` and `wall e` fold alike."""
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """Return the folded words of `text`; apostrophes inside a word are dropped (`schindler's` → `schindlers`)."""
    bare = text.lower() if text.isascii() else _without_accents(text)
    found: list[str] = (_ASCII_WORD if bare.isascii() else _WORD).findall(bare)
    if "'" not in bare and "’" not in bare:  # the common case
        return found
    return [word.replace("'", "").replace("’", "") for word in found]


def terms(text: str) -> list[str]:
    """Return the folded words of `text` as indexed: bigrams of characters for scripts without spaces.

    A bigram stands for a word (`バス停` → `バス`, `ス停`), so that parts of a title are found. Variants of a Chinese
    character are unified (`国`, `國`).
    """
    found: list[str] = []
    for word in words(text):
        found.extend(_pairs(word) if not word.isascii() and _UNSPACED.search(word) else (word,))
    return found


def unspaced(text: str) -> bool:
    """Whether a text contains characters of a script without spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def account_key(name: str) -> str:
    """Return the key for comparing account names. It is stored with each account, so it must not change."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    found: list[str] = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", bare)
    return " ".join(word.replace("'", "").replace("’", "") for word in found)


def _pairs(word: str) -> list[str]:
    """Split a word into bigrams of scripts without spaces and the unchanged text between them."""
    found: list[str] = []
    end = 0
    for match in _UNSPACED.finditer(word):
        found.append(word[end : match.start()])
        run, end = han.unify(match.group()), match.end()
        found.extend(run[place : place + 2] for place in range(max(1, len(run) - 1)))
    return [part for part in (*found, word[end:]) if part]


def _without_accents(text: str) -> str:
    if _SMALL.search(text):  # rare, and found in a sixth of the time
        text = _RAISED.sub(" ", text)
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = plain if plain.isascii() else _NOT_ASCII.sub(_plain_letter, plain)
    return kept if kept.isascii() else unicodedata.normalize("NFC", kept)


def _plain_letter(match: re.Match[str]) -> str:
    letter = match[0]
    return _LETTERS.get(letter, letter if unicodedata.combining(letter) in (0, _VOICED_KANA) else "")
