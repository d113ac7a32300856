"""Warming up a server: loading and computing whatever the first search would otherwise wait for."""

from __future__ import annotations

from functools import cached_property

from core.types import SearchRequest
from engine.search.resilience.resilient_search import ResilientSearch
from engine.search.search import Search
from engine.services import Searching

TEXTS = (
    "a funny western from the 90s with a detective",
    "A movie that I remember from television: a boy saw something in the woods that nobody believed.",
    "the nmae of a titel",
)
"""A request, a memory and a text with typos: together they cover every code path of a search."""


def warm_up(search: Searching) -> None:
    """Load the catalogue's names, the encoder and the files of the index.

    Raises:
        SearchUnavailable: the engine cannot answer yet.
    """
    search = search.search if isinstance(search, ResilientSearch) else search
    if isinstance(search, Search):  # other implementations of the protocol have no vocabulary
        vocabulary = search.vocabulary()
        _compute(vocabulary)
        _compute(vocabulary.gazetteer)
    for text in TEXTS:
        search.run(SearchRequest(text))


def _compute(holder: object) -> None:
    """Compute all cached properties of an object."""
    for name, value in vars(type(holder)).items():
        if isinstance(value, cached_property):
            getattr(holder, name)
