"""Which word a misspelt one was meant to be. Pure."""

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
"""Letters of a word from which one and two letters may differ."""
FIRST_LETTER = 0.5
"""What another first letter costs besides: people seldom mistake it."""
RENOWN = 1.5
"""Letters that the renown of the best-known word outweighs: a famous word two letters away is meant more often than
one that hardly anybody knows next to it."""
CLEAR = 0.4
"""Distance from the second best word at which there is no doubt which one is meant."""
MIN_UNKNOWN, UNKNOWN_SHARE = 3, 0.6
"""So many unknown words, and so large a share of them, are a text in another language."""
MIN_FUNCTION_WORDS = 2
FUNCTION_WORDS = frozenset(
    """
    der das und ist nicht ein eine den dem mit von zu auf für über wie le la les un une des du et est dans que qui avec
    pour sur sans el los las uno una del en por para il lo gli di che non sono os um uma da em com não het een de op och
    att som är av det er og ikke et jeg na nie się jest ve bir bu
    """.split()
)
"""Words that texts in other languages are full of, and that are no English words."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that may be offered."""

    folded: str
    spelling: str
    """As titles, names and texts write it, in small letters."""
    frequency: int
    renown: float
    """0 to 1: how well known it is."""


def may_be_wrong(word: str) -> bool:
    """Whether a word can be corrected at all: of Latin letters without accents, and long enough."""
    folded = texts.fold(word)
    plain = word.replace("’", "'").isascii() and not any(letter.isdecimal() for letter in word)
    return plain and len(folded) >= MIN_LETTERS_FOR_ONE and " " not in folded


def is_foreign(words: Sequence[str], unknown: Sequence[str]) -> bool:
    """Whether the words are those of a text in another language, of which no word is to be corrected.

    Args:
        words: all words of the text.
        unknown: those that no movie has.
    """
    said = [word.casefold() for word in words]
    function_words = {word for word in said if word in FUNCTION_WORDS}
    if len(function_words) >= MIN_FUNCTION_WORDS:
        return True
    accented = any(not word.replace("’", "'").isascii() for word in unknown)
    return accented or len(unknown) >= max(MIN_UNKNOWN, UNKNOWN_SHARE * len(words))


def edits(word: str) -> int:
    """How many letters of a word may be wrong."""
    return 2 if len(word) >= MIN_LETTERS_FOR_TWO else 1


def choose(word: str, known: Iterable[Word]) -> Correction | None:
    """The word that was probably meant; None where none is near.

    Args:
        word: the folded word.
        known: words that may be near.
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
    """Letters to add, drop or change, and neighbours to swap, until the words are equal."""
    return int(OSA.distance(one, other))


def distances(word: str, others: Sequence[str]) -> NDArray[np.int32]:
    """The distance of a word from each of many, int32, (n,)."""
    return np.asarray(process.cdist([word], others, scorer=OSA.distance, dtype=np.int32)[0])


def _cost(word: str, other: Word, letters: int) -> float:
    return letters + _first(word, other) - RENOWN * other.renown


def _first(word: str, other: Word) -> float:
    return 0.0 if word[:1] == other.folded[:1] else FIRST_LETTER
