"""Runtimes in a search text, as bounds in minutes. Pure."""

from __future__ import annotations

import dataclasses
import itertools
import re
from dataclasses import dataclass

from engine.search.understanding.language import numerals

ABOUT = 10
"""Tolerance of `around 90 minutes` in minutes."""

_NUMBERS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "half an": 0.5, "una": 1.0, "dos": 2.0,
    "tres": 3.0, "une": 1.0, "deux": 2.0, "trois": 3.0, "einer": 1.0, "eine": 1.0, "zwei": 2.0, "drei": 3.0,
    "un": 1.0, "due": 2.0, "tre": 3.0, "uma": 1.0, "duas": 2.0, "três": 3.0, "half": 0.5,
}  # fmt: skip
_TENS_OF_MINUTES = {
    "ochenta": 80, "noventa": 90, "cien": 100, "ciento veinte": 120, "quatre-vingts": 80, "quatre-vingt": 80,
    "quatre-vingt-dix": 90, "cent": 100, "cent vingt": 120, "achtzig": 80, "neunzig": 90, "hundert": 100,
    "hundertzwanzig": 120, "ottanta": 80, "novanta": 90, "cento": 100, "centoventi": 120, "oitenta": 80, "cem": 100,
    "cento e vinte": 120,
}  # fmt: skip
"""Numbers of minutes that are written as words in other languages."""
_HOUR = r"(?:hours?|hrs?|h|horas?|heures?|stunden?|std\.?|ore|ora|時間)"
_MINUTE = r"(?:minuters?|minutes?|mins?|min|minutos?|minuten|minuti|minuto|分)"
_NUMBER = rf"(?:\d+(?:[.,]\d+)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_HALF = r"(?:\s*(?:and (?:a )?half|y media|et demie|einhalb|e mezza|e mezzo|e meia|½|1/2|半))"
_LENGTH = (
    rf"(?:(?P<h>{_NUMBER})(?P<plus_hours>\+)?(?P<half>{_HALF})?[\s'-]*{_HOUR}(?P<half2>{_HALF})?(?:\s*(?:and\s+)?(?:(?P<hm>\d{{1,2}})\s*{_MINUTE}|(?P<bare>[1-5][05]|[1-5]\d(?=\s*(?:or|max|tops)\b))(?![\d%']|\s*s\b)|(?P<quarters>a|one|three)\s+quarters?(?:\s+of an hour)?))?"
    rf"|(?P<quarter_more>hora y cuarto|heure et quart|ora e un quarto|hora e um quarto)|(?P<half_more>hora y media|heure et demie|anderthalb stunden|ora e mezza|hora e meia|hour and a half)"
    rf"|(?P<clock>\dh\d\d)(?:{_MINUTE})?|(?P<alone>(?<=longer than )\d{{2,3}}(?!\s*[%\w])|(?<=shorter than )\d{{2,3}}(?!\s*[%\w]))|(?P<m>\d{{1,3}}|{'|'.join(sorted(_TENS_OF_MINUTES, key=len, reverse=True))})(?P<plus>\+)?[\s-]*{_MINUTE})"
)
_HAVE = (
    r"(?:have|has|got|there's|there is)(?: only| just| about| maybe| like)+|"
    r"(?:i|we|i've|we've|you've|only|just)(?: have)?(?: got| have)(?: about| around| maybe| like)?"
)
"""Phrases for how much time somebody has."""
_LEFT = r"(?:is )?(?:before|until|till|to (?:kill|spare|fill|go)|free|available|left)\b"
"""The same after the time."""
LEAST_TO_HAVE, MOST_TO_HAVE = 45, 240
"""Range of minutes available for a movie; other times belong to a plot (`has only 48 hours`)."""
_AT_MOST = (
    r"(?:que )?no dure más de|no más de|pas plus de|nicht mehr als|non più di|não mais de|under|below|less than|fewer than|shorter than|no longer than|not longer than|nothing longer than|nothing over|"
    r"not over|no more than|not more than|at most|up to|max(?:imum)?\.?(?: of)?|within|isn't longer than|isnt longer than|"
    r"not exceeding|only have|sub-?|nothing more than|not above|that's under|<=?|≤|menos de|máximo|hasta|moins de|moins d'|maximum|maximal|unter|"
    r"weniger als|höchstens|kürzer als|nicht länger als|meno di|massimo|até|no máximo|"
    r"(?:not?|[a-z]+n'?t|never|cannot)(?: (?:be|go|run|last|take|get|on|for|much|any))* (?:past|over|beyond|exceed|longer than|more than|above)|"
    r"(?:over|done|through|finished|finishes|ends?|wrapped up|wraps up) (?:in|within|after|before)|"
    rf"{_HAVE}|"
    r"(?:por )?debajo de|bajo|inferior a|como máximo|como mucho|máximo de|no pase de|(?:qui )?ne dépasse pas|en dessous de|sous|au plus|au maximum|inférieur à|"
    r"nicht über|bis(?: zu)?|sotto (?:i|le|la|gli)|sotto|al massimo|non oltre|che non superi|entro(?: le| i)?|abaixo de|no máximo de|menor que|não passe de"
)
_AT_LEAST = (
    r"over|above|more than|longer than|at least|min(?:imum)?\.?(?: of)?|plus d'|no shorter than|not shorter than|no less than|"
    r"nothing under|nothing shorter than|not under|>=?|≥|beyond|upwards of|in excess of|más de|al menos|plus de|au moins|über|mehr als|länger als|"
    r"mindestens|più di|almeno|mais de|pelo menos|por encima de|mínimo(?: de)?|como mínimo|au-dessus de|minimum|oltre(?: le| i)?|sopra (?:i|le)|acima de|no mínimo"
)
_ABOUT = r"about|around|roughly|approximately|approx\.?|circa|ca\.?|some|~|more or less|close to|nearly|unos|alrededor de|environ|autour de|etwa|ungefähr|rund|cerca de|intorno a(?:lle|i)?|por volta de"
_TAIL = r"(?:\s*(?:long|ish|くらい|ぐらい|程度|ほど|前後|in length|of runtime|runtime|lang|de durée|de duración|or so|,?\s*give or take(?:\s+(?:a|\d+|five|ten|few)(?:\s+(?:minutes?|mins?|few))*)?))?"
_PATTERN = re.compile(
    rf"(?:\b(?P<between>between|entre|zwischen|tra)\s+)?(?:(?P<low>\d{{2,3}})\s*(?:-|–|and|to|y|et|und|e)\s*(?=\d{{2,3}}\s*{_MINUTE}))?"
    rf"(?:(?<![a-z0-9à-ÿ])(?P<word>{_AT_MOST}|{_AT_LEAST}|{_ABOUT})\s*)?(?:d'|un'|di un'|um[a']\s*)?(?<![a-z0-9à-ÿ.]){_LENGTH}(?:[\s-]+(?:movie|film|flick)s?(?=\s*(?:,\s*)?(?:max|tops|at (?:the )?most|at least|or (?:less|more|longer|shorter|under))\b))?(?P<most_later>(?=[\s-]+[a-z]+,?\s+(?:max|tops|at (?:the )?most|or (?:less|shorter|under))\b))?(?P<least_later>(?=[\s-]+[a-z]+,?\s+(?:at least|or (?:more|longer))\b))?"
    rf"(?:\s*(?P<after>or less|or under|or shorter|max(?:imum)?|tops|at (?:the (?:very )?)?most|(?:くらい|ぐらい|ほど)?まで|以内|以下|未満|弱|oder weniger|höchstens|maximal|ou moins|o menos|grand max|maxi|(?:al |como |no )?m[áa](?:x|ss)im[oa]|or quicker|or so at most|"
    rf"(?P<left>{_LEFT}))|"
    rf"\s*(?P<after_least>or more|or longer|at least|plus|\+|and up|and over|以上|超え|越え|oder länger|oder mehr|ou plus|o más|ou mais|o più))?(?P<tail>{_TAIL})(?![a-zà-ÿ0-9])",
    re.IGNORECASE,
)

_FITS = re.compile(
    r"\b(?:that|which|what|to|should|must|will|has to|something)\s+fits?\b|\bfits? (?:in|into|inside|before)\b"
)
"""Phrases that make a time an upper bound: `a 100 minute flight, something that fits`."""
_NOUN = re.compile(r"[\s-]+(?:movies?|films?|flicks?|epics?)\b")


_UNIT = re.compile(
    r"hour|hrs?\b|\dh|\d[\s+½]*h|hora|heure|stunde|std|\bor[ae]\b|min|(?:longer|shorter) than \d|時間|分"
)
"""Units that every runtime contains; texts without one are skipped."""


@dataclass(frozen=True, slots=True)
class Length:
    """Inclusive bounds of a runtime in minutes, and their position in the text."""

    least: int | None
    most: int | None
    start: int
    end: int

    @property
    def value(self) -> str:
        """Return the bounds as `<=90`, `>=180` or `80-100`."""
        if self.least is not None and self.most is not None:
            return f"{self.least}-{self.most}"
        return f">={self.least}" if self.least is not None else f"<={self.most}"


def read(text: str) -> list[Length]:
    """Return all runtimes named in `text`, in order."""
    lowered = text.lower().replace("’", "'")
    if len(lowered) != len(text):
        return []
    if not _UNIT.search(lowered):
        return []
    lowered = numerals.in_figures(lowered)
    matches = list(_PATTERN.finditer(lowered))
    ranges = _between(lowered, matches)
    single = (length for match in matches if (length := _length(match)) is not None)
    found = [*ranges, *(one for one in single if not any(of.start <= one.start < of.end for of in ranges))]
    return [dataclasses.replace(length, end=numerals.end_in(lowered, length.end)) for length in _ranges(lowered, found)]


def _between(text: str, matches: list[re.Match[str]]) -> list[Length]:
    """Return ranges after `between`, whose ends need not be runtimes by themselves: `between an hour forty and two hours`."""
    pairs = [(one, two) for one, two in itertools.pairwise(matches) if one["between"]]
    return [
        Length(min(_minutes(one), _minutes(two)), max(_minutes(one), _minutes(two)), one.start(), two.end())
        for one, two in pairs
        if _TO.fullmatch(text[one.end() : two.start()])
    ]


def _ranges(text: str, found: list[Length]) -> list[Length]:
    """Join two lengths separated by `to` into a range: `1h30 to 1h45`."""
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
    """Return the minimum and maximum minutes of a `Length.value`."""
    if value.startswith(">="):
        return int(value[2:]), None
    if value.startswith("<="):
        return None, int(value[2:])
    least, _, most = value.partition("-")
    return int(least), int(most)


def _length(match: re.Match[str]) -> Length | None:
    minutes = _minutes(match)
    if not 1 <= minutes <= 1_000:  # noqa: PLR2004 - no movie is longer
        return None
    word = match["word"] or ""
    had = match["left"] or re.fullmatch(_HAVE, word)
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    if (had and not LEAST_TO_HAVE <= minutes <= MOST_TO_HAVE) or not (word or _is_length(match)):
        return None
    return Length(*_bounds(match, word, minutes), start, match.end())


def _bounds(match: re.Match[str], word: str, minutes: int) -> tuple[int | None, int | None]:
    if match["low"]:
        return int(match["low"]), minutes
    if match["after"] or match["most_later"] is not None or (word and re.fullmatch(_AT_MOST, word)):
        return None, minutes
    if (
        match["least_later"] is not None
        or match["after_least"]
        or match["plus"]
        or match["plus_hours"]
        or (word and re.fullmatch(_AT_LEAST, word))
    ):
        return minutes, None
    if not word and _FITS.search(match.string):
        return None, minutes
    return max(1, minutes - ABOUT), minutes + ABOUT


def _is_length(match: re.Match[str]) -> bool:
    """Return whether a time without a word before it is a length; `an hour with grandma` is not."""
    later = match["most_later"] is not None or match["least_later"] is not None
    bound = later or match["low"] or match["after"] or match["after_least"] or match["plus"] or match["plus_hours"]
    exact = not match["h"] or match["hm"] or match["bare"] or match["tail"].strip()
    return bool(bound or exact or _NOUN.match(match.string, match.end()))


def _minutes(match: re.Match[str]) -> int:
    if match["m"]:
        return _TENS_OF_MINUTES.get(match["m"]) or int(match["m"])
    if match["alone"]:
        return int(match["alone"])
    if match["half_more"]:
        return 90
    if match["quarter_more"]:
        return 75
    if match["clock"]:
        return 60 * int(match["clock"][0]) + int(match["clock"][2:])
    hours = _NUMBERS[match["h"]] if match["h"] in _NUMBERS else float(match["h"].replace(",", "."))
    half = 0.5 if match["half"] or match["half2"] else 0.0
    quarters = {"three": 45, "a": 15, "one": 15}.get(match["quarters"] or "", 0)
    return round(60 * (hours + half)) + int(match["hm"] or match["bare"] or quarters)
