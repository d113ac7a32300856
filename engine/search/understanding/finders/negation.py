"""What a text does not want: `not`, `no`, `without`, `-word` and their like, and how far each of them reaches."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from core.understanding import Piece, PieceKind
from engine.search.understanding.language import word_lists
from engine.search.understanding.language.phrases import Phrases
from engine.search.understanding.parse_state import ParseState

REACH = 6
"""Words between a negation and what it negates, at most."""
_JOINS = frozenset({"or", "and", "nor", "o", "ni", "ou", "oder", "e", "y", "et", "und"})
_NEVER = frozenset({PieceKind.LIKE, PieceKind.PART})
"""Kinds that are not turned round: a length says `not longer than` by itself."""


def mark_excluded(state: ParseState) -> None:
    """Mark the pieces that the text does not want, and take the negations out of what is matched."""
    for piece in sorted(state.pieces, key=lambda piece: piece.start):
        if piece.kind in _NEVER or (piece.kind is PieceKind.RUNTIME and "(" not in piece.label):
            continue
        at = state.tokens_in(piece.start, piece.end)
        if not at:
            continue
        negation = _before(state, at.start) or _behind(state, at.stop)
        if negation is not None or state.tokens[at.start].minus:
            state.replace(piece, dataclasses.replace(piece, wanted=_twice_unwanted(piece)))
            if negation is not None:
                state.skip(*negation)
    _find_unwanted_topics(state)
    _find_unwanted_words(state)
    _drop_unread(state)


def _twice_unwanted(piece: Piece) -> bool:
    """`nothing with subtitles` wants what `with subtitles` shuts out; a title behind `not` is refused once."""
    return piece.kind is PieceKind.LANGUAGE and not piece.wanted


def _before(state: ParseState, at: int) -> tuple[int, int] | None:
    """The negation before token `at` that reaches it: its first token and how many it has."""
    where, steps = at - 1, 0
    while where >= 0 and steps <= REACH:
        if state.tokens[where].ends_clause:
            return None
        length = state.ends_with(word_lists.NEGATIONS, where + 1)
        if length:
            return where + 1 - length, length
        if state.words[where] in word_lists.NEGATORS:
            follows = state.words[where + 1] if where + 1 < len(state) else ""
            return None if follows in word_lists.NOT_NEGATING else (where, 1)
        if _excluded_piece(state, where) is not None:
            where = state.tokens_in(*_excluded_piece(state, where)).start - 1  # type: ignore[misc]
            continue
        if state.words[where] not in word_lists.LINKING and state.words[where] not in _JOINS:
            return None
        if state.words[where] in {"but", "aber", "pero", "mais", "ma", "mas"}:
            return None
        where, steps = where - 1, steps + 1
    return None


def _excluded_piece(state: ParseState, where: int) -> tuple[int, int] | None:
    """The unwanted piece that token `where` lies in: what `or` joins to it is unwanted as well."""
    token = state.tokens[where]
    for piece in state.pieces:
        if not piece.wanted and piece.start <= token.start < piece.end and _joined_behind(state, piece):
            return piece.start, piece.end
    return None


def _joined_behind(state: ParseState, piece: Piece) -> bool:
    behind = state.tokens_in(piece.start, piece.end).stop
    return behind < len(state) and state.words[behind] in _JOINS


def _behind(state: ParseState, at: int) -> tuple[int, int] | None:
    """A negation that stands behind (Japanese): its first token and how many it has."""
    if at < len(state) and state.words[at] == "free" and not state.taken[at]:  # "violence-free"
        return at, 1
    for where in range(at, min(at + 3, len(state))):
        length = state.starts(word_lists.AFTER_NEGATIONS, where)
        if length:
            return where, length
    return None


def _find_unwanted_words(state: ParseState) -> None:
    """`no elves`, `-clowns`: a word that no table has shuts out the movies in whose texts it stands."""
    for at in range(len(state)):
        if not state.free(at) or not _is_content(state, at) or state.subject_zone(at):
            continue
        alone = at + 1 == len(state) or state.tokens[at].ends_clause or state.words[at + 1] in word_lists.SMALL | _JOINS
        lead = at and state.free(at - 1) and state.words[at - 1] in _WITHOUT and not state.tokens[at - 1].ends_clause
        if state.tokens[at].minus or (lead and alone):
            word = state.words[at]
            piece = state.piece(PieceKind.PHRASE, word, word, at, 1, wanted=False, names=tuple(_numbers(word)))
            state.consume(at, 1, piece)
            if lead:
                state.skip(at - 1, 1)


def _find_unwanted_topics(state: ParseState) -> None:
    """`but not about world war 2`, `not set in New York`: what stands behind shuts out the movies that tell of it."""
    for at in range(1, len(state)):
        lead = state.starts(_ABOUT, at) if state.free(at) else 0
        before = state.ends_with(word_lists.NEGATIONS, at) or int(state.words[at - 1] in word_lists.NEGATORS)
        if not lead or not before or not state.free(at - before, before + lead):
            continue
        begin, first = at - before, at + lead
        while (end := _match_topic(state, first)) > first:
            state.skip(begin, first - begin)
            if end + 1 >= len(state) or state.words[end] not in _JOINS:
                break
            begin, first = end, end + 1


def _match_topic(state: ParseState, first: int) -> int:
    """Take the topic that begins at a token as an unwanted one; gives the token behind it, or `first` without one."""
    end = first
    while state.free(end) and end - first <= LONGEST_TOPIC and (end == first or _goes_on(state, end)):
        end += 1
    begin = first + (state.words[first : first + 1] in (["a"], ["an"], ["the"], ["any"]))
    topic = state.words[begin:end]
    if not 0 < len(topic) <= LONGEST_TOPIC or not any(_is_content(state, at) for at in range(begin, end)):
        return first
    names = _numbers(topic[0]) if len(topic) == 1 else _numerals(topic)
    label = state.text[state.tokens[begin].start : state.tokens[end - 1].end]
    piece = state.piece(
        PieceKind.PHRASE, " ".join(topic), label, begin, end - begin, wanted=False, names=tuple(names)
    )  # fmt: skip
    state.consume(begin, end - begin, piece, lead=begin - first)
    return end


def _goes_on(state: ParseState, at: int) -> bool:
    """Whether token `at` belongs to the topic that the token before it belongs to."""
    return not state.tokens[at - 1].ends_clause and state.words[at] not in word_lists.TOPIC_ENDS | _JOINS


def _numerals(topic: Sequence[str]) -> list[str]:
    """A topic with its number in figures, in Roman numerals and in words."""
    last = next((row for row in _NUMERALS if topic[-1] in row), (topic[-1],))
    return [" ".join((*topic[:-1], numeral)) for numeral in last]


LONGEST_TOPIC = 4
"""Words of what a text does not want a movie to be about."""
_ABOUT = Phrases("about", "set in", "set during", "involving", "featuring", "dealing with")
_NUMERALS = (("1", "i", "one"), ("2", "ii", "two"), ("3", "iii", "three"))
_WITHOUT = frozenset({"no", "without", "minus", "sans", "sin", "ohne", "senza", "sem", "zero"})
_SHORTEST = 4
"""Letters of a word that shuts movies out."""


def _is_content(state: ParseState, at: int) -> bool:
    word = state.words[at]
    known = state.vocabulary.gazetteer.words
    return len(word) >= _SHORTEST and word not in word_lists.KNOWN and not known.isdisjoint(_numbers(word))


def _numbers(word: str) -> list[str]:
    """A noun in singular and plural."""
    if word.endswith("ves"):
        return [word, word[:-3] + "f", word[:-3] + "fe"]
    return [word, word.removesuffix("s"), word.removesuffix("es")] if word.endswith("s") else [word, word + "s"]


def _drop_unread(state: ParseState) -> None:
    """Words that are not wanted but mean nothing to the tables (`not boring`) are not matched either."""
    for at in range(len(state) - 1):
        if state.taken[at] or state.words[at] not in word_lists.NEGATORS:
            continue
        end = at + 1
        while end < len(state) and not state.taken[end] and state.words[end] in word_lists.LINKING and end - at < REACH:
            if state.tokens[end - 1].ends_clause:
                break
            end += 1
        if end < len(state) and state.free(end) and not state.tokens[end - 1].ends_clause:
            state.skip(at, end + 1 - at)
