"""Which words of a query stand in a film, and the stretch of its text that shows them. Pure, one for both engines."""

from __future__ import annotations

import re
import threading
from functools import lru_cache

import snowballstemmer

from core import texts
from core.types import Movie
from indexer.schema import STOP_WORDS

OPEN, CLOSE = "\x02", "\x03"
"""They stand around each match, so that no markup travels through the engine."""
WIDTH = 180
"""Characters of a snippet: two lines on a desktop."""
MAX_MATCHED = 8
SMALL_WORDS = frozenset(STOP_WORDS) | frozenset(
    """
    he him his she her hers its we us our you your i me my who whom whose which what where when how than so do does did
    has have had can could would from about over out up down off while after before all some any each other own very
    """.split()
)
"""Words that count when films are ranked, but are no reason that a reader would accept."""

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_local = threading.local()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Porter 2 stem of a folded word, as both engines index it."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = snowballstemmer.stemmer("english")
    return str(stemmer.stemWord(word))


def telling(words: str) -> list[str]:
    """The words without small ones; all of them where there is nothing else ("It")."""
    return [word for word in words.split() if word not in SMALL_WORDS] or words.split()


def matched(words: str, movie: Movie) -> tuple[str, ...]:
    """The words of a query that the film has anywhere, in the order typed."""
    there = _vocabulary(_text(movie))
    return tuple(word for word in telling(words) if stem(word) in there)[:MAX_MATCHED]


def snippet(words: str, movie: Movie) -> str:
    """The stretch of overview or tagline with most matches, each between `OPEN` and `CLOSE`."""
    wanted = {stem(word) for word in telling(words)}
    best = max((_mark(text, wanted) for text in (movie.overview, movie.tagline) if text), default=(0, ""))
    return best[1] if best[0] else ""


@lru_cache(maxsize=4_000)
def _vocabulary(text: str) -> frozenset[str]:
    """The stems of a film's texts. Remembered: the same films come up again and again, and this is half of a search."""
    return frozenset(found for token in set(_TOKEN.findall(text)) for found in _stems(token))


@lru_cache(maxsize=100_000)
def _stems(token: str) -> tuple[str, ...]:
    """The stems in a token as it stands in a text: remembered, since the words of films come again and again."""
    return tuple(stem(word) for word in texts.words(token))


def _text(movie: Movie) -> str:
    names = (*movie.keywords, *movie.genres, *movie.people, *(member.character for member in movie.cast))
    told = (movie.title, movie.original_title, movie.overview, movie.tagline, str(movie.year or ""))
    return "\n".join((*told, *names))


def _mark(text: str, wanted: set[str]) -> tuple[int, str]:
    """How many different words match in the best stretch of `text`, and that stretch with its matches marked."""
    spots = [
        (m.start(), m.end(), next(found for found in stems if found in wanted))
        for m in _TOKEN.finditer(text)
        if not wanted.isdisjoint(stems := _stems(m.group()))
    ]
    if not spots:
        return 0, ""
    start, end = _window(text, spots)
    inside = [spot for spot in spots if spot[0] >= start and spot[1] <= end]
    out, at = [], start
    for first, last, _ in inside:
        out += [text[at:first], OPEN, text[first:last], CLOSE]
        at = last
    out.append(text[at:end])
    shown = ("…" if start else "") + "".join(out).strip() + ("…" if end < len(text) else "")
    return len({word for _, _, word in inside}), shown


def _window(text: str, spots: list[tuple[int, int, str]]) -> tuple[int, int]:
    """The stretch of at most `WIDTH` characters, between blanks, that holds most different matches."""
    if len(text) <= WIDTH:
        return 0, len(text)
    starts = [max(0, first - WIDTH // 5) for first, _, _ in spots]
    best = max(starts, key=lambda s: len({word for first, last, word in spots if s <= first and last <= s + WIDTH}))
    start = min(best, max(0, len(text) - WIDTH))
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = len(text) if start + WIDTH >= len(text) else text.rfind(" ", start, start + WIDTH)
    return start, end if end > start else start + WIDTH
