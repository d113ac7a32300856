"""Matched query words and highlighted snippets, the same for both engines. Pure."""

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
"""Markers around each match, which keep markup out of the engine."""
WIDTH = 180
"""Characters of a snippet: two lines on a desktop."""
MAX_MATCHED = 8
CACHED_QUERIES = 64
"""Queries whose stems are cached: each is looked up once for every hit on its page, and rarely again."""
SMALL_WORDS = frozenset(STOP_WORDS) | frozenset(
    """
    he him his she her hers its we us our you your i me my who whom whose which what where when how than so do does did
    has have had can could would from about over out up down off while after before all some any each other own very
    """.split()
)
"""Words that count in ranking but do not explain a match to a reader."""


def content_words(words: str) -> list[str]:
    """Return the words without small ones; all of them if there are no others ("It")."""
    return [word for word in words.split() if word not in SMALL_WORDS] or words.split()


@dataclass(frozen=True, slots=True)
class _QueryTerms:
    """The terms of a query to find in each movie on a page."""

    stems: Mapping[str, str]
    """Stems by word, in the order typed."""
    hashes: Mapping[str, tuple[int, int]]
    """Hashes by word: as a word in texts and as a word in names (`indexer.analysis.terms`)."""
    by_hash: Mapping[int, str]
    """Stems by the hash of a word in texts."""
    every: frozenset[int]
    indexed: bool
    """Whether the index has the positions of all words: it omits small words."""


@lru_cache(maxsize=CACHED_QUERIES)
def _query_terms(words: str) -> _QueryTerms:
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
    """Return the query words that occur anywhere in the movie, in the order typed.

    Args:
        indexed: the movie's terms as stored in the index (`indexer.analysis.terms`); without them, its texts are read.
    """
    query = _query_terms(words)
    if indexed and query.indexed:
        return _matched_terms(query, movie, indexed)
    folded = f" {texts.fold(_text(movie))} "
    return tuple(word for word, stemmed in query.stems.items() if _has(folded, stemmed))[:MAX_MATCHED]


def snippet(words: str, movie: Movie, indexed: bytes = b"") -> str:
    """Return the passage of overview or tagline with the most matches, each between `OPEN` and `CLOSE`.

    Args:
        indexed: as in `matched`.
    """
    query = _query_terms(words)
    if indexed and query.indexed:
        spots = _indexed_spots(query.by_hash, indexed)
    else:
        wanted = set(query.stems.values())
        spots = {"overview": _spots(movie.overview, wanted), "tagline": _spots(movie.tagline, wanted)}
    best = max((_mark(getattr(movie, name), found) for name, found in spots.items() if found), default=(0, ""))
    return best[1] if best[0] else ""


def _matched_terms(query: _QueryTerms, movie: Movie, indexed: bytes) -> tuple[str, ...]:
    has = query.every.intersection(np.frombuffer(indexed, terms.RECORD)["term"].tolist())
    year = str(movie.year or "")
    return tuple(word for word, hashes in query.hashes.items() if hashes[0] in has or hashes[1] in has or word == year)[
        :MAX_MATCHED
    ]


def _indexed_spots(wanted: Mapping[int, str], indexed: bytes) -> dict[str, list[Spot]]:
    """Return the positions of the wanted stems in overview and tagline, as stored in the index."""
    records = np.frombuffer(indexed, terms.POSITION)
    places = records[records["field"] >= len(terms.Field)].tolist()
    found = [place for place in places if place[0] in wanted]
    return {name: _distinct([r for r in found if r[1] == field], wanted) for name, field in terms.PLACES.items()}


def _distinct(records: list[tuple[int, int, int, int]], hashes: Mapping[int, str]) -> list[Spot]:
    """Keep one spot per token: a token of several words ("don't") matches once."""
    first = {start: (start, start + length, hashes[term]) for term, _, start, length in reversed(records)}
    return [first[start] for start in sorted(first)]


def _has(folded: str, stemmed: str) -> bool:
    """Return whether any word has this stem; stems only words that begin alike, a fraction of a movie's words."""
    return any(stem(word) == stemmed for head in _heads(stemmed) for word in _words_from(folded, head))


def _heads(stemmed: str) -> tuple[str, ...]:
    """Return how words with this stem begin: Porter 2 keeps the first two letters, except in `dying` → `die` etc."""
    return (stemmed[:2], f"{stemmed[0]}y") if stemmed[1:2] == "i" else (stemmed[:2],)


def _words_from(folded: str, head: str) -> Iterator[str]:
    at = folded.find(f" {head}")
    while at >= 0:
        end = folded.index(" ", at + 1)
        yield folded[at + 1 : end]
        at = folded.find(f" {head}", end)


def _positions(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield start, end and stems of each word in an overview or a tagline."""
    return ((m.start(), m.end(), list(map(stem, texts.words(m.group())))) for m in terms.TOKEN.finditer(text))


def _text(movie: Movie) -> str:
    names = (*movie.keywords, *movie.tags, *movie.genres, *movie.people, *(member.character for member in movie.cast))
    prose = (movie.title, movie.original_title, movie.overview, movie.tagline, str(movie.year or ""), *movie.titles[2:])
    return "\n".join((*prose, *names))


def _spots(text: str, wanted: set[str]) -> list[Spot]:
    return [
        (start, end, next(found for found in stems if found in wanted))
        for start, end, stems in _positions(text)
        if not wanted.isdisjoint(stems)
    ]


def _mark(text: str, spots: list[Spot]) -> tuple[int, str]:
    """Return the number of distinct matches in the best passage of `text`, and the passage with its matches marked."""
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
    """Return the passage of at most `WIDTH` characters, between spaces, with the most distinct matches."""
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
