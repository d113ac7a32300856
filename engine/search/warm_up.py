"""What a server reads and computes before anybody searches, so that no visitor waits for what is done once."""

from __future__ import annotations

from functools import cached_property

from core.types import SearchRequest
from engine.search.search import Search

TEXTS = (
    "a funny western from the 90s with a detective",
    "A movie that I remember from television: a boy saw something in the woods that nobody believed.",
    "the nmae of a titel",
)
"""A wish, a memory and a text with typos: between them they go every way of a search."""


def warm_up(search: Search) -> None:
    """Load the names of the catalogue, the encoder and the files of the index.

    Raises:
        SearchUnavailable: the engine cannot answer yet.
    """
    if isinstance(search, Search):  # what else answers to the protocol reads no names
        vocabulary = search.vocabulary()
        _compute(vocabulary)
        _compute(vocabulary.gazetteer)
    for text in TEXTS:
        search.run(SearchRequest(text))


def _compute(holder: object) -> None:
    """Compute every cached property of an object now."""
    for name, value in vars(type(holder)).items():
        if isinstance(value, cached_property):
            getattr(holder, name)
