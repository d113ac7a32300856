"""Merging of pieces: years joined by `or`, alternatives, and duplicates. Pure."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Sequence

from core.understanding import Piece, PieceKind
from engine.search.understanding.finders.figures import year_label
from engine.search.understanding.language import tokens, word_lists
from engine.search.understanding.parse_state import ParseState

_OR = re.compile(
    r",?\s*(?:or|o|ou|oder)(?:\s+(?:a|an|the|some|directed by|by|with|maybe|ein|eine|un|une|una))*", re.IGNORECASE
)
_EITHER = frozenset({
    PieceKind.GENRE, PieceKind.MOOD, PieceKind.PERSON, PieceKind.LANGUAGE, PieceKind.COUNTRY, PieceKind.STUDIO,
    PieceKind.ROLE,
})  # fmt: skip
_YEAR_JOINS = frozenset({"or", "and", "to", "the", "from", "o", "y", "ou", "et", "oder", "und", "e", "i"})


def merged(state: ParseState) -> list[Piece]:
    """Return the merged pieces in the order of the text."""
    ordered = sorted(state.pieces, key=lambda piece: piece.start)
    return _distinct(_merge_alternatives(_merge_ages(merge_years(ordered, state)), state))


def merge_years(pieces: Sequence[Piece], state: ParseState) -> list[Piece]:
    """Merge year spans joined by `or` into one span, and two bounds into the span between them.

    If nothing joins several spans, keep the one nearest to a word for a movie: the others belong to the story.
    """
    spans = [piece for piece in pieces if piece.kind is PieceKind.YEARS and piece.wanted]
    if len(spans) < 2:  # noqa: PLR2004 - nothing to merge
        return list(pieces)
    if _joined(spans, state):
        kept = dataclasses.replace(spans[0], value=(value := _merged_span(spans)), label=year_label(value))
    else:
        kept = min(spans, key=lambda piece: (_distance_to_noun(piece, state), piece.start))
    rest = [piece for piece in pieces if piece not in spans]
    return sorted([*rest, kept], key=lambda piece: piece.start)


def _joined(spans: Sequence[Piece], state: ParseState) -> bool:
    """Return whether the spans are separated only by `or`, `and`, commas and the like, or some of them are bounds."""
    if any(piece.value.startswith("-") or piece.value.endswith("-") for piece in spans):
        return True
    between = [state.text[one.end : two.start] for one, two in itertools.pairwise(spans)]
    return all(set(tokens.words(text)) <= _YEAR_JOINS for text in between)


def _merged_span(spans: Sequence[Piece]) -> str:
    firsts = [piece.value.partition("-")[0] for piece in spans]
    lasts = [piece.value.partition("-")[2] for piece in spans]
    if all(firsts) and all(lasts):
        return f"{min(firsts)}-{max(lasts)}"
    return f"{max((f for f in firsts if f), default='')}-{min((x for x in lasts if x), default='')}"


def _distance_to_noun(piece: Piece, state: ParseState) -> int:
    """Count the tokens between a span and the next word for a movie, or genre, after it."""
    stop = state.tokens_in(piece.start, piece.end).stop
    genres = {token for other in state.pieces if other.kind is PieceKind.GENRE for token in
              state.tokens_in(other.start, other.end)}  # fmt: skip
    nouns = (at for at in range(stop, len(state)) if state.words[at] in word_lists.NOUNS or at in genres)
    return next(nouns, len(state) + stop) - stop


def _merge_alternatives(pieces: Sequence[Piece], state: ParseState) -> list[Piece]:
    """Merge pieces of the same kind joined by `or` into one with several values: `a comedy or a drama`."""
    merged: list[Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last is not None and _alternatives(last, piece) and _or_between(last, piece, state):
            merged[-1] = dataclasses.replace(
                last, value=f"{last.value}|{piece.value}", label=f"{last.label} or {piece.label}", end=piece.end,
                names=(*last.names, *piece.names), confidence=min(last.confidence, piece.confidence),
            )  # fmt: skip
        else:
            merged.append(piece)
    return merged


def _alternatives(one: Piece, other: Piece) -> bool:
    return one.kind is other.kind and one.kind in _EITHER and one.wanted and other.wanted and one.role == other.role


def _or_between(one: Piece, other: Piece, state: ParseState) -> bool:
    between = state.text[one.end : other.start]
    return between.strip() == "/" or bool(_OR.fullmatch(between.strip()))


def _distinct(pieces: Sequence[Piece]) -> list[Piece]:
    """Remove duplicate pieces: `grand` and `epic` mean the same."""
    return list({piece.key: piece for piece in reversed(pieces)}.values())[::-1]


def _merge_ages(pieces: Sequence[Piece]) -> list[Piece]:
    """Keep only the narrowest of several ages, such as `black and white` and `really old`."""
    old = [piece for piece in pieces if piece.kind is PieceKind.RECENCY and piece.wanted and piece.value[0] == "-"]
    if len(old) < 2:  # noqa: PLR2004 - nothing to merge
        return list(pieces)
    narrowest = min(old, key=lambda piece: int(piece.value[1:]))
    return [piece for piece in pieces if piece not in old or piece is narrowest]
