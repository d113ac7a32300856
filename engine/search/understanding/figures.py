"""Figures in a search text: years, running times, ages of children, least ratings."""

from __future__ import annotations

import re

from core.types import MAX_VOTE
from core.understanding import PieceKind
from engine.search.understanding import runtimes, years
from engine.search.understanding.draft import Draft

_AGE = re.compile(
    r"(?:\bfor\s+)?(?:\b(?:a|an|my|our|the|his|her)\s+)?\b(?P<age>\d{1,2})[\s-]?(?:yo|y/o|yr old|years? old|year-olds?|"
    r"year olds?|años|ans|jährige[rn]?|anni|anos|歳)(?![^\W_])(?:\s+(?:kid|boy|girl|son|daughter|child|nephew|niece)s?\b)?",
    re.IGNORECASE,
)
OLDEST_KID = 12
"""The age up to which a movie for kids is meant."""
_RATING = re.compile(
    r"(?:\b(?:with\s+)?(?:an?\s+)?(?:imdb|tmdb|average|score|rating|rated|ratings|user)\b[\s\w]{0,18}?"
    r"(?:above|over|at least|of|higher than|better than|more than|>=?|minimum)?\s*(?P<a>\d(?:[.,]\d)?)\b(?![.,]?\d|\s*(?:min(?:ute)?s?|h(?:ou)?r?s?|years?|stars)\b)"
    r"(?:\s*(?:\+|or (?:more|above|higher|better|nearly \d)))?)"
    r"|(?:\b(?P<b>\d(?:[.,]\d)?)\s*(?:\+|plus|or (?:more|above|higher|better))\s*(?:on\s+)?(?:imdb|rating|rated|score|stars?))"
    r"|(?:\bscore\s*,?\s*over\s+(?P<c>\d(?:[.,]\d)?))",
    re.IGNORECASE,
)


def find_figures(draft: Draft, *, lengths: bool = True) -> None:
    """Years; and, with `lengths`, what only a wish has: running times, ages of children, least ratings."""
    if lengths:
        _find_ages(draft)
        _find_ratings(draft)
        for length in runtimes.read(draft.text):
            _take_stretch(
                draft, PieceKind.RUNTIME, length.value, _minutes(length.value), span=(length.start, length.end)
            )
    for span in years.read(draft.text, newest=draft.vocabulary.gazetteer.newest_year or years.LAST):
        if span.outright and (lengths or not span.relative):
            _take_stretch(draft, PieceKind.YEARS, span.value, year_label(span.value), span=(span.start, span.end))


def _find_ratings(draft: Draft) -> None:
    """`rated at least 6.5`, `imdb over 7`, `8 stars or more`: a least mean vote."""
    for match in _RATING.finditer(draft.text):
        value = float((match["a"] or match["b"] or match["c"]).replace(",", "."))
        if 0 < value <= MAX_VOTE:
            _take_stretch(draft, PieceKind.QUALITY, f">={value:g}", f"rated {value:g} or more", span=match.span())


def _find_ages(draft: Draft) -> None:
    """`for a 7 year old`, `for my 5yo`: a movie for kids."""
    for match in _AGE.finditer(draft.text):
        if int(match["age"]) <= OLDEST_KID:
            _take_stretch(
                draft, PieceKind.AUDIENCE, "kids", draft.vocabulary.label(PieceKind.AUDIENCE, "kids"),
                span=match.span(),
            )  # fmt: skip


def _take_stretch(draft: Draft, kind: PieceKind, value: str, label: str, *, span: tuple[int, int]) -> None:
    inside = draft.tokens_in(*span)
    if inside and draft.free(inside.start, len(inside)):
        draft.take(inside.start, len(inside), draft.piece(kind, value, label, inside.start, len(inside)))


def year_label(value: str) -> str:
    """Years for people: `1990s`, `1994`, `before 2000`, `2010 or later`, `1980–1985`."""
    first, _, last = value.partition("-")
    if not first:
        return f"until {last}"
    if not last:
        return f"{first} or later"
    if first == last:
        return first
    whole_decade = first.endswith("0") and int(last) - int(first) == 9  # noqa: PLR2004
    return f"{first}s" if whole_decade else f"{first}–{last}"


def _minutes(value: str) -> str:
    least, most = runtimes.bounds(value)
    if least is not None and most is not None:
        return f"{least}–{most} minutes"
    return f"up to {most} minutes" if least is None else f"{least} minutes or longer"
