"""The rows of the home page that fit the user who is signed in."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import ModelMissing, StoreUnavailable
from core.recommendations.records import Row
from core.users import User
from engine.recommender.recommendation import Recommend
from webapp.movies import schemas, serializers

log = logging.getLogger("marquee.web")

ENOUGH_RATINGS = 10
"""From so many ratings on the lists fit well (the measured new-user curve flattens), and nobody is asked for more."""


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """A row of movies with reasons."""

    name: str
    key: str
    url: str
    movies: tuple[schemas.RecommendedMovie, ...]


def rows(recommending: Recommend, user: User, *, poster_base: str) -> list[ExplainedRow]:
    """The user's rows; none while they cannot be made: the usual shelves are there still."""
    try:
        found: Sequence[Row] = recommending.home(user)
    except (StoreUnavailable, ModelMissing) as error:
        log.error("no rows for the viewer: %s", error)
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
