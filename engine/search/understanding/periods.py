"""Periods of somebody's work in a search text: `early Pixar`, `young Brad Pitt`, `late Hitchcock`."""

from __future__ import annotations

from core import texts
from core.understanding import Piece, PieceKind
from engine.search.understanding.draft import Draft

EARLY = frozenset({"early", "young", "earliest", "früher", "junger", "joven", "jeune", "giovane", "jovem"})
LATE = frozenset({"late", "later", "older", "recent", "latest", "newer", "new"})
SHARE = 0.35
"""Share of the years from the first movie to the last that is early, or late."""
SHORTEST = 5
"""Years of the shortest such period."""


def find_periods(draft: Draft) -> None:
    """A word for a time directly before a person or a studio, as the years of that part of their work."""
    for piece in list(draft.pieces):
        at = draft.tokens_in(piece.start, piece.end).start - 1
        if piece.kind not in (PieceKind.PERSON, PieceKind.STUDIO) or not draft.free(at):
            continue
        first, last = _active(draft, piece)
        length = max(SHORTEST, round((last - first) * SHARE))
        if not first or last - first <= length or draft.words[at] not in EARLY | LATE:
            continue
        early = draft.words[at] in EARLY
        value = f"-{first + length}" if early else f"{last - length}-"
        label = (
            f"{draft.words[at].capitalize()} (until {first + length})"
            if early
            else (f"{draft.words[at].capitalize()} ({last - length} or later)")
        )
        draft.take(at, 1, draft.piece(PieceKind.YEARS, value, label, at, 1))


def _active(draft: Draft, piece: Piece) -> tuple[int, int]:
    """The years of the first and the last movie of a person or a studio; 0 where unknown."""
    names = draft.vocabulary.gazetteer
    if piece.kind is PieceKind.PERSON:
        person = names.people.get(texts.fold(piece.value))
        return (person.first, person.last) if person is not None else (0, 0)
    years = [names.companies[name] for name in piece.names if name in names.companies]
    return min((first for _, first, _ in years if first), default=0), max((last for _, _, last in years), default=0)
