"""Names in katakana and in Latin letters by what they have in common: the order of their consonants. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from core import texts

KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc](?:[\u30a1-\u30fa\u30fc・＝ ]*[\u30a1-\u30fa\u30fc])?")
"""A run of katakana; a dot or a blank may part a name."""
MIN_CONSONANTS = 3
"""Of the shortest key that is compared: fewer say too little."""
FORGIVEN = 6
"""Consonants per one that may differ."""

_ROWS = {
    "K": "カキクケコヵヶ", "G": "ガギグゲゴ", "S": "サシスセソザジズゼゾチヂ", "T": "タテト", "TS": "ツヅ",
    "D": "ダデド", "N": "ナニヌネノン", "H": "ハヒヘホ", "F": "フ", "B": "バビブベボヴ", "P": "パピプペポ",
    "M": "マミムメモ", "R": "ラリルレロ",
}  # fmt: skip
_CONSONANT = {kana: letters for letters, row in _ROWS.items() for kana in row}
_LATIN = (
    (r"tch|tsch", "S"), (r"chr", "KR"), (r"ck|qu|q", "K"), (r"ph", "F"), (r"sch|sh|ch|th", "S"), (r"gh", ""),
    (r"x", "KS"), (r"t(?=ion)", "S"), (r"c(?=[eiy])", "S"), (r"c|k", "K"), (r"ng(?![aeiou])", "N"),
    (r"g(?=e)|j", "S"), (r"g", "G"),
    (r"m(?=[bp])", "N"), (r"[sz]", "S"), (r"[lr](?=[aeiouy])|l", "R"), (r"r", ""), (r"[bv]", "B"), (r"t", "T"),
    (r"d", "D"), (r"n", "N"), (r"(?<![a-z])h|(?<=[aeiou])h(?=[aeiou])", "H"), (r"f", "F"), (r"p", "P"), (r"m", "M"),
)  # fmt: skip
_SOUND = re.compile("|".join(f"({pattern})" for pattern, _ in _LATIN) + "|.")


def key(text: str) -> str:
    """The consonants of a name in katakana or Latin letters, each sound that the other script cannot tell as one."""
    plain = unicodedata.normalize("NFKC", text)
    if KATAKANA.search(plain):
        return _once("".join(_CONSONANT.get(kana, "") for kana in plain))
    return _once(_SOUND.sub(_sound, texts.fold(plain).removeprefix("the ")))


def nearest(text: str, keys: Sequence[str]) -> int | None:
    """The place of the name whose key is nearest to that of `text`, the first of several; None far from all."""
    wanted = key(text)
    if len(wanted) < MIN_CONSONANTS:
        return None
    found = process.extractOne(wanted, keys, scorer=Levenshtein.distance, score_cutoff=len(wanted) // FORGIVEN)
    return found[2] if found is not None else None


def _sound(match: re.Match[str]) -> str:
    return _LATIN[match.lastindex - 1][1] if match.lastindex else ""


def _once(consonants: str) -> str:
    return re.sub(r"(.)\1+", r"\1", consonants)
