"""The current tables. Migrations create them step by step; a test compares both.

Every table with data about a user refers to `users` and is deleted with them (ON DELETE CASCADE).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from core.enrichment.records import EntryStatus, Source
from core.jobs.runs import Outcome
from core.trends import Origin, Window
from core.understanding import QueryType
from core.users import MAX_STARS, MIN_STARS, STAR_STEP, EventKind, MarkKind, OneTimeKind, SecurityEventKind

if TYPE_CHECKING:
    AnyRow = sa.Row[*tuple[Any, ...]]
else:
    AnyRow = sa.Row

NAMING = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
}
"""Naming convention: constraints need names, or later migrations could not drop them."""

LEAST, MOST = -(2**63), 2**63 - 1
NOBODY = -1
"""A number that no row has, enforced by CHECK constraints."""


class Time(TypeDecorator[datetime]):
    """A point in time: aware in Python, `timestamptz` in PostgreSQL, UTC as sortable text in SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; a time without a time zone is a bug in the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"expected a time with a time zone, got {value.isoformat()}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Make the time aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Key(TypeDecorator[int]):
    """A 64-bit integer. Larger numbers are replaced by one that no row has, so lookups find nothing."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[int]:
        """Return INTEGER for SQLite, which auto-numbers only columns of this type; it also holds 64 bits."""
        return dialect.type_descriptor(sa.Integer() if dialect.name == "sqlite" else sa.BigInteger())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the number, or one that no row has."""
        return value if value is None or LEAST <= value <= MOST else NOBODY


class Words(TypeDecorator[str]):
    """Text that both databases can store, see `storable`."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text without unsupported characters."""
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """Remove NUL, which PostgreSQL rejects, and replace lone surrogates, which are not valid UTF-8, by `?`."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def one_of(column: str, values: list[str]) -> str:
    """Return the SQL condition that a column has one of some values."""
    return f"{column} IN ({', '.join(values)})"


def quoted(values: list[str]) -> list[str]:
    """Return values as SQL literals; they must not contain quotes."""
    return [f"'{value}'" for value in values]


def user_column(*, primary_key: bool = False, index: bool = False) -> sa.Column[int]:
    """Return the column that refers to the account that a row belongs to."""
    owner = sa.ForeignKey("users.id", ondelete="CASCADE")
    return sa.Column("user_id", Key, owner, nullable=False, primary_key=primary_key, index=index or None)


STARS = [f"{MIN_STARS + STAR_STEP * step:g}" for step in range(int((MAX_STARS - MIN_STARS) / STAR_STEP) + 1)]
SCOPES = ["", "admin", "admin read", "admin read write", "admin write", "read", "read write", "scrobble", "write"]
"""Sets of scopes as stored with tokens: sorted words."""
CHANGED = ["rating", "review", "watch", *MarkKind]

metadata = sa.MetaData(naming_convention=NAMING)

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("folded_name", Words, sa.CheckConstraint("folded_name <> ''", "named"), nullable=False, unique=True),
    sa.Column("password_hash", Words, nullable=False),
    sa.Column("administrator", sa.Boolean, nullable=False),
    sa.Column("preferences", sa.JSON, nullable=False),
    sa.Column("revision", Key, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    # NULL in older accounts whose name was already confusable with an older one.
    sa.Column("skeleton", Words),
    sa.Column("email", Words, index=True),
    sa.Column("second_factor_at", Time),
    sa.Index("uq_users_skeleton", "skeleton", unique=True),
    # Ids of deleted accounts are not reused: models and caches may still refer to them.
    sqlite_autoincrement=True,
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    user_column(index=True),
    sa.Column("secret_hash", Words, nullable=False, unique=True),
    sa.Column("label", Words, nullable=False),
    sa.Column("opened_at", Time, nullable=False),
    sa.Column("seen_at", Time, nullable=False),
    sa.Column("expires_at", Time, nullable=False),
    sa.Column("notice_at", Time),
    sqlite_autoincrement=True,
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    user_column(index=True),
    sa.Column("secret_hash", Words, nullable=False, unique=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("scopes", Words, sa.CheckConstraint(one_of("scopes", quoted(SCOPES)), "scopes"), nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("used_at", Time),
    sa.Column("expires_at", Time, nullable=False),
    sqlite_autoincrement=True,
)

totp_keys = sa.Table(
    "totp_keys",
    metadata,
    user_column(primary_key=True),
    sa.Column("secret", Words, nullable=False),
    sa.Column("last_step", Key, nullable=False),
    sa.Column("created_at", Time, nullable=False),
)

passkeys = sa.Table(
    "passkeys",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    user_column(index=True),
    sa.Column("credential", Words, nullable=False, unique=True),
    sa.Column("public_key", Words, nullable=False),
    sa.Column("uses", Key, nullable=False),
    sa.Column("name", Words, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("used_at", Time),
    sqlite_autoincrement=True,
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    user_column(primary_key=True),
    sa.Column("code_hash", Words, primary_key=True),
)

one_time_secrets = sa.Table(
    "one_time_secrets",
    metadata,
    sa.Column("secret_hash", Words, primary_key=True),
    user_column(index=True),
    sa.Column("kind", Words, sa.CheckConstraint(one_of("kind", quoted([*OneTimeKind])), "kind"), nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("expires_at", Time, nullable=False),
)

security_events = sa.Table(
    "security_events",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    user_column(),
    sa.Column("at", Time, nullable=False, index=True),
    sa.Column("kind", Words, sa.CheckConstraint(one_of("kind", quoted([*SecurityEventKind])), "kind"), nullable=False),
    sa.Column("place", Words, nullable=False),
    sa.Column("label", Words, nullable=False),
    sa.Column("device_hash", Words, nullable=False),
    sa.Index(None, "user_id", "at", "id"),
)

ratings = sa.Table(
    "ratings",
    metadata,
    user_column(primary_key=True),
    sa.Column("movie", Key, sa.CheckConstraint("movie > 0", "movie"), primary_key=True, autoincrement=False),
    sa.Column("stars", sa.Float(53), sa.CheckConstraint(one_of("stars", STARS), "half_stars"), nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Index(None, "user_id", "at"),
    # SQLite then stores the rows of a user together, so that a diary is one sequential read.
    sqlite_with_rowid=False,
)

marks = sa.Table(
    "marks",
    metadata,
    user_column(primary_key=True),
    sa.Column("kind", Words, sa.CheckConstraint(one_of("kind", quoted([*MarkKind])), "kind"), primary_key=True),
    sa.Column("movie", Key, sa.CheckConstraint("movie > 0", "movie"), primary_key=True, autoincrement=False),
    sa.Column("at", Time, nullable=False),
    sqlite_with_rowid=False,
)

reviews = sa.Table(
    "reviews",
    metadata,
    user_column(primary_key=True),
    sa.Column("movie", Key, sa.CheckConstraint("movie > 0", "movie"), primary_key=True, autoincrement=False),
    sa.Column("text", Words, sa.CheckConstraint("text <> ''", "words"), nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column("changed_at", Time, nullable=False),
    sa.Index(None, "movie", "changed_at"),
    sqlite_with_rowid=False,
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    user_column(),
    sa.Column("movie", Key, sa.CheckConstraint("movie > 0", "movie"), nullable=False),
    sa.Column("what", Words, sa.CheckConstraint(one_of("what", quoted(CHANGED)), "what"), nullable=False),
    sa.Column("before", Words),
    sa.Column("after", Words),
    sa.Column("at", Time, nullable=False, index=True),
    sa.Index(None, "user_id", "at", "id"),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", Key, autoincrement=True, nullable=False),
    sa.Column("kind", Words, sa.CheckConstraint(one_of("kind", quoted([*EventKind])), "kind"), nullable=False),
    sa.Column("at", Time, nullable=False, index=True),
    sa.Column("user_id", Key, sa.ForeignKey("users.id", ondelete="CASCADE")),
    sa.Column("movie", Key),
    sa.Column("list", Words, nullable=False),
    sa.Column("position", Key),
    sa.Column("model", Words, nullable=False),
    sa.Column("query", Words, nullable=False),
    sa.Index(None, "user_id", "at"),
    sa.Index(None, "movie", "at"),
    # In PostgreSQL, a unique index would have to contain the time; numbers come from one sequence.
    sa.PrimaryKeyConstraint("id").ddl_if(dialect="sqlite"),
    postgresql_partition_by="RANGE (at)",
)

_LIVE = sa.text("outcome IN ('queued', 'running')")

job_runs = sa.Table(
    "job_runs",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    sa.Column("job", Words, nullable=False),
    sa.Column("outcome", Words, sa.CheckConstraint(one_of("outcome", quoted([*Outcome])), "outcome"), nullable=False),
    sa.Column("queued_at", Time, nullable=False),
    sa.Column("queued_by", Key, sa.ForeignKey("users.id", ondelete="SET NULL"), index=True),
    sa.Column("started_at", Time),
    sa.Column("ended_at", Time),
    sa.Column("holder", Words, nullable=False),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.Column("attempt", Key, nullable=False),
    sa.Column("progress", sa.Float(53)),
    sa.Column("doing", Words, nullable=False),
    sa.Column("figures", sa.JSON, nullable=False),
    sa.Column("error", Words, nullable=False),
    sa.Column("log", Words, nullable=False),
    sa.Column("cancel", sa.Boolean, nullable=False),
    sa.Index(None, "job", "id"),
    # The database itself guarantees that a job is never queued or running twice.
    sa.Index("uq_job_runs_live", "job", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
)

job_times = sa.Table(
    "job_times",
    metadata,
    sa.Column("id", Words, primary_key=True),
    sa.Column("job", Words, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column("schedule", Words, nullable=False),
    sa.Column("grace", Key, nullable=False),
    sa.Column("attempt", Key, nullable=False),
    sa.Column("parameters", sa.JSON, nullable=False),
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", Words, primary_key=True),
    sa.Column("holder", Words, nullable=False),
    sa.Column("taken_at", Time, nullable=False),
    sa.Column("until", Time, nullable=False),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    sa.Column("at", Time, nullable=False),
    sa.Column("by_id", Key, sa.ForeignKey("users.id", ondelete="SET NULL"), index=True),
    sa.Column("action", Words, nullable=False),
    sa.Column("subject", Words, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
)

movie_hours = sa.Table(
    "movie_hours",
    metadata,
    sa.Column("hour", Key, primary_key=True, autoincrement=False),
    sa.Column("movie", Key, primary_key=True, autoincrement=False),
    sa.Column("weight", sa.Float(53), nullable=False),
    sa.Column("events", Key, nullable=False),
    sqlite_with_rowid=False,
)

changed_hours = sa.Table(
    "changed_hours",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    sa.Column("hour", Key, nullable=False, index=True),
    # Ids are not reused: a refresh deletes those that it read.
    sqlite_autoincrement=True,
)
"""Hours whose rows in `movie_hours` must be counted again."""

request_counts = sa.Table(
    "request_counts",
    metadata,
    sa.Column("hour", Key, primary_key=True, autoincrement=False),
    sa.Column("name", Words, primary_key=True),
    sa.Column("count", Key, nullable=False),
    sqlite_with_rowid=False,
)

_WINDOWS = one_of('"window"', quoted([*Window]))

trends = sa.Table(
    "trends",
    metadata,
    sa.Column("window", Words, sa.CheckConstraint(_WINDOWS, "window"), primary_key=True),
    sa.Column("rank", Key, primary_key=True, autoincrement=False),
    sa.Column("movie", Key, nullable=False),
    sa.Column("score", sa.Float(53), nullable=False),
    sa.Column("users", Key, nullable=False),
    sa.Column("recent", sa.Float(53), nullable=False),
    sa.Column("usual", sa.Float(53), nullable=False),
)

trend_lists = sa.Table(
    "trend_lists",
    metadata,
    sa.Column("window", Words, sa.CheckConstraint(_WINDOWS, "window"), primary_key=True),
    sa.Column("origin", Words, sa.CheckConstraint(one_of("origin", quoted([*Origin])), "origin"), nullable=False),
    sa.Column("made_at", Time, nullable=False),
)

exposures = sa.Table(
    "exposures",
    metadata,
    sa.Column("experiment", Words, primary_key=True),
    user_column(primary_key=True, index=True),
    sa.Column("variant", Words, nullable=False),
    sa.Column("at", Time, nullable=False),
)

explorations = sa.Table(
    "explorations",
    metadata,
    user_column(primary_key=True),
    sa.Column("day", Key, primary_key=True, autoincrement=False),
    sa.Column("movie", Key, primary_key=True, autoincrement=False),
    sa.Column("at", Time, nullable=False, index=True),
    sa.Column("position", Key, nullable=False),
    sa.Column("rank", Key, nullable=False),
    sa.Column("pool", Key, nullable=False),
    sa.Column("propensity", sa.Float(53), sa.CheckConstraint("propensity > 0", "propensity"), nullable=False),
)
"""Movies that were drawn at random for a list, once a user, day (since 1970, in UTC) and movie."""

implicit_feedback = sa.Table(
    "implicit_feedback",
    metadata,
    user_column(primary_key=True),
    sa.Column("movie", Key, sa.CheckConstraint("movie > 0", "movie"), primary_key=True, autoincrement=False),
    sa.Column("clicks", Key, nullable=False),
    sa.Column("searches", Key, nullable=False),
    sa.Column("skips", Key, nullable=False),
    sa.Column("at", Time, nullable=False),
    sqlite_with_rowid=False,
)

_QUERY_TYPES = one_of("query_type", quoted([*QueryType]))

labelled_requests = sa.Table(
    "labelled_requests",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    sa.Column("text", Words, sa.CheckConstraint("text <> ''", "words"), nullable=False, unique=True),
    sa.Column("query_type", Words, sa.CheckConstraint(_QUERY_TYPES, "query_type"), nullable=False),
    sa.Column("pieces", Words, nullable=False),
    sa.Column("source", Words, nullable=False),
    sa.Column("at", Time, nullable=False),
    # Ids are not reused: one in an open form must not refer to another request later.
    sqlite_autoincrement=True,
)

evaluation_runs = sa.Table(
    "evaluation_runs",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    sa.Column("at", Time, nullable=False, index=True),
    sa.Column("reader", Words, nullable=False),
    sa.Column("version", Words, nullable=False),
    sa.Column("requests", Key, nullable=False),
    sa.Column("figures", sa.JSON, nullable=False),
    sa.Column("failures", sa.JSON, nullable=False),
    sa.Index(None, "reader", "id"),
)

enrichments = sa.Table(
    "enrichments",
    metadata,
    sa.Column("movie", Key, sa.CheckConstraint("movie > 0", "movie"), primary_key=True, autoincrement=False),
    sa.Column("source", Words, sa.CheckConstraint(one_of("source", quoted([*Source])), "source"), primary_key=True),
    sa.Column("status", Words, sa.CheckConstraint(one_of("status", quoted([*EntryStatus])), "status"), nullable=False),
    sa.Column("fetched_at", Time, nullable=False, index=True),
    sa.Column("scope", Words, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sqlite_with_rowid=False,
)
