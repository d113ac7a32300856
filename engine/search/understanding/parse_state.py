"""A reading in the making: the tokens of a text, which of them are understood, and the pieces so far."""

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
"""Small words of another language from which on a text is taken to be in it."""
MIN_TITLE_PROMINENCE = 0.35
"""A title of one everyday word ("it", "her") is taken for one only where the movie is at least so well known."""


@dataclass
class ParseState:
    """Finders add pieces in turn; a token that one of them took is not read by the next."""

    text: str
    tokens: tuple[Token, ...]
    vocabulary: Vocabulary
    taken: list[bool]
    pieces: list[Piece] = field(default_factory=list)
    fillers: list[tuple[int, int]] = field(default_factory=list)
    """Stretches of characters that are neither understood nor matched."""
    words: list[str] = field(default_factory=list)
    """The words of the tokens, typos corrected."""
    foreign: bool = False
    """Whether the text is taken to be in another language than English."""
    english: dict[int, tuple[int, str]] = field(default_factory=dict)
    """First token of what is said in another language, to the token behind it and the English words for it."""

    @classmethod
    def of(cls, text: str, tokens: tuple[Token, ...], vocabulary: Vocabulary) -> ParseState:
        """A draft of which nothing is understood yet."""
        foreign = sum(token.word in word_lists.FOREIGN for token in tokens) >= FOREIGN_WORDS
        words = [token.word if foreign else vocabulary.corrected(token.word) for token in tokens]
        return cls(text, tokens, vocabulary, [False] * len(tokens), words=words, foreign=foreign or _no_english(tokens))

    def untouched(self) -> ParseState:
        """A draft of the same text of which nothing is understood yet."""
        return ParseState(
            self.text, self.tokens, self.vocabulary, [False] * len(self), words=self.words, foreign=self.foreign
        )

    def __len__(self) -> int:
        return len(self.tokens)

    def free(self, at: int, count: int = 1) -> bool:
        """Whether `count` tokens from `at` on are there and not taken."""
        if count == 1:  # by far the most often asked
            return 0 <= at < len(self.taken) and not self.taken[at]
        return at >= 0 and at + count <= len(self.taken) and True not in self.taken[at : at + count]

    def starts(self, phrases: Phrases, at: int) -> int:
        """How many tokens the longest of `phrases` that stands at `at` has; 0 where none does."""
        return phrases.at(self.words, at)

    def ends_with(self, phrases: Phrases, before: int) -> int:
        """How many tokens the longest of `phrases` that ends just before `before` has; 0 where none does."""
        return phrases.before(self.words, before)

    def certainty(self, at: int, count: int) -> float:
        """1, or less where a typo was corrected among the tokens."""
        wrong = sum(self.words[i] != self.tokens[i].word for i in range(at, at + count))
        return 1.0 if not wrong else 0.7

    def consume(self, at: int, count: int, piece: Piece, *, lead: int = 0) -> None:
        """Add a piece that `count` tokens from `at` on say, and take these with `lead` tokens before them."""
        for i in range(at - lead, at + count):
            self.taken[i] = True
        self.pieces.append(piece)
        if lead:
            self.fillers.append((self.tokens[at - lead].start, self.tokens[at - 1].end))

    def skip(self, at: int, count: int) -> None:
        """Leave tokens out of what is matched."""
        if count > 0:
            for i in range(at, at + count):
                self.taken[i] = True
            self.fillers.append((self.tokens[at].start, self.tokens[at + count - 1].end))

    def piece(self, kind: PieceKind, value: str, label: str, at: int, count: int, **more: object) -> Piece:
        """A piece that stands on `count` tokens from `at` on."""
        confidence = self.certainty(at, count)
        start, end = self.tokens[at].start, self.tokens[at + count - 1].end
        made = Piece(kind, value, label, start, end, confidence=confidence)
        return dataclasses.replace(made, **more) if more else made  # type: ignore[arg-type]

    def tokens_in(self, start: int, end: int) -> range:
        """The tokens that lie in a stretch of characters."""
        inside = [i for i, token in enumerate(self.tokens) if token.start < end and token.end > start]
        return range(inside[0], inside[-1] + 1) if inside else range(0)

    def replace(self, old: Piece, new: Piece) -> None:
        """Put one piece in the place of another."""
        self.pieces[self.pieces.index(old)] = new

    def subject_zone(self, at: int) -> bool:
        """Whether token `at` belongs to what the movie is about, rather than to the kind of movie."""
        for i in range(at - 1, -1, -1):
            if self.tokens[i].ends_clause or (self._ends_topic(i) and not self.taken[i]):
                return False
            if not self.taken[i] and self.starts(word_lists.TOPIC, i) and not self._asks(i):
                return True
        return False

    def _ends_topic(self, at: int) -> bool:
        """Whether a word leads back from the story to the wish; `is` only of the movie itself (`… that is funny`)."""
        if self.words[at] == "is":
            return at > 0 and self.words[at - 1] in {"that", "which", "it", "but", "and"}
        return self.words[at] in word_lists.TOPIC_ENDS

    def names_movies(self, at: int) -> bool:
        """Whether a word for movies, or a genre, stands at token `at` in the same clause as the token before it."""
        if at >= len(self) or (at and self.tokens[at - 1].ends_clause):
            return False
        terms = self.vocabulary.phrase(self.words, at)[1]
        return self.words[at] in word_lists.NOUNS or any(term.kind is PieceKind.GENRE for term in terms)

    def clause_of_its_own(self, at: int, count: int) -> bool:
        """Whether `count` tokens from `at` on are one clause of several: `comedy, france, 90s`."""
        begins = at == 0 or self.tokens[at - 1].ends_clause
        ends = at + count == len(self) or self.tokens[at + count - 1].ends_clause
        return begins and ends and count < len(self)

    def title_at(self, at: int) -> tuple[int, tuple[NamedMovie, ...]]:
        """The longest title that begins at token `at` and of which no token is taken, and the movies that it names."""
        end = next((i for i in range(at, len(self)) if self.taken[i]), len(self))
        return self.vocabulary.title_at(self.text, self.tokens[:end], at) if at < end else (0, ())

    def _asks(self, at: int) -> bool:
        """Whether what looks like the beginning of a subject belongs to the question: `in which movie`."""
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
        """Whether a title that was found is meant: one that is an everyday word needs a reason."""
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
    """Whether a text is in a script without blanks, or has a small word of another language and no English one."""
    words = [token.word for token in tokens]
    if any(texts.unspaced(word) for word in words):
        return True
    return any(word in word_lists.FOREIGN or word in word_lists.FOREIGN_NOUNS for word in words) and not any(
        word in word_lists.ENGLISH for word in words
    )
