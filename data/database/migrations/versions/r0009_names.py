"""Renames tables, columns and values by the glossary: users, movies, audit log, queued runs."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NAMES = {
    "viewers": "users",
    "viewer_id": "user_id",
    "film_hours": "movie_hours",
    "acts": "audit_log",
    "hints": "implicit_feedback",
    "shelf": "list",
    "place": "rank",
    "asked": "queued",
}
"""Old to new names of tables and columns, and thus of constraints, indexes and sequences named after them. The last is
also a value of `job_runs.outcome`, which its CHECK and the index of active runs contain."""
JOBS = {"harvest": "implicit-feedback"}
"""Old to new values of `job_runs.job`."""
OUTCOMES = ("running", "done", "rejected", "failed", "cancelled", "abandoned")


def upgrade() -> None:
    """Apply the new names."""
    _rename(NAMES, JOBS)


def downgrade() -> None:
    """Restore the old names."""
    _rename({new: old for old, new in NAMES.items()}, {new: old for old, new in JOBS.items()})


def _rename(names: dict[str, str], jobs: dict[str, str]) -> None:
    pattern = re.compile(rf"(?<![a-z])({'|'.join(names)})(?![a-z])")

    def renamed(text: str) -> str:
        return pattern.sub(lambda found: names[found[1]], text)

    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _rebuild(connection, renamed)
    else:
        _alter(connection, renamed)
        _requeue(connection, renamed)
    for old, new in jobs.items():
        connection.execute(sa.text("UPDATE job_runs SET job = :new WHERE job = :old"), {"old": old, "new": new})


def _alter(connection: sa.Connection, renamed: Callable[[str], str]) -> None:
    """Rename in PostgreSQL: constraints and columns first, while their tables still have their old names."""
    quote = connection.dialect.identifier_preparer.quote
    inspector = sa.inspect(connection)
    for table in inspector.get_table_names():
        changes = [
            *(("COLUMN", one["name"]) for one in inspector.get_columns(table)),
            *(("CONSTRAINT", name) for name in connection.scalars(_CONSTRAINTS, {"table": table})),
        ]
        for kind, name in changes:
            if renamed(name) != name:
                op.execute(f"ALTER TABLE {quote(table)} RENAME {kind} {quote(name)} TO {quote(renamed(name))}")
    for kind, name in connection.execute(_RELATIONS).all():
        if renamed(name) != name:
            op.execute(f"ALTER {kind} {quote(name)} RENAME TO {quote(renamed(name))}")


def _requeue(connection: sa.Connection, renamed: Callable[[str], str]) -> None:
    """Rename the value of queued runs in PostgreSQL, with the CHECK and the index that contain it."""
    old, new = _queued(renamed)
    op.execute("ALTER TABLE job_runs DROP CONSTRAINT ck_job_runs_outcome")
    op.execute("DROP INDEX uq_job_runs_live")
    connection.execute(sa.text("UPDATE job_runs SET outcome = :new WHERE outcome = :old"), {"old": old, "new": new})
    outcomes = ", ".join(f"'{outcome}'" for outcome in (new, *OUTCOMES))
    op.execute(f"ALTER TABLE job_runs ADD CONSTRAINT ck_job_runs_outcome CHECK (outcome IN ({outcomes}))")
    op.execute(f"CREATE UNIQUE INDEX uq_job_runs_live ON job_runs (job) WHERE outcome IN ('{new}', 'running')")


_CONSTRAINTS = sa.text(
    "SELECT conname FROM pg_constraint WHERE contype <> 'n' AND conrelid = to_regclass(quote_ident(:table)) "
    "ORDER BY conname"
)
_RELATIONS = sa.text(
    "SELECT CASE relkind WHEN 'r' THEN 'TABLE' WHEN 'S' THEN 'SEQUENCE' ELSE 'INDEX' END, relname FROM pg_class "
    "WHERE relkind IN ('r', 'S', 'i') AND relnamespace = to_regnamespace(current_schema()) ORDER BY relname"
)


def _rebuild(connection: sa.Connection, renamed: Callable[[str], str]) -> None:
    """Rename in SQLite, which cannot rename a constraint: each table is rebuilt and its rows are copied."""
    found = connection.execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    )
    for table, sql in found.all():
        if renamed(sql) == sql:
            continue
        indexes = connection.scalars(
            sa.text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL"),
            {"table": table},
        ).all()
        counted = connection.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table})
        made = f"_new_{renamed(table)}"
        op.execute(sa.text(_escaped(re.sub(r'^CREATE TABLE "?\w+"?', f'CREATE TABLE "{made}"', renamed(sql)))))
        columns = [_copied(row[1], renamed) for row in connection.execute(sa.text(f'PRAGMA table_info("{table}")'))]
        op.execute(f'INSERT INTO "{made}" SELECT {", ".join(columns)} FROM "{table}"')  # noqa: S608 - names come from the database
        op.execute(f'DROP TABLE "{table}"')
        op.execute(f'ALTER TABLE "{made}" RENAME TO "{renamed(table)}"')
        for index in indexes:
            op.execute(sa.text(_escaped(renamed(index))))
        if counted is not None:  # ids of deleted rows are not reused
            own = {"table": renamed(table), "seq": counted}
            connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table"), own)
            connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :seq)"), own)


def _copied(column: str, renamed: Callable[[str], str]) -> str:
    """Return the expression that copies a column, with the renamed value of queued runs."""
    if column != "outcome":
        return f'"{column}"'
    old, new = _queued(renamed)
    return f"CASE outcome WHEN '{old}' THEN '{new}' ELSE outcome END"


def _queued(renamed: Callable[[str], str]) -> tuple[str, str]:
    """Return the value of queued runs before and after."""
    old = "asked" if renamed("asked") != "asked" else "queued"
    return old, renamed(old)


def _escaped(sql: str) -> str:
    """Escape colons, which would start a parameter."""
    return sql.replace(":", "\\:")
