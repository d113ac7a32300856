"""Language detection for search texts: a statistical model corrected by the words of the catalogue and the tables.

A letter-based model is unreliable on two or three words: it takes `heist` for German. The words themselves are
therefore counted too: those that occur in many (English) plots, and those that only other languages have.
"""

from __future__ import annotations

import functools
import math
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from core import texts
from core.understanding import Piece, PieceKind, QueryType, Understanding
from engine.search.understanding.language import tokens
from engine.search.understanding.tables import LANGUAGES
from engine.search.understanding.vocabulary import Vocabulary
from indexer.names import spell_checker

ENGLISH = "en"
CLEARLY_DIFFERENT = (
    "en", "es", "fr", "de", "it", "pt", "ja", "nl", "sv", "da", "no", "fi", "pl", "cs", "hu", "ro", "tr", "ru", "uk",
    "el", "ar", "he", "hi", "th", "ko", "zh",
)  # fmt: skip
"""Languages that are distinguished. With all 142 of the model, short Spanish texts become Galician and Catalan."""
READ = 200
"""Number of characters read: they suffice, and a long post would take a millisecond."""
ENGLISH_WORD, KNOWN_WORD, FOREIGN_WORD = 1.0, 0.4, 1.5
"""Weights of a word found in many plots, one found in the catalogue, and one of another language, relative to the
model's log odds; divided by the square root of the number of words, as the model scales its own."""
DOUBT, DOUBT_OF_NAMES = 0.5, 2.2
"""Minimum log odds for a text to count as foreign, since most are English: for texts that are long or have a word of
another language, and for texts of a few other words, which may be a misspelt title or name."""
FEW = 4
SPOKEN, USUAL = 1.0, 0.5
"""Added to a language's log odds against other foreign languages if its tables have a word of the text, and if it has
tables at all: short German texts resemble Danish and Swedish."""
_SMALL_WORDS = frozenset(
    """
    ohne senza sem comme quelque quelqu etwas qualcosa algo alguma algum como nach aus bei beim sein seine ihre leur
    leurs sont mais nous elle ella ele seu sua dos das pelo pela kein keine einen einem einer eines sich wird auch nur
    wenn sobre donde cuando pero hasta della nel nella degli delle suo loro ses ont par aux cette chez
    """.split()
)
"""Added to `spell_checker.FUNCTION_WORDS`, which are never corrected."""
_NAMING = frozenset({
    PieceKind.PERSON, PieceKind.TITLE, PieceKind.LIKE, PieceKind.ROLE, PieceKind.COLLECTION, PieceKind.STUDIO,
    PieceKind.PHRASE,
})  # fmt: skip
"""Pieces that are names and therefore belong to no language."""


def of(understood: Understanding, vocabulary: Vocabulary) -> str:
    """Return the language of an understood search text, ignoring names: an ISO 639-1 code, or empty if it has none."""
    if understood.query_type is QueryType.TITLE:
        return ""
    names = [_name(understood.query, piece, vocabulary) for piece in understood.pieces if piece.kind in _NAMING]
    return of_text(tokens.cut(understood.query, names) if names else understood.query, vocabulary)


def of_text(text: str, vocabulary: Vocabulary) -> str:
    """Return the language of a plain text: an ISO 639-1 code, or empty if it has none."""
    text = unicodedata.normalize("NFC", text[:READ])
    words = [word for word in texts.words(text) if not word.isdigit()]
    if not words:
        return ""
    if _is_latin(text):
        return _of_words(text, words, vocabulary)
    ranked = _ranked(text)
    return _likeliest(ranked, tokens.words(text), vocabulary)


def is_foreign(language: str) -> bool:
    """Return whether a language code is known and not English."""
    return language not in ("", ENGLISH)


def content_words(text: str) -> str:
    """Remove small words of other languages: here, `un` is not the United Nations, and `die` not a verb."""
    return " ".join(
        word for word in text.split() if texts.fold(word) not in _SMALL_WORDS | spell_checker.FUNCTION_WORDS
    )


def load() -> None:
    """Load the model, before processes are forked that share it."""
    _model()


def warm() -> None:
    """Load the model in the background: it takes half a second, which no search should wait for."""
    threading.Thread(target=_model, name="languages", daemon=True).start()


def _of_words(text: str, words: Sequence[str], vocabulary: Vocabulary) -> str:
    english = sum(map(vocabulary.is_english, words))
    foreign = sum(map(vocabulary.is_foreign, words)) + len(_SMALL_WORDS & set(words)) + _accented(text, vocabulary)
    known = sum(map(vocabulary.knows, words)) - english - foreign
    if not foreign and english + known >= len(words):
        return ENGLISH
    if vocabulary.gazetteer.in_title(words) or (len(words) == 1 and not foreign and text.isascii()):
        return ""
    ranked = _ranked(text)
    language = _likeliest({code: odds for code, odds in ranked.items() if code != ENGLISH}, words, vocabulary)
    evidence = FOREIGN_WORD * foreign - ENGLISH_WORD * english - KNOWN_WORD * max(known, 0)
    odds = ranked[language] - ranked[ENGLISH] + evidence / math.sqrt(len(words))
    doubtful = not foreign and len(words) <= FEW
    return language if odds > (DOUBT_OF_NAMES if doubtful else DOUBT) else ENGLISH


def _accented(text: str, vocabulary: Vocabulary) -> int:
    """Count the words that have accents and are not in the vocabulary."""
    typed = (word for word in text.split() if not word.isascii())
    return sum(any(not vocabulary.knows(word) for word in texts.words(token)) for token in typed)


def _name(text: str, piece: Piece, vocabulary: Vocabulary) -> tuple[int, int]:
    """Return the span of the name in a piece: `Matrix` in `quelque chose comme Matrix`."""
    inside = (token.start + piece.start for token in tokens.split(text[piece.start : piece.end]))
    named = (start for start in inside if vocabulary.gazetteer.titled(text[start : piece.end]))
    return next(named, piece.start), piece.end


def _likeliest(ranked: dict[str, float], words: Iterable[str], vocabulary: Vocabulary) -> str:
    """Return the likeliest language, preferring one whose tables have a word of the text."""
    spoken = Counter(language for word in words for language in vocabulary.languages_of(word))
    return max(ranked, key=lambda code: ranked[code] + SPOKEN * bool(spoken[code]) + USUAL * (code in LANGUAGES))


def _ranked(text: str) -> dict[str, float]:
    """Return the log probability of each language."""
    return {code: math.log(max(share, 1e-12)) for code, share in _model().rank(text)}


def _is_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return 2 * sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters) >= len(letters)


_loading = threading.Lock()


def _model() -> LanguageIdentifier:
    with _loading:
        return _loaded()


@functools.cache
def _loaded() -> LanguageIdentifier:
    """Load the model, reduced to the languages that are distinguished: 50 MB instead of 90."""
    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    whole.set_languages(CLEARLY_DIFFERENT)
    return LanguageIdentifier(
        whole.nb_ptc,
        whole.nb_pc,
        whole.nb_classes,
        whole.tk_nextmove,
        whole.tk_output,
        norm_probs=True,
        tk_row=whole.tk_row,
    )
