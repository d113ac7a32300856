"""Which words of a query stand in a film, and the stretch of its text that shows them. Pure, the same on both engines."""

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

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_local = threading.local()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Porter 2 stem of a folded word, as both engines index it."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = snowballstemmer.stemmer("english")
    return str(stemmer.stemWord(word))


def matched(words: str, movie: Movie) -> tuple[str, ...]:
    """The words of a query that the film has anywhere, in the order typed."""
    there = {stem(word) for text in _texts(movie) for word in texts.words(text)}
    return tuple(word for word in _telling(words) if stem(word) in there)[:MAX_MATCHED]


def snippet(words: str, movie: Movie) -> str:
    """The stretch of the overview with most matches, each between `OPEN` and `CLOSE`; the tagline where only it matches."""
    wanted = {stem(word) for word in _telling(words)}
    best = max((_mark(text, wanted) for text in (movie.overview, movie.tagline) if text), default=(0, ""))
    return best[1] if best[0] else ""


def _telling(words: str) -> list[str]:
    """The words without stop words; all of them where there is nothing else ("It")."""
    return [word for word in words.split() if word not in STOP_WORDS] or words.split()


def _texts(movie: Movie) -> tuple[str, ...]:
    characters = " ".join(member.character for member in movie.cast)
    return (
        movie.title, movie.original_title, movie.overview, movie.tagline, " ".join(movie.keywords),
        " ".join(movie.genres), " ".join(movie.people), characters, str(movie.year or ""),
    )  # fmt: skip


def _mark(text: str, wanted: set[str]) -> tuple[int, str]:
    spots = [m.span() for m in _TOKEN.finditer(text) if any(stem(w) in wanted for w in texts.words(m.group()))]
    if not spots:
        return 0, ""
    start, end = _window(text, spots)
    inside = [(a, b) for a, b in spots if a >= start and b <= end]
    out, at = [], start
    for a, b in inside:
        out += [text[at:a], OPEN, text[a:b], CLOSE]
        at = b
    out.append(text[at:end])
    return len(inside), ("…" if start else "") + "".join(out).strip() + ("…" if end < len(text) else "")


def _window(text: str, spots: list[tuple[int, int]]) -> tuple[int, int]:
    """The stretch of at most `WIDTH` characters, between blanks, that starts near a match and holds most of them."""
    if len(text) <= WIDTH:
        return 0, len(text)
    starts = [max(0, a - WIDTH // 5) for a, _ in spots]
    best = max(starts, key=lambda s: sum(s <= a and b <= s + WIDTH for a, b in spots))
    start = min(best, max(0, len(text) - WIDTH))
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = len(text) if start + WIDTH >= len(text) else text.rfind(" ", start, start + WIDTH)
    return start, end if end > start else start + WIDTH
