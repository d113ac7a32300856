"""A language model as a reader of search texts; everything it claims is checked against the text and the catalogue.

The rules read first. Only if they are unsure is the model called, and it may add pieces to theirs. It never ranks
movies, and on any failure the rules' result is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core import texts
from core.errors import DeadlineExceeded, LanguageModelUnavailable
from core.limits import deadline
from core.understanding import Piece, PieceKind, QueryType, Understanding
from engine.search.llm import prompts
from engine.search.llm.model import LanguageModel
from engine.search.llm.prompts import MAX_PIECES, MAX_VALUE, READABLE
from engine.search.llm.resolution import Claimed, resolve
from engine.search.understanding import reader
from engine.search.understanding.language import word_lists
from engine.search.understanding.vocabulary import Vocabulary

FEWEST_WORDS, MOST_WORDS = 3, 40
"""Length of texts sent to a model, in words: shorter ones are names, longer ones describe a plot."""
LONG_REMAINDER = 4
"""Number of remaining content words from which on the rules may have missed something."""
UNSURE = 0.75
"""Confidence below which a piece is a guess of the rules; a corrected typo counts as a guess."""
STATED = frozenset({PieceKind.YEARS, PieceKind.PERSON, PieceKind.TITLE, PieceKind.LIKE, PieceKind.ROLE})
"""Kinds of pieces that count in descriptions, memories and titles."""

_Text = Annotated[str, Field(max_length=MAX_VALUE)]


class _Piece(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    kind: str
    value: _Text
    quote: _Text
    wanted: bool
    role: Literal["", "actor", "director"] = ""


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    query_type: Literal["wish", "description", "memory", "title"]
    pieces: Annotated[list[_Piece], Field(max_length=MAX_PIECES)]


@dataclass(frozen=True)
class ModelReader:
    """A reader that uses only the model."""

    model: LanguageModel
    seconds: float

    def read(self, text: str, *, vocabulary: Vocabulary) -> Understanding | None:
        """Return what the model understands of a text, checked; None without a usable answer."""
        genres = vocabulary.gazetteer.genres
        messages, answer_format = prompts.reading_prompt(text, tables=vocabulary.tables, genres=genres)
        try:
            seconds = deadline.bounded(self.seconds)
            answer = _Answer.model_validate(self.model.answer(messages, answer_format, seconds=seconds))
        except (DeadlineExceeded, LanguageModelUnavailable, ValidationError):
            return None
        query_type = QueryType(answer.query_type)
        pieces = _pieces(text, answer.pieces, vocabulary)
        if query_type is QueryType.WISH:
            return replace(reader.assemble(text, pieces, vocabulary=vocabulary), reader=self.model.name)
        stated = tuple(piece for piece in pieces if piece.kind in STATED)
        return Understanding(text, query_type, stated, text, reader=self.model.name)


@dataclass(frozen=True)
class CarefulReader:
    """A reader that uses the rules and, if they are unsure, the model. Called like the rules."""

    model: ModelReader
    rules: reader.Reader = reader.read

    def __call__(
        self, text: str, *, vocabulary: Vocabulary, drop: Sequence[str] = (), literal: bool = False
    ) -> Understanding:
        """Return what a text asks for."""
        by_rules = self.rules(text, vocabulary=vocabulary, drop=drop, literal=literal)
        if literal or not unsure(by_rules):
            return by_rules
        by_model = self.model.read(by_rules.query, vocabulary=vocabulary)
        if by_model is None or by_model.query_type is not QueryType.WISH or not by_model.pieces:
            return by_rules
        return _joined(by_rules, by_model, vocabulary, drop)


def unsure(read: Understanding) -> bool:
    """Return whether a model may find something that the rules missed; only for requests of moderate length."""
    words = texts.words(read.query)
    if not FEWEST_WORDS <= len(words) <= MOST_WORDS or read.dropped or not _wishful(read, words):
        return False
    left = [word for word in texts.words(read.remainder) if word not in word_lists.EDGES]
    guessed = any(piece.confidence < UNSURE for piece in read.pieces)
    return guessed or not read.pieces or len(left) >= LONG_REMAINDER


def _wishful(read: Understanding, words: Iterable[str]) -> bool:
    """Return whether a text is a request, or mentions movies without the rules having understood any of it."""
    if read.query_type is QueryType.WISH:
        return True
    return (
        read.query_type is QueryType.DESCRIPTION and not read.pieces and any(word in word_lists.NOUNS for word in words)
    )


def _joined(rules: Understanding, model: Understanding, vocabulary: Vocabulary, drop: Sequence[str]) -> Understanding:
    """Combine the pieces that the rules are sure of with the model's pieces for the rest of the text."""
    sure = [piece for piece in rules.pieces if piece.confidence >= UNSURE]
    added = [
        piece
        for piece in model.pieces
        if piece.key not in drop and not any(_overlap(piece, other) or piece.key == other.key for other in sure)
    ]
    if not added:
        return rules
    return replace(reader.assemble(rules.query, [*sure, *added], vocabulary=vocabulary), reader=model.reader)


def _pieces(text: str, claimed: Sequence[_Piece], vocabulary: Vocabulary) -> list[Piece]:
    """Return the valid claims: quotes occur in the text and do not overlap, values exist in the catalogue."""
    valid: list[Piece] = []
    for claim in claimed:
        span = _span(text, claim.quote)
        if span is None or claim.kind not in {kind.value for kind in READABLE}:
            continue
        piece = resolve(
            Claimed(PieceKind(claim.kind), claim.value, *span, wanted=claim.wanted, role=claim.role), vocabulary
        )
        if piece is not None and not any(_overlap(piece, other) for other in valid):
            valid.append(piece)
    return sorted(valid, key=lambda piece: piece.start)


def _span(text: str, quote: str) -> tuple[int, int] | None:
    """Return the span of a quotation in the text, ignoring case."""
    wanted, within = quote.strip().lower(), text.lower()
    # In some alphabets, lower-casing changes the length, so positions would be off.
    start = within.find(wanted) if wanted and len(within) == len(text) else text.find(quote.strip())
    return (start, start + len(wanted)) if wanted and start >= 0 else None


def _overlap(one: Piece, other: Piece) -> bool:
    return one.start < other.end and other.start < one.end
