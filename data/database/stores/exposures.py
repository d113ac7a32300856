"""Which variant of an experiment each user was given, in a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from core import experiments
from core.users import UserId
from data.database import upserts
from data.database.connections import Database
from data.database.schema import exposures
from data.database.stores.accounts import existing


class ExposureStore:
    """Which variant of an experiment each user was given, written once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, experiment: str, variants: Mapping[UserId, str], *, at: datetime) -> None:
        """Note first exposures; a user who has one keeps it. Users without an account are left out."""
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
        """Variant and time of every user."""
        given = sa.select(exposures.c.user_id, exposures.c.variant, exposures.c.at)
        with self._database.reading() as connection:
            rows = connection.execute(given.where(exposures.c.experiment == experiment))
            return {UserId(user): (variant, at) for user, variant, at in rows}

    def of_user(self, user: UserId) -> dict[str, tuple[str, datetime]]:
        """Variant and time of one user in every experiment, for the export.

        Where variants or shares of one were changed, its later phases follow as `name (2)` and so on.
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
