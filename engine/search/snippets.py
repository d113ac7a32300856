"""Which words of a query stand in a movie, and the stretch of its text that shows them. Pure, one for both engines."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core import texts
from core.types import Movie
from indexer.analysis import terms
from indexer.analysis.stemmer import stem
from indexer.schema import STOP_WORDS

Spot = tuple[int, int, str]
"""Start and end of a match in a text, and its stem."""
OPEN, CLOSE = "\x02", "\x03"
"""They stand around each match, so that no markup travels through the engine."""
WIDTH = 180
"""Characters of a snippet: two lines on a desktop."""
MAX_MATCHED = 8
CACHED_QUERIES = 64
"""Queries whose stems are remembered: one is looked up for each hit of its page, and seldom again."""
SMALL_WORDS = frozenset(STOP_WORDS) | frozenset(
    """
    he him his she her hers its we us our you your i me my who whom whose which what where when how than so do does did
    has have had can could would from about over out up down off while after before all some any each other own very
    """.split()
)
"""Words that count when movies are ranked, but are no reason that a reader would accept."""


def content_words(words: str) -> list[str]:
    """The words without small ones; all of them where there is nothing else ("It")."""
    return [word for word in words.split() if word not in SMALL_WORDS] or words.split()


@dataclass(frozen=True, slots=True)
class _QueryTerms:
    """What is looked for in each movie of a page."""

    stems: Mapping[str, str]
    """By word, in the order typed."""
    hashes: Mapping[str, tuple[int, int]]
    """By word, as a word of texts and as one of names (`indexer.analysis.terms`)."""
    by_hash: Mapping[int, str]
    """Stems by the hash of a word of texts."""
    every: frozenset[int]
    indexed: bool
    """Whether the index knows where its words stand: it leaves small words out."""


@lru_cache(maxsize=CACHED_QUERIES)
def _asked(words: str) -> _QueryTerms:
    stems = {word: stem(word) for word in content_words(words)}
    hashes = {word: (terms.word_hash(stemmed), terms.people_hash(word)) for word, stemmed in stems.items()}
    return _QueryTerms(
        stems,
        hashes,
        {terms.word_hash(stemmed): stemmed for stemmed in stems.values()},
        frozenset(one for both in hashes.values() for one in both),
        SMALL_WORDS.isdisjoint(stems),
    )


def matched(words: str, movie: Movie, indexed: bytes = b"") -> tuple[str, ...]:
    """The words of a query that the movie has anywhere, in the order typed.

    Args:
        indexed: the movie's terms as the index keeps them (`indexer.analysis.terms`); without them its texts are read.
    """
    asked = _asked(words)
    if indexed and asked.indexed:
        return _matched_terms(asked, movie, indexed)
    folded = f" {texts.fold(_text(movie))} "
    return tuple(word for word, stemmed in asked.stems.items() if _has(folded, stemmed))[:MAX_MATCHED]


def snippet(words: str, movie: Movie, indexed: bytes = b"") -> str:
    """The stretch of overview or tagline with most matches, each between `OPEN` and `CLOSE`.

    Args:
        indexed: as in `matched`.
    """
    asked = _asked(words)
    if indexed and asked.indexed:
        spots = _indexed_spots(asked.by_hash, indexed)
    else:
        wanted = set(asked.stems.values())
        spots = {"overview": _spots(movie.overview, wanted), "tagline": _spots(movie.tagline, wanted)}
    best = max((_mark(getattr(movie, name), found) for name, found in spots.items() if found), default=(0, ""))
    return best[1] if best[0] else ""


def _matched_terms(asked: _QueryTerms, movie: Movie, indexed: bytes) -> tuple[str, ...]:
    has = asked.every.intersection(np.frombuffer(indexed, terms.RECORD)["term"].tolist())
    year = str(movie.year or "")
    return tuple(word for word, hashes in asked.hashes.items() if hashes[0] in has or hashes[1] in has or word == year)[
        :MAX_MATCHED
    ]


def _indexed_spots(wanted: Mapping[int, str], indexed: bytes) -> dict[str, list[Spot]]:
    """Where the wanted stems stand in overview and tagline, as the index says."""
    records = np.frombuffer(indexed, terms.POSITION)
    places = records[records["field"] >= len(terms.Field)].tolist()
    found = [place for place in places if place[0] in wanted]
    return {name: _distinct([r for r in found if r[1] == field], wanted) for name, field in terms.PLACES.items()}


def _distinct(records: list[tuple[int, int, int, int]], hashes: Mapping[int, str]) -> list[Spot]:
    """One spot a token: a token of several words ("don't") matches once."""
    first = {start: (start, start + length, hashes[term]) for term, _, start, length in reversed(records)}
    return [first[start] for start in sorted(first)]


def _has(folded: str, stemmed: str) -> bool:
    """Whether some word has this stem. Only words that begin alike are stemmed: a fraction of a movie's words."""
    return any(stem(word) == stemmed for head in _heads(stemmed) for word in _words_from(folded, head))


def _heads(stemmed: str) -> tuple[str, ...]:
    """How words with this stem begin: Porter 2 keeps the first two letters, but for `dying` → `die` and its like."""
    return (stemmed[:2], f"{stemmed[0]}y") if stemmed[1:2] == "i" else (stemmed[:2],)


def _words_from(folded: str, head: str) -> Iterator[str]:
    at = folded.find(f" {head}")
    while at >= 0:
        end = folded.index(" ", at + 1)
        yield folded[at + 1 : end]
        at = folded.find(f" {head}", end)


def _positions(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Start, end and stems of each word of an overview or a tagline."""
    return ((m.start(), m.end(), list(map(stem, texts.words(m.group())))) for m in terms.TOKEN.finditer(text))


def _text(movie: Movie) -> str:
    names = (*movie.keywords, *movie.tags, *movie.genres, *movie.people, *(member.character for member in movie.cast))
    told = (movie.title, movie.original_title, movie.overview, movie.tagline, str(movie.year or ""), *movie.titles[2:])
    return "\n".join((*told, *names))


def _spots(text: str, wanted: set[str]) -> list[Spot]:
    return [
        (start, end, next(found for found in stems if found in wanted))
        for start, end, stems in _positions(text)
        if not wanted.isdisjoint(stems)
    ]


def _mark(text: str, spots: list[Spot]) -> tuple[int, str]:
    """How many different words match in the best stretch of `text`, and that stretch with its matches marked."""
    start, end = _window(text, spots)
    inside = [spot for spot in spots if spot[0] >= start and spot[1] <= end]
    out, at = [], start
    for first, last, _ in inside:
        out += [text[at:first], OPEN, text[first:last], CLOSE]
        at = last
    out.append(text[at:end])
    shown = ("…" if start else "") + "".join(out).strip() + ("…" if end < len(text) else "")
    return len({word for _, _, word in inside}), shown


def _window(text: str, spots: list[Spot]) -> tuple[int, int]:
    """The stretch of at most `WIDTH` characters, between blanks, that holds most different matches."""
    if len(text) <= WIDTH:
        return 0, len(text)
    firsts, lasts, words = zip(*spots, strict=True)

    def different(start: int) -> int:
        return len(set(words[bisect_left(firsts, start) : bisect_right(lasts, start + WIDTH)]))

    best = max((max(0, first - WIDTH // 5) for first in firsts), key=different)
    start = min(best, max(0, len(text) - WIDTH))
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = len(text) if start + WIDTH >= len(text) else text.rfind(" ", start, start + WIDTH)
    return start, end if end > start else start + WIDTH
