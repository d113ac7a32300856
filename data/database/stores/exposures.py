"""The stores of exposures (the variant of an experiment that each user was given) and of explored positions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core import experiments
from core.recommendations.records import ExploredMovie, LoggedDraw
from core.types import MovieId
from core.users import UserId
from data.database import upserts
from data.database.connections import Database
from data.database.schema import explorations, exposures
from data.database.stores.accounts import existing


class ExposureStore:
    """Stores which variant of an experiment each user was given; written once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, experiment: str, variants: Mapping[UserId, str], *, at: datetime) -> None:
        """Record first exposures; users who already have one keep it. Users without an account are ignored."""
        if not variants:
            return
        with self._database.writing() as connection:
            rows = [
                {"experiment": experiment, "user_id": user, "variant": variants[user], "at": at}
                for user in sorted(existing(connection, variants))
            ]
            if rows:
                connection.execute(upserts.insert(connection, exposures).on_conflict_do_nothing(), rows)

    def read(self, experiment: str) -> dict[UserId, tuple[str, datetime]]:
        """Return variant and time of every user."""
        given = sa.select(exposures.c.user_id, exposures.c.variant, exposures.c.at)
        with self._database.reading() as connection:
            rows = connection.execute(given.where(exposures.c.experiment == experiment))
            return {UserId(user): (variant, at) for user, variant, at in rows}

    def of_user(self, user: UserId) -> dict[str, tuple[str, datetime]]:
        """Return a user's variant and time in every experiment, for the export.

        If an experiment's variants or shares were changed, its later phases are named `name (2)` and so on.
        """
        taken = sa.select(exposures.c.experiment, exposures.c.variant, exposures.c.at)
        with self._database.reading() as connection:
            rows = connection.execute(taken.where(exposures.c.user_id == user)).all()
        found: dict[str, tuple[str, datetime]] = {}
        counts: Counter[str] = Counter()
        for name, at, variant in sorted((experiments.name_of(phase), at, variant) for phase, variant, at in rows):
            counts[name] += 1
            found[name if counts[name] == 1 else f"{name} ({counts[name]})"] = variant, at
        return found


DAY = 86_400
_DRAWS = (
    explorations.c.user_id,
    explorations.c.movie,
    explorations.c.position,
    explorations.c.rank,
    explorations.c.pool,
    explorations.c.propensity,
    explorations.c.at,
)


class ExplorationStore:
    """Stores the movies that were drawn at random, with the probability of each draw."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, draws: Sequence[LoggedDraw]) -> None:
        """Record draws; of a movie that a user gets several times a day, the first. Deleted users are ignored."""
        if not draws:
            return
        with self._database.writing() as connection:
            there = existing(connection, {draw.user for draw in draws})
            rows = [_draw_row(draw) for draw in draws if draw.user in there]
            if rows:
                connection.execute(upserts.insert(connection, explorations).on_conflict_do_nothing(), rows)

    def read(self, *, since: datetime, until: datetime) -> Sequence[LoggedDraw]:
        """Return the draws within a period (excluding `until`), oldest first."""
        wanted = sa.select(*_DRAWS).where(explorations.c.at >= since, explorations.c.at < until)
        with self._database.reading() as connection:
            return [_draw(row) for row in connection.execute(wanted.order_by(explorations.c.at)).mappings()]

    def of_user(self, user: UserId) -> Sequence[LoggedDraw]:
        """Return the draws of a user, oldest first, for the export."""
        wanted = sa.select(*_DRAWS).where(explorations.c.user_id == user).order_by(explorations.c.at)
        with self._database.reading() as connection:
            return [_draw(row) for row in connection.execute(wanted).mappings()]

    def forget(self, user: UserId) -> int:
        """Delete the draws of a user who opted out; return their number."""
        with self._database.erasing() as connection:
            return connection.execute(sa.delete(explorations).where(explorations.c.user_id == user)).rowcount

    def purge(self, *, before: datetime) -> int:
        """Delete older draws; return their number."""
        with self._database.erasing() as connection:
            return connection.execute(sa.delete(explorations).where(explorations.c.at < before)).rowcount


def _draw_row(draw: LoggedDraw) -> dict[str, Any]:
    explored = draw.explored
    return {
        "user_id": draw.user,
        "day": int(draw.at.timestamp()) // DAY,
        "movie": explored.movie,
        "at": draw.at,
        "position": explored.position,
        "rank": explored.rank,
        "pool": explored.pool,
        "propensity": explored.propensity,
    }


def _draw(row: sa.RowMapping) -> LoggedDraw:
    names = ("position", "rank", "pool", "propensity")
    explored = ExploredMovie(MovieId(row["movie"]), *(row[name] for name in names))
    return LoggedDraw(UserId(row["user_id"]), explored, row["at"])
