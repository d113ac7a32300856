"""Time of counting events by their number: once more than memory would hold, the time per event must not grow.

The same events on both databases, computed by the database itself from the number of each event. All are of kinds that
count, spread evenly over 60 days; movies have a Zipf distribution. In PostgreSQL, each day has its partition.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.users import postgres
from core.config import Settings
from core.jobs.work import UncancellableWork
from core.types import Movie, MovieId
from core.users import UserId
from data import database
from data.database import Stores, connections, schema
from data.database.events import changed_hours
from engine import trending, wiring
from engine.job_context import JobContext
from engine.online import implicit_feedback

SIZES: Mapping[str, tuple[int, ...]] = {"sqlite": (1_000_000, 5_000_000), "postgresql": (1_000_000, 10_000_000)}
DAYS, MOVIES = 60, 5_000
EVENTS_PER_USER = 50
NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
START = NOW - timedelta(days=DAYS)
QUARTERS = DAYS * 96
PORTION = 1_000_000
"""Events that one statement inserts."""
SITE = Settings(home=Path("/nonexistent"), offline=True)

# Multiples of irrational numbers: evenly distributed, and the same on both databases.
_SHARES = {
    "sort": "1.4142135623730951",
    "liked": "1.7320508075688772",
    "who": "2.23606797749979",
    "how": "2.6457513110645907",
}
_COLUMNS = "kind, at, user_id, movie, list, model, query"
_VALUES = f"""
SELECT CASE WHEN sort < 0.8 THEN 'click' WHEN sort < 0.92 THEN 'swipe_right' ELSE 'swipe_left' END, {{at}},
       CAST(floor(who * :users) AS bigint) + 1, CAST(floor(exp(liked * ln({MOVIES + 1}))) AS bigint), '', '',
       CASE WHEN how < 0.2 THEN 'a man alone' ELSE '' END
FROM (SELECT i, {{shares}} FROM {{numbers}}) AS numbered
"""  # noqa: S608 - all parts are constants
_NUMBERS = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) SELECT i FROM n)",
    "postgresql": "generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS i",
}
_SECONDS = ":start + :span * i / :events"
_TIMES = {
    "sqlite": f"strftime('%Y-%m-%d %H:%M:%S', {_SECONDS}, 'unixepoch') || '.000000'",
    "postgresql": f"to_timestamp({_SECONDS.replace(':start', 'CAST(:start AS float)')})",
}
_USERS = """
INSERT INTO users (name, folded_name, password_hash, administrator, preferences, revision, created_at)
SELECT 'user ' || i, 'user ' || i, '-', {false}, '{{}}', 0, {now} FROM {numbers}
"""


def measure(postgres_url: str = "") -> dict[str, Any]:
    """Return seconds of each step by database and number of events."""
    found: dict[str, Any] = {"days": DAYS, "movies": MOVIES, "events_per_user": EVENTS_PER_USER}
    for kind, sizes in SIZES.items():
        if kind == "sqlite" or postgres_url:
            found[kind] = {str(events): _measure_new(kind, events, postgres_url) for events in sizes}
    return found


def _measure_new(kind: str, events: int, postgres_url: str) -> dict[str, float]:
    with ExitStack() as stack:
        if kind == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="marquee-bench-events-"))
            return _measure(f"sqlite:///{Path(folder) / 'people.sqlite'}", events)
        return _measure(stack.enter_context(postgres.database(postgres_url)), events)


def _measure(url: str, events: int) -> dict[str, float]:
    stores = database.open(url)
    try:
        taken = {"fill_s": _timed(lambda: _fill(url, stores, events))}
        taken["full_s"] = _timed(lambda: _refresh(stores, NOW))
        later = NOW + timedelta(minutes=15)
        _insert(url, events, first=events + 1, last=events + events // QUARTERS)
        taken["incremental_s"] = _timed(lambda: _refresh(stores, later))
        _forget_one(stores)
        taken["changed_s"] = _timed(lambda: _refresh(stores, later))
        taken["feedback_s"] = _timed(lambda: _derive(wiring.job_context(SITE, stores, lambda: NOW)))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        day = START.replace(hour=0, minute=0) + timedelta(days=2)
        stores.events.purge(before=day)
        taken["purge_day_s"] = _timed(lambda: stores.events.purge(before=day + timedelta(days=1)))
        taken["delete_day_s"] = _timed(lambda: _delete(stores, day + timedelta(days=2)))
    finally:
        database.close(stores)
    return {**taken, "peak_mb": round(memory)}


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 2)


def _refresh(stores: Stores, at: datetime) -> None:
    context = wiring.job_context(SITE, stores, lambda: at)
    trending.refresh(context, UncancellableWork(), parameters={}, movies=_known)


def _derive(context: JobContext) -> None:
    implicit_feedback.run(context, UncancellableWork(), parameters={})


def _forget_one(stores: Stores) -> None:
    """Delete the events of a user as opting out does, without rewriting the file of SQLite."""
    user = UserId(1)
    with stores.accounts.database.writing() as connection:
        changed_hours.add_events_of(connection, user)
        connection.execute(sa.delete(schema.events).where(schema.events.c.user_id == user))


def _delete(stores: Stores, before: datetime) -> None:
    """Delete a day as SQLite does, also from PostgreSQL."""
    with stores.accounts.database.erasing() as connection:
        connection.execute(sa.delete(schema.events).where(schema.events.c.at < before))


def _fill(url: str, stores: Stores, events: int) -> None:
    """Insert users and events; indexes are built at the end."""
    engine = connections.engine(connections.parse(url), single=True)
    sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as connection:
        now = "'2026-11-20 12:30:00.000000'" if sqlite else "now()"
        users = _USERS.format(false="0" if sqlite else "false", now=now, numbers=_NUMBERS[engine.dialect.name])
        connection.execute(sa.text(users), {"first": 1, "last": events // EVENTS_PER_USER})
        for index in schema.events.indexes:
            index.drop(connection)
        if not sqlite:
            connection.exec_driver_sql("DROP TABLE events_initial")
            prepare = sa.text("SELECT prepare_event_partitions(:first, :days)")
            connection.execute(prepare, {"first": START.date(), "days": DAYS + 3})
    for first in range(1, events + 1, PORTION):
        _insert(url, events, first=first, last=min(first + PORTION - 1, events))
    with engine.begin() as connection:
        if not sqlite:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        for index in schema.events.indexes:
            index.create(connection)
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()
    assert stores.events.count() == events


def _insert(url: str, events: int, *, first: int, last: int) -> None:
    engine = connections.engine(connections.parse(url), single=True)
    dialect = engine.dialect.name
    shares = ", ".join(f"{factor} * i - floor({factor} * i) AS {name}" for name, factor in _SHARES.items())
    values = _VALUES.format(at=_TIMES[dialect], shares=shares, numbers=_NUMBERS[dialect])
    given: Mapping[str, Any] = {
        "first": first,
        "last": last,
        "users": events // EVENTS_PER_USER,
        "start": START.timestamp(),
        "span": float(DAYS * 86_400),
        "events": events,
    }
    with engine.begin() as connection:
        if dialect == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.execute(sa.text(f"INSERT INTO events ({_COLUMNS}) {values}"), given)
    engine.dispose()


_MOVIES = {MovieId(number): Movie(MovieId(number), f"Movie {number}") for number in range(1, MOVIES + 1)}


def _known(movies: Any) -> list[Movie]:  # noqa: ANN401 - a sequence of ids
    return [_MOVIES[movie] for movie in movies]
