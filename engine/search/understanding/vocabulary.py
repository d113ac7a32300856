"""The vocabulary for reading search texts: the word tables and the names of a catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from core import texts
from core.understanding import PieceKind
from engine.search.understanding.language import tokens, word_lists
from engine.search.understanding.language.tokens import Token
from engine.search.understanding.tables import Tables, Term
from indexer.names import spell_checker
from indexer.names.gazetteer import Gazetteer, NamedMovie

MIN_LETTERS_FOR_ONE, MIN_LETTERS_FOR_TWO = 4, 9
"""Minimum length of words in which one, or two, letters are corrected."""
MIN_LETTERS_FOR_OTHER_FIRST = 7
"""Minimum length of words whose first letter is corrected, since it is rarely mistyped."""
NAMED_OFTEN = 4_000
"""Number of most prominent people whose names are corrected."""
MAX_TITLE_WORDS = 10

_NEVER_LAST = texts.CONNECTIVES | {"the"}
"""Words that cannot end a title within a text: `Ocean's Eleven, the new one`."""


@dataclass(frozen=True)
class Vocabulary:
    """Tables and names. Thread-safe; derived data is computed once, when the first text is read."""

    tables: Tables
    gazetteer: Gazetteer
    common_words: frozenset[str] = frozenset()
    """Words that are spelled correctly although they occur in no movie (an encoder's vocabulary)."""

    @cached_property
    def genre_names(self) -> dict[str, str]:
        """Return the names of the catalogue's genres by folded name."""
        return {tokens.fold(genre): genre for genre in self.gazetteer.genres}

    def phrase(self, words: Sequence[str], at: int) -> tuple[int, tuple[Term, ...]]:
        """Return the length and the meanings of the longest phrase of the tables that begins at `at`."""
        best: list[Term] = []
        length = 0
        for phrase, term in self.tables.phrases.get(words[at], ()):
            if len(phrase) < length:
                break
            if tuple(words[at : at + len(phrase)]) == phrase:
                length = len(phrase)
                best.append(term)
        return length, tuple(best)

    def topic(self, words: Sequence[str], at: int) -> tuple[int, str]:
        """Return the length and the English translation of the longest foreign topic phrase that begins at `at`."""
        for phrase, english in self.tables.topics.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return len(phrase), english
        return 0, ""

    def title_at(self, text: str, split: Sequence[Token], at: int) -> tuple[int, tuple[NamedMovie, ...]]:
        """Return the length of the longest title that begins at token `at`, and the movies with that title."""
        for count in range(min(MAX_TITLE_WORDS, len(split) - at), 0, -1):
            found = self.gazetteer.titled(text[split[at].start : split[at + count - 1].end])
            if found and not (count > 1 and split[at + count - 1].word in _NEVER_LAST):
                return count, found
        return 0, ()

    def corrected(self, word: str) -> str:
        """Return the nearest word of the tables and names for an unknown word; otherwise the word itself."""
        if len(word) < MIN_LETTERS_FOR_ONE or not word.isascii() or not word.isalpha() or self.knows(word):
            return word
        near = self._nearest(word)
        stems = set(_stems(word))
        if near is None or (near not in stems and stems & self._spelled):  # `wars` is a form of `war`, not `warm`
            return word
        return near

    def knows(self, word: str) -> bool:
        """Return whether a word is known to be spelled correctly."""
        if word in self._spelled or word in self.gazetteer.words or word in self.common_words:
            return True
        return any(stem in self.gazetteer.words or stem in self.common_words for stem in _stems(word))

    @cached_property
    def _spelled(self) -> frozenset[str]:
        return frozenset((*self._table_words, *self._name_words, *word_lists.SPELLED))

    @cached_property
    def _name_words(self) -> frozenset[str]:
        people = sorted(self.gazetteer.people.items(), key=lambda entry: -entry[1].weight)[:NAMED_OFTEN]
        return frozenset(word for folded, _ in people for word in folded.split())

    @cached_property
    def _deletions(self) -> dict[str, list[str]]:
        """Return the correctable words by their forms with one letter deleted (symmetric deletion, Garbe 2012)."""
        found: dict[str, list[str]] = {}
        for word in sorted(self._correctable()):
            for shorter in {word, *_without_one(word)}:
                found.setdefault(shorter, []).append(word)
        return found

    def _correctable(self) -> set[str]:
        english = (word for term in self.tables.terms for text in term.listed("says") for word in text.split())
        return {word for word in (*english, *self._name_words, *word_lists.FRAME_WORDS) if _may_be_typed_wrong(word)}

    def _nearest(self, word: str) -> str | None:
        reachable = 2 if len(word) >= MIN_LETTERS_FOR_TWO else 1
        shorter = {word, *_without_one(word)}
        if reachable > 1:
            shorter |= {two for one in list(shorter) for two in _without_one(one)}
        candidates = {known for key in shorter for known in self._deletions.get(key, ())}
        near = [
            (spell_checker.distance(word, known), known[0] != word[0], known not in self._table_words, known)
            for known in candidates
        ]
        best = min((entry for entry in near if entry[0] <= reachable), default=None)
        return best[3] if best is not None and (not best[1] or len(word) >= MIN_LETTERS_FOR_OTHER_FIRST) else None

    @cached_property
    def _table_words(self) -> frozenset[str]:
        return frozenset(word for phrases in self.tables.phrases.values() for words, _ in phrases for word in words)

    def is_english(self, word: str) -> bool:
        """Return whether a folded word is common in (English) plots, or an English word of the tables."""
        return word in self._english or any(stem in self._english for stem in _stems(word))

    def is_foreign(self, word: str) -> bool:
        """Return whether a folded word belongs to another language and not to English."""
        return (word in spell_checker.FUNCTION_WORDS or word in self.tables.foreign_words) and not self.is_english(word)

    def languages_of(self, word: str) -> frozenset[str]:
        """Return the languages other than English in whose phrases a word occurs."""
        return self.tables.foreign_words.get(word, frozenset())

    @cached_property
    def _english(self) -> frozenset[str]:
        listed = ("says", "places")
        phrases = (text for term in self.tables.terms for name in listed for text in term.listed(name))
        words = (word for text in phrases for word in texts.words(text))
        return frozenset((*self.gazetteer.everyday, *words)) - spell_checker.FUNCTION_WORDS

    def label(self, kind: PieceKind, name: str) -> str:
        """Return the displayed label of a row of the tables."""
        term = self.tables.term(kind, name)
        return term.label if term is not None else name


def _may_be_typed_wrong(word: str) -> bool:
    return len(word) >= MIN_LETTERS_FOR_ONE and word.isascii() and word.isalpha()


def _without_one(word: str) -> Iterable[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _stems(word: str) -> Iterable[str]:
    """Yield the word without common endings, since a plural or a past tense is not a typo."""
    for ending, instead in (("s", ""), ("es", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ies", "y")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:  # noqa: PLR2004 - shorter stems are no words
            yield word[: -len(ending)] + instead
