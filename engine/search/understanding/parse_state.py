"""The parse state of a text: its tokens, which of them are understood, and the pieces found so far."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from core import texts
from core.understanding import Piece, PieceKind
from engine.search.understanding.language import word_lists
from engine.search.understanding.language.phrases import Phrases
from engine.search.understanding.language.tokens import Token
from engine.search.understanding.vocabulary import Vocabulary
from indexer.names.gazetteer import NamedMovie

FOREIGN_WORDS = 2
"""Number of small foreign words from which on a text counts as foreign."""
MIN_TITLE_PROMINENCE = 0.35
"""Minimum prominence of a movie whose title is a single everyday word ("it", "her")."""


@dataclass
class ParseState:
    """The state of parsing a text. Finders add pieces in turn; a token taken by one is not read by the next."""

    text: str
    tokens: tuple[Token, ...]
    vocabulary: Vocabulary
    taken: list[bool]
    pieces: list[Piece] = field(default_factory=list)
    fillers: list[tuple[int, int]] = field(default_factory=list)
    """Spans of characters that are neither understood nor matched."""
    words: list[str] = field(default_factory=list)
    """The words of the tokens, with typos corrected."""
    foreign: bool = False
    """Whether the text appears to be in a language other than English."""
    english: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Translations of foreign phrases: from the first token to the token after the last and the English words."""

    @classmethod
    def of(cls, text: str, tokens: tuple[Token, ...], vocabulary: Vocabulary) -> ParseState:
        """Return the initial state of a text."""
        foreign = sum(token.word in word_lists.FOREIGN for token in tokens) >= FOREIGN_WORDS
        words = [token.word if foreign else vocabulary.corrected(token.word) for token in tokens]
        return cls(text, tokens, vocabulary, [False] * len(tokens), words=words, foreign=foreign or _no_english(tokens))

    def untouched(self) -> ParseState:
        """Return the initial state of the same text."""
        return ParseState(
            self.text, self.tokens, self.vocabulary, [False] * len(self), words=self.words, foreign=self.foreign
        )

    def __len__(self) -> int:
        return len(self.tokens)

    def free(self, at: int, count: int = 1) -> bool:
        """Return whether `count` tokens from `at` on exist and are not taken."""
        if count == 1:  # by far the most frequent call
            return 0 <= at < len(self.taken) and not self.taken[at]
        return at >= 0 and at + count <= len(self.taken) and True not in self.taken[at : at + count]

    def starts(self, phrases: Phrases, at: int) -> int:
        """Return the number of tokens of the longest of `phrases` at `at`; 0 if there is none."""
        return phrases.at(self.words, at)

    def ends_with(self, phrases: Phrases, before: int) -> int:
        """Return the number of tokens of the longest of `phrases` that ends before `before`; 0 if there is none."""
        return phrases.before(self.words, before)

    def certainty(self, at: int, count: int) -> float:
        """Return 1, or less if a typo was corrected in the tokens."""
        wrong = sum(self.words[i] != self.tokens[i].word for i in range(at, at + count))
        return 1.0 if not wrong else 0.7

    def consume(self, at: int, count: int, piece: Piece, *, lead: int = 0) -> None:
        """Add a piece for `count` tokens from `at` on, and take them and `lead` tokens before them."""
        for i in range(at - lead, at + count):
            self.taken[i] = True
        self.pieces.append(piece)
        if lead:
            self.fillers.append((self.tokens[at - lead].start, self.tokens[at - 1].end))

    def skip(self, at: int, count: int) -> None:
        """Exclude tokens from matching."""
        if count > 0:
            for i in range(at, at + count):
                self.taken[i] = True
            self.fillers.append((self.tokens[at].start, self.tokens[at + count - 1].end))

    def piece(self, kind: PieceKind, value: str, label: str, at: int, count: int, **more: object) -> Piece:
        """Create a piece for `count` tokens from `at` on."""
        confidence = self.certainty(at, count)
        start, end = self.tokens[at].start, self.tokens[at + count - 1].end
        made = Piece(kind, value, label, start, end, confidence=confidence)
        return dataclasses.replace(made, **more) if more else made  # type: ignore[arg-type]

    def tokens_in(self, start: int, end: int) -> range:
        """Return the tokens in a span of characters."""
        inside = [i for i, token in enumerate(self.tokens) if token.start < end and token.end > start]
        return range(inside[0], inside[-1] + 1) if inside else range(0)

    def replace(self, old: Piece, new: Piece) -> None:
        """Replace a piece."""
        self.pieces[self.pieces.index(old)] = new

    def subject_zone(self, at: int) -> bool:
        """Return whether token `at` belongs to the subject of the movie rather than to the kind of movie."""
        for i in range(at - 1, -1, -1):
            if self.tokens[i].ends_clause or (self._ends_topic(i) and not self.taken[i]):
                return False
            if not self.taken[i] and self.starts(word_lists.TOPIC, i) and not self._is_question(i):
                return True
        return False

    def _ends_topic(self, at: int) -> bool:
        """Return whether a word ends the description of the subject; `is` does so only in `… that is funny`."""
        if self.words[at] == "is":
            return at > 0 and self.words[at - 1] in {"that", "which", "it", "but", "and"}
        return self.words[at] in word_lists.TOPIC_ENDS

    def names_movies(self, at: int) -> bool:
        """Return whether token `at` is a word for movies or a genre, in the same clause as the token before it."""
        if at >= len(self) or (at and self.tokens[at - 1].ends_clause):
            return False
        terms = self.vocabulary.phrase(self.words, at)[1]
        return self.words[at] in word_lists.NOUNS or any(term.kind is PieceKind.GENRE for term in terms)

    def clause_of_its_own(self, at: int, count: int) -> bool:
        """Return whether `count` tokens from `at` on are one clause of several: `comedy, france, 90s`."""
        begins = at == 0 or self.tokens[at - 1].ends_clause
        ends = at + count == len(self) or self.tokens[at + count - 1].ends_clause
        return begins and ends and count < len(self)

    def title_at(self, at: int) -> tuple[int, tuple[NamedMovie, ...]]:
        """Return the length of the longest title of free tokens that begins at `at`, and the movies with that title."""
        end = next((i for i in range(at, len(self)) if self.taken[i]), len(self))
        return self.vocabulary.title_at(self.text, self.tokens[:end], at) if at < end else (0, ())

    def _is_question(self, at: int) -> bool:
        """Return whether a word that may introduce a subject belongs to the question: `in which movie`."""
        before = self.words[at - 1] if at else ""
        if (
            self.words[at] == "in"
            and self.pieces
            and at + 2 < len(self)
            and self.vocabulary.phrase(self.words, at + 2)[0]
        ):
            return True  # "the guy from Titanic in a thriller"
        return (at == 0 and self.words[at] == "in") or before in {"thinking", "think", "based", "talking", "know"}

    def plausible_title(self, at: int, count: int, prominence: float) -> bool:
        """Return whether a title is likely meant; one that consists of everyday words needs further evidence."""
        words = self.words[at : at + count]
        if count > 1 and not all(word in word_lists.SMALL for word in words):
            return True
        if not all(word in word_lists.SMALL or self._everyday(word) for word in words):
            return True
        ends = at + count == len(self) or self.tokens[at + count - 1].ends_clause
        capital = self.text[self.tokens[at].start].isupper() and at > 0
        follows = at + count < len(self) and self.words[at + count] in word_lists.TOPIC_ENDS | {"and", "or", "with"}
        return prominence >= MIN_TITLE_PROMINENCE and (ends or capital or follows)

    def _everyday(self, word: str) -> bool:
        return word in word_lists.KNOWN or bool(self.vocabulary.tables.phrases.get(word))


def _no_english(tokens: tuple[Token, ...]) -> bool:
    """Return whether a text is in a script without spaces, or has small foreign words and no English ones."""
    words = [token.word for token in tokens]
    if any(texts.unspaced(word) for word in words):
        return True
    return any(word in word_lists.FOREIGN or word in word_lists.FOREIGN_NOUNS for word in words) and not any(
        word in word_lists.ENGLISH for word in words
    )
