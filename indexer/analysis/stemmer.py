"""Stemming of words, identical in both engines."""

from __future__ import annotations

import threading
from functools import lru_cache

import Stemmer

_local = threading.local()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the Porter 2 stem of a folded word, as both engines index it."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("english")
    return str(stemmer.stemWord(word))
