"""Numbers in a search text: years, runtimes, ages of children, minimum ratings."""

from __future__ import annotations

import re

from core.types import MAX_VOTE
from core.understanding import PieceKind
from engine.search.understanding.finders import runtimes, years
from engine.search.understanding.parse_state import ParseState

_YEARS_OLD = r"(?:yo|y/o|yrs?(?: olds?)?|years? olds?|year-olds?|años|ans|jahren?|jährige[rn]?|anni|anos)(?![^\W_])"
_KID = (
    r"(?:kids?|kiddos?|child|children|boys?|girls?|sons?|daughters?|twins|nephews?|nieces?|grand(?:sons?|daughters?|kids|"
    r"children)|little ones?|toddlers?|niñ[oa]s?|hij[oa]s?|enfants?|fils|filles?|kinder|kind|sohn|tochter|bambin[io]|"
    r"figli[oa]?|crianças?|filh[oa]s?|子供|子ども)"
)
_MORE_AGES = r"(?:\s*(?:-|–|to|and|&|,|or|y|et|und|e|a|bis)\s*\d{1,2}(?!\d))*"
_NOT_AGES = r"(?!\d|\s*(?:min|hours?|h\b|%|[ap]m\b|o'clock|movies|films))"
_AGE = re.compile(
    rf"(?:\bfor\s+)?(?:\b(?:a|an|my|our|the|his|her)\s+)?\b(?P<age>\d{{1,2}}){_MORE_AGES}[\s-]?(?:{_YEARS_OLD}|歳)"
    rf"(?:\s+{_KID}\b)?"
    rf"|(?:\bfor\s+)?\b(?:my\s+|our\s+)?{_KID},?\s*\(?(?:(?:who\s+)?(?:is|are|'s)\s+|turn(?:s|ing)?\s+|of\s+|ab\s+|von\s+|de\s+|da\s+|"
    rf"di\s+|(?:of\s+)?age[sd]?\s+)*(?P<behind>\d{{1,2}}){_MORE_AGES}{_NOT_AGES}(?:\s+{_YEARS_OLD})?\)?"
    r"|\b(?:for\s+)?(?:the\s+)?under[\s-]?(?P<under>\d{1,2}(?='?s\b)|fives|sixes|sevens|eights|nines|tens)(?:'?s)?\b"
    rf"|\b(?:age[sd]?|turn(?:s|ing)?|who(?: is|'s| are))\s+(?P<said>\d{{1,2}}){_MORE_AGES}{_NOT_AGES}(?:\s+and up\b)?",
    re.IGNORECASE,
)
_PLOT = re.compile(rf"(?<!for )\b(?:a|an|the|two|three)\s+(?:\w+\s+)?(?:{_KID}[\s,]*)?$", re.IGNORECASE)
"""Words before an age that belongs to the story: `a boy of nine`."""
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_IN_WORDS = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
OLDEST_KID = 12
"""Maximum age for which movies for kids are meant."""
_ABOVE = (
    r"(?:above|over|at least|higher than|better than|more than|minimum|min\.?|>=?|≥|acima de|mínim[ao] de|por encima de|"
    r"más de|mayor de|superior[e]? a|almeno|più di|sopra il|oltre il|mindestens|über|ab|plus de|supérieure à|"
    r"au-dessus de|au moins|mais de|maior que|pelo menos|al menos)"
)
_SCORE = (
    r"(?:imdb|tmdb|average|scored?|rating|rated|ratings|user|nota|puntuación|valoración|calificación|notée?s?|note|"
    r"bewertung|bewertet|wertung|voto|valutazione|avaliação)"
)
_VOTE = r"(?:10|\d(?:[.,]\d)?)(?![.,]?\d|\s*(?:min(?:ute)?s?|h(?:ou)?r?s?|years?|stars)\b)"
_RATING = re.compile(
    rf"(?:\b(?:with\s+)?(?:an?\s+)?{_SCORE}\b[\s\w]{{0,18}}?(?:{_ABOVE}|of)?\s*(?P<a>{_VOTE})"
    rf"(?:\s*/\s*10)?(?:\s*(?:\+|or (?:more|above|higher|better|nearly \d)))?)"
    rf"|(?:\b(?P<b>\d(?:[.,]\d)?)(?:\s*/\s*10)?\s*(?:\+|plus|or (?:more|above|higher|better))\s*(?:on\s+)?(?:imdb|rating|rated|score|stars?))"
    r"|(?:\bscore\s*,?\s*over\s+(?P<c>\d(?:[.,]\d)?))"
    rf"|(?:\b{_ABOVE}\s*(?P<d>{_VOTE})(?:\s*/\s*10)?\s*(?:points?\s+)?(?:on|at|in|by|auf|bei|sur|su|en|no)\s+(?:the\s+)?(?:imdb|tmdb)\b)"
    rf"|(?:(?:{_ABOVE}\s*)?\b(?P<e>\d(?:[.,]\d)?)\s*(?:/\s*10|out of (?:10|ten))\b(?:\s*(?:\+|(?:and|or) (?:more|above|higher|better|up)))?)"
    r"|(?:\b(?P<f>[5-9](?:[.,]\d)?)\s*(?:\+(?=\s*(?:$|[,.;)]))|(?:and|or) (?:above|higher|better|up)\b(?=\s*(?:$|[,.;)]))))"
    r"|(?:(?:評価|評点|点数|IMDb|スコア)[がは:]?\s*(?P<g>\d(?:[.,]\d)?)点?以上(?:の)?)",
    re.IGNORECASE,
)


def find_figures(state: ParseState, *, lengths: bool = True) -> None:
    """Find years and, with `lengths`, what occurs only in requests: runtimes, ages of children, minimum ratings."""
    if lengths:
        _find_ages(state)
        _find_ratings(state)
        for length in runtimes.read(state.text):
            _match_span(state, PieceKind.RUNTIME, length.value, _minutes(length.value), span=(length.start, length.end))
    for span in years.read(state.text, newest=state.vocabulary.gazetteer.newest_year or years.LAST):
        if span.outright and (lengths or not span.relative):
            _match_span(state, PieceKind.YEARS, span.value, year_label(span.value), span=(span.start, span.end))


def _find_ratings(state: ParseState) -> None:
    """Find minimum ratings: `rated at least 6.5`, `imdb over 7`, `8 stars or more`."""
    for match in _RATING.finditer(state.text):
        value = float(next(digits for digits in match.groups() if digits).replace(",", "."))
        if 0 < value <= MAX_VOTE:
            _match_span(state, PieceKind.QUALITY, f">={value:g}", f"rated {value:g} or more", span=match.span())


def _find_ages(state: ParseState) -> None:
    """Find ages of children, for whom movies for kids are meant: `for a 7 year old`, `boys aged 8 to 10`."""
    text = _IN_WORDS.sub(_figure, state.text)
    for match in _AGE.finditer(text):
        if not _PLOT.search(text[: match.start()]) and 0 < _age(match) <= OLDEST_KID:
            _match_span(
                state, PieceKind.AUDIENCE, "kids", state.vocabulary.label(PieceKind.AUDIENCE, "kids"),
                span=match.span(),
            )  # fmt: skip


def _age(match: re.Match[str]) -> int:
    """Return the age in a match; one in words, as in `under tens`, is always a child's."""
    age = match["age"] or match["behind"] or match["said"] or match["under"]
    return int(age) if age.isdigit() else OLDEST_KID


def _figure(word: re.Match[str]) -> str:
    """Return a number up to twelve in digits, padded on the left to the length of the word."""
    return str(_WORDS.index(word[0].lower()) + 1).rjust(len(word[0]))


def _match_span(state: ParseState, kind: PieceKind, value: str, label: str, *, span: tuple[int, int]) -> None:
    inside = state.tokens_in(*span)
    if inside and state.free(inside.start, len(inside)):
        state.consume(inside.start, len(inside), state.piece(kind, value, label, inside.start, len(inside)))


def year_label(value: str) -> str:
    """Format years for display: `1990s`, `1994`, `until 1999`, `2010 or later`, `1980–1985`."""
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
