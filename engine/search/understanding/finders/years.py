"""Years in a search text, as spans of release years. Pure."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.search.understanding.language import numerals, year_words

FIRST, LAST = 1874, 2100
"""Range of release years: from the first moving pictures to a bound above every catalogue."""
APPROXIMATELY = 2
"""Tolerance of `around 1994` in years."""
RECENT_DECADE = 10
REACH = 60
"""Characters before and after a number, or a word for years, in which the patterns are tried."""
YEARS_AHEAD = 2
"""Maximum distance of a single release year from the catalogue's newest one; excludes `blade runner 2049`."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of years named in a text; an end that is None is open."""

    first: int | None
    last: int | None
    start: int
    """Position of the first character in the text."""
    end: int
    outright: bool = True
    """Whether these are release years ("from the 90s"); False if the text says otherwise."""
    relative: bool = False
    """Whether the span is relative to the catalogue's newest year ("the last ten years")."""

    @property
    def value(self) -> str:
        """Return the span as `1990-1999`, `-1999` or `2000-`."""
        return f"{self.first or ''}-{self.last or ''}"


_STORY = re.compile(r"\b(?:set|takes place|taking place|situated|happening|spielt|ambientad[ao]|se passe)\s+$")
"""Words that mark the following years as those of the story rather than of the release."""

_DECADE = (
    rf"(?P<century>18|19|20)?(?P<tens>\d0)\s?['’]?(?:s|ies|ern?|ers)\b|(?P<bare>['’]\d0(?!\d))(?:['’]?s\b)?|(?P<name>"
    rf"{'|'.join(sorted(map(re.escape, year_words.NAMES), key=len, reverse=True))})\b"
)


def read(text: str, *, newest: int) -> list[Span]:
    """Return all spans of years in `text`, in order and without overlaps.

    Args:
        newest: the catalogue's newest year, to which `last decade` etc. are relative.
    """
    lowered = text.lower().replace("’", "'")
    if len(lowered) != len(text):  # some letters are longer in lower case, so positions would be off
        lowered = text.replace("’", "'")
    lowered = numerals.in_figures(lowered)
    stretches = _stretches(lowered)
    found: list[Span] = []
    for pattern, make in _PATTERNS.items():
        for match in (match for first, last in stretches for match in pattern.finditer(lowered, first, last)):
            span = make(match, newest)
            if span is not None and not any(span.start < other.end and other.start < span.end for other in found):
                found.append(_placed(lowered, span))
    return sorted(found, key=lambda span: span.start)


def _stretches(text: str) -> list[tuple[int, int]]:
    """Return the parts of a text that may contain years: the patterns are too slow to try at every character."""
    stretches: list[tuple[int, int]] = []
    for hint in _HINT.finditer(text):
        first, last = max(0, hint.start() - REACH), min(len(text), hint.end() + REACH)
        while first > 0 and not text[first - 1].isspace():
            first -= 1
        while last < len(text) and not text[last].isspace():
            last += 1
        if stretches and first <= stretches[-1][1]:
            first = stretches.pop()[0]
        stretches.append((first, last))
    return stretches


def _placed(text: str, span: Span) -> Span:
    """Return the span with its end in the original text, marked if it is the time of the story."""
    span = dataclasses.replace(span, end=numerals.end_in(text, span.end))
    if _STORY.search(text[: span.start]):
        return dataclasses.replace(span, outright=False)
    return span


def _between(match: re.Match[str], _newest: int) -> Span | None:
    first, last = _number(match["a"]), _number(match["b"])
    if match["b_decade"] or (match["a_decade"] and len(match["b"]) <= 2):  # noqa: PLR2004 - two digits
        last += 9
    return _span(match, min(first, last), max(first, last))


def _bounded(match: re.Match[str], _newest: int) -> Span | None:
    word, decade = match["word"], bool(match["s"]) or len(match["year"].strip("'")) == 2  # noqa: PLR2004 - tens
    year = _number(match["year"])
    if re.fullmatch(year_words.BEFORE, word):
        inclusive = word in year_words.INCLUSIVE
        return _span(match, None, (year + 9 if decade else year) if inclusive else year - 1)
    inclusive = word in year_words.INCLUSIVE or bool(match["on"])
    return _span(match, year if inclusive else year + (10 if decade else 1), None)


def _onwards(match: re.Match[str], _newest: int) -> Span | None:
    return _span(match, _number(match["year"]), None)


def _around(match: re.Match[str], _newest: int) -> Span | None:
    year = _number(match["year"])
    if match["s"]:
        return _span(match, year - APPROXIMATELY, year + 9 + APPROXIMATELY)
    return _span(match, year - APPROXIMATELY, year + APPROXIMATELY)


def _decade(match: re.Match[str], _newest: int) -> Span | None:
    ages = match["name"] in year_words.PLURAL_ONLY and not match["lead"].strip() and not match["part"]
    if ages and not _OF_MOVIES.match(match.string, match.end()):
        return None
    start = _decade_start(match)
    if start is None:
        return None
    first, last = year_words.PARTS[(match["part"] or "")[:5].rstrip()] if match["part"] else (0, 9)
    return _span(match, start + first, start + last)


_OF_MOVIES = re.compile(
    r"(?:,?\s*(?:or|and|/|-|to)?\s*(?:twenties|thirties|forties|[3-9]0s))*\s*"
    r"(?:movies?|films?|cinema|pictures?|comed(?:y|ies)|musicals?|dramas?|westerns?|noirs?|horror|gangster|romances?|classics?)\b"
)
"""Words after a decade that could also be an age: `thirties comedies`."""


def _decade_start(match: re.Match[str]) -> int | None:
    if match["name"]:
        return _century(year_words.NAMES[match["name"]])
    if match["bare"]:
        return _century(int(match["bare"][1:]))
    if match["century"]:
        start = int(match["century"] + match["tens"])
        return start if start >= FIRST // 10 * 10 else None
    return _century(int(match["tens"]))


def _japanese(match: re.Match[str], _newest: int) -> Span | None:
    digits = match["digits"]
    start = int(digits) if len(digits) == 4 else _century(int(digits))  # noqa: PLR2004 - a year in full
    end = start + 9 if match["decade"] else start
    bound = {"以": (match["bound"] or "")[1:2], "よ": "前", "ま": "前", "か": "降"}.get((match["bound"] or "")[:1], "")
    return _span(match, None if bound == "前" else start, None if bound in {"降", "後"} else end)


def _relative(match: re.Match[str], newest: int) -> Span | None:
    count = match["count"]
    years = {
        "": 1,
        "couple of": 2,
        "few": 5,
        "two": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
        "seven": 7,
        "eight": 8,
        "ten": 10,
        "fifteen": 15,
        "twenty": 20,
    }
    count = match["more"] or count
    number = years.get(count or "", int(count) if (count or "").isdigit() else 1)
    length = number * (RECENT_DECADE if match["unit"].startswith(("decade", "década", "décennie")) else 1)
    span = _span(match, newest - length, newest)
    return None if span is None else dataclasses.replace(span, relative=True)


def _century_span(match: re.Match[str], newest: int) -> Span | None:
    century = match["century"]
    if century in {"this", "current", "new", "present"}:
        return _span(match, newest // 100 * 100, None)
    start = 1900 if century in {"20th", "twentieth", "20", "xx"} else 2000
    return _span(match, start, start + 99)


def _reign(match: re.Match[str], _newest: int) -> Span | None:
    """Return the span of a Japanese era, or of the time before or after the war."""
    first, last = {"昭和": (1926, 1989), "平成": (1989, 2019), "戦前": (None, 1945), "戦後": (1945, 1959)}[match["era"]]
    return _span(match, first, last)


def _japanese_last(match: re.Match[str], newest: int) -> Span | None:
    count = match["count"]
    span = _span(match, newest - (int(count) if count.isdigit() else 5), newest)
    return None if span is None else dataclasses.replace(span, relative=True)


def _era(match: re.Match[str], _newest: int) -> Span | None:
    first, last = {
        "pre": (None, 1938),
        "pos": (1945, 1959),
        "rea": (1981, 1989),
        "tha": (1979, 1990),
        "dep": (1929, 1939),
    }.get(match["era"][:3], (1998, 2002))
    return _span(match, first, last)


def _short(match: re.Match[str], _newest: int) -> Span | None:
    year = _number(match["year"])
    return _span(match, year, year)


def _single(match: re.Match[str], newest: int) -> Span | None:
    year = int(match["year"])
    return _span(match, year, year) if year <= newest + YEARS_AHEAD else None


def _span(match: re.Match[str], first: int | None, last: int | None) -> Span | None:
    bounds = [year for year in (first, last) if year is not None]
    if not all(FIRST <= year <= LAST for year in bounds):
        return None
    blanks = len(match[0]) - len(match[0].lstrip())
    return Span(first, last, match.start() + blanks, match.end())


def _number(digits: str) -> int:
    digits = digits.strip("'")
    return int(digits) if len(digits) == 4 else _century(int(digits))  # noqa: PLR2004 - a year in full


def _century(tens: int) -> int:
    """Return the year for two digits: 20 to 99 in the last century, 00 to 19 in this one."""
    return tens + (1900 if tens >= 20 else 2000)  # noqa: PLR2004


def _bounds() -> Iterator[tuple[re.Pattern[str], Callable[[re.Match[str], int], Span | None]]]:
    """Yield the patterns for spans between two years, before one or from one on; they take precedence."""
    short = rf"{year_words.YEAR}|'\d\d(?!\d|'?s\b)|'?\d0(?='?s\b)"
    dash = r"\s*(?:-|–|—|to|and|until|till|bis|y|et|und|e|a|al|à|through)\s*(?:the\s+|los\s+|les\s+)?"
    yield (
        re.compile(
            rf"(?:\b(?:between|from|entre|de|zwischen|von|tra|dal|fra)\s+)?(?:the\s+|los\s+|les\s+|il\s+|el\s+|den\s+)?"
            rf"(?<![\d$€£])(?P<a>{short})(?P<a_decade>'?s)?{dash}(?P<b>{short}|\d\d(?![\d%]))(?P<b_decade>'?s)?\b"
        ),
        _between,
    )
    yield (
        re.compile(
            rf"\b(?<!not )(?<!no )(?P<word>{year_words.BEFORE})[\s(,-]+(?:the\s+|les\s+|los\s+|den\s+|os\s+)?(?:year\s+|años\s+|années\s+|anos\s+)?(?P<year>{year_words.YEAR}|'?\d0(?='?s\b)|{year_words.FOREIGN_DECADE})"
            rf"(?P<s>'?s)?(?!\d)(?P<on>\b)"
        ),
        _bounded,
    )
    after = year_words.AFTER.replace("|from|", "|").replace("|dal|", "|")
    yield (
        re.compile(
            rf"\b(?P<word>{after})[\s(,-]+(?:the\s+|les\s+|los\s+|den\s+|os\s+)?(?:year\s+|años\s+|années\s+|anos\s+)?(?P<year>{year_words.YEAR}|'?\d0(?='?s\b)|{year_words.FOREIGN_DECADE})"
            rf"(?P<s>'?s)?(?!\d)(?P<on>\b)?"
        ),
        _bounded,
    )
    yield (
        re.compile(
            rf"(?:\bfrom\s+)?(?:\bthe\s+)?(?:(?:dagli|des|dos|de los)?\s*(?:anni|anos|años|années)\s+)?(?P<year>{year_words.YEAR}|'?\d0(?='?s)|{year_words.FOREIGN_DECADE})(?:'?s)?,?\s*(?:\+|(?:onwards?|and (?:later|newer|after|up|"
            r"on|above|beyond|younger)|or (?:later|newer|after|up|above|younger|more recent)|till (?:now|today)|"
            r"to (?:now|today|the present|date)|until (?:now|today)|up|on|upwards?|forward|en adelante|et plus|und neuer|und später|ou plus récent|"
            r"in poi|em diante|para cá)\b)"
        ),
        _onwards,
    )
    yield (
        re.compile(
            rf"(?:\bfrom\s+)?\b(?:around|about|circa|ca\.?|approximately|roughly|alrededor de|hacia|vers|um|intorno al|"
            rf"por volta de|sometime (?:in|around))\s+(?:the\s+)?(?:year\s+)?(?P<year>{year_words.YEAR}|'?\d0(?='?s\b))(?P<s>'?s)?\b"
        ),
        _around,
    )
    yield (
        re.compile(
            rf"(?:\b(?:from|in)\s+)?(?<!\d)(?P<year>{year_words.YEAR})(?P<s>'?s)?,?\s+(?:or thereabouts|or so|ish|give or take)\b"
            r"(?:\s+(?:a|one|two|three|\d)(?:\s+(?:or two|years?|few))*)?"
        ),
        _around,
    )


def _names() -> Iterator[tuple[re.Pattern[str], Callable[[re.Match[str], int], Span | None]]]:
    """Yield the patterns for decades, eras and single years."""
    yield re.compile(r"(?:ここ|過去|最近|この)(?P<count>\d{1,2}|数)年(?:間)?(?:以内)?(?:の|で)?"), _japanese_last
    yield (
        re.compile(r"(?P<digits>\d{4}|\d0)(?:年(?P<decade>代)|年)(?P<bound>以降|以後|以前|より前|まで|から)?(?:の)?"),
        _japanese,
    )
    yield re.compile(rf"(?P<lead>{year_words.LEAD}){year_words.EARLY}(?<![\d$€£])(?:{_DECADE})"), _decade
    plain = r"(?:años|anni|anos|années|annees|de los|dos|des|degli)\s+(?P<part>)(?P<century>18|19|20)?(?P<tens>\d0)\b(?P<bare>)(?P<name>)"
    yield re.compile(rf"(?P<lead>(?:de\s+|des\s+|dos\s+|degli\s+|los\s+|les\s+|gli\s+|os\s+)*){plain}"), _decade
    yield (
        re.compile(
            r"(?:\b(?:from|in|of|within|over|during)\s+)?(?:the\s+)?\b(?:last|past|previous)\s+"
            r"(?P<count>\d{1,2}|couple of|few|two|three|four|five|six|seven|eight|ten|fifteen|twenty)?(?:\s*(?:or|to|-)\s*(?P<more>\d{1,2}|three|four|six|five))?\s*(?P<unit>decades?|years?)\b"
        ),
        _relative,
    )
    yield (
        re.compile(
            r"(?:\b(?:made|shot|released)\s+)?(?:\b(?:from|in|of|out of|during|del|du|des|aus dem|do)\s+)?(?:the\s+)?"
            r"\b(?:(?P<century>20th|21st|twentieth|twenty-first|this|current|new)[\s\u2009-]+(?:century|millennium)\b"
            r"(?!\s+(?:fox|women|boy|girl|man|studios|pictures)))"
        ),
        _century_span,
    )
    yield re.compile(r"(?:siglo|século|secolo)\s+(?P<century>xxi?)\b"), _century_span
    yield re.compile(r"(?P<century>20|21)世紀(?:の)?"), _century_span
    yield re.compile(r"(?P<era>昭和|平成|戦前|戦後)(?:の|時代の)?"), _reign
    yield (
        re.compile(
            r"(?:\b(?:from|in|of|around)\s+)*(?:the\s+)?\b(?P<era>turn of the (?:century|millennium)|millennium(?= |$)|y2k|pre-?war|post-?war|(?:reagan|thatcher)(?:'s)?[\s-](?:era|years)|depression[\s-]era)\b"
        ),
        _era,
    )
    yield (
        re.compile(
            r"(?:\b(?:sometime\s+)?(?:around|about|circa)\s+)(?P<year>['’]?\d\d)(?P<s>)\b(?!\s*(?:min|m\b|h|%|years?|am|pm))"
        ),
        _around,
    )
    yield re.compile(r"(?:\b(?:from|in|of)\s+)?(?<!\w)['’](?P<year>\d\d)\b(?!['’]?s)"), _short
    yield re.compile(rf"{year_words.LEAD}(?<![\d$€£'])\(?(?P<year>{year_words.YEAR})\)?(?![\d%]|:\d)"), _single


_PATTERNS = {**dict(_bounds()), **dict(_names())}
_HINT = re.compile(
    r"\d\d|[年世昭平戦]|century|millennium|\b(?:last|past|previous|turn of|y2k|pre-?war|post-?war|reagan|thatcher|"
    r"depression|siglo|século|secolo|twentieth|twenty-first)|"
    rf"\b(?:{'|'.join(map(re.escape, year_words.NAMES))})\b"
)
"""Matches part of every pattern."""
