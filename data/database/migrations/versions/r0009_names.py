"""Tables and columns under the names of the glossary: users and movies."""

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
}
"""Old to new: of tables and columns, and so of the constraints, indexes and sequences that are named after them."""


def upgrade() -> None:
    """Give everything its new name; no row changes."""
    _rename(NAMES)


def downgrade() -> None:
    """Give everything its former name."""
    _rename({new: old for old, new in NAMES.items()})


def _rename(names: dict[str, str]) -> None:
    pattern = re.compile(rf"(?<![a-z])({'|'.join(names)})(?![a-z])")

    def renamed(text: str) -> str:
        return pattern.sub(lambda found: names[found[1]], text)

    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _rebuild(connection, renamed)
    else:
        _alter(connection, renamed)


def _alter(connection: sa.Connection, renamed: Callable[[str], str]) -> None:
    """PostgreSQL: constraints and columns first, while their tables have their old names."""
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


_CONSTRAINTS = sa.text(
    "SELECT conname FROM pg_constraint WHERE contype <> 'n' AND conrelid = to_regclass(quote_ident(:table)) "
    "ORDER BY conname"
)
_RELATIONS = sa.text(
    "SELECT CASE relkind WHEN 'r' THEN 'TABLE' WHEN 'S' THEN 'SEQUENCE' ELSE 'INDEX' END, relname FROM pg_class "
    "WHERE relkind IN ('r', 'S', 'i') AND relnamespace = to_regnamespace(current_schema()) ORDER BY relname"
)


def _rebuild(connection: sa.Connection, renamed: Callable[[str], str]) -> None:
    """SQLite cannot rename a constraint: each table is made anew beside the old one and its rows are copied."""
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
        op.execute(f'INSERT INTO "{made}" SELECT * FROM "{table}"')  # noqa: S608 - table names come from the database
        op.execute(f'DROP TABLE "{table}"')
        op.execute(f'ALTER TABLE "{made}" RENAME TO "{renamed(table)}"')
        for index in indexes:
            op.execute(sa.text(_escaped(renamed(index))))
        if counted is not None:  # ids of deleted rows are not given again
            own = {"table": renamed(table), "seq": counted}
            connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table"), own)
            connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :seq)"), own)


def _escaped(sql: str) -> str:
    """A statement as it stands: its colons begin no parameters."""
    return sql.replace(":", "\\:")
