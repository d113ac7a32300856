"""Choice of the correction for a misspelled word. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from core import texts
from core.types import Correction

MIN_LETTERS_FOR_ONE, MIN_LETTERS_FOR_TWO = 4, 8
"""Minimum letters of a word in which one and two letters may differ."""
FIRST_LETTER = 0.5
"""Additional cost of a different first letter, which is rarely mistyped."""
RENOWN = 1.5
"""Edits that the renown of the best-known word outweighs: a famous word two edits away is meant more often than an
obscure one next to the typed word."""
CLEAR = 0.4
"""Cost difference to the second-best word from which the choice is unambiguous."""
MIN_UNKNOWN, UNKNOWN_SHARE = 3, 0.6
"""Minimum number and share of unknown words from which a text counts as being in another language."""
MIN_FUNCTION_WORDS = 2
FUNCTION_WORDS = frozenset(
    """
    der das und ist nicht ein eine den dem mit von zu auf für über wie le la les un une des du et est dans que qui avec
    pour sur sans el los las uno una del en por para il lo gli di che non sono os um uma da em com não het een de op och
    att som är av det er og ikke et jeg na nie się jest ve bir bu
    """.split()
)
"""Frequent words of other languages that are not English words."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that can be offered as a correction."""

    folded: str
    spelling: str
    """As written in titles, names and texts, in lower case."""
    frequency: int
    renown: float
    """0 to 1: how well known it is."""


def may_be_wrong(word: str) -> bool:
    """Whether a word can be corrected at all: unaccented Latin letters, and long enough."""
    folded = texts.fold(word)
    plain = word.replace("’", "'").isascii() and not any(letter.isdecimal() for letter in word)
    return plain and len(folded) >= MIN_LETTERS_FOR_ONE and " " not in folded


def is_foreign(words: Sequence[str], unknown: Sequence[str]) -> bool:
    """Whether a text is in another language, so that none of its words should be corrected.

    Args:
        words: all words of the text.
        unknown: those that no movie contains.
    """
    said = [word.casefold() for word in words]
    function_words = {word for word in said if word in FUNCTION_WORDS}
    if len(function_words) >= MIN_FUNCTION_WORDS:
        return True
    accented = any(not word.replace("’", "'").isascii() for word in unknown)
    return accented or len(unknown) >= max(MIN_UNKNOWN, UNKNOWN_SHARE * len(words))


def edits(word: str) -> int:
    """Return how many letters of a word may be wrong."""
    return 2 if len(word) >= MIN_LETTERS_FOR_TWO else 1


def choose(word: str, known: Iterable[Word]) -> Correction | None:
    """Return the probable intended word, or None if none is close.

    Args:
        word: the folded word.
        known: candidate words.
    """
    near = [(other, letters) for other in known if 0 < (letters := distance(word, other.folded)) <= edits(word)]
    ranked = sorted((_cost(word, other, letters), other.folded, other.spelling) for other, letters in near)
    if not ranked:
        return None
    best = ranked[0]
    clear = min(1.0, (ranked[1][0] - best[0]) / CLEAR) if len(ranked) > 1 else 1.0
    by_name = {other.folded: (other, letters) for other, letters in near}
    other, letters = by_name[best[1]]
    closeness = max(0.0, 1 - (letters + _first(word, other)) / len(word))
    return Correction(best[2], round(closeness * (1 + other.renown) / 2 * (1 + clear) / 2, 3))


def distance(one: str, other: str) -> int:
    """Return the Damerau–Levenshtein distance (insertions, deletions, substitutions, transpositions)."""
    return int(OSA.distance(one, other))


def distances(word: str, others: Sequence[str]) -> NDArray[np.int32]:
    """Return the distances between a word and others, int32, (n,)."""
    return np.asarray(process.cdist([word], others, scorer=OSA.distance, dtype=np.int32)[0])


def _cost(word: str, other: Word, letters: int) -> float:
    return letters + _first(word, other) - RENOWN * other.renown


def _first(word: str, other: Word) -> float:
    return 0.0 if word[:1] == other.folded[:1] else FIRST_LETTER
