"""Demo data in the database: loaded and kept up to date beside the sample catalogue, removed beside any other."""

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
"""Demo events that are older are told anew, so that the day's list stays alive for as long as a site runs."""
MOST_MOVIES = 1_000
"""More than the sample has."""
REMOVED = "demo data was removed: the sample catalogue is not served any more"
LEARNED = "demo"
"""In the manifest of a model: whether it learned from demo ratings."""


def sample(index: MovieIndex) -> bool:
    """Whether the sample catalogue is served; an index that cannot be asked serves none."""
    try:
        return index.info().catalogue == sources.SAMPLE_NAME
    except SearchUnavailable:
        return False


def misplaced(manifest: Mapping[str, Any], index: MovieIndex) -> bool:
    """Whether a model learned from demo ratings and another catalogue than the sample is served."""
    return bool(manifest.get(LEARNED)) and not sample(index)


def load(stores: Stores, index: MovieIndex, now: datetime) -> None:
    """Make the demo users, or tell what they did anew."""
    movies = index.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=MOST_MOVIES).movies
    stores.demo.load(generator.make(movies, now), at=now)


def keep(stores: Stores, index: MovieIndex, now: datetime) -> bool:
    """Renew or remove demo data where there is some; whether anything was changed.

    Raises:
        StoreUnavailable, SearchUnavailable.
    """
    if remove_if_misplaced(stores, index):
        return True
    newest = stores.demo.newest()
    if newest is None or abs(now - newest) < RENEWED_AFTER:  # a clock that was ahead left events still to come
        return False
    load(stores, index, now)
    return True


def remove_if_misplaced(stores: Stores, index: MovieIndex) -> bool:
    """Remove demo data unless the sample catalogue is served; whether there was any.

    An index that cannot be asked is no reason to remove anything. Raises `StoreUnavailable`, `SearchUnavailable`.
    """
    misplaced_here = index.info().catalogue != sources.SAMPLE_NAME and stores.demo.users()
    return bool(misplaced_here) and stores.demo.remove()
