"""Privileges of a PostgreSQL role that only reads and writes rows, for servers: it cannot change the tables."""

from __future__ import annotations

import sqlalchemy as sa

from core.errors import InvalidRequest, NotFound
from data.database import connections, errors
from data.database.events import partitions
from data.database.schema import metadata

REVISIONS = "alembic_version"
"""The table with the schema's revision, which such a role only reads."""


def grant_rows(url: str, role: str) -> None:
    """Let a role read and write the rows of every table, as the owner of the tables.

    Raises:
        InvalidRequest: the database is an SQLite file, which has no roles.
        NotFound: the role does not exist.
        StoreUnavailable: the database is unreachable, or its user does not own the tables.
    """
    parsed = connections.parse(url)
    if parsed.drivername == "sqlite":
        raise InvalidRequest({"role": "an SQLite file has no roles; set MARQUEE_DATABASE_URL to a PostgreSQL database"})
    engine = connections.engine(parsed, single=True)
    try:
        with errors.translated(parsed), engine.begin() as connection:
            if connection.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}) is None:
                raise NotFound(
                    f"no role {role!r} in the database server; create it with `createuser --pwprompt {role}`"
                )
            quoted = connection.dialect.identifier_preparer.quote
            for statement in _statements(quoted(role), [quoted(name) for name in sorted(metadata.tables)]):
                connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


def _statements(role: str, tables: list[str]) -> list[str]:
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"REVOKE CREATE ON SCHEMA public FROM {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(tables)} TO {role}",
        f"GRANT SELECT ON {REVISIONS} TO {role}",
        f"GRANT EXECUTE ON FUNCTION {', '.join(partitions.FUNCTIONS)} TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ]
