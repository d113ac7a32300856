"""The words of a catalogue with their frequency and renown, for spelling correction.

Both engines attach it to a version and answer `correct` from it in the process, so they correct identically. It
contains only words of Latin letters and digits: words in other scripts are never corrected.
"""

from __future__ import annotations

import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
import orjson
import Stemmer
from numpy.typing import NDArray

from core import texts
from core.recommendations import scores
from core.types import Correction, Movie
from indexer import schema
from indexer.names import spell_checker
from indexer.names.spell_checker import Word

LONGEST = 24
"""Maximum length of a stored word."""
MIN_FREQUENCY = 3
"""Movies whose texts must contain a word before it is offered; words of titles and names always are."""
NAME_SHARE = 0.9
"""Weight of a name relative to a title of the same movie."""
BILLED, UNBILLED_SHARE = 5, 0.6
"""Billing up to which an actor has full weight, and the weight of the others."""
TEXT_SHARE = 0.6
"""Weight of the most frequent word of all texts relative to a word of the best-known title."""
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_PLAIN = re.compile(r"[a-z0-9]+")
_HYPHENED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")

Codes = NDArray[np.uint64]
_Cached = Callable[[str], Correction | None]


@dataclass(slots=True)
class VocabularyWriter:
    """Collects the words of a draft, movie by movie."""

    frequency: Counter[str] = field(default_factory=Counter)
    renown: dict[str, float] = field(default_factory=dict)
    spelt: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """How often, and how, each word is written differently from its folded form."""
    whole: set[str] = field(default_factory=set)
    count: int = 0

    def add(self, movie: Movie) -> None:
        """Add a movie."""
        self.count += 1
        known = float(scores.prominence(movie.vote_count, movie.popularity))
        titles = "\n".join(movie.titles)
        names = dict(_names(movie, known))
        self._take(titles, known)
        for name, renown in names.items():
            self._take(name, renown)
        text = "\n".join((movie.overview, movie.tagline, *movie.keywords, *movie.genres))
        characters = "\n".join(member.character for member in movie.cast)
        for folded, own in _words(text):
            self._spell(folded, own)
        self.frequency.update(set(texts.words("\n".join((titles, *names, text, characters, *movie.tags)))))
        for keys in (texts.title_keys, texts.title_part_keys):
            self.whole.update(keys(movie.title, movie.original_title, others=movie.titles))
        self.whole.update(texts.fold(word).replace(" ", "") for word in _HYPHENED.findall(titles))

    def content(self) -> bytes:
        """Return everything as one blob for `read`."""
        words = sorted(filter(_is_kept, self.frequency))
        spelt = {word: own for word in words if (own := self._spelling(word)) != word}
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            words=np.array(words, dtype=f"S{LONGEST}"),
            frequency=np.array([self.frequency[word] for word in words], dtype=np.int32),
            renown=np.array([self.renown.get(word, 0.0) for word in words], dtype=np.float32),
            whole=np.array(sorted(filter(_is_kept, self.whole)), dtype=f"S{LONGEST}"),
            spelt=np.frombuffer(orjson.dumps(spelt), dtype=np.uint8),
            count=np.array(self.count),
        )
        return buffer.getvalue()

    def _take(self, name: str, renown: float) -> None:
        for folded, own in _words(name):
            self.renown[folded] = max(renown, self.renown.get(folded, 0.0))
            self._spell(folded, own)

    def _spell(self, folded: str, own: str) -> None:
        if own != folded:
            self.spelt[folded][own] += 1

    def _spelling(self, word: str) -> str:
        """Return the most frequent spelling; ties in alphabetical order."""
        own = self.spelt.get(word)
        if own is None or 2 * own.total() < self.frequency[word]:
            return word
        return min(own.items(), key=lambda item: (-item[1], item[0]))[0]


@dataclass(frozen=True)
class Vocabulary:
    """The words of one version. Thread-safe."""

    words: NDArray[np.bytes_]
    """S24, (n,), folded, ascending."""
    frequency: NDArray[np.int32]
    """(n,): number of movies with the word."""
    renown: NDArray[np.float32]
    """(n,): renown of the best-known movie with the word in its title or names, 0 if there is none."""
    whole: NDArray[np.bytes_]
    """S24, (m,), ascending: titles and their parts as one word, `spiderman`."""
    spelt: Mapping[str, str]
    """The spelling of words that differ from their folded form: `amélie`."""
    count: int

    def correct(self, words: Sequence[str]) -> dict[str, Correction]:
        """See `core.ports.MovieIndex.correct`."""
        unknown = [word for word in dict.fromkeys(words) if not self._knows(texts.fold(word))]
        if spell_checker.is_foreign(words, unknown):
            return {}
        found = {word: self._near(texts.fold(word)) for word in unknown if spell_checker.may_be_wrong(word)}
        return {word: correction for word, correction in found.items() if correction is not None}

    def _knows(self, folded: str) -> bool:
        """Whether any movie contains the word in any form, or the text is not a single word."""
        if not _is_kept(folded) or folded in schema.STOP_WORDS:
            return True
        return _holds(self.words, folded) or _holds(self.whole, folded) or self._stem(folded) in self._stems

    @cached_property
    def _near(self) -> _Cached:
        return lru_cache(maxsize=4_096)(self._find)

    def _find(self, folded: str) -> Correction | None:
        edits = spell_checker.edits(folded)
        lengths = np.abs(self._lengths - len(folded)) <= edits
        # An edit changes at most two of the letters that a word contains.
        letters = np.bitwise_count(self._letters ^ _letters([folded])[0]) <= 2 * edits
        rows = self._offered[lengths & letters]
        near = rows[spell_checker.distances(folded, [word.decode() for word in self.words[rows]]) <= edits]
        return spell_checker.choose(folded, map(self._word, near.tolist()))

    def _word(self, row: int) -> Word:
        folded = self.words[row].decode()
        share = TEXT_SHARE * np.log1p(self.frequency[row]) / np.log1p(max(self.count, 1))
        renown = max(float(self.renown[row]), float(share))
        return Word(folded, self.spelt.get(folded, folded), int(self.frequency[row]), renown)

    @cached_property
    def _offered(self) -> NDArray[np.int64]:
        """Rows of the words that can be offered."""
        return np.flatnonzero((self.frequency >= MIN_FREQUENCY) | (self.renown > 0))

    @cached_property
    def _lengths(self) -> NDArray[np.int64]:
        return np.char.str_len(self.words[self._offered])

    @cached_property
    def _letters(self) -> Codes:
        return _letters(word.decode() for word in self.words[self._offered])

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(Stemmer.Stemmer("english").stemWords([word.decode() for word in self.words]))

    def _stem(self, folded: str) -> str:
        return str(Stemmer.Stemmer("english").stemWord(folded))


def read(content: bytes) -> Vocabulary:
    """Read what `VocabularyWriter.content` wrote."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return Vocabulary(
            words=arrays["words"],
            frequency=arrays["frequency"],
            renown=arrays["renown"],
            whole=arrays["whole"],
            spelt=orjson.loads(arrays["spelt"].tobytes()),
            count=int(arrays["count"]),
        )


def _names(movie: Movie, known: float) -> Iterator[tuple[str, float]]:
    for member in movie.cast:
        yield member.name, NAME_SHARE * known * (1.0 if member.order < BILLED else UNBILLED_SHARE)
    for name in (*movie.writers, *movie.directors):
        yield name, NAME_SHARE * known


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Yield each word folded and in its original spelling."""
    for token in _TOKEN.findall(text.lower()):
        folded = token if token.isascii() and token.isalnum() else texts.fold(token)
        if _PLAIN.fullmatch(folded):
            yield folded, token.replace("’", "'")


def _is_kept(word: str) -> bool:
    return len(word) <= LONGEST and _PLAIN.fullmatch(word) is not None


def _holds(words: NDArray[np.bytes_], word: str) -> bool:
    place = int(np.searchsorted(words, word.encode()))
    return place < len(words) and bool(words[place] == word.encode())


def _letters(words: Iterable[str]) -> Codes:
    """Return bit masks with one bit for each letter and digit in a word."""
    codes = [sum({1 << (int(letter, 36)) for letter in word}) for word in words]
    return np.array(codes, dtype=np.uint64)
