"""Conversion of English number words to digits in place: `ninety-five minutes`, `twenty eleven`. Pure."""

from __future__ import annotations

import re

_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
}  # fmt: skip
_TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_DECADES = {
    "noughties": "00s", "fifties": "50s", "sixties": "60s", "seventies": "70s", "eighties": "80s", "nineties": "90s",
}  # fmt: skip
"""Decades that are converted; those that are also ages (`in her twenties`) are not."""
_GAP = r"(?:[\s-]+)"


def _either(*names: str) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_TWO_DIGITS = rf"(?:(?:{_either(*_TENS)})(?:{_GAP}(?:{_either(*_UNITS)}))?|{_either(*_TEENS)})"
_NUMBER = re.compile(
    rf"\b(?:two thousand(?:{_GAP}(?:and{_GAP})?(?P<after>{_TWO_DIGITS}|{_either(*_UNITS)}))?(?P<thousand>)"
    rf"|(?P<century>nineteen|twenty){_GAP}(?:(?P<short>{_TWO_DIGITS})|(?:oh|o){_GAP}(?P<first>{_either(*_UNITS)}))"
    rf"|(?:a|one){_GAP}hundred(?:{_GAP}(?:and{_GAP})?(?P<more>{_TWO_DIGITS}|{_either(*_UNITS)}))?(?P<hundred>)"
    rf"|(?P<plain>{_TWO_DIGITS})|(?P<decade>{_either(*_DECADES)}))(?![\w-]|'s\b)"
)


FILL = "\u2009"
"""Thin space that pads digits to the length of the number words."""


def in_figures(text: str) -> str:
    """Return a lower-case text with numbers from ten on in digits and all other characters in place."""
    return _NUMBER.sub(_figures, text)


def end_in(text: str, end: int) -> int:
    """Return the end in the original text of a match that ends at `end`."""
    while end < len(text) and text[end] == FILL:
        end += 1
    return end


def _figures(match: re.Match[str]) -> str:
    return (_DECADES.get(match["decade"] or "") or str(_value(match))).ljust(len(match[0]), FILL)


def _value(match: re.Match[str]) -> int:
    if match["thousand"] is not None:
        return 2000 + _two_digits(match["after"] or "")
    if match["hundred"] is not None:
        return 100 + _two_digits(match["more"] or "")
    if match["century"]:
        return (1900 if match["century"] == "nineteen" else 2000) + _two_digits(match["short"] or match["first"])
    return _two_digits(match["plain"])


def _two_digits(words: str) -> int:
    return sum(_TENS.get(word, 0) + _TEENS.get(word, 0) + _UNITS.get(word, 0) for word in re.split(_GAP, words))
