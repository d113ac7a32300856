"""Searches that a server makes before anybody else does, so that no visitor waits for what is read once."""

from __future__ import annotations

from core.types import SearchRequest
from engine.services import Searching

TEXTS = (
    "a funny western from the 90s with the actor who played a detective",
    "A movie that I remember from television: a boy saw something in the woods that nobody believed.",
    "the nmae of a titel",
    "scary house",
)
"""A wish that names somebody, a memory, typos and what may be a title: between them they go every way of a search."""


def warm_up(search: Searching) -> None:
    """Load the names of the catalogue, the encoder and the files of the index.

    Raises:
        SearchUnavailable: the engine cannot answer yet.
    """
    for text in TEXTS:
        search.run(SearchRequest(text))
