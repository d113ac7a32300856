"""Upkeep of demo data: loaded and kept recent with the sample catalogue, removed with any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.errors import SearchUnavailable
from core.ports import MovieIndex
from core.types import Filters, Sort
from data.catalogues import sources
from data.database import Stores
from engine.demo import generator

RENEWED_AFTER = timedelta(hours=6)
"""Age at which demo events are generated again, so that the daily trending list never runs empty."""
MOST_MOVIES = 1_000
"""More movies than the sample has."""
REMOVED = "removed demo data: the sample catalogue is no longer served"
LEARNED = "demo"
"""Key in a model's manifest: whether it was trained on demo ratings."""


def sample(index: MovieIndex) -> bool:
    """Return whether the sample catalogue is served; false if the index is unreachable."""
    try:
        return index.info().catalogue == sources.SAMPLE_NAME
    except SearchUnavailable:
        return False


def misplaced(manifest: Mapping[str, Any], index: MovieIndex) -> bool:
    """Return whether a model was trained on demo ratings but another catalogue than the sample is served."""
    return bool(manifest.get(LEARNED)) and not sample(index)


def load(stores: Stores, index: MovieIndex, now: datetime) -> None:
    """Create the demo users, or replace their data by data of the same users up to `now`."""
    movies = index.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=MOST_MOVIES).movies
    stores.demo.load(generator.make(movies, now), at=now)


def keep(stores: Stores, index: MovieIndex, now: datetime) -> bool:
    """Renew or remove existing demo data; return whether anything was changed.

    Raises:
        StoreUnavailable, SearchUnavailable.
    """
    if remove_if_misplaced(stores, index):
        return True
    newest = stores.demo.newest()
    if newest is None or abs(now - newest) < RENEWED_AFTER:  # abs: a clock may have been ahead
        return False
    load(stores, index, now)
    return True


def remove_if_misplaced(stores: Stores, index: MovieIndex) -> bool:
    """Remove demo data unless the sample catalogue is served; return whether there was any.

    Nothing is removed if the index is unreachable. Raises `StoreUnavailable`, `SearchUnavailable`.
    """
    misplaced_here = index.info().catalogue != sources.SAMPLE_NAME and stores.demo.users()
    return bool(misplaced_here) and stores.demo.remove()
