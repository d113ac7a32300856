"""Fills a user database with users and ratings, millions a minute."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import psycopg
import sqlalchemy as sa
from numpy.typing import NDArray

from core.recommendations.snapshots import Snapshot
from data import database
from data.database import connections, schema

PORTION = 100_000
AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
EPOCH_2000 = 946_684_800
"""Seconds from 1970 to PostgreSQL's epoch, from which its binary format counts microseconds."""
SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
_UNNEEDED = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT conname FROM pg_constraint WHERE conrelid = 'ratings'::regclass AND contype = 'f' LOOP
    EXECUTE format('ALTER TABLE ratings DROP CONSTRAINT %I', name);
  END LOOP;
  FOR name IN SELECT indexrelid::regclass::text FROM pg_index
    WHERE indrelid = 'ratings'::regclass AND NOT indisunique LOOP
    EXECUTE 'DROP INDEX ' || name;
  END LOOP;
END $$
"""
BEGIN = "BEGIN IMMEDIATE"
"""Begins a transaction in SQLite, which would commit each row otherwise."""


def sqlite(url: str, snapshot: Snapshot) -> None:
    """Create a database with the ratings of a snapshot."""
    _create(url, int(snapshot.rating_users.max()))
    engine = connections.engine(connections.parse(url), single=True)
    statement = "INSERT INTO ratings (user_id, movie, stars, at) VALUES (?, ?, ?, ?)"
    with engine.begin() as connection:
        connection.exec_driver_sql(BEGIN)
        for start in range(0, len(snapshot.stars), PORTION):
            part = slice(start, start + PORTION)
            times = np.datetime_as_string(snapshot.rating_times[part].astype("datetime64[s]"), unit="us").tolist()
            rows = zip(
                snapshot.rating_users[part].tolist(),
                snapshot.rating_movies[part].tolist(),
                snapshot.stars[part].tolist(),
                (time.replace("T", " ") for time in times),
                strict=True,
            )
            connection.exec_driver_sql(statement, list(rows))
    engine.dispose()


def postgresql(url: str, snapshot: Snapshot) -> None:
    """Create a database with the ratings of a snapshot, by COPY in its binary format.

    Without the reference to users, whose check of each row would take minutes, and without the index by time.
    """
    _create(url, int(snapshot.rating_users.max()))
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(_UNNEEDED)
        with cursor.copy("COPY ratings (user_id, movie, stars, at) FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(SIGNATURE)
            for start in range(0, len(snapshot.stars), PORTION):
                copy.write(_binary(snapshot, slice(start, start + PORTION)))
            copy.write(END)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE ratings")


def _binary(snapshot: Snapshot, part: slice) -> bytes:
    columns: dict[str, tuple[str, NDArray[Any]]] = {
        "user": (">i8", snapshot.rating_users[part]),
        "movie": (">i8", snapshot.rating_movies[part]),
        "stars": (">f8", snapshot.stars[part]),
        "at": (">i8", (snapshot.rating_times[part] - EPOCH_2000) * 1_000_000),
    }
    fields = [
        (f"{name}{kind}", form) for name, (form, _) in columns.items() for kind, form in (("#", ">i4"), ("", form))
    ]
    rows = np.zeros(len(snapshot.stars[part]), np.dtype([("fields", ">i2"), *fields]))
    rows["fields"] = len(columns)
    for name, (_, values) in columns.items():
        rows[f"{name}#"], rows[name] = 8, values
    return rows.tobytes()


def _create(url: str, users: int) -> None:
    stores = database.open(url)
    stores.diaries.totals()  # migrates
    database.close(stores)
    engine = connections.engine(connections.parse(url), single=True)
    row = {"password_hash": "-", "administrator": False, "preferences": {}, "revision": 0, "created_at": AT}
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(BEGIN)
        for start in range(1, users + 1, PORTION):
            numbers = range(start, min(start + PORTION, users + 1))
            rows = [{"id": number, "name": f"u{number}", "folded_name": f"u{number}", **row} for number in numbers]
            connection.execute(sa.insert(schema.users), rows)
    engine.dispose()
