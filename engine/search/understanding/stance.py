"""Whether a text asks for a kind of movie, or tells the plot of one. Pure."""

from __future__ import annotations

import itertools

from core.understanding import Piece, PieceKind
from engine.search.understanding.finders import table_terms
from engine.search.understanding.language import word_lists
from engine.search.understanding.parse_state import ParseState

MAX_WISH_WORDS = 32
"""Longer texts tell a plot, whatever else they say."""
LAST_TO_LEAD, LAST_TO_END = 12, 40
"""Words, and characters, of the longest text that is a wish because it begins, or ends, with one."""
CHARACTER = 0.4
"""What a character of a script without blanks counts, where a word counts 1."""
MAX_CONTENT = 10
"""Content words beside what was understood beyond which a text tells a plot."""
LONGEST_WISH_WITH_STOP = 8
"""Words of a text without a word for a movie that ends with a full stop: longer ones are sentences of a plot."""
MAX_FRAME_WORDS = 12
"""Words of the longest text that is taken for a subject with the words of asking around it."""
MAX_TITLE_WORDS = 8
FEW = 3
"""Content words beside what was understood up to which a text without a word for a movie is still a wish."""
_SURE = frozenset({
    PieceKind.LIKE, PieceKind.ROLE, PieceKind.AWARD, PieceKind.BASED_ON, PieceKind.COLLECTION, PieceKind.PART,
    PieceKind.STUDIO, PieceKind.RUNTIME,
})  # fmt: skip
"""Kinds that only a wish has."""


def is_wish(state: ParseState) -> bool:
    """Whether a text asks for a kind of movie rather than telling the plot of one."""
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
        told = any(_of_story(state, piece) for piece in state.pieces)
        return left == 0 or (left <= FEW and _leads(state) and not told)
    understood = sum(len(state.tokens_in(piece.start, piece.end)) for piece in state.pieces)
    return left <= max(FEW, understood) or _leads(state) or _ends(state)


def is_frame_only(state: ParseState) -> bool:
    """Whether a text asks for movies about something and says nothing else: `movies about time loops`."""
    return len(state) <= MAX_FRAME_WORDS and any(word in word_lists.NOUNS for word in state.words[:4])


def _whole_clause(state: ParseState) -> bool:
    """Whether a clause of its own says nothing but a wish: `sometime around 99, drama`."""
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
    """Whether the text is a stretch of a title ("grand budapest") rather than a wish of which something is left."""
    if len(state) < 2 or len(state) > MAX_TITLE_WORDS or _content_left(state) == 0:  # noqa: PLR2004
        return False
    kinds = {piece.kind for piece in state.pieces}
    return not kinds & _SURE and state.vocabulary.gazetteer.in_title([token.word for token in state.tokens])


def _weak_piece(state: ParseState, piece: Piece) -> bool:
    inside = state.tokens_in(piece.start, piece.end)
    return bool(inside) and table_terms.weak(state, inside.start, len(inside)) and piece.wanted


def _of_story(state: ParseState, piece: Piece) -> bool:
    """Whether an adjective belongs to somebody or something of the story: `creepy uncle moves in`."""
    stop = state.tokens_in(piece.start, piece.end).stop
    if piece.kind not in _ADJECTIVES or stop >= len(state) or state.tokens[stop - 1].ends_clause:
        return False
    return not state.taken[stop] and state.words[stop] not in word_lists.EDGES and _content_left(state) > 1


_WANTING = frozenset({"want", "wanna", "need", "fancy", "crave", "craving", "find", "watch", "recommend", "suggest"})
"""Before `something` or the like: `three girls at a sleepover want something scary`."""
_WATCHERS = word_lists.KIN_MALE | word_lists.KIN_FEMALE | frozenset({
    "parents", "kids", "children", "family", "friends", "partner", "grandma", "grandpa", "nan", "granny",
    "grandparents",
    "grandson", "granddaughter", "niece", "nephew",
})  # fmt: skip
"""For whom people ask: `my dad likes westerns`."""
_ADJECTIVES = frozenset({
    PieceKind.MOOD, PieceKind.QUALITY, PieceKind.RECENCY, PieceKind.LANGUAGE, PieceKind.COUNTRY, PieceKind.POPULARITY,
})  # fmt: skip


def _has_frame(state: ParseState) -> bool:
    """Whether the text has a word for a movie, or asks for one."""
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
    """Whether the text begins with what was understood and is short: `western with a train robbery`."""
    first = min(piece.start for piece in state.pieces)
    before = [
        t for t, word in zip(state.tokens, state.words, strict=True) if t.start < first and word not in word_lists.EDGES
    ]
    return not before and len(state) <= LAST_TO_LEAD


def _ends(state: ParseState) -> bool:
    """Whether a short text ends with a genre, its head word: `宇宙を舞台にしたSF`, `underwater horror`."""
    genres = [piece for piece in state.pieces if piece.kind is PieceKind.GENRE]
    return bool(genres) and max(p.end for p in genres) >= state.tokens[-1].end and len(state.text) <= LAST_TO_END


def _content_left(state: ParseState) -> int:
    left = [
        word for taken, word in zip(state.taken, state.words, strict=True) if not taken and word not in word_lists.EDGES
    ]
    return round(sum(CHARACTER if len(word) == 1 and not word.isascii() else 1 for word in left))
