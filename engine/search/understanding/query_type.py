"""Distinguishing requests for a kind of movie from descriptions of a plot. Pure."""

from __future__ import annotations

import itertools

from core.understanding import Piece, PieceKind
from engine.search.understanding.finders import table_terms
from engine.search.understanding.language import word_lists
from engine.search.understanding.parse_state import ParseState

MAX_WISH_WORDS = 32
"""Maximum words of a request; longer texts describe a plot."""
LAST_TO_LEAD, LAST_TO_END = 12, 40
"""Maximum words, or characters, of a text that is a request because it begins, or ends, with an understood piece."""
CHARACTER = 0.4
"""Weight of a character in scripts without spaces, relative to a word."""
MAX_CONTENT = 10
"""Maximum number of other content words in a request; texts with more describe a plot."""
LONGEST_WISH_WITH_STOP = 8
"""Maximum words of a request without a word for movies that ends with a full stop; longer ones are plot sentences."""
MAX_FRAME_WORDS = 12
"""Maximum words of a text that consists of a subject and a request frame."""
MAX_TITLE_WORDS = 8
FEW = 3
"""Maximum number of other content words in a request without a word for movies."""
_SURE = frozenset({
    PieceKind.LIKE, PieceKind.ROLE, PieceKind.AWARD, PieceKind.BASED_ON, PieceKind.COLLECTION, PieceKind.PART,
    PieceKind.STUDIO, PieceKind.RUNTIME,
})  # fmt: skip
"""Kinds that occur only in requests."""


def is_wish(state: ParseState) -> bool:
    """Return whether a text asks for a kind of movie rather than describing a plot."""
    sure = any(piece.kind in _SURE for piece in state.pieces)
    left = _content_left(state)
    if not state.pieces or len(state) > MAX_WISH_WORDS or (left > MAX_CONTENT and not sure):
        return False
    frame = _has_frame(state)
    if not frame and len(state) > LONGEST_WISH_WITH_STOP and state.text.rstrip().endswith("."):
        return False
    strong = any(not _weak_piece(state, piece) and not _of_story(state, piece) for piece in state.pieces)
    if frame or _whole_clause(state) or (sure and left <= 2 * FEW):
        return True
    if not strong:
        story = any(_of_story(state, piece) for piece in state.pieces)
        return left == 0 or (left <= FEW and _leads(state) and not story)
    understood = sum(len(state.tokens_in(piece.start, piece.end)) for piece in state.pieces)
    return left <= max(FEW, understood) or _leads(state) or _ends(state)


def is_frame_only(state: ParseState) -> bool:
    """Return whether a text only asks for movies about a subject: `movies about time loops`."""
    return len(state) <= MAX_FRAME_WORDS and any(word in word_lists.NOUNS for word in state.words[:4])


def _whole_clause(state: ParseState) -> bool:
    """Return whether one of several clauses is fully understood: `sometime around 99, drama`."""
    first, clauses = 0, []
    for at, token in enumerate(state.tokens):
        if token.ends_clause or at == len(state) - 1:
            clauses.append(range(first, at + 1))
            first = at + 1
    return len(clauses) > 1 and any(
        any(state.taken[at] for at in clause)
        and all(state.taken[at] or state.words[at] in word_lists.EDGES for at in clause)
        for clause in clauses
    )


def part_of_title(state: ParseState) -> bool:
    """Return whether the text is part of a title ("grand budapest") rather than a partly understood request."""
    if len(state) < 2 or len(state) > MAX_TITLE_WORDS or _content_left(state) == 0:  # noqa: PLR2004
        return False
    kinds = {piece.kind for piece in state.pieces}
    return not kinds & _SURE and state.vocabulary.gazetteer.in_title([token.word for token in state.tokens])


def _weak_piece(state: ParseState, piece: Piece) -> bool:
    inside = state.tokens_in(piece.start, piece.end)
    return bool(inside) and table_terms.weak(state, inside.start, len(inside)) and piece.wanted


def _of_story(state: ParseState, piece: Piece) -> bool:
    """Return whether an adjective belongs to a character or thing in the story: `creepy uncle moves in`."""
    stop = state.tokens_in(piece.start, piece.end).stop
    if piece.kind not in _ADJECTIVES or stop >= len(state) or state.tokens[stop - 1].ends_clause:
        return False
    return not state.taken[stop] and state.words[stop] not in word_lists.EDGES and _content_left(state) > 1


_WANTING = frozenset({"want", "wanna", "need", "fancy", "crave", "craving", "find", "watch", "recommend", "suggest"})
"""Words before `something` etc.: `three girls at a sleepover want something scary`."""
_WATCHERS = word_lists.KIN_MALE | word_lists.KIN_FEMALE | frozenset({
    "parents", "kids", "children", "family", "friends", "partner", "grandma", "grandpa", "nan", "granny",
    "grandparents",
    "grandson", "granddaughter", "niece", "nephew",
})  # fmt: skip
"""People on whose behalf others ask: `my dad likes westerns`."""
_ADJECTIVES = frozenset({
    PieceKind.MOOD, PieceKind.QUALITY, PieceKind.RECENCY, PieceKind.LANGUAGE, PieceKind.COUNTRY, PieceKind.POPULARITY,
})  # fmt: skip


def _has_frame(state: ParseState) -> bool:
    """Return whether the text has a word for movies or asks for one."""
    if any(phrase in state.text for phrase in word_lists.UNSPACED_NOUNS):
        return True
    start = [word for word in state.words[:4] if word in word_lists.ASKING]
    if any(one in _WANTING and two in word_lists.PRONOUNS for one, two in itertools.pairwise(state.words)):
        return True
    if start and state.words[0] in {"my", "our"} and state.words[1] in _WATCHERS:
        return True
    return any(word in word_lists.NOUNS for word in state.words) or any(
        word in word_lists.PRONOUNS and at < 3 for at, word in enumerate(state.words)  # noqa: PLR2004 - "something scary"
    ) or (bool(start) and state.words[0] in word_lists.SMALL | word_lists.ASKING and state.words[0] in {
        "i", "we", "im", "show", "find", "recommend", "suggest", "give", "need", "want", "looking", "what", "in", "any",
    })  # fmt: skip


def _leads(state: ParseState) -> bool:
    """Return whether a short text begins with an understood piece: `western with a train robbery`."""
    first = min(piece.start for piece in state.pieces)
    before = [
        t for t, word in zip(state.tokens, state.words, strict=True) if t.start < first and word not in word_lists.EDGES
    ]
    return not before and len(state) <= LAST_TO_LEAD


def _ends(state: ParseState) -> bool:
    """Return whether a short text ends with a genre as its head: `宇宙を舞台にしたSF`, `underwater horror`."""
    genres = [piece for piece in state.pieces if piece.kind is PieceKind.GENRE]
    return bool(genres) and max(p.end for p in genres) >= state.tokens[-1].end and len(state.text) <= LAST_TO_END


def _content_left(state: ParseState) -> int:
    left = [
        word for taken, word in zip(state.taken, state.words, strict=True) if not taken and word not in word_lists.EDGES
    ]
    return round(sum(CHARACTER if len(word) == 1 and not word.isascii() else 1 for word in left))
