"""Career periods in a search text: `early Pixar`, `young Brad Pitt`, `late Hitchcock`."""

from __future__ import annotations

from core import texts
from core.understanding import Piece, PieceKind
from engine.search.understanding.language import word_lists
from engine.search.understanding.parse_state import MIN_TITLE_PROMINENCE, ParseState

EARLY = frozenset({"early", "young", "earliest", "früher", "junger", "joven", "jeune", "giovane", "jovem"})
LATE = frozenset({"late", "later", "older", "recent", "latest", "newer", "new"})
_OLDER, _NEWER = frozenset({"older", "earlier"}), frozenset({"newer", "later"})
_BETWEEN = frozenset({"but", "only", "just", "and", "something", "a", "bit", "little", "way", "much", "more", "one"})
"""Words between a movie to resemble and `older` or `newer`."""
SHARE = 0.35
"""Share of a career, from the first movie to the last, that is early or late."""
SHORTEST = 5
"""Minimum length of such a period in years."""


def find_periods(state: ParseState) -> None:
    """Find words directly before a person or a studio, or phrases after them, that limit the years of their work."""
    for piece in list(state.pieces):
        if piece.kind is PieceKind.LIKE:
            _match_compared(state, piece)
        if piece.kind not in (PieceKind.PERSON, PieceKind.ROLE, PieceKind.STUDIO):
            continue
        inside = state.tokens_in(piece.start, piece.end)
        _match_before(state, piece, inside.start - 1)
        for at in range(inside.stop, len(state)):
            if length := state.free(at) and state.starts(word_lists.YOUNG, at):
                _match_period(state, piece, at, length, early=True)
        _find_around_title(state)


def _match_compared(state: ParseState, liked: Piece) -> None:
    """Read `like The Matrix but older`: the years before or after a movie."""
    behind = at = state.tokens_in(liked.start, liked.end).stop
    while at < len(state) and state.free(at) and state.words[at] in _BETWEEN:
        at += 1
    if not state.free(at) or state.words[at] not in _OLDER | _NEWER:
        return
    year = next((movie.year for movie in state.vocabulary.gazetteer.movies if movie.id in liked.movies), None)
    if year is not None:
        value, label = _years_around(year, before=state.words[at] in _OLDER)
        state.consume(at, 1, state.piece(PieceKind.YEARS, value, label, at, 1), lead=at - behind)


def _years_around(year: int, *, before: bool) -> tuple[str, str]:
    """Return value and label of the years before or after a year."""
    return (f"-{year - 1}", f"until {year - 1}") if before else (f"{year + 1}-", f"{year + 1} or later")


def _match_before(state: ParseState, piece: Piece, at: int) -> None:
    if state.free(at) and piece.kind is not PieceKind.ROLE and state.words[at] in EARLY | LATE:
        _match_period(state, piece, at, 1, early=state.words[at] in EARLY)


def _match_period(state: ParseState, piece: Piece, at: int, count: int, *, early: bool) -> None:
    """Take tokens as the first or last years of a career, unless it is too short."""
    first, last = _active(state, piece)
    length = max(SHORTEST, round((last - first) * SHARE))
    if not first or last - first <= length or not state.free(at, count):
        return
    value = f"-{first + length}" if early else f"{last - length}-"
    word = state.words[at].capitalize() if count == 1 else "Early"
    label = f"{word} (until {first + length})" if early else f"{word} ({last - length} or later)"
    state.consume(at, count, state.piece(PieceKind.YEARS, value, label, at, count))


def _find_around_title(state: ParseState) -> None:
    """Read `James Cameron before Avatar`: the years before or after a movie, next to a named person."""
    for at in range(len(state) - 1):
        if state.words[at] not in {"before", "after"} or not state.free(at, 2):
            continue
        count, movies = state.title_at(at + 1)
        year = movies[0].year if count else None
        if year is None or not state.free(at, count + 1) or movies[0].prominence < MIN_TITLE_PROMINENCE:
            continue
        if state.plausible_title(at + 1, count, movies[0].prominence):
            value, label = _years_around(year, before=state.words[at] == "before")
            state.consume(at, count + 1, state.piece(PieceKind.YEARS, value, label, at, count + 1))
            return


def _active(state: ParseState, piece: Piece) -> tuple[int, int]:
    """Return the years of the first and last movie of a person or studio; 0 if unknown."""
    names = state.vocabulary.gazetteer
    if piece.kind is not PieceKind.STUDIO:
        person = names.people.get(texts.fold(piece.value))
        return (person.first, person.last) if person is not None else (0, 0)
    years = [names.companies[name] for name in piece.names if name in names.companies]
    return min((first for _, first, _ in years if first), default=0), max((last for _, _, last in years), default=0)
