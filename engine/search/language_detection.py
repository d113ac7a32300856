"""In which language a search text is: a statistical model, held in check by the words of the catalogue and the tables.

Texts of two or three words say little to a model of letters: it takes `heist` for German. What such a text says by its
words counts besides: words that many (English) plots have, and words that only other languages have.
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
from core.understanding import Piece, PieceKind, Stance, Understanding
from engine.search.understanding.language import tokens
from engine.search.understanding.tables import LANGUAGES
from engine.search.understanding.vocabulary import Vocabulary
from indexer.names import spell_checker

ENGLISH = "en"
CLEARLY_DIFFERENT = (
    "en", "es", "fr", "de", "it", "pt", "ja", "nl", "sv", "da", "no", "fi", "pl", "cs", "hu", "ro", "tr", "ru", "uk",
    "el", "ar", "he", "hi", "th", "ko", "zh",
)  # fmt: skip
"""Languages that are told apart. With all 142 of the model, short Spanish texts become Galician and Catalan."""
READ = 200
"""Characters that are looked at: they decide, and a long post would cost a millisecond."""
ENGLISH_WORD, KNOWN_WORD, FOREIGN_WORD = 1.0, 0.4, 1.5
"""What a word that many plots have, one that the catalogue has, and one of another language weigh beside the model's
log odds; over the root of the number of words, as the model scales its own."""
DOUBT, DOUBT_OF_NAMES = 0.5, 2.2
"""Log odds that a text needs to be foreign, since most are English: with a word of another language or a long text, and
of a few words none of which is: it may be a misspelt title or name."""
FEW = 4
SPOKEN, USUAL = 1.0, 0.5
"""What it adds to a language's log odds against the other foreign ones that its tables have a word of the text, and
that there are tables of it: short German texts are near to Danish and Swedish."""
_SMALL_WORDS = frozenset(
    """
    ohne senza sem comme quelque quelqu etwas qualcosa algo alguma algum como nach aus bei beim sein seine ihre leur
    leurs sont mais nous elle ella ele seu sua dos das pelo pela kein keine einen einem einer eines sich wird auch nur
    wenn sobre donde cuando pero hasta della nel nella degli delle suo loro ses ont par aux cette chez
    """.split()
)
"""Besides `spell_checker.FUNCTION_WORDS`, which corrections are held back by."""
_NAMING = frozenset({
    PieceKind.PERSON, PieceKind.TITLE, PieceKind.LIKE, PieceKind.ROLE, PieceKind.COLLECTION, PieceKind.STUDIO,
    PieceKind.PHRASE,
})  # fmt: skip
"""Pieces that are names: these are of no language."""


def of(understood: Understanding, vocabulary: Vocabulary) -> str:
    """The language of a search text that was read, names aside: an ISO 639-1 code, empty where it is none's."""
    if understood.stance is Stance.TITLE:
        return ""
    names = [_name(understood.query, piece, vocabulary) for piece in understood.pieces if piece.kind in _NAMING]
    return of_text(tokens.cut(understood.query, names) if names else understood.query, vocabulary)


def of_text(text: str, vocabulary: Vocabulary) -> str:
    """The same for a text that was not read."""
    text = unicodedata.normalize("NFC", text[:READ])
    words = [word for word in texts.words(text) if not word.isdigit()]
    if not words:
        return ""
    if _is_latin(text):
        return _of_words(text, words, vocabulary)
    ranked = _ranked(text)
    return _search_by_factors(ranked, tokens.words(text), vocabulary)


def is_foreign(language: str) -> bool:
    """Whether a text of that language is no English one; what is no language's is none."""
    return language not in ("", ENGLISH)


def content_words(text: str) -> str:
    """A text in another language without its small words: `un` is no United Nations, and `die` nobody's death."""
    return " ".join(
        word for word in text.split() if texts.fold(word) not in _SMALL_WORDS | spell_checker.FUNCTION_WORDS
    )


def warm() -> None:
    """Load the model beside whatever comes next: it takes half a second, which no search should wait for."""
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
    language = _search_by_factors({code: odds for code, odds in ranked.items() if code != ENGLISH}, words, vocabulary)
    said = FOREIGN_WORD * foreign - ENGLISH_WORD * english - KNOWN_WORD * max(known, 0)
    odds = ranked[language] - ranked[ENGLISH] + said / math.sqrt(len(words))
    doubtful = not foreign and len(words) <= FEW
    return language if odds > (DOUBT_OF_NAMES if doubtful else DOUBT) else ENGLISH


def _accented(text: str, vocabulary: Vocabulary) -> int:
    """How many words have accents and are unknown otherwise."""
    typed = (word for word in text.split() if not word.isascii())
    return sum(any(not vocabulary.knows(word) for word in texts.words(token)) for token in typed)


def _name(text: str, piece: Piece, vocabulary: Vocabulary) -> tuple[int, int]:
    """Where the name in a piece stands: `Matrix` in `quelque chose comme Matrix`."""
    inside = (token.start + piece.start for token in tokens.split(text[piece.start : piece.end]))
    named = (start for start in inside if vocabulary.gazetteer.titled(text[start : piece.end]))
    return next(named, piece.start), piece.end


def _search_by_factors(ranked: dict[str, float], words: Iterable[str], vocabulary: Vocabulary) -> str:
    """The likeliest language; one whose tables have a word of the text is preferred."""
    spoken = Counter(language for word in words for language in vocabulary.languages_of(word))
    return max(ranked, key=lambda code: ranked[code] + SPOKEN * bool(spoken[code]) + USUAL * (code in LANGUAGES))


def _ranked(text: str) -> dict[str, float]:
    """The log probability of each language."""
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
    """The model, cut down to the languages that are told apart: 50 MB in place of 90."""
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
