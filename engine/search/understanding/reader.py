"""The rule-based reader of search texts: finds what is asked for, and what is left to match."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Protocol

from core import texts
from core.understanding import OtherReading, Piece, PieceKind, QueryType, Understanding
from engine.search import intent
from engine.search.understanding import merge, query_type
from engine.search.understanding.finders import (
    career_periods,
    cast_and_crew,
    figures,
    negation,
    roles,
    series_names,
    studios,
    table_terms,
    titles,
)
from engine.search.understanding.language import tokens, word_lists
from engine.search.understanding.language.tokens import Token
from engine.search.understanding.parse_state import ParseState
from engine.search.understanding.vocabulary import Vocabulary
from indexer.names.gazetteer import NamedMovie

MAX_STATED_WORDS = 60
"""Maximum words of a description whose named genres are read."""
MAX_REMEMBERED_WORDS = 25
"""The same for a memory."""
MAX_TYPED_TITLE = 5
"""Maximum words next to a person's name that are looked up as a misspelt title."""
MAX_TOKENS = 400
"""Maximum number of words read; the rest of a longer text is only matched."""
_STATED = frozenset(
    {PieceKind.YEARS, PieceKind.PERSON, PieceKind.TITLE, PieceKind.LIKE, PieceKind.ROLE, PieceKind.PART}
)
"""Kinds of pieces read in descriptions and memories: explicit years, people and titles."""


class Reader(Protocol):
    """A reader of search texts."""

    def __call__(
        self, text: str, *, vocabulary: Vocabulary, drop: Sequence[str] = (), literal: bool = False
    ) -> Understanding:
        """Return what a text asks for."""


_FINDERS = (
    studios.find_studios,
    roles.find_roles,
    series_names.find_sequels,
    titles.find_compared,
    titles.find_likes,
    series_names.find_series,
    titles.find_excluded_titles,
    cast_and_crew.find_people,
)
"""Finders in order of precedence: a name that is part of a comparison or a role is not found again as a name."""


def read(text: str, *, vocabulary: Vocabulary, drop: Sequence[str] = (), literal: bool = False) -> Understanding:
    """Read a search text.

    Args:
        drop: keys of pieces removed by the user, which are neither understood nor matched.
        literal: match the text as typed, without understanding it.
    """
    text = text.encode(errors="ignore").decode()
    split = tokens.split(text)[:MAX_TOKENS]
    if literal or not split:
        return Understanding(text, QueryType.DESCRIPTION, remainder=text)
    words = [token.word for token in split]
    begin, called = titles.called(text, split, vocabulary)
    called = called or titles.pointed(text, split, vocabulary)
    if called:
        piece = _title_piece(text, called, begin)
        if piece.key not in drop:
            return Understanding(text, QueryType.TITLE, (piece,), called[0].title)
    if intent.is_recalling(words):
        return _drop(_stated(text, split, vocabulary, QueryType.MEMORY), drop)
    named = vocabulary.gazetteer.titled(text) or vocabulary.gazetteer.titled_in_kana(text)
    if named and _whole_title(split, named, vocabulary):
        piece = _title_piece(text, named)
        wish = _read_wish(text, split, vocabulary)
        if piece.key not in drop:
            return Understanding(text, QueryType.TITLE, (piece,), text, other=_other(wish, piece))
        return _drop(wish, drop)
    return _drop(_read_wish(text, split, vocabulary), drop)


def _read_wish(text: str, split: tuple[Token, ...], vocabulary: Vocabulary) -> Understanding:
    """Read a text as a request or, if it turns out not to be one, as a description."""
    if len(split) > query_type.MAX_WISH_WORDS:
        return _stated(text, split, vocabulary, QueryType.DESCRIPTION)
    state = ParseState.of(text, split, vocabulary)
    _find_phrases(state)
    figures.find_figures(state)
    for find in _FINDERS:
        find(state)
    career_periods.find_periods(state)
    table_terms.find_terms(state)
    career_periods.find_periods(state)  # again, for the studios found in the tables
    negation.mark_excluded(state)
    _find_topics(state)
    if not state.pieces and query_type.is_frame_only(state):
        _skip_fillers(state)
        return Understanding(text, QueryType.DESCRIPTION, remainder=_remainder(state) or text)
    if not query_type.is_wish(state) or query_type.part_of_title(state):
        return _stated(text, split, vocabulary, QueryType.DESCRIPTION)
    _skip_fillers(state)
    pieces = merge.merged(state)
    wish = Understanding(text, QueryType.WISH, tuple(pieces), _remainder(state))
    return _title_of_person(wish, vocabulary) or wish


def _title_of_person(wish: Understanding, vocabulary: Vocabulary) -> Understanding | None:
    """Read a possibly misspelt title next to one of the movie's people: `psycho hitchcock`, `memnto nolan`."""
    people = {name for piece in wish.pieces if piece.kind is PieceKind.PERSON and piece.wanted for name in piece.names}
    others = any(piece.kind is not PieceKind.PERSON for piece in wish.pieces)
    if others or not people or not wish.remainder:
        return None
    named = vocabulary.gazetteer.titled(wish.remainder)
    left = tokens.words(wish.remainder)
    if not named and len(left) <= MAX_TYPED_TITLE and not all(map(vocabulary.knows, left)):
        near = vocabulary.gazetteer.nearly_titled(wish.remainder)
        named = (near,) if near is not None else ()
    movies = tuple(movie for movie in named if people & titles.people_of(movie))
    if not movies:
        return None
    return Understanding(wish.query, QueryType.TITLE, (_title_piece(wish.query, movies),), movies[0].title)


def _stated(text: str, split: tuple[Token, ...], vocabulary: Vocabulary, speaking: QueryType) -> Understanding:
    """Read the explicit statements of a description or a memory; the whole text is matched."""
    state = ParseState.of(text, split, vocabulary)
    figures.find_figures(state, lengths=False)
    cast_and_crew.find_people(state)
    pieces = [piece for piece in state.pieces if piece.kind in _STATED]
    if len(split) <= (MAX_REMEMBERED_WORDS if speaking is QueryType.MEMORY else MAX_STATED_WORDS):
        table_terms.find_terms(state)
        pieces += _named_genres(state)
    ordered = sorted(pieces, key=lambda piece: piece.start)
    return Understanding(text, speaking, tuple(merge.merge_years(ordered, state)), _description_text(state))


def _description_text(stated: ParseState) -> str:
    """Return the text of a description to match: all of it, or, in another language, its English translations."""
    if not stated.foreign:
        return stated.text
    state = stated.untouched()
    _find_topics(state)
    return (_in_english(state, set()) if state.english else "") or state.text


def _named_genres(state: ParseState) -> list[Piece]:
    """Return the genres that a description gives its movie; all of several in a row (`crime drama`) if one is meant."""
    found: list[Piece] = []
    for run in _runs(state):
        if any(_is_named(state, piece) for piece in run) or _behind_year_or_name(state, run[0]):
            found += run
    return found


def _runs(state: ParseState) -> list[list[Piece]]:
    """Group the genres of a text into runs of adjacent ones."""
    runs: list[list[Piece]] = []
    genres = [piece for piece in state.pieces if piece.kind is PieceKind.GENRE]
    for piece in sorted(genres, key=lambda piece: piece.start):
        first = state.tokens_in(piece.start, piece.end).start
        if runs and state.tokens_in(runs[-1][-1].start, runs[-1][-1].end).stop == first:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _behind_year_or_name(state: ParseState, genre: Piece) -> bool:
    """Return whether a genre follows a year or name: `what 2012 thriller`, `this Nicholas Sparks romance`, or initial
    `2010 romantic comedy`."""
    first = state.tokens_in(genre.start, genre.end).start
    before = [piece for piece in state.pieces if piece.kind in (PieceKind.YEARS, PieceKind.PERSON)
              and state.tokens_in(piece.start, piece.end).stop == first]  # fmt: skip
    if not before:
        return False
    at = state.tokens_in(before[0].start, before[0].end).start
    return at == 0 or state.words[at] in word_lists.BEFORE_GENRE or _before_is_adjective(state, at)


def _is_named(state: ParseState, piece: Piece) -> bool:
    """Return whether a genre describes the movie ("what is the comedy where …") rather than being part of its plot."""
    inside = state.tokens_in(piece.start, piece.end)
    behind = state.words[inside.stop] if inside.stop < len(state) else ""
    if behind in word_lists.NOUNS or state.words[inside.stop - 1] in word_lists.NOUNS:
        return True
    if len(inside) == 1 and state.words[inside.start] in table_terms.PLAIN_NOUNS:
        return False
    if "this" in state.words[max(0, inside.start - 4) : inside.start]:
        return True
    follows = (
        not behind
        or state.tokens[inside.stop - 1].ends_clause
        or (behind in word_lists.AFTER_GENRE and behind != "of")  # "a comedy of errors" is not a genre
        or (bool(state.vocabulary.phrase(state.words, inside.stop)[0]))
    )
    before = state.words[inside.start - 1] if inside.start else ""
    return follows and (
        before in word_lists.BEFORE_GENRE or not inside.start or _before_is_adjective(state, inside.start)
    )


def _before_is_adjective(state: ParseState, at: int) -> bool:
    """Return whether a determiner precedes within a few words: `this gritty graphic thriller`."""
    return any(word in word_lists.BEFORE_GENRE for word in state.words[max(0, at - 5) : at])


def _find_phrases(state: ParseState) -> None:
    for start, end in tokens.quoted(state.text):
        inside = state.tokens_in(start, end)
        if inside and state.free(inside.start, len(inside)) and not _quotes_title(state, inside):
            phrase = state.text[start:end].strip()
            piece = state.piece(PieceKind.PHRASE, phrase, f"“{phrase}”", inside.start, len(inside))
            state.consume(inside.start, len(inside), piece)


def _quotes_title(state: ParseState, inside: range) -> bool:
    """Return whether a quoted title follows a comparison or a negation: `like "Copper Lantern"`."""
    before = state.words[inside.start - 1] if inside.start else ""
    compared = state.ends_with(word_lists.LIKE, inside.start) or before in word_lists.LIKE_BARE | word_lists.LIKE_JOINS
    if not (compared or before in word_lists.NEGATORS):
        return False
    text = state.text[state.tokens[inside.start].start : state.tokens[inside.stop - 1].end]
    return bool(state.vocabulary.gazetteer.titled(text))


def _whole_title(split: Sequence[Token], named: Sequence[NamedMovie], vocabulary: Vocabulary) -> bool:
    """Return whether a text equal to a title is meant as one; words of the tables only if spelled exactly like it."""
    words = [token.word for token in split]
    count, terms = vocabulary.phrase(words, 0)
    if not terms or count < len(words):
        return True
    typed = " ".join(words)
    titles = (title for m in named for title in (m.title, m.original_title, *m.translated) if title)
    return any(typed == " ".join(tokens.words(title)) for title in titles)


def _title_piece(text: str, named: Sequence[NamedMovie], begin: int = 0) -> Piece:
    movie = named[0]
    return Piece(
        PieceKind.TITLE, str(movie.id), movie.title, begin, len(text), movies=tuple(other.id for other in named[:20])
    )


def _other(wish: Understanding, title: Piece) -> OtherReading | None:
    """Return the alternative reading of a title as a request, if there is one: `Search for date-night movies?`."""
    if wish.query_type is not QueryType.WISH or not wish.pieces:
        return None
    labels = [piece.label if piece.wanted else f"not {piece.label}" for piece in wish.pieces]
    return OtherReading(", ".join(labels), (title.key,))


def _skip_fillers(state: ParseState) -> None:
    """Exclude words of asking from matching."""
    for at in range(len(state)):
        if not state.free(at) or state.subject_zone(at):
            continue
        length = state.starts(word_lists.FILLERS, at)
        if length and state.free(at, length):
            state.skip(at, length)
        elif state.words[at] in word_lists.NOUNS | word_lists.ASKING:
            state.skip(at, 1)


def _find_topics(state: ParseState) -> None:
    """Translate topics of a foreign text with the tables, and the names of kinds of movies, which are matched too."""
    if not state.foreign:
        return
    for at in range(len(state)):
        if state.free(at) and not any(first <= at < end for first, (end, _) in state.english.items()):
            count, english = state.vocabulary.topic(state.words, at)
            if count and state.free(at, count):
                state.english[at] = (at + count, english)
    for piece in state.pieces:
        term = state.vocabulary.tables.term(piece.kind, piece.value)
        inside = state.tokens_in(piece.start, piece.end)
        if inside and term is not None and term.table == "kind" and term.listed("says"):
            state.english[inside.start] = (inside.stop, term.listed("says")[0])


def _remainder(state: ParseState) -> str:
    """Return the text without what was understood, and without small words at its edges."""
    kept = _keeps(state)
    content = [
        at
        for at, (taken, word) in enumerate(zip(state.taken, state.words, strict=True))
        if (not taken or at in kept) and (word not in word_lists.EDGES or at in state.english)
    ]
    if not content:
        return ""
    first, last = content[0], content[-1]
    spans = [(piece.start, piece.end) for piece in state.pieces] + state.fillers
    spans = [span for span in spans if not any(span[0] <= state.tokens[at].start < span[1] for at in kept)]
    spans += [(0, state.tokens[first].start), (state.tokens[last].end, len(state.text))]
    if state.english:
        return _in_english(state, kept)
    return tokens.cut(state.text.translate(tokens.NO_QUOTES), spans).strip(" ,;:.!?-–—")


_SMALL_WORDS = word_lists.EDGES | word_lists.FOREIGN


def _in_english(state: ParseState, kept: set[int]) -> str:
    """Return the English translations of a foreign text, and its unknown words as typed."""
    english_words: list[str] = []
    at = 0
    while at < len(state):
        end, english = state.english.get(at, (at + 1, ""))
        word = state.tokens[at].word
        if english and (not state.taken[at] or at in kept):
            english_words.append(english)
        elif not english and not state.taken[at] and not texts.unspaced(word) and word not in _SMALL_WORDS:
            english_words.append(word)
        at = end
    return " ".join(english_words)


def _keeps(state: ParseState) -> set[int]:
    """Return the tokens of pieces that are also matched: `zombie`, `heist`, and quoted phrases."""
    kept: set[int] = set()
    for piece in state.pieces:
        if piece.kind is PieceKind.PHRASE and piece.wanted:
            kept.update(state.tokens_in(piece.start, piece.end))
        term = state.vocabulary.tables.term(piece.kind, piece.value)
        if piece.wanted and term is not None and term.table == "kind" and term.row.get("keep", True):
            kept.update(state.tokens_in(piece.start, piece.end))
    return kept


def _drop(understood: Understanding, drop: Sequence[str]) -> Understanding:
    """Leave out the pieces removed by the user; if nothing else is left, match their words instead."""
    gone = [piece for piece in understood.pieces if piece.key in drop]
    if not gone:
        return understood
    kept = tuple(piece for piece in understood.pieces if piece.key not in drop)
    remainder = understood.remainder
    if not kept and not remainder:
        remainder = understood.query
    return dataclasses.replace(understood, pieces=kept, remainder=remainder, dropped=tuple(piece.key for piece in gone))


def assemble(text: str, pieces: Sequence[Piece], *, vocabulary: Vocabulary) -> Understanding:
    """Build a request from pieces found by another reader, with the remaining text to match."""
    state = ParseState.of(text, tokens.split(text)[:MAX_TOKENS], vocabulary)
    for piece in sorted(pieces, key=lambda piece: piece.start):
        inside = state.tokens_in(piece.start, piece.end)
        if inside and state.free(inside.start, len(inside)):
            state.consume(inside.start, len(inside), piece)
    _skip_fillers(state)
    return Understanding(text, QueryType.WISH, tuple(state.pieces), _remainder(state))
