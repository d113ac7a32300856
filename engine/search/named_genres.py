"""Genres named in a text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from core import texts
from indexer.analysis.stemmer import stem

NAMES = (
    "Action",
    "Adventure",
    "Animation",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Family",
    "Fantasy",
    "History",
    "Horror",
    "Music",
    "Mystery",
    "Romance",
    "Science Fiction",
    "Thriller",
    "War",
    "Western",
)
"""TMDB's genres, except `Foreign` and `TV Movie`, which say nothing about the story."""
OTHER_NAMES = {
    "scifi": "Science Fiction",
    "sci fi": "Science Fiction",
    "romantic": "Romance",
    "cartoon": "Animation",
    "scary": "Horror",
    "comedic": "Comedy",
    "musical": "Music",
    "dramatic": "Drama",
}


def named(words: Sequence[str]) -> frozenset[str]:
    """Return the folded genres named by folded words, in any inflection (`animated`, `comedies`)."""
    stems = [stem(word) for word in words]
    found = {
        known for size in (1, 2) for at in range(len(stems)) if (known := _KNOWN.get(tuple(stems[at : at + size])))
    }
    return frozenset(found)


@lru_cache(maxsize=4_096)
def folded(genres: tuple[str, ...]) -> frozenset[str]:
    """Return a movie's genres, folded."""
    return frozenset(map(texts.fold, genres))


def _stemmed(name: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in texts.words(name))


_KNOWN = {_stemmed(name): texts.fold(name) for name in NAMES} | {
    _stemmed(name): texts.fold(genre) for name, genre in OTHER_NAMES.items()
}
