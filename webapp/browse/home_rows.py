"""The personal rows of the home page."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import ModelMissing, SearchUnavailable, StoreUnavailable
from core.recommendations.records import Row
from core.users import User
from engine.recommender.recommendation import Recommend
from webapp.movies import schemas, serializers

log = logging.getLogger("marquee.web")

ENOUGH_RATINGS = 10
"""Number of ratings from which recommendations are good (the measured new-user curve flattens)."""


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """A row of movies with reasons."""

    name: str
    key: str
    url: str
    movies: tuple[schemas.RecommendedMovie, ...]


def rows(recommending: Recommend, user: User, *, poster_base: str) -> list[ExplainedRow]:
    """Return the user's rows; none if they are unavailable, as the general rows are shown too."""
    try:
        found: Sequence[Row] = recommending.home(user)
    except (StoreUnavailable, ModelMissing, SearchUnavailable) as error:
        log.error("personal rows unavailable: %s", error)
        return []
    return [
        ExplainedRow(
            row.name,
            row.key,
            row.url,
            tuple(serializers.recommendation(item, poster_base=poster_base) for item in row.items),
        )
        for row in found
        if row.items
    ]
