"""Running times as people say them, as bounds in minutes. Pure."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from engine.search.understanding import numerals

ABOUT = 10
"""Minutes on either side of `around 90 minutes`."""

_NUMBERS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "half an": 0.5, "una": 1.0, "dos": 2.0,
    "tres": 3.0, "une": 1.0, "deux": 2.0, "trois": 3.0, "einer": 1.0, "eine": 1.0, "zwei": 2.0, "drei": 3.0,
    "un": 1.0, "due": 2.0, "tre": 3.0, "uma": 1.0, "duas": 2.0, "três": 3.0, "half": 0.5,
}  # fmt: skip
_HOUR = r"(?:hours?|hrs?|h|horas?|heures?|stunden?|ore|ora|時間)"
_MINUTE = r"(?:minutes?|mins?|min|minutos?|minuten|minuti|分)"
_NUMBER = rf"(?:\d+(?:[.,]\d+)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_HALF = r"(?:\s*(?:and a half|y media|et demie|einhalb|e mezza|e meia))"
_LENGTH = (
    rf"(?:(?P<h>{_NUMBER})(?P<half>{_HALF})?[\s-]*{_HOUR}(?P<half2>{_HALF})?(?:\s*(?:and\s+)?(?:(?P<hm>\d{{1,2}})\s*{_MINUTE}|(?P<bare>[1-5][05]|[1-5]\d(?=\s*(?:or|max|tops)\b))(?![\d%']|\s*s\b)|(?P<quarters>a|one|three)\s+quarters?(?:\s+of an hour)?))?"
    rf"|(?P<half_more>hora y media|heure et demie|anderthalb stunden|ora e mezza|hora e meia|hour and a half)"
    rf"|(?P<clock>\dh\d\d)(?:{_MINUTE})?|(?P<m>\d{{1,3}})[\s-]*{_MINUTE})"
)
_AT_MOST = (
    r"(?:que )?no dure más de|no más de|pas plus de|nicht mehr als|non più di|não mais de|under|below|less than|fewer than|shorter than|no longer than|not longer than|nothing longer than|nothing over|"
    r"not over|no more than|not more than|at most|up to|max(?:imum)?(?: of)?|within|isn't longer than|isnt longer than|"
    r"not exceeding|only have|sub-?|nothing more than|not above|that's under|<=?|menos de|máximo|hasta|moins de|maximum|maximal|unter|"
    r"weniger als|höchstens|kürzer als|nicht länger als|meno di|massimo|até|no máximo"
)
_AT_LEAST = (
    r"over|above|more than|longer than|at least|min(?:imum)?(?: of)?|no shorter than|not shorter than|no less than|"
    r"nothing under|nothing shorter than|not under|>=?|más de|al menos|plus de|au moins|über|mehr als|länger als|"
    r"mindestens|più di|almeno|mais de|pelo menos"
)
_ABOUT = r"about|around|roughly|approximately|circa|some|unos|environ|etwa|ungefähr|cerca de"
_TAIL = r"(?:\s*(?:long|in length|of runtime|runtime|lang|de durée|de duración|or so|,?\s*give or take(?:\s+(?:a|\d+|five|ten|few)(?:\s+(?:minutes?|mins?|few))*)?))?"
_PATTERN = re.compile(
    rf"(?:\b(?:between|entre|zwischen|tra)\s+)?(?:(?P<low>\d{{2,3}})\s*(?:-|–|and|to|y|et|und|e)\s*(?=\d{{2,3}}\s*{_MINUTE}))?"
    rf"(?:(?<!\w)(?P<word>{_AT_MOST}|{_AT_LEAST}|{_ABOUT})\s*)?(?<![\w.]){_LENGTH}"
    rf"(?:\s*(?P<after>or less|or under|or shorter|max(?:imum)?|tops|at (?:the (?:very )?)?most|(?:くらい)?まで|以内|以下|未満|oder weniger|ou moins|o menos)|"
    rf"\s*(?P<after_least>or more|or longer|at least|plus|\+|以上|oder länger|ou plus|o más))?(?P<tail>{_TAIL})(?![a-zà-ÿ0-9])",
    re.IGNORECASE,
)

_NOUN = re.compile(r"[\s-]+(?:movies?|films?|flicks?|epics?)\b")


@dataclass(frozen=True, slots=True)
class Length:
    """Bounds of a running time in minutes, inclusive, and where the text says them."""

    least: int | None
    most: int | None
    start: int
    end: int

    @property
    def value(self) -> str:
        """`<=90`, `>=180`, `80-100`."""
        if self.least is not None and self.most is not None:
            return f"{self.least}-{self.most}"
        return f">={self.least}" if self.least is not None else f"<={self.most}"


def read(text: str) -> list[Length]:
    """Every running time that `text` names, in order."""
    lowered = text.lower().replace("’", "'")
    if len(lowered) != len(text):
        return []
    lowered = numerals.in_figures(lowered)
    found = [length for match in _PATTERN.finditer(lowered) if (length := _length(match)) is not None]
    return [dataclasses.replace(length, end=numerals.end_in(lowered, length.end)) for length in _ranges(lowered, found)]


def _ranges(text: str, found: list[Length]) -> list[Length]:
    """The lengths, two with `to` between them as one range: `1h30 to 1h45`."""
    joined: list[Length] = []
    for length in found:
        last = joined[-1] if joined else None
        if last is not None and _about(last) and _about(length) and _TO.fullmatch(text[last.end : length.start]):
            middle = (_minutes_about(last), _minutes_about(length))
            joined[-1] = Length(min(middle), max(middle), last.start, length.end)
        else:
            joined.append(length)
    return joined


_TO = re.compile(r"[\s\u2009]*(?:to|and|-|–|until|till|bis|y|et|und|e|a|à)[\s\u2009]*")


def _about(length: Length) -> bool:
    return length.least is not None and length.most is not None and length.most - length.least == 2 * ABOUT


def _minutes_about(length: Length) -> int:
    return (length.most or 0) - ABOUT


def bounds(value: str) -> tuple[int | None, int | None]:
    """Least and most minutes of a `Length.value`."""
    if value.startswith(">="):
        return int(value[2:]), None
    if value.startswith("<="):
        return None, int(value[2:])
    least, _, most = value.partition("-")
    return int(least), int(most)


def _length(match: re.Match[str]) -> Length | None:
    minutes = _minutes(match)
    if not 1 <= minutes <= 1_000:  # noqa: PLR2004 - longer is no movie
        return None
    word = match["word"] or ""
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    if match["low"]:
        return Length(int(match["low"]), minutes, start, match.end())
    if match["after"] or (word and re.fullmatch(_AT_MOST, word)):
        return Length(None, minutes, start, match.end())
    if match["after_least"] or (word and re.fullmatch(_AT_LEAST, word)):
        return Length(minutes, None, start, match.end())
    exact = match["hm"] or match["bare"]
    if (
        not word
        and match["h"]
        and not exact
        and not match["tail"].strip()
        and not _NOUN.match(match.string, match.end())
    ):
        return None  # "an hour with grandma" is no wish for a length
    return Length(max(1, minutes - ABOUT), minutes + ABOUT, start, match.end())


def _minutes(match: re.Match[str]) -> int:
    if match["m"]:
        return int(match["m"])
    if match["half_more"]:
        return 90
    if match["clock"]:
        return 60 * int(match["clock"][0]) + int(match["clock"][2:])
    hours = _NUMBERS[match["h"]] if match["h"] in _NUMBERS else float(match["h"].replace(",", "."))
    half = 0.5 if match["half"] or match["half2"] else 0.0
    quarters = {"three": 45, "a": 15, "one": 15}.get(match["quarters"] or "", 0)
    return round(60 * (hours + half)) + int(match["hm"] or match["bare"] or quarters)
