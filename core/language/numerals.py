"""Numbers in titles in any notation: digits, words, ordinals, Roman numerals. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_UNITS += ["seventeen", "eighteen", "nineteen"]
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth".split()
_SCALES = {"hundred": 100, "thousand": 1_000}
_WORDS = (
    {word: value for value, word in enumerate(_UNITS)}
    | {word: value for value, word in enumerate(_ORDINALS, start=1)}
    | _TENS
)
_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})")
"""Numbers up to 39: longer numerals are as often words (`mix`, `civil`), and no series is that long."""
_TENS_OF_ROMAN = {"ix": 9, "iv": 4, "": 0}
_SUFFIXED = re.compile(r"(\d+)(?:st|nd|rd|th)")
_HALF = ["and", "a", "half"]
MARKERS = frozenset("part pt parts volume vol episode ep chapter book no".split())
"""Words before a number that add nothing to it."""
_ROMAN_LETTERS = "ivx"
LETTERS = frozenset(_ROMAN_LETTERS)
"""Single-letter Roman numerals: a number at the end of a title (`Rocky V`), elsewhere a word (`I, Robot`)."""


def normalize(words: Sequence[str], *, endings: Collection[int] = ()) -> list[str]:
    """Return the folded words of a title with all numbers in digits, without the words that introduce them.

    Args:
        words: folded words.
        endings: positions of the last words of the title and its parts, where a letter may be a number.
    """
    found: list[str] = []
    place = 0
    while place < len(words):
        number, taken = _number(words, place, endings)
        if number is None:
            found.append(words[place])
        else:
            _drop_marker(found)
            found.append(number)
        place += taken
    return found


def _drop_marker(before: list[str]) -> None:
    """Drop the word that introduces a number, unless it starts the title (`Chapter 27`)."""
    if len(before) > 1 and before[-1] in MARKERS:
        before.pop()


def _number(words: Sequence[str], place: int, endings: Collection[int]) -> tuple[str | None, int]:
    """Return the number at a position in digits, or None, and how many words it spans."""
    word = words[place]
    if place and word == _HALF[0] and list(words[place : place + 3]) == _HALF:
        return "12", len(_HALF)  # `8½` folds to the words 8, 1, 2
    if word in _WORDS or (word == "a" and words[place + 1 : place + 2] in (["hundred"], ["thousand"])):
        return _spelled(words, place)
    if word.isdecimal():
        return word, 1
    if word[0].isdecimal() and (suffixed := _SUFFIXED.fullmatch(word)):
        return suffixed[1], 1
    if (place or len(words) > 1) and _is_roman(words, place, endings):
        return str(_roman(word)), 1
    return None, 1


def _spelled(words: Sequence[str], place: int) -> tuple[str, int]:
    """Parse a spelled-out number: `twenty one`, `one hundred and one`, `two thousand`."""
    total, taken = _below_hundred(words, place)
    while (scale := _SCALES.get(_at(words, place + taken))) is not None:
        total, taken = max(total, 1) * scale, taken + 1
        joined = 1 if _at(words, place + taken) == "and" else 0
        if _at(words, place + taken + joined) in _WORDS:
            more, further = _below_hundred(words, place + taken + joined)
            total, taken = total + more, taken + joined + further
    return str(total), taken


def _below_hundred(words: Sequence[str], place: int) -> tuple[int, int]:
    value, following = _WORDS.get(words[place], 0), _WORDS.get(_at(words, place + 1), 0)
    if words[place] in _TENS and 0 < following < 10:  # noqa: PLR2004
        return value + following, 2
    return value, 1


def _is_roman(words: Sequence[str], place: int, endings: Collection[int]) -> bool:
    word = words[place]
    if word in LETTERS:
        return place > 0 and (words[place - 1] in MARKERS or place in endings)
    return len(word) > 1 and not word.strip(_ROMAN_LETTERS) and _roman(word) > 0


def _roman(word: str) -> int:
    found = _ROMAN.fullmatch(word)
    if not found:
        return 0
    ones = found[2]
    below = _TENS_OF_ROMAN[ones] if ones in _TENS_OF_ROMAN else 5 * ones.count("v") + ones.count("i")
    return 10 * len(found[1]) + below


def _at(words: Sequence[str], place: int) -> str:
    return words[place] if place < len(words) else ""
