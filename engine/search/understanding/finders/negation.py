"""What a text does not want: `not`, `no`, `without`, `-word` and their like, and how far each of them reaches."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from core.understanding import Piece, PieceKind
from engine.search.understanding import word_lists
from engine.search.understanding.draft import Draft
from engine.search.understanding.phrases import Phrases

REACH = 6
"""Words between a negation and what it negates, at most."""
_JOINS = frozenset({"or", "and", "nor", "o", "ni", "ou", "oder", "e", "y", "et", "und"})
_NEVER = frozenset({PieceKind.LIKE, PieceKind.PART})
"""Kinds that are not turned round: a length says `not longer than` by itself."""


def mark(draft: Draft) -> None:
    """Mark the pieces that the text does not want, and take the negations out of what is matched."""
    for piece in sorted(draft.pieces, key=lambda piece: piece.start):
        if piece.kind in _NEVER or (piece.kind is PieceKind.RUNTIME and "(" not in piece.label):
            continue
        at = draft.tokens_in(piece.start, piece.end)
        if not at:
            continue
        negation = _before(draft, at.start) or _behind(draft, at.stop)
        if negation is not None or draft.tokens[at.start].minus:
            draft.replace(piece, dataclasses.replace(piece, wanted=_twice_unwanted(piece)))
            if negation is not None:
                draft.skip(*negation)
    _find_unwanted_topics(draft)
    _find_unwanted_words(draft)
    _drop_unread(draft)


def _twice_unwanted(piece: Piece) -> bool:
    """`nothing with subtitles` wants what `with subtitles` shuts out; a title behind `not` is refused once."""
    return piece.kind is PieceKind.LANGUAGE and not piece.wanted


def _before(draft: Draft, at: int) -> tuple[int, int] | None:
    """The negation before token `at` that reaches it: its first token and how many it has."""
    where, steps = at - 1, 0
    while where >= 0 and steps <= REACH:
        if draft.tokens[where].ends_clause:
            return None
        length = draft.ends_with(word_lists.NEGATIONS, where + 1)
        if length:
            return where + 1 - length, length
        if draft.words[where] in word_lists.NEGATORS:
            follows = draft.words[where + 1] if where + 1 < len(draft) else ""
            return None if follows in word_lists.NOT_NEGATING else (where, 1)
        if _excluded_piece(draft, where) is not None:
            where = draft.tokens_in(*_excluded_piece(draft, where)).start - 1  # type: ignore[misc]
            continue
        if draft.words[where] not in word_lists.LINKING and draft.words[where] not in _JOINS:
            return None
        if draft.words[where] in {"but", "aber", "pero", "mais", "ma", "mas"}:
            return None
        where, steps = where - 1, steps + 1
    return None


def _excluded_piece(draft: Draft, where: int) -> tuple[int, int] | None:
    """The unwanted piece that token `where` lies in: what `or` joins to it is unwanted as well."""
    token = draft.tokens[where]
    for piece in draft.pieces:
        if not piece.wanted and piece.start <= token.start < piece.end and _joined_behind(draft, piece):
            return piece.start, piece.end
    return None


def _joined_behind(draft: Draft, piece: Piece) -> bool:
    behind = draft.tokens_in(piece.start, piece.end).stop
    return behind < len(draft) and draft.words[behind] in _JOINS


def _behind(draft: Draft, at: int) -> tuple[int, int] | None:
    """A negation that stands behind (Japanese): its first token and how many it has."""
    if at < len(draft) and draft.words[at] == "free" and not draft.taken[at]:  # "violence-free"
        return at, 1
    for where in range(at, min(at + 3, len(draft))):
        length = draft.starts(word_lists.AFTER_NEGATIONS, where)
        if length:
            return where, length
    return None


def _find_unwanted_words(draft: Draft) -> None:
    """`no elves`, `-clowns`: a word that no table has shuts out the movies in whose texts it stands."""
    for at in range(len(draft)):
        if not draft.free(at) or not _is_content(draft, at) or draft.subject_zone(at):
            continue
        alone = at + 1 == len(draft) or draft.tokens[at].ends_clause or draft.words[at + 1] in word_lists.SMALL | _JOINS
        lead = at and draft.free(at - 1) and draft.words[at - 1] in _WITHOUT and not draft.tokens[at - 1].ends_clause
        if draft.tokens[at].minus or (lead and alone):
            word = draft.words[at]
            piece = draft.piece(PieceKind.PHRASE, word, word, at, 1, wanted=False, names=tuple(_numbers(word)))
            draft.take(at, 1, piece)
            if lead:
                draft.skip(at - 1, 1)


def _find_unwanted_topics(draft: Draft) -> None:
    """`but not about world war 2`, `not set in New York`: what stands behind shuts out the movies that tell of it."""
    for at in range(1, len(draft)):
        lead = draft.starts(_ABOUT, at) if draft.free(at) else 0
        before = draft.ends_with(word_lists.NEGATIONS, at) or int(draft.words[at - 1] in word_lists.NEGATORS)
        if not lead or not before or not draft.free(at - before, before + lead):
            continue
        begin, first = at - before, at + lead
        while (end := _take_topic(draft, first)) > first:
            draft.skip(begin, first - begin)
            if end + 1 >= len(draft) or draft.words[end] not in _JOINS:
                break
            begin, first = end, end + 1


def _take_topic(draft: Draft, first: int) -> int:
    """Take the topic that begins at a token as an unwanted one; gives the token behind it, or `first` without one."""
    end = first
    while draft.free(end) and end - first <= LONGEST_TOPIC and (end == first or _goes_on(draft, end)):
        end += 1
    begin = first + (draft.words[first : first + 1] in (["a"], ["an"], ["the"], ["any"]))
    topic = draft.words[begin:end]
    if not 0 < len(topic) <= LONGEST_TOPIC or not any(_is_content(draft, at) for at in range(begin, end)):
        return first
    names = _numbers(topic[0]) if len(topic) == 1 else _numerals(topic)
    label = draft.text[draft.tokens[begin].start : draft.tokens[end - 1].end]
    piece = draft.piece(
        PieceKind.PHRASE, " ".join(topic), label, begin, end - begin, wanted=False, names=tuple(names)
    )  # fmt: skip
    draft.take(begin, end - begin, piece, lead=begin - first)
    return end


def _goes_on(draft: Draft, at: int) -> bool:
    """Whether token `at` belongs to the topic that the token before it belongs to."""
    return not draft.tokens[at - 1].ends_clause and draft.words[at] not in word_lists.TOPIC_ENDS | _JOINS


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


def _is_content(draft: Draft, at: int) -> bool:
    word = draft.words[at]
    known = draft.vocabulary.gazetteer.words
    return len(word) >= _SHORTEST and word not in word_lists.KNOWN and not known.isdisjoint(_numbers(word))


def _numbers(word: str) -> list[str]:
    """A noun in singular and plural."""
    if word.endswith("ves"):
        return [word, word[:-3] + "f", word[:-3] + "fe"]
    return [word, word.removesuffix("s"), word.removesuffix("es")] if word.endswith("s") else [word, word + "s"]


def _drop_unread(draft: Draft) -> None:
    """Words that are not wanted but mean nothing to the tables (`not boring`) are not matched either."""
    for at in range(len(draft) - 1):
        if draft.taken[at] or draft.words[at] not in word_lists.NEGATORS:
            continue
        end = at + 1
        while end < len(draft) and not draft.taken[end] and draft.words[end] in word_lists.LINKING and end - at < REACH:
            if draft.tokens[end - 1].ends_clause:
                break
            end += 1
        if end < len(draft) and draft.free(end) and not draft.tokens[end - 1].ends_clause:
            draft.skip(at, end + 1 - at)
